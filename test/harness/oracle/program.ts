// Tiny concurrent programs as data. Thread 0 is main; every other thread is spawned by exactly one `spawn`, every timer is
// started for the first time by exactly one thread, and branches go forward only: so that each thread, each timer and each
// operation is the same thing in every execution.

/** Number of a register of the thread; registers begin with 0. */
export type Register = number;

/** A constant, or what a register holds. */
export type Operand = number | { readonly register: Register };

export interface SelectCase {
  readonly dir: "send" | "recv";
  readonly channel: number;
  /** What a send sends. */
  readonly value: Operand;
}

/** Objects are named by their number among those of their kind. */
export type Operation = VisibleOperation | LocalOperation;

/** One step of one thread each (a `sleep` is two: falling asleep and waking). */
export type VisibleOperation =
  | MemoryOperation
  | LockOperation
  | ChannelOperation
  | WaitOperation
  | TimeOperation
  | { readonly kind: "spawn"; readonly thread: number }
  /** Any of the values from 0 to `values - 1`: not an operation of Go, so it has no rendering as IR. */
  | { readonly kind: "choose"; readonly values: number; readonly dst: Register };

/** All sequentially consistent. `cas` gives 1 when it swapped, `add` the new value. */
export type MemoryOperation =
  | { readonly kind: "load"; readonly cell: number; readonly dst: Register }
  | { readonly kind: "store"; readonly cell: number; readonly value: Operand }
  | {
      readonly kind: "add";
      readonly cell: number;
      readonly delta: Operand;
      readonly dst: Register;
    }
  | {
      readonly kind: "cas";
      readonly cell: number;
      readonly old: Operand;
      readonly put: Operand;
      readonly dst: Register;
    };

/** The attempts give 1 when they took the lock. */
export type LockOperation =
  | { readonly kind: "lock" | "unlock"; readonly mutex: number }
  | { readonly kind: "trylock"; readonly mutex: number; readonly dst: Register }
  | { readonly kind: "rlock" | "runlock" | "wlock" | "wunlock"; readonly rwmutex: number }
  | { readonly kind: "tryrlock" | "trywlock"; readonly rwmutex: number; readonly dst: Register };

/** `ok` is 0 when the channel was closed; a closed channel gives 0. */
export type ChannelOperation =
  | { readonly kind: "send"; readonly channel: number; readonly value: Operand }
  | {
      readonly kind: "recv";
      readonly channel: number;
      readonly dst: Register;
      readonly ok: Register;
    }
  | { readonly kind: "close"; readonly channel: number }
  /** `arm` is the case that happened, -1 the default; `dst` what it received, else 0. */
  | {
      readonly kind: "select";
      readonly cases: readonly SelectCase[];
      readonly fallback: boolean;
      readonly arm: Register;
      readonly dst: Register;
    };

/** `once-begin` gives 1 to the caller that is to run the body and to come to `once-end`. */
export type WaitOperation =
  | { readonly kind: "wg-add"; readonly group: number; readonly delta: number }
  | { readonly kind: "wg-wait"; readonly group: number }
  | { readonly kind: "once-begin"; readonly once: number; readonly dst: Register }
  | { readonly kind: "once-end"; readonly once: number }
  | {
      readonly kind: "cond-enqueue" | "cond-park" | "cond-signal" | "cond-broadcast";
      readonly cond: number;
    };

/** Durations are positive. `timer-stop` gives 1 when the timer was running or its value had not been received. */
export type TimeOperation =
  | { readonly kind: "sleep"; readonly duration: number }
  | { readonly kind: "timer-start"; readonly timer: number; readonly duration: number }
  | { readonly kind: "timer-stop"; readonly timer: number; readonly dst: Register };

/** What nobody else sees. */
export type LocalOperation =
  | {
      readonly kind: "sum";
      readonly dst: Register;
      readonly left: Operand;
      readonly right: Operand;
    }
  /** Goes on at the operation `to`, further down, unless the register holds `is`. */
  | {
      readonly kind: "unless";
      readonly register: Register;
      readonly is: number;
      readonly to: number;
    };

export interface OracleProgram {
  readonly threads: readonly (readonly Operation[])[];
  readonly cells: number;
  readonly mutexes: number;
  readonly rwmutexes: number;
  /**
   * A writer that finds readers inside announces itself, in a step of its own, and new readers wait for it; as in Go. With
   * it more can deadlock, and everything else can still happen in an order without announcements.
   */
  readonly announcements: boolean;
  /** Capacity of each channel. */
  readonly channels: readonly number[];
  readonly groups: number;
  readonly onces: number;
  readonly conds: number;
  /** The channel, of capacity 1, on which each timer sends a 0. */
  readonly timers: readonly number[];
}

const nothing: OracleProgram = {
  threads: [],
  cells: 0,
  mutexes: 0,
  rwmutexes: 0,
  announcements: false,
  channels: [],
  groups: 0,
  onces: 0,
  conds: 0,
  timers: [],
};

/** A program with the given objects whose main spawns the threads, in order, and then does `main`. */
export function spawning(
  threads: readonly (readonly Operation[])[],
  objects: Partial<Omit<OracleProgram, "threads">>,
  main: readonly Operation[] = [],
): OracleProgram {
  const spawns = threads.map((_, index): Operation => ({ kind: "spawn", thread: index + 1 }));
  const shifted = main.map((it) =>
    it.kind === "unless" ? { ...it, to: it.to + spawns.length } : it,
  );
  return { ...nothing, ...objects, threads: [[...spawns, ...shifted], ...threads] };
}

export function isLocal(operation: Operation): operation is LocalOperation {
  return operation.kind === "sum" || operation.kind === "unless";
}

/** One more than the highest register the thread uses. */
export function registersOf(thread: readonly Operation[]): number {
  let count = 0;
  const see = (operand: Operand): void => {
    if (typeof operand !== "number") count = Math.max(count, operand.register + 1);
  };
  for (const it of thread) {
    if ("dst" in it) see({ register: it.dst });
    if (it.kind === "recv") see({ register: it.ok });
    if (it.kind === "select") see({ register: it.arm });
    if (it.kind === "unless") see({ register: it.register });
    for (const operand of operandsOf(it)) see(operand);
  }
  return count;
}

function operandsOf(operation: Operation): readonly Operand[] {
  switch (operation.kind) {
    case "store":
    case "send":
      return [operation.value];
    case "add":
      return [operation.delta];
    case "cas":
      return [operation.old, operation.put];
    case "select":
      return operation.cases.map((it) => it.value);
    case "sum":
      return [operation.left, operation.right];
    default:
      return [];
  }
}
