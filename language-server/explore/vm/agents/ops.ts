// What an agent does that others notice. An agent is a function of what it has been told: it is run up to the next operation of
// this file, with the results of those before it.

import type { SpanId } from "../../../ir/ir.js";
import type { Action } from "../../../../protocol/witness.js";
import type { Encoded } from "./clone.js";

/** Where an operation stands. */
interface Placed {
  readonly span: SpanId;
  readonly func: string;
}

/** One element of shared memory. */
export interface Element {
  /** Key of the buffer. */
  readonly buffer: string;
  readonly offset: number;
  /** Name of the typed array's constructor. */
  readonly type: ElementType;
  /** As the source spells it. */
  readonly name: string;
}

export type ElementType =
  | "Int8Array"
  | "Uint8Array"
  | "Uint8ClampedArray"
  | "Int16Array"
  | "Uint16Array"
  | "Int32Array"
  | "Uint32Array"
  | "Float32Array"
  | "Float64Array"
  | "BigInt64Array"
  | "BigUint64Array";

/** What may be in an element. */
export type Scalar = number | bigint;

export type AtomicOp =
  | "load"
  | "store"
  | "add"
  | "sub"
  | "and"
  | "or"
  | "xor"
  | "exchange"
  | "compareExchange";

export type Access = Placed & {
  readonly kind: "access";
  readonly element: Element;
  /** "get" and "set" are plain. */
  readonly what: "get" | "set" | AtomicOp;
  readonly operands: readonly Scalar[];
};

/** A task that an idle agent may run next. */
export interface LocalTask {
  /** The how-manieth task the agent has asked for. */
  readonly id: number;
  readonly text: string;
  readonly span: SpanId;
}

/** Where messages for an agent arrive. */
export interface Inbox {
  readonly key: string;
  /** As people call it: "messages of worker.ts". */
  readonly name: string;
  /** Where somebody began to listen. */
  readonly span: SpanId;
  /** Whether anybody wants to know that the other side has ended. */
  readonly exits: boolean;
}

export interface WorkerSpec {
  readonly key: string;
  /** Index in `Program.workers`. */
  readonly worker: number;
  readonly name: string;
  readonly data: Encoded;
}

export type Op = Placed &
  (
    | { readonly kind: "start" }
    | Omit<Access, keyof Placed>
    | {
        readonly kind: "wait";
        readonly element: Element;
        readonly expected: Scalar;
        /** Null: for ever. */
        readonly timeout: number | null;
      }
    | { readonly kind: "notify"; readonly element: Element; readonly count: number }
    | {
        readonly kind: "post";
        readonly inbox: string;
        readonly name: string;
        readonly message: Message;
      }
    | { readonly kind: "spawn"; readonly spec: WorkerSpec }
    | { readonly kind: "terminate"; readonly agent: string }
    | { readonly kind: "poll"; readonly inbox: string; readonly name: string }
    /** The agent is idle. */
    | {
        readonly kind: "take";
        readonly tasks: readonly LocalTask[];
        readonly inboxes: readonly Inbox[];
        /** Async calls that wait. */
        readonly waiting: readonly { readonly span: SpanId; readonly reason: string }[];
      }
    /** A worker has nothing left to wait for. */
    | { readonly kind: "end"; readonly code: number; readonly error: Encoded | null }
    /** The whole program ends. */
    | {
        readonly kind: "exit";
        readonly crash: { readonly message: string; readonly assertion: boolean } | null;
      }
    /** The agent cannot go on: what it does is not modelled, or a bound was hit. */
    | { readonly kind: "stuck"; readonly limit: boolean; readonly reason: string }
  );

export type Message =
  | { readonly kind: "message"; readonly data: Encoded; readonly text: string }
  | { readonly kind: "error"; readonly data: Encoded; readonly text: string }
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "close" };

/** What an operation comes to, as plain data that JSON tells apart. */
export type Result =
  | { readonly kind: "done" }
  /** Of an access; a bigint as text. */
  | { readonly kind: "value"; readonly value: number | string | boolean; readonly big: boolean }
  /** `saw`: the value that was not the expected one. */
  | {
      readonly kind: "woken";
      readonly how: "ok" | "not-equal" | "timed-out";
      readonly saw?: string;
    }
  | { readonly kind: "task"; readonly id: number }
  | { readonly kind: "message"; readonly inbox: string; readonly message: Message }
  | { readonly kind: "nothing" };

export const done: Result = { kind: "done" };

/** A value of an element, as a result. */
export function valueResult(value: Scalar): Result {
  return typeof value === "bigint"
    ? { kind: "value", value: String(value), big: true }
    : { kind: "value", value: isPlain(value) ? value : String(value), big: false };
}

/** Whether JSON keeps it. */
function isPlain(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

export function scalarOf(result: Result): Scalar {
  if (result.kind !== "value") return 0;
  return result.big ? BigInt(result.value) : Number(result.value);
}

/** What an agent did by itself before an operation: only told. */
export interface Told {
  readonly action: Action;
  readonly span: SpanId;
  readonly func: string;
}

/** An agent is going round: nothing changes before one of these elements does, or somebody waits on it. */
export interface Round {
  readonly element: Element;
  /** Null: it has found that nobody waits. */
  readonly value: string | null;
}

/** Where an agent stands after it was told some results. */
export interface Stop {
  readonly op: Op;
  readonly told: readonly Told[];
  readonly output: string;
  readonly variables: readonly { readonly name: string; readonly value: string }[];
  readonly rounds: readonly Round[] | null;
  /** A message came to which nobody listens. */
  readonly unheard: boolean;
  /** Where it drew a random number. */
  readonly random: SpanId | null;
}
