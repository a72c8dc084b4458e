import type {
  Action,
  Blocked,
  Choice,
  Outcome,
  ThreadId,
  WitnessObject,
  WitnessThread,
} from "../../../protocol/witness.js";
import type { FuncId, SpanId } from "../../ir/ir.js";

/** What a step touches, as the search sees it: two steps commute unless `dependent` says otherwise. */
export interface Touch {
  /** Identity that is the same in every execution that creates the object in the same way. */
  readonly object: number;
  readonly kind:
    | "read"
    | "write"
    | "lock"
    | "unlock"
    | "rlock"
    | "runlock"
    | "trylock"
    | "send"
    | "recv"
    | "rendezvous"
    | "close"
    | "poll"
    | "wg-add"
    | "wg-done"
    | "wg-wait"
    | "once"
    | "cond"
    | "timer"
    | "queue";
}

/** One atomic step that happened. */
export interface Event {
  readonly thread: ThreadId;
  readonly partner: ThreadId | null;
  readonly action: Action;
  readonly span: SpanId;
  readonly func: string;
  readonly touches: readonly Touch[];
  /** What the thread (or its partner) did besides, before its next visible instruction: output, its end, a panic. */
  readonly asides: readonly Aside[];
}

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

/** Two accesses of one execution that no happens-before edge orders. */
export interface Race {
  readonly object: number;
  readonly name: string;
  readonly first: RaceAccess;
  readonly second: RaceAccess;
}

export interface RaceAccess {
  readonly thread: ThreadId;
  readonly span: SpanId;
  readonly func: string;
  readonly write: boolean;
  /** Number of steps taken when it happened. */
  readonly step: number;
}

/**
 * The program under the explorer's control. Deterministic: the same choices from
 * `reset` give the same events. Knows nothing of search.
 */
export interface Machine {
  /** Plain accesses at these places are scheduling points from the next `reset` on; keys as in `Schedule.visible`. */
  setVisible(places: ReadonlySet<string>): void;
  reset(entry: FuncId): void;
  /** What may run next, in a fixed order; empty when halted. */
  enabled(): readonly Choice[];
  /** Runs the thread up to and including its next visible instruction's effect, and on to before the one after. */
  step(choice: Choice): Event;
  halted(): Halt | undefined;
  /** What each thread would do next, without doing it. */
  pending(
    thread: ThreadId,
  ): { readonly touches: readonly Touch[]; readonly span: SpanId; readonly text: string } | null;
  /** Races seen so far in this execution. */
  races(): readonly Race[];
  blocked(): readonly Blocked[];
  mark(): number;
  undoTo(mark: number): void;
  /** Canonical digest of the state. */
  hash(): string;
  // For drawing.
  threads(): readonly WitnessThread[];
  objects(): readonly WitnessObject[];
  clock(thread: ThreadId): readonly number[];
  held(thread: ThreadId): readonly number[];
  variables(thread: ThreadId): readonly { readonly name: string; readonly value: string }[];
  output(): string;
}
