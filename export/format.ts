import type { ExplorationSummary } from "../protocol/finding.js";
import type { Witness } from "../protocol/witness.js";

/** The text of a file in which steps are. */
export interface SourceText {
  readonly uri: string;
  readonly text: string;
}

/** What the page of the HTML format is made of, beside the schedule: made by the build, read by whoever writes. */
export interface PageParts {
  /** A classic script that makes the page move. */
  readonly script: string;
  readonly style: string;
  /** SHA-256 of a text in UTF-8, in base64, for the page's content security policy. */
  readonly sha256: (text: string) => string;
}

/** All that a document of a schedule can be made from. */
export interface Material {
  readonly witness: Witness;
  /** The search that found it; null: no exploration stands behind it. */
  readonly exploration: ExplorationSummary | null;
  /** The files its steps are in, as far as they still are what they were when it was found. */
  readonly sources: readonly SourceText[];
  readonly page: PageParts;
}

export type Written =
  | { readonly kind: "written"; readonly text: string }
  /** It cannot be said in this format: one sentence that says why. */
  | { readonly kind: "problem"; readonly message: string };

/** A way to write a schedule down. */
export interface Format {
  /** As the command line has it. */
  readonly id: string;
  /** For people: `Mermaid sequence diagram`. */
  readonly label: string;
  /** What it is good for, in one phrase. */
  readonly detail: string;
  /** Of the file's name, without the dot. */
  readonly extension: string;
  /** Whether somebody would paste it somewhere; else it is only saved. */
  readonly pasted: boolean;
  /** Absent: every schedule can be written so. */
  readonly fits?: (witness: Witness) => boolean;
  readonly write: (material: Material) => Written;
}

export function written(text: string): Written {
  return { kind: "written", text };
}
