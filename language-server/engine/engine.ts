import type { CheckResult, ExplorationProgress } from "../../protocol/finding.js";
import type { PlayAnswer, PlayAsk } from "../../protocol/play.js";
import type { PortableSchedule, Schedule, Witness } from "../../protocol/witness.js";
import type { CancelToken } from "../base/cancel.js";
import type { ExploreJob, Exploration, Limits } from "../explore/explorer.js";
import type { Look, LookJob } from "../explore/play/look.js";
import type { TsMorph } from "../frontend/ts/frontend.js";
import type { TimerRules } from "../ir/ir.js";
import type { Policy } from "../report/policy.js";
import type { SourceFile } from "../frontend/frontend.js";

/** What is looked at as one: a Go package folder, or one TypeScript file. */
export interface Unit {
  readonly language: "go" | "ts";
  /** `file:` URI of the folder (Go) or file (TypeScript). */
  readonly uri: string;
  /** Unsaved buffers; win over what is on disk. */
  readonly overlays: readonly SourceFile[];
  /** Line being edited, to keep the rest of a half-typed function. */
  readonly edited: { readonly uri: string; readonly line: number } | null;
}

/** How entries are explored. */
export interface ExploreOptions {
  readonly limits: Limits;
  /** Schedules that failed before the last edit: tried first, and without exploring they alone. */
  readonly previous?: readonly PortableSchedule[];
}

export interface CheckOptions extends ExploreOptions {
  /** False: static analysis only (each keystroke). True: candidates are confirmed by exploring. */
  readonly explore: boolean;
  /** What of the findings is to be shown; absent: all that no comment in the code says to ignore. */
  readonly policy?: Policy;
}

export interface ExploreResult {
  readonly check: CheckResult;
  /** A witness for each bad outcome; when there is none, the natural run. */
  readonly witnesses: readonly Witness[];
}

/** How whoever waits for an exploration steers and watches it; a plain `CancelToken` does neither but stop it. */
export interface Steering extends CancelToken {
  /** True: the exploration rests where it is until this is false again. Polled. */
  readonly paused?: boolean;
  /** Called a few times a second while the exploration runs. */
  progress?(progress: ExplorationProgress): void;
}

/**
 * The whole tool as a library: what the language server, the CLI and the tests call.
 * Joins the two halves: analysis says "maybe", the explorer says "look".
 */
export interface Engine {
  /** Codes of everything it reports. */
  readonly codes: ReadonlySet<string>;
  check(unit: Unit, options: CheckOptions, cancel: CancelToken): Promise<CheckResult>;
  /**
   * Explores one entry: by qualified or plain name, or the function at or around a position. Cancelling an exploration
   * that has begun gives what it found until then.
   */
  explore(
    unit: Unit,
    entry: EntryChoice,
    options: ExploreOptions,
    steering: Steering,
  ): Promise<ExploreResult | EntryProblem>;
  replay(unit: Unit, schedule: Schedule, cancel: CancelToken): Promise<Replayed | EntryProblem>;
  /** Where the schedule's choices lead, and what can still come of them, for somebody who picks who runs next. */
  play(unit: Unit, schedule: Schedule, ask: PlayAsk, cancel: CancelToken): Promise<PlayAnswer>;
  /** The IR of the unit as text: for bug reports and for us. */
  ir(unit: Unit, cancel: CancelToken): Promise<string>;
  dispose(): Promise<void>;
}

/** A schedule again. */
export type Replayed =
  /** The program is the one it was found on. */
  | { readonly kind: "replayed"; readonly witness: Witness }
  /** The program was edited since, and the schedule leads through it. */
  | { readonly kind: "still fails" | "no longer fails"; readonly witness: Witness }
  /** It was edited too much for that. */
  | { readonly kind: "no longer applies"; readonly reason: string };

export type EntryChoice =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "position"; readonly uri: string; readonly line: number };

/** Why there is nothing to explore, in one sentence for people. */
export interface EntryProblem {
  readonly problem: string;
  readonly entries: readonly string[];
}

/** Go images as text, and what could not be read. */
export interface GoImages {
  /** The package itself last; module-local dependencies with bodies first. JSON of `frontend/go/schema.ts`. */
  readonly images: readonly string[];
  /** Import paths that could not be resolved. */
  readonly missing: readonly string[];
  /** How the channels of timers behave, which the Go version of the main module decides. */
  readonly timers: TimerRules;
}

/** What the engine needs from outside; implemented once for Node (`host/`), and by tests. */
export interface Host {
  /** Runs the Go front end over a package folder. */
  goImages(unit: Unit, cancel: CancelToken): Promise<GoImages>;
  /** SSA image of a standard-library (or bundled) package that the VM can execute, or null. */
  stdImage(importPath: string): string | null;
  /** Text of a file, or null when there is none. */
  readFile(uri: string): string | null;
  /** Runs an exploration off this thread. */
  explore(job: ExploreJob, steering: Steering): Promise<Exploration>;
  /** Looks at what can come of some choices, off this thread. */
  look(job: LookJob, steering: Steering): Promise<Look>;
  /** ts-morph, loaded when the first TypeScript unit is read. */
  typescript(): Promise<TsMorph>;
  /** Milliseconds of a steady clock: for budgets, never for results. */
  now(): number;
  log(message: string): void;
  dispose(): Promise<void>;
}
