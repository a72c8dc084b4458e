import type { Explanation } from "./explanation.js";
import type { CheckResult, ExplorationSummary, Level, OutcomeKind } from "./finding.js";
import type { Grade } from "./lesson.js";
import type { PlayAnswer, PlayParams } from "./play.js";
import type { Position } from "./span.js";
import type { Schedule, Witness } from "./witness.js";

// Custom messages between the extension and the language server. Plain descriptors rather than
// vscode-jsonrpc's RequestType: client and server bring different versions of it.

/** A request whose method name carries its parameter and result types. */
export interface Request<P, R> {
  readonly method: string;
  /** Never set: holds the types. */
  readonly types?: (params: P) => R;
}

export interface Notification<P> {
  readonly method: string;
  /** Never set: holds the type. */
  readonly types?: (params: P) => void;
}

export interface ExploreParams {
  readonly uri: string;
  readonly position: Position;
  /** The finding the user asked about; its witness comes first. Absent: whatever is at the position. */
  readonly fingerprint?: string;
  /** The panel opens with a schedule that ends like this, if there is one. */
  readonly first?: OutcomeKind;
}

export type ExploreAnswer =
  | {
      readonly kind: "explored";
      readonly summary: readonly ExplorationSummary[];
      readonly result: CheckResult;
      readonly witnesses: readonly Witness[];
    }
  /** Nothing to explore there: one sentence that says why and what to do. */
  | { readonly kind: "problem"; readonly message: string };

/** Explores the entry at or around the position, on the unsaved text. */
export const exploreRequest: Request<ExploreParams, ExploreAnswer> = {
  method: "happensBefore/explore",
};

export interface ReplayParams {
  /** A document of the unit that the schedule is about. */
  readonly uri: string;
  readonly schedule: Schedule;
}

export type ReplayAnswer =
  | { readonly kind: "replayed"; readonly witness: Witness }
  /** The schedule leads nowhere: one sentence that says why. */
  | { readonly kind: "problem"; readonly message: string };

/** Runs one schedule on the unsaved text and tells what happens. */
export const replayRequest: Request<ReplayParams, ReplayAnswer> = {
  method: "happensBefore/replay",
};

/** For somebody who picks who runs next: where the choices lead on the unsaved text, and what can still come of them. */
export const playRequest: Request<PlayParams, PlayAnswer> = { method: "happensBefore/play" };

/** A file of a test; `name` without a folder. */
export interface TestFile {
  readonly name: string;
  readonly text: string;
}

export type FailingTestAnswer =
  | {
      readonly kind: "test";
      /** `file:` URI of the folder in which the files belong. */
      readonly folder: string;
      /** The one with the schedule first. */
      readonly files: readonly TestFile[];
      /** What runs the test, in that folder. */
      readonly command: string;
      /** What the test does not force, a sentence each. */
      readonly remarks: readonly string[];
    }
  /** It cannot be written: one sentence that says why. */
  | { readonly kind: "problem"; readonly message: string };

/** A failing schedule as a test of its own language, about the files that are on disk. Nothing is written. */
export const failingTestRequest: Request<{ readonly witness: Witness }, FailingTestAnswer> = {
  method: "happensBefore/failingTest",
};

export type ExplainAnswer =
  | { readonly kind: "explained"; readonly explanation: Explanation }
  /** Nothing can be told: one sentence that says why. */
  | { readonly kind: "problem"; readonly message: string };

/** Explains what Go's run-time said: race reports and dumps of goroutines, wherever they stand in the text. */
export const explainRequest: Request<{ readonly text: string }, ExplainAnswer> = {
  method: "happensBefore/explain",
};

export interface GradeParams {
  /** The open document with the answer. */
  readonly uri: string;
  /** `file:` URI of the lesson as it was. */
  readonly lesson: string;
}

export type GradeAnswer =
  | { readonly kind: "graded"; readonly grade: Grade }
  /** Nothing can be graded: one sentence that says why. */
  | { readonly kind: "problem"; readonly message: string };

/** Whether the unsaved text answers a lesson. */
export const gradeRequest: Request<GradeParams, GradeAnswer> = { method: "happensBefore/grade" };

export interface SteerParams {
  readonly action: "pause" | "resume" | "cancel";
}

/** Steers the explorations that users asked for and that are running; answers how many there are. */
export const steerRequest: Request<SteerParams, number> = { method: "happensBefore/steer" };

/** The IR of the file's unit as text: for bug reports. */
export const viewIrRequest: Request<{ readonly uri: string }, string> = {
  method: "happensBefore/viewIr",
};

/** Work in progress on a document: the status bar's spinner and its counts. */
export interface Status {
  readonly uri: string;
  readonly busy: boolean;
  /** One short sentence for people. */
  readonly text: string;
  /** Findings at warning or above in the document's unit. */
  readonly problems: number;
  /** Places the tool could not read or model. */
  readonly gaps: number;
  /** Something in the unit was explored or found: there is a schedule to show. */
  readonly concurrent: boolean;
}

export const statusNotification: Notification<Status> = { method: "happensBefore/status" };

/** The section `happensBefore` of the user's settings, as far as the server reads it. */
export interface ServerSettings {
  readonly enable: boolean;
  readonly delay: number;
  readonly codeLens: boolean;
  /** Show what could not be modelled as hints. */
  readonly showGaps: boolean;
  readonly explore: { readonly timeBudgetMs: number; readonly maxExecutions: number };
  /** By code: how loud a finding of it is once it is certain, or that it is not shown. */
  readonly rules: Readonly<Record<string, Level>>;
  /** A file, relative to the workspace's folder, whose findings are not shown; "" for none. */
  readonly baseline: string;
}

/** Client command behind code lenses and code actions; takes `ExploreParams`. */
export const showCommand = "happensBefore.showInterleavings";
/** The same for somebody who wants to pick who runs next. */
export const schedulerCommand = "happensBefore.beTheScheduler";
