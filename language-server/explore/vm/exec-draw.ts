// Before what leaves several values open, a random number or the order of a map: the thread stops, and whoever explores
// says how it goes on. Without anybody who does, generators give what they give and maps keep the order of insertion.

import type { Exec, Ins } from "./ins.js";
import type { Cpu } from "./cpu.js";
import type { Draw, Value } from "./core.js";
import type { VmFrame } from "./frames.js";
import { canonical } from "./int64.js";
import { MapObj, type MapOrder } from "./maps.js";
import { seedsOf, type Drawn, type RandomCall } from "./randomness.js";
import { Iface, Pointer } from "./values.js";

/** Up to so many values of a random number are all tried. */
const few = 4;

export interface RandomSite {
  readonly random: RandomCall;
  /** The call itself. */
  readonly call: Ins;
}

/** x: the site. list: arguments. */
export const drawNumber: Exec = (cpu, ins) => {
  const { random, call } = ins.x as RandomSite;
  const draw = cpu.draws && isOpen(cpu, random, cpu.regs[ins.list[0] as number]);
  const argument = cpu.regs[ins.list.at(-1) as number];
  if (draw && cpu.stopsBeforeDraw(ins, numbers(random, argument))) return;
  call.exec(cpu, call);
};

/** a: the map. dst: the iterator to be made. */
export const drawOrder: Exec = (cpu, ins) => {
  const map = cpu.regs[ins.a];
  if (!cpu.draws || !(map instanceof MapObj) || map.size < 2) return;
  cpu.stopsBeforeDraw(ins, ordersOf(map));
};

/** Whether nobody can foresee what the generator gives. */
function isOpen(cpu: Cpu, { method, inside }: RandomCall, generator: Value): boolean {
  if (inside && !callerOf(cpu.frame)) return false;
  const { common, open } = seedsOf(cpu.image.program);
  if (!method) return !common;
  if (!(generator instanceof Pointer)) return false;
  const source = generator.obj.cells[generator.off];
  if (!(source instanceof Iface)) return false;
  const name = cpu.image.info.name(source.type);
  if (name.endsWith(".runtimeSource")) return true;
  if (name.endsWith(".lockedSource")) return !common;
  return source.value instanceof Pointer && open.has(source.value.obj.span);
}

/** Whether the user's code called the library's function; its other functions may lie between. */
function callerOf({ parent }: VmFrame): boolean {
  let frame = parent;
  while (frame !== null && /^math\/rand(?:\/v2)?$/.test(frame.code.func.pkg)) frame = frame.parent;
  return frame !== null && !frame.code.library;
}

function numbers({ drawn, name }: RandomCall, argument: Value): Draw {
  const call = `${name}(${drawn.kind === "below" ? String(argument) : ""})`;
  const { values, all } = valuesOf(drawn, argument);
  return {
    values,
    all,
    map: null,
    text: (value) => `gets ${String(value)} from ${call}`,
    what: `values of ${call}`,
  };
}

interface Values {
  readonly values: readonly Value[];
  readonly all: boolean;
}

function valuesOf(drawn: Drawn, argument: Value): Values {
  switch (drawn.kind) {
    case "below":
      return belowOf(argument);
    case "fraction":
      return { values: [0, 0.5, 1 - drawn.step], all: false };
    case "integer":
      return { values: [0, 1, canonical(drawn.largest)], all: false };
    case "other":
      return { values: [], all: false };
  }
}

function belowOf(argument: Value): Values {
  if (typeof argument !== "number" && typeof argument !== "bigint")
    return { values: [], all: false };
  // Panics, or leaves no choice.
  if (argument <= 1) return { values: [], all: true };
  if (argument <= few) {
    return { values: Array.from({ length: Number(argument) }, (_, value) => value), all: true };
  }
  const n = BigInt(argument);
  return { values: [0n, 1n, n / 2n, n - 1n].map(canonical), all: false };
}

function ordersOf(map: MapObj): Draw {
  const name = map.name === "" ? "map" : map.name;
  const orders: readonly MapOrder[] = ["forward", "reverse", "rotated"];
  const values = orders.slice(0, map.size);
  return {
    values,
    all: map.size === values.length && map.size === 2,
    map,
    text: (order) => `ranges over ${name} ${words[order as MapOrder]}`,
    what: `orders of ${name}`,
  };
}

const words: Readonly<Record<MapOrder, string>> = {
  forward: "in the order of insertion",
  reverse: "in reverse order",
  rotated: "from the middle on",
};
