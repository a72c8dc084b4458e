/** One frame of a goroutine's stack, the innermost first in a list of them. */
export interface Frame {
  /** As Go prints it: `main.(*store).put`. */
  readonly func: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** What Go prints of the arguments; "" where it prints none. */
  readonly args: string;
}

/** Goroutines that do the same: one in a dump, a number of them in a profile. */
export interface Goroutine {
  /** Null in a profile, which has no numbers. */
  readonly id: number | null;
  readonly count: number;
  /** Go's words: `chan send`, `sync.Mutex.Lock`, `running`; "" in a profile, which has none. */
  readonly state: string;
  /** How long it has waited. */
  readonly minutes: number;
  readonly frames: readonly Frame[];
  readonly createdBy: Frame | null;
}

export type DumpKind = "deadlock" | "panic" | "profile" | "dump";

/** Stacks of goroutines that stand together in a text. */
export interface Dump {
  readonly kind: DumpKind;
  /** What went wrong, in Go's words; "" when nothing is said. */
  readonly message: string;
  /** Where in the text it begins, from 1. */
  readonly at: number;
  readonly goroutines: readonly Goroutine[];
}

export interface ReportedAccess {
  readonly write: boolean;
  readonly atomic: boolean;
  readonly goroutine: string;
  /** Empty where the detector could not restore the stack. */
  readonly frames: readonly Frame[];
}

/** A report of Go's race detector. */
export interface RaceReport {
  /** Where in the text it begins, from 1. */
  readonly at: number;
  /** In the order of the report: the second came first in time. */
  readonly accesses: readonly ReportedAccess[];
  /** By goroutine: where it was started. */
  readonly started: ReadonlyMap<string, readonly Frame[]>;
  /** The text ends or breaks off within it. */
  readonly cut: boolean;
}

export interface Traces {
  readonly races: readonly RaceReport[];
  /** Reports of races that are not read, because there are so many. */
  readonly moreRaces: number;
  readonly dumps: readonly Dump[];
}
