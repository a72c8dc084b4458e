import type { Span } from "./span.js";

/**
 * Index into `Witness.threads`. Thread 0 is the entry thread.
 * @minimum 0
 */
export type ThreadId = number;
/**
 * Index into `Witness.objects`.
 * @minimum 0
 */
export type ObjectId = number;

/**
 * The choices that make one execution happen, and nothing else.
 * Replaying a schedule on the same program gives the same execution.
 */
export interface Schedule {
  /** Digest of the IR it was found on. */
  readonly program: string;
  /** Qualified name of the entry function. */
  readonly entry: string;
  /** Spans (as `uri:line:column-line:column`) whose plain accesses are scheduling points. */
  readonly visible: readonly string[];
  readonly choices: readonly Choice[];
  /**
   * When timers fire and sleepers wake: "quiet" (also when absent) only when nothing else can run, "any" at any time
   * after they began.
   */
  readonly time?: "quiet" | "any";
  /** The same by names that survive edits. Absent: of a run that shows nothing. */
  readonly portable?: PortableSchedule;
  /**
   * Random numbers and orders of maps that matter are steps of their own, with the value as the step's `arm`. Absent: a
   * random number is always the same, and maps keep the order of insertion.
   */
  readonly draws?: true;
  /** Plain reads may observe writes that others have overwritten, where nothing orders the two. Absent: they never do. */
  readonly weak?: true;
}

/**
 * A schedule told by what stays when the source is edited elsewhere: threads by who started them and where, operations by
 * their function, and only where the processor changes hands. What is in tables is referred to by its index.
 */
export interface PortableSchedule {
  /** Qualified name of the entry function. */
  readonly entry: string;
  readonly shows: PortableOutcome;
  readonly sites: readonly PortableSite[];
  /** The first is the entry thread. */
  readonly threads: readonly PortableThread[];
  /** Sites whose plain accesses are scheduling points. */
  readonly visible: readonly number[];
  /** As in `Schedule`. */
  readonly time?: "quiet" | "any";
  /** As in `Schedule`. */
  readonly draws?: true;
  readonly turns: readonly PortableTurn[];
}

/** What a portable schedule shows, so that it can be told from other things that go wrong. */
export interface PortableOutcome {
  readonly kind: Outcome["kind"];
  readonly sites: readonly number[];
  /** The variable of a race, what a panic says, else empty. */
  readonly about: string;
}

/** An operation by where it is in its function. */
export interface PortableSite {
  /** Qualified name of the declared function around it. */
  readonly func: string;
  /** `line:column-line:column`, with lines counted from the one in which the function begins. */
  readonly at: string;
  /** What it does, and on what: `acquire mu`. */
  readonly op: string;
  /** The how-manieth operation of the function that does the same, of how many. */
  readonly nth: number;
  readonly of: number;
}

export interface PortableThread {
  /** For people. */
  readonly name: string;
  /** The thread that starts it; null: the entry thread. */
  readonly parent: number | null;
  /** Where it is started; null: at no place of the program. */
  readonly site: number | null;
  /** How many the same thread has started there before it. */
  readonly before: number;
}

/** A thread goes on until it stands where it is to wait for its next turn. What it is the only one to do it does anyhow. */
export interface PortableTurn {
  readonly thread: number;
  /** Null: as far as it can. */
  readonly until: PortableMoment | null;
  /** Where it goes on otherwise than in the first way that is possible, if anywhere. */
  readonly picks?: readonly PortablePick[];
}

/** A thread stands before an operation that it has done `before` times. */
export interface PortableMoment {
  /** Null: no place of the program. */
  readonly site: number | null;
  readonly before: number;
}

/** As in `Choice`. */
export interface PortablePick {
  readonly when: PortableMoment;
  readonly arm?: number;
  readonly partner?: number;
  readonly partnerArm?: number;
}

/** What became of a schedule after the program was edited. */
export type PreviousVerdict =
  | { readonly kind: "still fails"; readonly message: string }
  /** None of so many orders fails like it; `complete`: there are no more. */
  | { readonly kind: "fixed"; readonly executions: number; readonly complete: boolean }
  /** One sentence that says where it stopped. */
  | { readonly kind: "no longer applies"; readonly problem: string };

/** Which thread runs next and, where the step itself has several ways to go, which one. */
export interface Choice {
  readonly thread: ThreadId;
  /**
   * Index of the ready case of a select (-1: default), or the value of a data choice. Of a plain read that does not see
   * the newest write: how many writes before that it looks.
   */
  readonly arm?: number;
  /** Rendezvous on an unbuffered channel: `thread` sends and this one receives. Overlapping map accesses: the other one. */
  readonly partner?: ThreadId;
  /** Index of the partner's select case, when the partner stands before a select. */
  readonly partnerArm?: number;
}

/** What a thread did in one atomic step, in the user's vocabulary. */
export type Action =
  | {
      readonly kind: "start" | "end" | "output" | "panic" | "yield" | "sleep";
      readonly text?: string;
    }
  | {
      readonly kind: "read";
      readonly object: ObjectId;
      readonly value: string;
      /** The value is not the newest: who has written that, and what it is. */
      readonly stale?: { readonly by: ThreadId; readonly value: string };
    }
  | {
      readonly kind: "write" | "atomic";
      readonly object: ObjectId;
      readonly value: string;
    }
  | { readonly kind: "acquire" | "release"; readonly object: ObjectId; readonly shared: boolean }
  | {
      readonly kind: "try-acquire";
      readonly object: ObjectId;
      readonly shared: boolean;
      readonly ok: boolean;
    }
  | {
      readonly kind: "send" | "recv";
      readonly object: ObjectId;
      readonly value: string;
      readonly partner?: ThreadId;
    }
  | { readonly kind: "close"; readonly object: ObjectId }
  | {
      readonly kind: "select";
      readonly object: ObjectId | null;
      readonly arm: number;
      readonly value: string;
      /** The case that is taken. Absent: the default, or not known. */
      readonly at?: Span;
    }
  | { readonly kind: "spawn"; readonly thread: ThreadId }
  | {
      readonly kind: "wait" | "signal" | "add" | "done";
      readonly object: ObjectId;
      readonly value: string;
    }
  | { readonly kind: "timer"; readonly object: ObjectId; readonly text: string }
  | { readonly kind: "task" | "await" | "resume"; readonly text: string };

export interface Step {
  readonly thread: ThreadId;
  readonly span: Span;
  /** Name of the function the thread is in, for people. */
  readonly func: string;
  readonly action: Action;
  /** One plain sentence: what happened, with names and values. */
  readonly text: string;
  /** Vector clock after the step; `clock[t]` counts the steps of thread `t` that happen before. */
  readonly clock: readonly number[];
  /** What could have run instead (this choice included). */
  readonly enabled: readonly Choice[];
  /** Objects (locks) the thread holds after the step. */
  readonly held: readonly ObjectId[];
  /** Threads that wait after the step, and for what. */
  readonly blocked: readonly Blocked[];
  /** Whether what went wrong would not have happened without it; in a good run, of every step. */
  readonly essential: boolean;
  /** Buffered channels whose content the step changed, with what is in them after it, the oldest first. Absent: none. */
  readonly buffers?: readonly Buffer[];
  /** Variables whose value the step changed, as name and new value. */
  readonly changed: readonly Changed[];
}

export interface Changed {
  readonly name: string;
  readonly value: string;
  /** Whose variables they are, all of this name. Absent: of the thread that took the step. */
  readonly threads?: readonly ThreadId[];
}

export interface Buffer {
  readonly object: ObjectId;
  readonly values: readonly string[];
}

export type Outcome =
  | { readonly kind: "ok" }
  /** The two accesses (indices of steps) that nothing orders. */
  | { readonly kind: "race"; readonly object: ObjectId; readonly steps: readonly [number, number] }
  | { readonly kind: "deadlock"; readonly blocked: readonly Blocked[]; readonly message: string }
  | { readonly kind: "leak"; readonly blocked: readonly Blocked[]; readonly message: string }
  /** Threads go on for ever: what they do changes nothing, and nobody else can. */
  | { readonly kind: "livelock"; readonly blocked: readonly Blocked[]; readonly message: string }
  | { readonly kind: "panic"; readonly step: number; readonly message: string }
  | { readonly kind: "assertion"; readonly step: number; readonly message: string };

/** `thread` waits at `span` for `object` (null: nothing can wake it), which `holders` keep. */
export interface Blocked {
  readonly thread: ThreadId;
  readonly span: Span;
  readonly object: ObjectId | null;
  readonly reason: string;
  readonly holders: readonly ThreadId[];
  /**
   * Of a deadlock or leak, where nobody holds the object: who has done before what would end the wait (received from the
   * channel, signalled the condition), and does it no more. Absent: nobody.
   */
  readonly wakers?: readonly ThreadId[];
}

/** How hard a schedule is to come by; smaller is better, compared in this order. */
export interface ScheduleSize {
  /** Switches away from a thread that could have gone on. */
  readonly preemptions: number;
  /** All changes from one thread to another. */
  readonly switches: number;
  readonly steps: number;
  /** Whether no schedule for the same thing is smaller. */
  readonly minimal: boolean;
}

/** The run most like a failing one that does not fail, or at least not like it. */
export interface Contrast {
  readonly schedule: Schedule;
  /**
   * Steps of the failing run: in the passing one, the second comes before the first. Twice the same: that is where the
   * passing one chooses otherwise.
   */
  readonly steps: readonly [number, number];
  /** The second is no step of the failing run (it is the number of its steps): whose it would be. */
  readonly waiting?: ThreadId;
  /** Where it chooses otherwise: the step it takes there, in words. */
  readonly instead?: string;
  /** There is a data race in it, as in every order that is known. */
  readonly races?: true;
}

/** A run in which a racy read does not see the newest write. */
export interface Stale {
  readonly schedule: Schedule;
  /** One plain sentence: who overlooks what. */
  readonly message: string;
}

export interface WitnessThread {
  readonly name: string;
  readonly spawnedAt: Span | null;
  readonly spawnedBy: ThreadId | null;
  /** A worker, or the thread that starts workers: it runs at the same time as the others. Absent: of Go, and of tasks. */
  readonly agent?: true;
}

export interface WitnessObject {
  readonly name: string;
  readonly kind:
    | "variable"
    | "mutex"
    | "rwmutex"
    | "channel"
    | "waitgroup"
    | "once"
    | "cond"
    | "atomic"
    | "map"
    | "timer"
    | "promise"
    | "queue"
    | "other";
  readonly span: Span | null;
  /** Of a channel: how many values its buffer takes; 0: none. */
  readonly capacity?: number;
}

/** A replayable, self-contained account of one execution. */
export interface Witness {
  readonly version: 1;
  readonly language: "go" | "ts";
  /** Fingerprint of the finding it shows, or "" when it shows a plain run. */
  readonly finding: string;
  /** Source digests, so that a viewer can tell when a file changed since. */
  readonly sources: readonly { readonly uri: string; readonly digest: string }[];
  readonly threads: readonly WitnessThread[];
  readonly objects: readonly WitnessObject[];
  readonly schedule: Schedule;
  readonly steps: readonly Step[];
  readonly outcome: Outcome;
  readonly size: ScheduleSize;
  readonly contrast: Contrast | null;
  /** Of a race: what it can come to beyond the orders of its steps. */
  readonly stale: Stale | null;
  /** What the program printed, in the order of the schedule. */
  readonly output: string;
}

/** One execution replayed, before it is put into words: what the explorer hands to the report. */
export interface Recording {
  /** Index in `steps` of what each choice of the schedule did. */
  readonly rows: readonly number[];
  readonly language: Witness["language"];
  readonly threads: readonly WitnessThread[];
  readonly objects: readonly WitnessObject[];
  readonly schedule: Schedule;
  readonly steps: readonly Omit<Step, "text">[];
  readonly outcome: Outcome;
  readonly output: string;
}
