import type {
  Action,
  Blocked,
  Buffer,
  Choice,
  Outcome,
  ThreadId,
  WitnessObject,
  WitnessThread,
} from "../../../protocol/witness.js";
import type { FuncId, SpanId } from "../../ir/ir.js";
import type { Offers, Standing, Touch } from "./touch.js";

/** In force from the next `reset` on. */
export interface MachineOptions {
  /** Places whose plain accesses are scheduling points; keys as in `Schedule.visible`. */
  readonly visible: ReadonlySet<string>;
  /** Whether steps are told in words. A search does not look at them, and without them steps are much faster. */
  readonly telling: boolean;
  /**
   * Main's end and panics end only their own thread; the others go on as ghosts, so that what they do besides is explored
   * once and not once for every moment at which the program may end. What a ghost does could as well have come before
   * the end: nobody learns of an end. Main's end is then part of its last step; as programs run by themselves it is a
   * step of its own while others live.
   */
  readonly ghosts: boolean;
  /** A writer that finds readers inside announces itself, in a step of its own, and makes new readers wait. */
  readonly writerPreference: boolean;
  /** Quiet: the clock moves only when nothing else can run. Any: a timer may fire at any time after its start. */
  readonly time: "quiet" | "any";
  /** Whether two threads before conflicting accesses of one map may overlap, which ends the program. */
  readonly overlaps: boolean;
  /**
   * Random numbers and orders of maps that matter are data choices, each a step of its own. Else a random number is always
   * the same, and maps keep the order of insertion.
   */
  readonly draws: boolean;
  /**
   * A plain load at a visible place has one more choice for each overwritten write that it may observe: `arm` says how
   * many writes before the newest. States then differ in what digests leave out.
   */
  readonly weak: boolean;
  /**
   * A task of an event loop is one step with all its microtasks, and a thread of its own, started by the task that asked
   * for it; else it is told in a step per stretch between two awaits. Its choices are `LoopChoice`s.
   */
  readonly wholeTasks: boolean;
}

/** As a program runs by itself: what replays, walks and the natural run use. */
export const asItRuns: MachineOptions = {
  visible: new Set(),
  telling: true,
  ghosts: false,
  writerPreference: true,
  time: "quiet",
  overlaps: true,
  draws: true,
  weak: false,
  wholeTasks: false,
};

/** A choice of whole tasks, and what it is called where tasks are told in steps. */
export interface LoopChoice extends Choice {
  readonly told: Choice;
}

/** The choice as schedules have it. */
export function toldChoice(choice: Choice | LoopChoice): Choice {
  return "told" in choice ? choice.told : choice;
}

export interface Spawned {
  readonly thread: ThreadId;
  /** Who started it: the thread of the step, or its partner. */
  readonly by: ThreadId;
}

/** One atomic step that happened. */
export interface Event {
  readonly thread: ThreadId;
  readonly partner: ThreadId | null;
  /** In the order in which they happened; hidden synchronisation of library code after the operation itself. */
  readonly touches: readonly Touch[];
  /** What the thread was willing to do when it stood before a channel operation; else null. */
  readonly offers: Offers | null;
  readonly partnerOffers: Offers | null;
  /** Threads (goroutines, timers) that came to be in the step, in order; mostly none. */
  readonly spawned: readonly Spawned[];
  /** The step let the clock go on, which it may only where nothing else could run. */
  readonly advanced: boolean;
  /** The thread had waited for its time. */
  readonly timed: boolean;
  /** The thread waits for its time from here on; left out where no thread may still sleep when the program ends. */
  readonly sleeps?: boolean;
  /** `runtime.Gosched`, or a stretch of computing that let others go first. */
  readonly yielded: boolean;
  /** A data choice (`Choice.arm` from 0) has so many values; else 0. */
  readonly values: number;
  /** Told, or `untold` with span 0 and no asides (see `MachineOptions.telling`). */
  readonly action: Action;
  readonly span: SpanId;
  readonly func: string;
  /** What the thread (or its partner) did besides, before its next visible instruction: output, its end, a panic. */
  readonly asides: readonly Aside[];
}

export const untold: Action = { kind: "yield" };

/** How the text of an aside begins that tells why a test fails. */
export const failure = "fails: ";

/** Something worth telling that is no scheduling point. */
export interface Aside {
  readonly thread: ThreadId;
  readonly action: Action;
  readonly span: SpanId;
  readonly func: string;
}

export type Halt =
  | { readonly kind: "finished"; readonly outcome: Outcome }
  | { readonly kind: "unsupported"; readonly reason: string; readonly span: SpanId }
  /** A bound on steps or instructions was hit. */
  | { readonly kind: "depth"; readonly span: SpanId };

/** What ended a thread badly: an uncaught panic, a fatal error, `os.Exit` with a code, a failed test. */
export interface Failure {
  readonly kind: "panic" | "assertion";
  readonly thread: ThreadId;
  /** Number of steps taken before the one in which it happened. */
  readonly step: number;
  readonly span: SpanId;
  /** As in `Outcome`. */
  readonly message: string;
}

/** A partial deadlock, and in which step it became one. */
export interface Circle {
  readonly step: number;
  readonly outcome: Extract<Outcome, { kind: "deadlock" }>;
}

/** Threads that nobody who goes on can wake, and in which step the last of them came to wait. A deadlock with main among them. */
export interface Forsaken {
  readonly step: number;
  readonly outcome: Extract<Outcome, { kind: "leak" | "deadlock" }>;
}

/** Two accesses of one execution that no happens-before edge orders. */
export interface Race {
  /** As in `objects`; 0 when steps are not told. */
  readonly object: number;
  readonly name: string;
  readonly first: RaceAccess;
  readonly second: RaceAccess;
  /** Of two writes, whether the second comes of a look that is older than the first. Absent: not known. */
  readonly loses?: boolean;
  /** What should have ordered them, and why it does not. Absent or empty: not known. */
  readonly because?: string;
}

export interface RaceAccess {
  readonly thread: ThreadId;
  readonly span: SpanId;
  readonly func: string;
  readonly write: boolean;
  /** What else it does to the object than read or write it, for people, after "is": `closed`. */
  readonly does?: string;
  /** Number of steps taken when it happened. */
  readonly step: number;
}

/** Values that the program leaves open, in all executions of a machine. */
export interface Drawn {
  /** Some was a step. */
  readonly any: boolean;
  /** Some was drawn in the middle of a step, where there is no choice. */
  readonly within: boolean;
  /** The first of which not all values are tried: what there is more of (`values of rand.Intn(9)`), and where. */
  readonly examples: { readonly what: string; readonly span: SpanId } | null;
}

/** What an execution took from outside the program, where nobody knows what really comes. */
export interface MadeUp {
  /** The modules and names of the platform it was asked of, sorted. */
  readonly of: readonly string[];
  /** The program's way depended on it, or somebody outside was given functions that nobody calls. */
  readonly decides: boolean;
  /** Where first. */
  readonly span: SpanId;
}

/**
 * The program under the explorer's control. Deterministic: the same choices from
 * `reset` give the same events. Knows nothing of search.
 */
export interface Machine {
  configure(options: MachineOptions): void;
  reset(entry: FuncId): void;
  /** What may run next, in a fixed order; empty when halted. */
  enabled(): readonly Choice[];
  /** Those of `enabled` in which the thread goes first, without asking the other threads; empty when it waits or has ended. */
  choicesOf(thread: ThreadId): readonly Choice[];
  /** Threads so far; their ids are the numbers below. */
  threadCount(): number;
  /** Runs the thread up to and including its next visible instruction's effect, and on to before the one after. */
  step(choice: Choice): Event;
  halted(): Halt | undefined;
  /** What the thread would do next, without doing it; null when it has ended or is a timer. */
  standing(thread: ThreadId): Standing | null;
  /** The same in words. */
  pending(thread: ThreadId): { readonly span: SpanId; readonly text: string } | null;
  /** Races seen so far in this execution. */
  races(): readonly Race[];
  /** In the order in which they happened; with ghosts there may be several. */
  failures(): readonly Failure[];
  /** Number of the step in which the program ended in order, or -1. With ghosts the execution goes on after it. */
  endStep(): number;
  /** The first time that threads came to wait for each other's locks in a circle, whatever others still do. */
  circle(): Circle | null;
  /**
   * Who waits for what nobody who goes on can reach, though the program has not ended. Where steps are told it is known
   * since when; else as of now.
   */
  forsaken(): Forsaken | null;
  /** Whether a thread that held a lock for reading came before what it may have to wait at: only then do announcements matter. */
  rereads(): boolean;
  /** What all executions so far have left open. */
  drawn(): Drawn;
  /** What this execution has taken from outside; null: nothing. */
  madeUp(): MadeUp | null;
  blocked(): readonly Blocked[];
  mark(): number;
  undoTo(mark: number): void;
  /**
   * Canonical digest of the state: the same for equivalent ways to reach it in this machine. Another machine that has seen
   * other executions numbers objects in another way.
   */
  hash(): string;
  /**
   * 53 bits of it. `ordered`: also of what happened before what on the way to the state, on which depends which races are
   * still to come.
   */
  hashNumber(ordered?: boolean): number;
  // For drawing.
  threads(): readonly WitnessThread[];
  objects(): readonly WitnessObject[];
  /** What people call an object of a touch. */
  nameOf(object: number): string;
  clock(thread: ThreadId): readonly number[];
  held(thread: ThreadId): readonly number[];
  variables(thread: ThreadId): readonly { readonly name: string; readonly value: string }[];
  /** What is in the buffered channels of `objects`. */
  buffers(): readonly Buffer[];
  output(): string;
  /** Whether what was printed so far is of several threads: independent steps in another order may print in another one. */
  manyPrint(): boolean;
}
