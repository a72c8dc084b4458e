// Instructions on maps.

import type { TypeId } from "../../ir/types.js";
import type { Exec, Ins } from "./ins.js";
import type { Value } from "./core.js";
import type { Cpu } from "./cpu.js";
import { hashKey, MapIterator, MapObj, type MapOrder } from "./maps.js";
import { RuntimePanic } from "./signals.js";

/** True when the thread stops before the access instead. */
function pauses(cpu: Cpu, ins: Ins, map: Value, write: boolean): boolean {
  if (!cpu.observed || !(map instanceof MapObj)) return false;
  if (cpu.pausesBefore(ins)) return true;
  cpu.mapAccess(ins, map, write);
  return false;
}

/** Hash of a key to be found or deleted; maps without entries have words of their own for keys that cannot be hashed. */
function lookedUp(cpu: Cpu, ins: Ins, map: Value): unknown {
  try {
    return hashKey(cpu.image.info, ins.c as TypeId, cpu.regs[ins.b]);
  } catch (signal) {
    const empty = !(map instanceof MapObj) || map.size === 0;
    if (!(signal instanceof RuntimePanic) || !empty) throw signal;
    throw new RuntimePanic(signal.text.replace("unhashable type ", "unhashable type: "), true);
  }
}

/** c: key type. x: zero value. y: comma-ok. */
export const mapGet: Exec = (cpu, ins) => {
  const map = cpu.regs[ins.a];
  if (pauses(cpu, ins, map, false)) return;
  const hash = lookedUp(cpu, ins, map);
  const entry = map instanceof MapObj ? map.get(hash) : undefined;
  const value = entry === undefined ? ins.x : entry.value;
  cpu.regs[ins.dst] = ins.y === true ? [value, entry !== undefined] : value;
};

/** c: key type. list: the value. */
export const mapSet: Exec = (cpu, ins) => {
  const map = cpu.regs[ins.a];
  if (!(map instanceof MapObj)) throw new RuntimePanic("assignment to entry in nil map", true);
  if (pauses(cpu, ins, map, true)) return;
  const key = cpu.regs[ins.b];
  const value = cpu.regs[ins.list[0] as number];
  map.set(cpu.trail, hashKey(cpu.image.info, ins.c as TypeId, key), key, value);
  cpu.charge(1);
};

/** c: key type. */
export const mapDelete: Exec = (cpu, ins) => {
  const map = cpu.regs[ins.a];
  if (pauses(cpu, ins, map, true)) return;
  const hash = lookedUp(cpu, ins, map);
  if (map instanceof MapObj) map.delete(cpu.trail, hash);
};

export const mapLen: Exec = (cpu, ins) => {
  const map = cpu.regs[ins.a];
  if (pauses(cpu, ins, map, false)) return;
  cpu.regs[ins.dst] = map instanceof MapObj ? map.size : 0;
};

export const mapClear: Exec = (cpu, ins) => {
  const map = cpu.regs[ins.a];
  if (pauses(cpu, ins, map, true)) return;
  if (map instanceof MapObj) map.clear(cpu.trail);
};

/** The register of the iterator holds the order until it is made, if somebody has chosen one (`exec-draw.ts`). */
export const mapIterate: Exec = (cpu, ins) => {
  const map = cpu.regs[ins.a];
  if (pauses(cpu, ins, map, false)) return;
  const order = chosenOrder(cpu.regs[ins.dst]);
  cpu.regs[ins.dst] = new MapIterator(map instanceof MapObj ? map : null, order);
};

function chosenOrder(value: Value): MapOrder {
  return value === "reverse" || value === "rotated" ? value : "forward";
}

/** x: zero key. y: zero value. */
export const mapNext: Exec = (cpu, ins) => {
  const iterator = cpu.regs[ins.a] as MapIterator;
  if (pauses(cpu, ins, iterator.map, false)) return;
  const entry = iterator.next(cpu.trail);
  cpu.regs[ins.dst] = entry === undefined ? [false, ins.x, ins.y] : [true, entry.key, entry.value];
};
