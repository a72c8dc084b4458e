// Shared memory itself: bytes, what atomic writes release, and every access with its clock, from which races are told. All of it
// is copied when it changes, so that going back is taking the older one.

import type { RaceAccess } from "../machine.js";
import { sizeOf } from "./elements.js";
import type { Access, Element, Scalar } from "./ops.js";

/** Vector clock: steps of each agent that happen before. */
export type Clock = readonly number[];

export interface MemoryState {
  readonly bytes: ReadonlyMap<string, Uint8Array>;
  /** By element: what the atomic write of its present value makes known. */
  readonly releases: ReadonlyMap<string, Clock>;
  readonly accesses: Past | null;
}

/** Accesses, the latest first. */
interface Past {
  readonly it: Noted;
  readonly before: Past | null;
}

export interface Noted extends RaceAccess {
  readonly element: Element;
  readonly size: number;
  readonly atomic: boolean;
  readonly what: Access["what"];
  /** The how-manieth access of all. */
  readonly seq: number;
  /** Value of its thread's own clock. */
  readonly n: number;
}

/** Two accesses that nothing orders. */
export interface Conflict {
  readonly first: Noted;
  readonly second: Noted;
}

export const emptyMemory: MemoryState = { bytes: new Map(), releases: new Map(), accesses: null };

export function keyOf({ buffer, offset }: Element): string {
  return `${buffer}+${offset}`;
}

/** The four-byte words that an element lies in. */
export function wordsOf(element: Element): readonly string[] {
  const first = Math.floor(element.offset / 4);
  const last = Math.floor((element.offset + sizeOf(element.type) - 1) / 4);
  return Array.from(
    { length: last - first + 1 },
    (_, index) => `${element.buffer}+${first + index}`,
  );
}

const constructors = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
} as const;

/** Memory of a buffer that nobody has written is zero. */
function bytesOf({ bytes }: MemoryState, { buffer, offset, type }: Element): Uint8Array {
  const size = sizeOf(type);
  const known = bytes.get(buffer);
  const own = new Uint8Array(size);
  for (let index = 0; index < size; index++) own[index] = known?.[offset + index] ?? 0;
  return own;
}

export function valueOf(state: MemoryState, element: Element): Scalar {
  const view = new constructors[element.type](bytesOf(state, element).buffer as ArrayBuffer);
  return view[0] ?? 0;
}

/** What the access finds, and the memory after it. */
export function perform(
  state: MemoryState,
  { element, what, operands }: Pick<Access, "element" | "what" | "operands">,
): { readonly old: Scalar; readonly now: Scalar; readonly bytes: MemoryState["bytes"] } {
  const own = bytesOf(state, element);
  const view = new constructors[element.type](own.buffer as ArrayBuffer) as Int32Array;
  const old: Scalar = view[0] ?? 0;
  if (what === "get" || what === "load") return { old, now: old, bytes: state.bytes };
  const [first, second] = operands as readonly [number, number];
  if (what === "set") view[0] = first;
  else if (what === "compareExchange") Atomics.compareExchange(view, 0, first, second);
  else Atomics[what](view, 0, first);
  const bytes = new Map(state.bytes);
  const known = bytes.get(element.buffer) ?? new Uint8Array(0);
  const copy = new Uint8Array(Math.max(known.length, element.offset + own.length));
  copy.set(known);
  copy.set(own, element.offset);
  bytes.set(element.buffer, copy);
  return { old, now: view[0] ?? 0, bytes };
}

/** Whether the access writes, given what it found. */
export function writes(
  { what, operands }: Pick<Access, "what" | "operands">,
  old: Scalar,
): boolean {
  if (what === "get" || what === "load") return false;
  return what !== "compareExchange" || old === operands[0];
}

export function joined(a: Clock, b: Clock | undefined): Clock {
  if (b === undefined) return a;
  const length = Math.max(a.length, b.length);
  return Array.from({ length }, (_, index) => Math.max(a[index] ?? 0, b[index] ?? 0));
}

/** The accesses before this one that nothing orders with it. */
export function conflictsOf(state: MemoryState, access: Noted, clock: Clock): readonly Conflict[] {
  const found: Conflict[] = [];
  for (let past = state.accesses; past !== null; past = past.before) {
    const { it } = past;
    if (it.thread === access.thread || (!it.write && !access.write)) continue;
    if (!overlap(it, access) || (it.atomic && access.atomic)) continue;
    if ((clock[it.thread] ?? 0) < it.n) found.push({ first: it, second: access });
  }
  return found;
}

function overlap(a: Noted, b: Noted): boolean {
  if (a.element.buffer !== b.element.buffer) return false;
  return (
    a.element.offset < b.element.offset + b.size && b.element.offset < a.element.offset + a.size
  );
}

/** Whether the second write comes of a look that is older than the first, whose effect is lost. */
export function overwrites({ accesses }: MemoryState, { first, second }: Conflict): boolean {
  if (!first.write || !second.write) return false;
  let past = accesses;
  while (past !== null && past.it !== second) past = past.before;
  for (past = past?.before ?? null; past !== null; past = past.before) {
    const { it } = past;
    if (it.thread !== second.thread || !overlap(it, second)) continue;
    return !it.write && isOlder(past, first);
  }
  return false;
}

/**
 * The element that both threads have taken for a lock before the two accesses, each by a look and then a store: between the two
 * another gets in. Null: there is none.
 */
export function brokenLock({ accesses }: MemoryState, { first, second }: Conflict): Element | null {
  const candidates = takenBefore(accesses, first);
  const others = takenBefore(accesses, second);
  return candidates.find((it) => others.some((other) => keyOf(other) === keyOf(it))) ?? null;
}

/** Elements whose last two accesses by the thread before this one were an atomic load and an atomic store. */
function takenBefore(accesses: Past | null, { thread, seq }: Noted): readonly Element[] {
  const last = new Map<string, Noted[]>();
  for (let past = accesses; past !== null; past = past.before) {
    const { it } = past;
    if (it.thread !== thread || it.seq >= seq) continue;
    const key = keyOf(it.element);
    const known = last.get(key) ?? [];
    if (known.length < 2) last.set(key, [...known, it]);
  }
  return [...last.values()].flatMap(([store, load]) =>
    store?.what === "store" && load?.what === "load" ? [store.element] : [],
  );
}

/** Whether `first` came after the access. */
function isOlder(past: Past, first: Noted): boolean {
  for (let it: Past | null = past; it !== null; it = it.before) if (it.it === first) return false;
  return true;
}
