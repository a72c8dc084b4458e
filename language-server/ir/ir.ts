// The concurrency IR: a control-flow graph of three-address instructions in which every access to
// shared memory and every synchronisation is one instruction with a source span.
//
//                         reads  writes  may block  makes a thread   needs
//   load, map get…, prop    x
//   store, map set…, prop          x
//   atomic                  x      x
//   bulk                    x      x                                  append, copy, clear, string(bytes)
//   acquire                                  x                        a lock's address
//   release
//   send, recv, select                       x
//   sync                                     x                        wait groups, conditions, once, timers
//   await                                    x                        a promise
//   spawn                                             x
//
// Both languages lower to it. Go is typed (every register has a type of `Program.types`); TypeScript
// uses the type "any" throughout and the `js.*` prims. Synchronisation in libraries does not appear as calls: front ends'
// models turn `mu.Lock()` into `acquire` and `await p` into `await`, so analyses and the VM know only these.
// What has neither body nor model is a call of an `external` by name: the VM may know it natively, else it stops there.

import type { Switches } from "../../protocol/finding.js";
import type { Span } from "../../protocol/span.js";
import type { Brand } from "../base/brand.js";
import type { TypeId, Type } from "./types.js";

export type FuncId = Brand<number, "FuncId">;
export type BlockId = Brand<number, "BlockId">;
export type Reg = Brand<number, "Reg">;
export type GlobalId = Brand<number, "GlobalId">;
/** Index into `Program.spans`; 0 is "nowhere". */
export type SpanId = Brand<number, "SpanId">;

export interface Program {
  /** Whose rules it runs by: TypeScript whose tasks are goroutines runs by Go's. */
  readonly language: "go" | "ts";
  /** Where its tasks may switch; absent where the language says it. */
  readonly switches?: Switches;
  /** Of Go: how the channels of timers behave; absent: as from Go 1.23 on. */
  readonly timers?: TimerRules;
  readonly types: readonly Type[];
  readonly funcs: readonly Func[];
  readonly globals: readonly Global[];
  /** Run in this order, by the entry thread, before the entry. */
  readonly inits: readonly FuncId[];
  readonly entries: readonly Entry[];
  /** Of a program whose threads share memory or talk by messages; absent of every other. */
  readonly workers?: Workers;
  /** Method tables: which function a method call on a value of dynamic type `type` runs. */
  readonly methods: readonly {
    readonly type: TypeId;
    readonly id: string;
    readonly func: FuncId;
  }[];
  /** What comments say of locks. */
  readonly guards: readonly Guard[];
  readonly requires: readonly Requirement[];
  readonly spans: readonly Span[];
}

/**
 * Before Go 1.23 a timer's channel had room for a value that `Stop` and `Reset` left there; since then they take it back,
 * and `len` and `cap` of the channel are 0.
 */
export type TimerRules = "buffered" | "unbuffered";

/** The files that a program's workers run. */
export interface Workers {
  /** As browsers have them, where the first thread may not wait. */
  readonly web: boolean;
  readonly files: readonly WorkerFile[];
}

export interface WorkerFile {
  readonly uri: string;
  /** Its own body. */
  readonly func: FuncId;
  /** Run before it: what it imports. */
  readonly inits: readonly FuncId[];
}

/** Where a thread begins that the program does not start itself. */
export interface Entry {
  readonly kind: "main" | "test" | "example" | "benchmark" | "snippet";
  readonly func: FuncId;
  /** A driver that nobody wrote rests on this: "two calls of `deposit` may overlap". What it shows is a warning at most. */
  readonly assumption?: string;
  /** The driver has made its calls one after the other before: that it panics only sometimes is due to their overlap. */
  readonly rehearsed?: true;
}

/** A field with the lock that a comment names for it. Names of types and functions come without type arguments. */
export interface Guard {
  /** Name of the struct type. */
  readonly owner: string;
  readonly field: string;
  /** From the struct, with dots; "": the comment names nothing that there is. */
  readonly lock: string;
  /** As the comment says it. */
  readonly said: string;
  readonly span: SpanId;
}

/** A lock that callers of a function hold, as its comment says. */
export interface Requirement {
  readonly func: string;
  readonly param: number;
  /** From the parameter, with dots. */
  readonly lock: string;
  readonly shared: boolean;
}

export interface Global {
  /** Qualified: `main.counter`. */
  readonly name: string;
  readonly type: TypeId;
  readonly span: SpanId;
}

/** `async` returns a promise and may await; `generator` may yield; `async-generator` both. */
export type FuncKind = "plain" | "async" | "generator" | "async-generator";

export interface Func {
  readonly id: FuncId;
  /** Unique: `(*example.com/x.Counter).Inc`. */
  readonly name: string;
  /** For people: `(*Counter).Inc`. */
  readonly display: string;
  readonly kind: FuncKind;
  /** Import path, or module URI, of its source. */
  readonly pkg: string;
  /**
   * Library code (standard library, bundled packages): its synchronisation orders but is no scheduling point, and
   * its accesses are shown at the user's call. Models of primitives are written with instructions in user-visible functions.
   */
  readonly library: boolean;
  readonly params: readonly Reg[];
  readonly captures: readonly Reg[];
  /** Type of each register; its length is the number of registers. */
  readonly regTypes: readonly TypeId[];
  /** Source names of registers that are variables, for the state view. */
  readonly regNames: readonly { readonly reg: Reg; readonly name: string }[];
  /** Number of values returned. */
  readonly results: number;
  /** blocks[0] is the entry. Empty: external. */
  readonly blocks: readonly Block[];
  /** Where a Go function resumes after a recovered panic. */
  readonly recover: BlockId | null;
  /** The function whose literal this is. */
  readonly parent: FuncId | null;
  readonly span: SpanId;
}

/** Blocks take arguments instead of phis; the last thing a block does is its `exit`. */
export interface Block {
  readonly id: BlockId;
  readonly params: readonly Reg[];
  readonly instrs: readonly Instr[];
  readonly exit: Exit;
}

interface At {
  readonly span: SpanId;
}

export type Instr = At &
  // Values
  (
    | { readonly op: "const"; readonly dst: Reg; readonly value: Literal }
    /** The zero value of a type (aggregates included). */
    | { readonly op: "zero"; readonly dst: Reg; readonly type: TypeId }
    /** Pure computation on values; may panic (division by zero, shift by a negative). `type`: of the operands. */
    | {
        readonly op: "prim";
        readonly dst: Reg;
        readonly fn: string;
        readonly args: readonly Reg[];
        readonly type: TypeId;
      }
    | {
        readonly op: "convert";
        readonly dst: Reg;
        readonly value: Reg;
        readonly from: TypeId;
        readonly to: TypeId;
      }
    /** Puts a concrete value of `type` into an interface. */
    | { readonly op: "interface"; readonly dst: Reg; readonly value: Reg; readonly type: TypeId }
    /** Type assertion to `type`; with `commaOk` dst is the tuple (value, ok), else a failure panics. `from`: the static interface type. */
    | {
        readonly op: "assert";
        readonly dst: Reg;
        readonly value: Reg;
        readonly from: TypeId;
        readonly type: TypeId;
        readonly commaOk: boolean;
      }
    | { readonly op: "extract"; readonly dst: Reg; readonly tuple: Reg; readonly index: number }
    /** Field of a struct value (not of memory). `type`: the struct's. */
    | {
        readonly op: "project";
        readonly dst: Reg;
        readonly value: Reg;
        readonly type: TypeId;
        readonly field: number;
      }
    /** Element of an array value, or byte of a string; panics out of range. `type`: of the value. */
    | {
        readonly op: "at";
        readonly dst: Reg;
        readonly value: Reg;
        readonly index: Reg;
        readonly type: TypeId;
      }
    | {
        readonly op: "closure";
        readonly dst: Reg;
        readonly func: FuncId;
        readonly captures: readonly Reg[];
      }
    // Addresses
    /** A new object of `type`, zeroed; dst is its address. `name`: of the source variable, or what made it ("new", "complit"). */
    | { readonly op: "alloc"; readonly dst: Reg; readonly type: TypeId; readonly name: string }
    | { readonly op: "global"; readonly dst: Reg; readonly global: GlobalId }
    /** Address of a field. `type`: the struct at `base`. Panics on nil. */
    | {
        readonly op: "field";
        readonly dst: Reg;
        readonly base: Reg;
        readonly type: TypeId;
        readonly field: number;
        readonly name: string;
      }
    /** Address of an element. `type`: of base, a slice or a pointer to an array. Panics out of range. */
    | {
        readonly op: "element";
        readonly dst: Reg;
        readonly base: Reg;
        readonly index: Reg;
        readonly type: TypeId;
      }
    /** base[low:high:max]. `type`: of base (slice, string, pointer to array). */
    | {
        readonly op: "slice";
        readonly dst: Reg;
        readonly base: Reg;
        readonly low: Reg | null;
        readonly high: Reg | null;
        readonly max: Reg | null;
        readonly type: TypeId;
      }
    /** args: slice: len, cap; map: none or size hint; chan: capacity. `type`: of the result. `name`: of the variable it is made for, or "". */
    | {
        readonly op: "make";
        readonly dst: Reg;
        readonly type: TypeId;
        readonly args: readonly Reg[];
        readonly name: string;
      }
    // Shared memory
    | { readonly op: "load"; readonly dst: Reg; readonly addr: Reg; readonly type: TypeId }
    | { readonly op: "store"; readonly addr: Reg; readonly value: Reg; readonly type: TypeId }
    /** Sequentially consistent, one indivisible step. cas: args old, new, dst bool; swap, add…: dst as Go's (add: the new value). */
    | {
        readonly op: "atomic";
        readonly dst: Reg | null;
        readonly addr: Reg;
        readonly fn: AtomicFn;
        readonly args: readonly Reg[];
        readonly type: TypeId;
      }
    /** Touches many cells at once. `type`: of the first argument. */
    | {
        readonly op: "bulk";
        readonly dst: Reg | null;
        readonly fn: BulkFn;
        readonly args: readonly Reg[];
        readonly type: TypeId;
      }
    /** `type`: the map's. get-ok and next give tuples: (value, ok), (ok, key, value). `iterate` makes an iterator. */
    | {
        readonly op: "map";
        readonly dst: Reg | null;
        readonly fn: MapFn;
        readonly args: readonly Reg[];
        readonly type: TypeId;
      }
    /** TypeScript: property of an object, by a string, symbol or number. */
    | { readonly op: "get-prop"; readonly dst: Reg; readonly base: Reg; readonly key: Reg }
    | { readonly op: "set-prop"; readonly base: Reg; readonly key: Reg; readonly value: Reg }
    | { readonly op: "delete-prop"; readonly dst: Reg; readonly base: Reg; readonly key: Reg }
    // Calls. Go: dst is the value, or a tuple for several results. TypeScript: always a value.
    | {
        readonly op: "call";
        readonly dst: Reg | null;
        readonly callee: Callee;
        readonly args: readonly Reg[];
      }
    | { readonly op: "defer"; readonly callee: Callee; readonly args: readonly Reg[] }
    | { readonly op: "run-defers" }
    | { readonly op: "recover"; readonly dst: Reg }
    /** Exceptions thrown until the matching end-try go to `handler`, whose one parameter is the thrown value. */
    | { readonly op: "try"; readonly handler: BlockId }
    | { readonly op: "end-try" }
    // Threads and synchronisation. Addresses are of the lock, wait group… itself, whose state is its first cell.
    | { readonly op: "spawn"; readonly callee: Callee; readonly args: readonly Reg[] }
    | { readonly op: "acquire" | "release"; readonly lock: Reg; readonly shared: boolean }
    | {
        readonly op: "try-acquire";
        readonly dst: Reg;
        readonly lock: Reg;
        readonly shared: boolean;
      }
    | { readonly op: "send"; readonly chan: Reg; readonly value: Reg }
    /** With `commaOk` dst is the tuple (value, ok). */
    | {
        readonly op: "recv";
        readonly dst: Reg | null;
        readonly chan: Reg;
        readonly commaOk: boolean;
      }
    | { readonly op: "close"; readonly chan: Reg }
    /** dst is the tuple (index, received ok, value of 1st recv case, value of 2nd …). Not blocking: index -1 is the default. */
    | {
        readonly op: "select";
        readonly dst: Reg;
        readonly cases: readonly SelectCase[];
        readonly blocking: boolean;
      }
    | {
        readonly op: "sync";
        readonly dst: Reg | null;
        readonly fn: SyncFn;
        readonly object: Reg | null;
        readonly args: readonly Reg[];
      }
    /** TypeScript: suspends the async function; dst is the settled value, a rejection throws. */
    | { readonly op: "await"; readonly dst: Reg; readonly value: Reg }
    /** TypeScript generators: hands out `value`; dst is what next() was given. */
    | { readonly op: "yield"; readonly dst: Reg; readonly value: Reg }
  );

export type AtomicFn = "load" | "store" | "add" | "and" | "or" | "swap" | "cas";

/** append: args slice, slice to add (or string); copy: to, from (or string), dst count; the conversions read or fill their bytes. */
export type BulkFn =
  | "append"
  | "copy"
  | "clear"
  | "bytes-to-string"
  | "runes-to-string"
  | "string-to-bytes"
  | "string-to-runes";

export type MapFn = "get" | "get-ok" | "set" | "delete" | "len" | "clear" | "iterate" | "next";

/**
 * object: address of the thing. wg-add: args delta. once-begin: dst bool "I am the one" (others block until once-end).
 * cond-wait: args address of a lock cell or Locker interface is resolved by the model; enqueues and parks (the model releases
 * and re-acquires around it: `cond-enqueue`, release, `cond-park`, acquire). sleep: args duration in ns. timer-start: object address of
 * the timer's state, args (when ns from now, period ns, callee closure run in a new thread | channel, time now as the value
 * to send); timer-stop: dst bool "was active". now: dst virtual ns. goroutines: dst how many have not ended. yield: Gosched. goexit: ends the goroutine after its defers. exit: ends the program, args code.
 */
export type SyncFn =
  | "wg-add"
  | "wg-wait"
  | "once-begin"
  | "once-end"
  | "cond-enqueue"
  | "cond-park"
  | "cond-signal"
  | "cond-broadcast"
  | "sleep"
  /** With 1, waits until nobody else can go on without time; with 0, says that time is the machine's from here on. */
  | "settle"
  | "timer-start"
  | "timer-stop"
  | "now"
  | "goroutines"
  | "chan-len"
  | "yield"
  | "goexit"
  | "exit";

export type Exit = At &
  (
    | { readonly op: "jump"; readonly to: Edge }
    | { readonly op: "branch"; readonly cond: Reg; readonly then: Edge; readonly else: Edge }
    | { readonly op: "return"; readonly values: readonly Reg[] }
    /** Go panic, TypeScript throw. */
    | { readonly op: "panic"; readonly value: Reg }
  );

export interface Edge {
  readonly block: BlockId;
  readonly args: readonly Reg[];
}

export interface SelectCase {
  readonly dir: "send" | "recv";
  readonly chan: Reg;
  readonly value: Reg | null;
  readonly span: SpanId;
}

export type Callee =
  | { readonly kind: "static"; readonly func: FuncId }
  /** A function value. `self`: TypeScript's `this`. */
  | { readonly kind: "dynamic"; readonly value: Reg; readonly self: Reg | null }
  /** Go: method of an interface value by method id. TypeScript: `receiver[id](…)`. */
  | { readonly kind: "method"; readonly receiver: Reg; readonly id: string }
  /** No body: by qualified name. The VM knows it natively or stops with the name; analyses assume anything. */
  | { readonly kind: "external"; readonly name: string };

/** Go integers beyond 2^53 and odd floats are spelled; complex numbers are pairs; undefined is TypeScript's. Go strings hold one byte per character. */
export type Literal =
  | number
  | string
  | boolean
  | null
  | { readonly kind: "int" | "float"; readonly text: string }
  | { readonly kind: "complex"; readonly re: number; readonly im: number }
  | { readonly kind: "bigint" | "regexp"; readonly text: string }
  | { readonly kind: "undefined" };
