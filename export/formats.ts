import type { Witness } from "../protocol/witness.js";
import type { Format } from "./format.js";
import { htmlFormat } from "./html.js";
import { jsonFormat } from "./json.js";
import { mermaidFormat } from "./mermaid.js";
import { svgFormat } from "./svg.js";
import { textFormat } from "./timeline-text.js";
import { transcriptFormat } from "./transcript.js";
import { shortEntry } from "./words.js";

/** Every way to write a schedule down, in the order in which they are offered. */
export const formats: readonly Format[] = [
  htmlFormat,
  svgFormat,
  mermaidFormat,
  textFormat,
  transcriptFormat,
  jsonFormat,
];

export function formatOf(id: string): Format | null {
  return formats.find((it) => it.id === id) ?? null;
}

/** A name for the file, from what is in it: `main.main-race.svg`. */
export function fileNameOf(witness: Witness, extension: string): string {
  const entry = shortEntry(witness)
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, "-")
    .replaceAll(/^[-.]+|[-.]+$/g, "")
    .slice(0, 60);
  const kind = witness.outcome.kind === "ok" ? "passes" : witness.outcome.kind;
  return `${entry === "" ? "schedule" : entry}-${kind}.${extension}`;
}
