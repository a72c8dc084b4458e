import type { Gap } from "../../protocol/finding.js";
import type { CancelToken } from "../base/cancel.js";
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

/** One run of a front end over one unit: a Go package folder, or one TypeScript file with its imports. */
export interface Frontend<Input> {
  readonly language: Program["language"];
  lower(input: Input, cancel: CancelToken): Promise<Lowered>;
}
