import type { Gap } from "../../protocol/finding.js";
import type { Program } from "../ir/ir.js";

export interface SourceFile {
  readonly uri: string;
  readonly text: string;
}

/** Lowering never fails: broken or unmodelled code becomes a gap and the rest is analysed. */
export interface Lowered {
  readonly program: Program;
  readonly gaps: readonly Gap[];
}
