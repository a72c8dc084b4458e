import type { CheckCode, Confidence, Severity } from "./finding.js";
import type { Position } from "./span.js";

/** What a race report or a dump of goroutines means: for the editor's page, and the command line's JSON (version 1). */
export interface Explanation {
  readonly version: 1;
  /** In the order of the text. */
  readonly sections: readonly ExplainedSection[];
  /** Our own findings at the same lines. */
  readonly findings: readonly ExplainedFinding[];
  /** What was looked at and what not, a sentence each. */
  readonly remarks: readonly string[];
}

export type ExplainedSection = ExplainedRace | ExplainedDump;

/** A place of the user's program, as Go's run-time names it. */
export interface ExplainedPlace {
  readonly func: string;
  /** As the text has it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** `file:` URI of the source; null when it is not on this machine. */
  readonly uri: string | null;
}

export interface ExplainedRace {
  readonly kind: "race";
  /** Line of the text, from 1. */
  readonly at: number;
  readonly title: string;
  /** The one that came first in time first. */
  readonly accesses: readonly ExplainedAccess[];
  readonly started: readonly { readonly goroutine: string; readonly place: ExplainedPlace }[];
  readonly remarks: readonly string[];
}

export interface ExplainedAccess {
  readonly goroutine: string;
  /** `writes`, `reads atomically`. */
  readonly does: string;
  /** Null: the detector does not know it any more. */
  readonly place: ExplainedPlace | null;
}

export interface ExplainedDump {
  readonly kind: "deadlock" | "panic" | "profile" | "dump";
  /** Line of the text, from 1. */
  readonly at: number;
  readonly title: string;
  /** The user's goroutines. */
  readonly goroutines: number;
  /** Go's own, which are left out. */
  readonly besides: number;
  /** Those that do the same at the same place are one. The biggest first. */
  readonly groups: readonly ExplainedGroup[];
  readonly objects: readonly ExplainedObject[];
}

export interface ExplainedGroup {
  readonly count: number;
  /** Their numbers, as far as the text has them. */
  readonly ids: readonly number[];
  /** `waits to lock a mutex`. */
  readonly does: string;
  /** The longest that one of them has waited. */
  readonly minutes: number;
  readonly place: ExplainedPlace | null;
  /** The innermost first. */
  readonly callers: readonly ExplainedPlace[];
  /** Callers further out, which are left out. */
  readonly moreCallers: number;
  readonly startedBy: ExplainedPlace | null;
  /** Nothing can ever end it. */
  readonly forever: boolean;
  /** Whether it waits for other goroutines. */
  readonly waits: boolean;
  /** Index in `objects`; null when the text does not say what it waits for. */
  readonly waitsFor: number | null;
}

/** A lock or group that goroutines wait for. A dump does not say who holds it. */
export interface ExplainedObject {
  /** Its address, as Go prints it. */
  readonly name: string;
  readonly waiting: number;
}

export interface ExplainedFinding {
  readonly code: CheckCode;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly message: string;
  readonly fingerprint: string;
  /** The main one first. */
  readonly places: readonly {
    readonly uri: string;
    readonly position: Position;
    readonly message: string;
  }[];
  /** Whether there is a schedule that shows it. */
  readonly schedule: boolean;
  /** What a dump cannot tell and a schedule can: who waits for what, held by whom; a sentence each. */
  readonly waits: readonly string[];
  /** Indices of the sections it is about. */
  readonly sections: readonly number[];
}
