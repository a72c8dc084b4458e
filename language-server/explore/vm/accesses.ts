// Plain accesses that have become scheduling points, and atomic ones: which cells they touch and how they are told.

import type { Action } from "../../../protocol/witness.js";
import type { Instr, Reg } from "../../ir/ir.js";
import type { TypeId } from "../../ir/types.js";
import type { OpInstr, Ptr, Value } from "./core.js";
import type { Goroutine } from "./goroutine.js";
import { nilDereference } from "./locks.js";
import { untold } from "./machine.js";
import { MapObj } from "./maps.js";
import { everything, touches, type Touch } from "./touch.js";
import { zeroClock } from "./vector-clock.js";
import { noTouches, touch, type Effect, type World } from "./world.js";

type AtomicOp = Extract<OpInstr, { op: "atomic" }>;
type MapInstr = Extract<Instr, { op: "map" }>;

/** Above this an access counts as touching everything, which is always safe. */
const maxCells = 256;

/** What a thread that stands before a plain access is about to touch. */
export interface Target {
  readonly touches: readonly Touch[];
  readonly write: boolean;
  /** Builds the action once the access has happened. */
  readonly told: (world: World, g: Goroutine) => Action;
}

const mapWrites: ReadonlySet<string> = new Set(["set", "delete", "clear"]);

export function targetOf(world: World, g: Goroutine, instr: Instr): Target {
  switch (instr.op) {
    case "load":
      return cellTarget(world, g, instr.addr, instr.type, null, instr.dst);
    case "store":
      return cellTarget(world, g, instr.addr, instr.type, instr.value, instr.value);
    case "map":
      return mapTarget(world, g, instr);
    default: {
      const action: Action = { kind: "yield", text: instr.op };
      return { touches: [touch(everything, touches.write)], write: true, told: () => action };
    }
  }
}

function cellTarget(
  world: World,
  g: Goroutine,
  addr: Reg,
  type: TypeId,
  written: Reg | null,
  shown: Reg,
): Target {
  const write = written !== null;
  const at = world.address(g, addr);
  if (at === null) {
    const action: Action = { kind: "panic", text: nilDereference };
    return { touches: noTouches, write, told: () => action };
  }
  const put = written === null ? undefined : world.operand(g, written);
  const touched = cellTouches(world, at, world.types.layout.cells(type), write, put);
  if (!world.telling) return { touches: touched, write, told: () => untold };
  const { object } = world.objects.cell(at, "variable");
  const kind = write ? "write" : "read";
  // A store's operand is read before it happens, a load's result after.
  const before = write ? world.core.show(world.operand(g, shown), type) : null;
  const told = (): Action => {
    const value = before ?? world.core.show(world.operand(g, shown), type);
    return { kind, object, value };
  };
  return { touches: touched, write, told };
}

function cellTouches(
  world: World,
  { obj, off }: Ptr,
  cells: number,
  write: boolean,
  put: Value,
): readonly Touch[] {
  if (cells > maxCells) return [touch(everything, touches.write)];
  const touched: Touch[] = [];
  for (let index = off; index < off + cells; index++) {
    const was = obj.cells[index];
    const value = !write ? was : cells === 1 ? put : (put as readonly Value[])[index - off];
    touched.push(cellTouch(world.objects.number(obj, index), write, was, value));
  }
  return touched;
}

function cellTouch(object: number, write: boolean, was: unknown, value: unknown): Touch {
  const kind = write ? touches.write : touches.read;
  return { object, kind, n: 0, cap: 0, was, value, expects: null, puts: null };
}

/** The map an instruction is about; an iterator's is not told apart. */
export function mapOf(world: World, g: Goroutine, instr: Instr): MapObj | null {
  const [first] = instr.op === "map" && instr.fn !== "next" ? instr.args : [];
  if (first === undefined) return null;
  const value = world.operand(g, first);
  return value instanceof MapObj ? value : null;
}

function mapTarget(world: World, g: Goroutine, instr: MapInstr): Target {
  const map = mapOf(world, g, instr);
  const write = mapWrites.has(instr.fn);
  if (map === null) {
    const action: Action = { kind: "yield", text: `map ${instr.fn}` };
    return { touches: [touch(everything, touches.write)], write, told: () => action };
  }
  const touched = [touch(world.objects.mapNumber(map), write ? touches.write : touches.read)];
  if (!world.telling) return { touches: touched, write, told: () => untold };
  const kind = write ? "write" : "read";
  const key = keyOf(world, g, instr, map);
  const { object } = world.objects.map(map, mapName(map), key);
  const stored = instr.fn === "set" ? instr.args[2] : undefined;
  const elem = mapElem(world, map);
  const before = stored === undefined ? null : world.core.show(world.operand(g, stored), elem);
  const told = (): Action => {
    const value = before ?? (write ? instr.fn : mapValue(world, g, instr, elem));
    return { kind, object, value };
  };
  return { touches: touched, write, told };
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

export function atomicTouches(world: World, g: Goroutine, op: AtomicOp): readonly Touch[] {
  const at = world.address(g, op.addr);
  if (at === null) return noTouches;
  return [atomicTouch(world, g, op, at, world.core.peek(at))];
}

/** `value`: what the cell holds afterwards, where that is known. */
function atomicTouch(world: World, g: Goroutine, op: AtomicOp, at: Ptr, value: Value): Touch {
  const object = world.objects.number(at.obj, at.off);
  const was = world.core.peek(at);
  const write = writes(world, g, op, at);
  if (op.fn !== "cas") return cellTouch(object, write, was, value);
  const [old, put] = op.args;
  const kind = write ? touches.write : touches.read;
  const expects = old === undefined ? null : world.operand(g, old);
  const puts = put === undefined ? null : world.operand(g, put);
  return { object, kind, n: 1, cap: 0, was, value: write ? puts : was, expects, puts };
}

/** A compare-and-swap that fails only reads. */
export function writes(world: World, g: Goroutine, op: AtomicOp, at: Ptr): boolean {
  if (op.fn === "load") return false;
  const [old] = op.args;
  if (op.fn !== "cas" || old === undefined) return true;
  return sameValue(world.core.peek(at), world.operand(g, old));
}

export function performAtomic(world: World, g: Goroutine, op: AtomicOp): Effect {
  const at = world.address(g, op.addr);
  if (at === null) {
    world.panic(g, nilDereference);
    return { action: { kind: "panic", text: nilDereference }, touches: noTouches };
  }
  const before = atomicTouch(world, g, op, at, null);
  const meta = world.meta(at);
  // What observes a write is ordered after it, and nothing else is: two loads order nobody.
  const changes = writes(world, g, op, at);
  if (op.fn !== "store") world.learn(g, meta.clock);
  if (changes)
    world.set(meta, "clock", world.released(g, op.fn === "store" ? zeroClock : meta.clock));
  const result = compute(world, g, op, at);
  const now = world.core.peek(at);
  world.complete(g, result);
  const touched = [{ ...before, value: now }];
  if (!world.telling) return { action: untold, touches: touched };
  const shown = world.core.show(now, op.type);
  const kind = op.fn === "load" ? "read" : "atomic";
  const { object } = world.objects.cell(at, "atomic");
  return {
    action: { kind, object, value: describeAtomic(op, shown, result) },
    touches: touched,
  };
}

function describeAtomic(op: AtomicOp, value: string, result: Value): string {
  if (op.fn === "cas") return result === true ? `${value} (swapped)` : `${value} (not swapped)`;
  return value;
}

function compute(world: World, g: Goroutine, op: AtomicOp, at: Ptr): Value {
  const old = world.core.peek(at);
  const args = op.args.map((it) => world.operand(g, it));
  const put = (value: Value, result: Value): Value => {
    world.core.poke(at, value);
    return result;
  };
  switch (op.fn) {
    case "load":
      return old;
    case "store":
      return put(args[0], null);
    case "swap":
      return put(args[0], old);
    case "cas":
      return sameValue(old, args[0]) ? put(args[1], true) : false;
    case "add": {
      const sum = integer(world, op, (a, b) => a + b, old, args[0]);
      return put(sum, sum);
    }
    // `And` and `Or` give what was there before.
    case "and":
      return put(
        integer(world, op, (a, b) => a & b, old, args[0]),
        old,
      );
    case "or":
      return put(
        integer(world, op, (a, b) => a | b, old, args[0]),
        old,
      );
  }
}

/** Integer arithmetic with the wrap-around of the operand's type. */
function integer(
  world: World,
  op: AtomicOp,
  apply: (a: bigint, b: bigint) => bigint,
  a: Value,
  b: Value,
): Value {
  const type = world.types.underlying(op.type);
  const name = type.kind === "basic" ? type.name : "int";
  const bits = Number(/\d+$/.exec(name)?.[0] ?? 64);
  const exact = apply(toBigInt(a), toBigInt(b));
  const wrapped = name.startsWith("u") ? BigInt.asUintN(bits, exact) : BigInt.asIntN(bits, exact);
  const number = Number(wrapped);
  return Number.isSafeInteger(number) ? number : wrapped;
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
