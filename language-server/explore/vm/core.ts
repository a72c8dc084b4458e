// What the interpreter (one thread, between two scheduling points) offers to the machine (all threads).
//
//   machine:  enabled() ── choice ──► step: execute the op the thread stands before, then
//   core:                              run(thread): invisible instructions up to the next op ──► Stop
//
// The core knows values, memory, frames, calls, defers and panics. It knows nothing of locks, channels, other
// threads or time: on each such instruction it stops *before* it and the machine completes it.

import type { Callee, Instr, Reg, SpanId } from "../../ir/ir.js";
import type { TypeId } from "../../ir/types.js";
import type { MapObj } from "./maps.js";

/**
 * A run-time value. Go: numbers (64-bit integers beyond 2^53 as bigint, canonical: number iff safe), strings of
 * one byte per character, booleans, null (nil of any kind), and the classes of `values.ts` (Ptr, Slice, MapObj, Closure, Iface, Chan,
 * Complex, tuples and aggregates as frozen-by-convention arrays). TypeScript: JavaScript primitives and the classes of `js-values.ts`.
 */
export type Value = unknown;

/** One piece of memory: `cells` of an allocation. `id` is unique in an execution and the same in every execution that allocates in the same per-thread order. */
export interface Obj {
  readonly id: number;
  readonly type: TypeId;
  readonly name: string;
  readonly span: SpanId;
  /** Thread that allocated it. */
  readonly owner: number;
  readonly cells: Value[];
  /** What the machine keeps of it (see `beside.ts`). */
  beside: object | null;
}

/** An address. Equal iff same object and offset. */
export interface Ptr {
  readonly obj: Obj;
  readonly off: number;
}

/** A goroutine, a task or a worker. The machine adds what it needs in its own structures, by `id`. */
export interface Thread {
  readonly id: number;
  /** Top frame; null when it has ended. */
  frame: Frame | null;
}

/** Opaque to the machine but for where it stands. */
export interface Frame {
  readonly parent: Frame | null;
}

export type OpInstr = Extract<
  Instr,
  {
    op:
      | "acquire"
      | "release"
      | "try-acquire"
      | "send"
      | "recv"
      | "close"
      | "select"
      | "sync"
      | "spawn"
      | "atomic"
      | "await";
  }
>;

/** Several values are open, and the thread goes on with one of them. */
export interface Draw {
  /** Empty: none but what the program gives by itself. */
  readonly values: readonly Value[];
  /** The values are all there are; else some to stand for the others. */
  readonly all: boolean;
  /** Whose entries are put in order. */
  readonly map: MapObj | null;
  /** What the thread does, with the value that it goes on with. */
  readonly text: (value: Value) => string;
  /** What there is several of: `values of rand.Intn(3)`. */
  readonly what: string;
}

export type Stop =
  /** Before a synchronisation instruction. `library`: inside library code, no scheduling point unless it must wait. */
  | {
      readonly kind: "op";
      readonly instr: OpInstr;
      readonly span: SpanId;
      readonly library: boolean;
    }
  /** Before a plain access that has been made a scheduling point. */
  | { readonly kind: "access"; readonly instr: Instr; readonly span: SpanId }
  /** Before a random number or the order of a map; `complete` with one of the values, or `passDraw`. */
  | { readonly kind: "draw"; readonly draw: Draw; readonly span: SpanId }
  | { readonly kind: "ended"; readonly value: Value }
  /** An uncaught panic or exception: `message` is exactly what the runtime prints after `panic: ` (with ` [recovered]` chains), or the fatal error. */
  | {
      readonly kind: "panicked";
      readonly message: string;
      readonly span: SpanId;
      readonly value: Value;
    }
  | { readonly kind: "unsupported"; readonly reason: string; readonly span: SpanId }
  /** Ran `limit` instructions without reaching an op. */
  | { readonly kind: "limit"; readonly span: SpanId };

/** Told of every plain access (and range of cells) the moment it happens; the race detector listens. */
export interface AccessListener {
  access(
    thread: number,
    obj: Obj,
    off: number,
    cells: number,
    write: boolean,
    span: SpanId,
    func: string,
  ): void;
  /** Whole-map accesses: Go maps race as one object. */
  mapAccess(thread: number, map: object, write: boolean, span: SpanId, func: string): void;
  output(thread: number, fd: number, text: string, span: SpanId, func: string): void;
}

/** Something whose fields change together: saved whole at its first change after a mark. */
export interface Tracked {
  /** Epoch of the trail in which it was last saved; -1 before. */
  epoch: number;
  /** Gives a function that puts back what the fields hold now. */
  keep(): () => void;
}

/** Undo log: everything that changes during an execution is written through it. */
export interface Trail {
  /** `target`, which may now be changed until the next mark. */
  own<T extends Tracked>(target: T): T;
  /** Sets `target[key] = value` and remembers the old value. */
  set<T extends object, K extends keyof T>(target: T, key: K, value: T[K]): void;
  /** Remembers how to take back a change just made by other means. */
  onUndo(undo: () => void): void;
  mark(): number;
  undoTo(mark: number): void;
  /** Cells and map entries written so far; only grows. */
  readonly writes: number;
  /** Writes of cells with ids after the one and up to the other are not counted: nobody else knows of them. */
  unnoticed: { readonly after: number; readonly upTo: number };
}

export interface Core {
  readonly trail: Trail;
  newThread(id: number, callee: Callee, args: readonly Value[], from: Thread | null): Thread;
  /** A thread that calls a function value (timers, async continuations). */
  newThreadOf(id: number, closure: Value, args: readonly Value[]): Thread;
  run(thread: Thread, limit: number): Stop;
  /** The value of a register of the instruction the thread stands before. */
  operand(thread: Thread, reg: Reg): Value;
  /** Resolves a callee's dynamic parts to values now (spawn: operands are evaluated by the spawner). */
  bindCallee(thread: Thread, callee: Callee): Value;
  /** The op has happened: writes `value` to its dst (if it has one) and moves past it. */
  complete(thread: Thread, value: Value): void;
  /** Executes the one access it stands before. */
  stepAccess(thread: Thread): Stop | null;
  /** The op panics in the thread with this run-time error text (`send on closed channel`). */
  panic(thread: Thread, message: string): void;
  /** Go: unwinds running defers, then ends the thread. */
  goexit(thread: Thread): void;
  /** Global variables of the user's packages. What the library keeps for itself (pools, caches) is nobody's state. */
  userGlobals(): readonly Obj[];
  /** All global variables that were used so far, the library's too. */
  globals(): readonly Obj[];
  /** Reads and writes one cell outside of the program's own accesses (state of locks…): not reported to the listener, but on the trail. */
  peek(addr: Ptr): Value;
  poke(addr: Ptr, value: Value): void;
  /** Makes plain accesses at these places (keys as in `Schedule.visible`) scheduling points, before `reset`. */
  setVisible(places: ReadonlySet<string>): void;
  /** Whether threads stop before draws, from the next run on. */
  setDraws(draws: boolean): void;
  /** The next run does not stop before the draw where the thread stands: the program goes on by itself. */
  passDraw(): void;
  /** Where the thread stands: function (for people) and span of the innermost user (not library) frame. */
  where(thread: Thread): { readonly func: string; readonly span: SpanId };
  stack(thread: Thread): readonly { readonly func: string; readonly span: SpanId }[];
  /** Named variables in scope of the innermost user frame, printed. */
  variables(thread: Thread): readonly { readonly name: string; readonly value: string }[];
  /** A short name for a cell for people: `c.n`, `fetched["/a"]`, `counter`. */
  nameOf(obj: Obj, off: number): string;
  /** As `fmt.Sprintf("%v")` or `console.log` would show it, cut at 40 characters; never runs the program's code. */
  show(value: Value, type: TypeId | null): string;
}
