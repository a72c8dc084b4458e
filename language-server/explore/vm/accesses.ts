// Plain accesses that have become scheduling points, and atomic ones: which cells they touch and how they are told.

import type { Action } from "../../../protocol/witness.js";
import type { Instr, Reg } from "../../ir/ir.js";
import type { TypeId } from "../../ir/types.js";
import type { OpInstr, Ptr, Value } from "./core.js";
import type { Goroutine } from "./goroutine.js";
import { canonical } from "./int64.js";
import { nilDereference } from "./locks.js";
import { untold } from "./machine.js";
import { MapObj } from "./maps.js";
import { everything, touch, touches, type Touch } from "./touch.js";
import { zeroClock } from "./vector-clock.js";
import { effect, noTouches, type Effect, type World } from "./world.js";

type AtomicOp = Extract<OpInstr, { op: "atomic" }>;
type MapInstr = Extract<Instr, { op: "map" }>;

/** Above this an access counts as touching everything, which is always safe. */
const maxCells = 256;

const mapWrites: ReadonlySet<string> = new Set(["set", "delete", "clear"]);

/** What is not told apart. */
const unknown: readonly Touch[] = [touch(everything, touches.write)];

/** What a thread that stands before a plain access is about to touch. */
export function accessTouches(world: World, g: Goroutine, instr: Instr): readonly Touch[] {
  switch (instr.op) {
    case "load":
      return cellTouches(world, g, instr.addr, instr.type, null);
    case "store":
      return cellTouches(world, g, instr.addr, instr.type, instr.value);
    case "map": {
      const map = mapOf(world, g, instr);
      if (map === null) return unknown;
      const kind = mapWrites.has(instr.fn) ? touches.write : touches.read;
      return [touch(world.objects.number(map, 0), kind)];
    }
    default:
      return unknown;
  }
}

/** `written`: the register with the value of a store. */
function cellTouches(
  world: World,
  g: Goroutine,
  addr: Reg,
  type: TypeId,
  written: Reg | null,
): readonly Touch[] {
  const at = world.address(g, addr);
  if (at === null) return [];
  const kind = written === null ? touches.read : touches.write;
  const cells = world.types.layout.cells(type);
  if (cells > maxCells) return unknown;
  if (cells !== 1 || world.types.aggregate(type)) {
    return Array.from({ length: cells }, (_, index) =>
      touch(world.objects.number(at.obj, at.off + index), kind),
    );
  }
  const object = world.objects.number(at.obj, at.off);
  const was = world.core.peek(at);
  const value = written === null ? was : world.operand(g, written);
  return [{ object, kind, n: 0, cap: 0, was, value, expects: null, puts: null }];
}

/** Before an access: what tells it in words once it has happened. */
export function accessTeller(world: World, g: Goroutine, instr: Instr): () => Action {
  switch (instr.op) {
    case "load":
      return cellTeller(world, g, instr.addr, instr.type, instr.dst, false);
    case "store":
      return cellTeller(world, g, instr.addr, instr.type, instr.value, true);
    case "map":
      return mapTeller(world, g, instr);
    default:
      return () => ({ kind: "yield", text: instr.op });
  }
}

function cellTeller(
  world: World,
  g: Goroutine,
  addr: Reg,
  type: TypeId,
  shown: Reg,
  write: boolean,
): () => Action {
  const at = world.address(g, addr);
  if (at === null) return () => ({ kind: "panic", text: nilDereference });
  const object = world.objects.cell(at, "variable");
  // A store's operand is read before it happens, a load's result after.
  const before = write ? world.core.show(world.operand(g, shown), type) : null;
  return () => {
    const value = before ?? world.core.show(world.operand(g, shown), type);
    return { kind: write ? "write" : "read", object, value };
  };
}

/** The map an instruction is about; an iterator's is not told apart. */
export function mapOf(world: World, g: Goroutine, instr: Instr): MapObj | null {
  const [first] = instr.op === "map" && instr.fn !== "next" ? instr.args : [];
  if (first === undefined) return null;
  const value = world.operand(g, first);
  return value instanceof MapObj ? value : null;
}

function mapTeller(world: World, g: Goroutine, instr: MapInstr): () => Action {
  const map = mapOf(world, g, instr);
  if (map === null) return () => ({ kind: "yield", text: `map ${instr.fn}` });
  const write = mapWrites.has(instr.fn);
  const object = world.objects.map(map, mapName(map), keyOf(world, g, instr, map));
  const stored = instr.fn === "set" ? instr.args[2] : undefined;
  const elem = mapElem(world, map);
  const before = stored === undefined ? null : world.core.show(world.operand(g, stored), elem);
  return () => {
    const value = before ?? (write ? instr.fn : mapValue(world, g, instr, elem));
    return { kind: write ? "write" : "read", object, value };
  };
}

export function mapName(map: MapObj): string {
  return map.name === "" ? "map" : map.name;
}

function mapElem(world: World, map: MapObj): TypeId | null {
  const type = world.types.underlying(map.type);
  return type.kind === "map" ? type.value : null;
}

function keyOf(world: World, g: Goroutine, instr: MapInstr, map: MapObj): string | null {
  const key = instr.args[1];
  const type = world.types.underlying(map.type);
  if (key === undefined || type.kind !== "map") return null;
  const value = world.operand(g, key);
  return typeof value === "string"
    ? JSON.stringify(world.core.show(value, type.key))
    : world.core.show(value, type.key);
}

function mapValue(world: World, g: Goroutine, instr: MapInstr, elem: TypeId | null): string {
  if (instr.dst === null) return "";
  const value: Value = world.operand(g, instr.dst);
  if (instr.fn === "get") return world.core.show(value, elem);
  if (instr.fn === "len") return String(value);
  if (instr.fn !== "get-ok" || !Array.isArray(value)) return "";
  return value[1] === true ? world.core.show(value[0], elem) : "absent";
}

/** What an atomic operation finds, leaves and gives. */
interface Atomic {
  /** A compare-and-swap that fails only reads. */
  readonly changes: boolean;
  readonly was: Value;
  readonly value: Value;
  readonly result: Value;
}

export function atomicTouches(world: World, g: Goroutine, op: AtomicOp): readonly Touch[] {
  const at = world.address(g, op.addr);
  return at === null ? [] : [atomicTouch(world, g, op, at, computed(world, g, op, at))];
}

function atomicTouch(
  world: World,
  g: Goroutine,
  op: AtomicOp,
  at: Ptr,
  { changes, was, value }: Atomic,
): Touch {
  const object = world.objects.number(at.obj, at.off);
  const kind = changes ? touches.write : touches.read;
  if (op.fn !== "cas") return { object, kind, n: 0, cap: 0, was, value, expects: null, puts: null };
  const expects = argument(world, g, op, 0);
  const puts = argument(world, g, op, 1);
  return { object, kind, n: 1, cap: 0, was, value, expects, puts };
}

/** Whether the operation is a write, before it happens. */
export function changes(world: World, g: Goroutine, op: AtomicOp, at: Ptr): boolean {
  if (op.fn === "load") return false;
  return op.fn !== "cas" || sameValue(world.core.peek(at), argument(world, g, op, 0));
}

export function performAtomic(world: World, g: Goroutine, op: AtomicOp): Effect {
  const at = world.address(g, op.addr);
  if (at === null) {
    world.panic(g, nilDereference);
    return effect({ kind: "panic", text: nilDereference }, noTouches);
  }
  const done = computed(world, g, op, at);
  const touched = [atomicTouch(world, g, op, at, done)];
  const object = world.telling ? world.objects.cell(at, "atomic") : 0;
  const meta = world.meta(at);
  // What observes a write is ordered after it, and nothing else is: two loads order nobody.
  if (op.fn !== "store") world.learn(g, meta.clock);
  if (done.changes) {
    world.own(meta).clock = world.released(g, op.fn === "store" ? zeroClock : meta.clock);
    world.core.poke(at, done.value);
  }
  world.complete(g, done.result);
  if (!world.telling) return effect(untold, touched);
  const kind = op.fn === "load" ? "read" : "atomic";
  const shown = world.core.show(done.value, op.type);
  return effect({ kind, object, value: describeAtomic(op, shown, done.result) }, touched);
}

function describeAtomic(op: AtomicOp, value: string, result: Value): string {
  if (op.fn === "cas") return result === true ? `${value} (swapped)` : `${value} (not swapped)`;
  return value;
}

function argument(world: World, g: Goroutine, op: AtomicOp, index: number): Value {
  const reg = op.args[index];
  return reg === undefined ? undefined : world.operand(g, reg);
}

function computed(world: World, g: Goroutine, op: AtomicOp, at: Ptr): Atomic {
  const was = world.core.peek(at);
  if (op.fn === "load") return { changes: false, was, value: was, result: was };
  const first = argument(world, g, op, 0);
  switch (op.fn) {
    case "store":
      return { changes: true, was, value: first, result: null };
    case "swap":
      return { changes: true, was, value: first, result: was };
    case "cas":
      return sameValue(was, first)
        ? { changes: true, was, value: argument(world, g, op, 1), result: true }
        : { changes: false, was, value: was, result: false };
    case "add": {
      const value = added(world, op, was, first);
      return { changes: true, was, value, result: value };
    }
    // `And` and `Or` give what was there before.
    case "and":
      return {
        changes: true,
        was,
        value: wrapped(world, op, toBigInt(was) & toBigInt(first)),
        result: was,
      };
    case "or":
      return {
        changes: true,
        was,
        value: wrapped(world, op, toBigInt(was) | toBigInt(first)),
        result: was,
      };
  }
}

const half = 2 ** 31;

/** Small numbers, which fit every type that has atomic operations, need no care. */
function added(world: World, op: AtomicOp, a: Value, b: Value): Value {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (sum >= 0 && sum < half) return sum;
  }
  return wrapped(world, op, toBigInt(a) + toBigInt(b));
}

/** The exact result with the wrap-around of the operand's type. */
function wrapped(world: World, op: AtomicOp, exact: bigint): Value {
  const type = world.types.underlying(op.type);
  const name = type.kind === "basic" ? type.name : "int";
  const bits = Number(/\d+$/.exec(name)?.[0] ?? 64);
  return canonical(name.startsWith("u") ? BigInt.asUintN(bits, exact) : BigInt.asIntN(bits, exact));
}

function toBigInt(value: Value): bigint {
  if (typeof value === "bigint") return value;
  return typeof value === "number" ? BigInt(value) : 0n;
}

function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  return samePointer(a, b);
}

function samePointer(a: Partial<Ptr>, b: Partial<Ptr>): boolean {
  return a.obj !== undefined && a.obj === b.obj && a.off === b.off;
}
