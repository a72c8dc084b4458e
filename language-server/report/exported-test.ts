/** A file to be written beside the program's own; `name` without a folder. */
export interface ExportedFile {
  readonly name: string;
  readonly text: string;
}

/** A failing schedule as a test of the program's own language. */
export interface ExportedTest {
  /** `file:` URI of the folder in which the files belong. */
  readonly folder: string;
  /** The one with the schedule first. */
  readonly files: readonly ExportedFile[];
  /** What runs the test, in that folder. */
  readonly command: string;
  /** What the test does not force, a sentence each. */
  readonly remarks: readonly string[];
}

/** Why a witness cannot become a test, in one sentence. */
export interface ExportProblem {
  readonly problem: string;
}
