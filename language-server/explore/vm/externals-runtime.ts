import type { Cpu } from "./cpu.js";
import type { Native } from "./image.js";
import { canonical, type Int } from "./int64.js";
import { hashKey, MapObj } from "./maps.js";
import { nilDereference, pendingCall, Unsupported } from "./signals.js";
import { Closure, Iface, Pointer } from "./values.js";

/** Seeds of generators that nobody seeded: any number will do, so the same ones in every execution. */
function random(cpu: Cpu): Int {
  let z = BigInt(cpu.nextId()) * 0x9e3779b97f4a7c15n;
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return canonical(z ^ (z >> 31n));
}

/** A coroutine is a cell that holds the frames of whoever of the two does not run. */
const newCoroutine: Native = (cpu, [body]) => {
  if (!(body instanceof Closure)) throw nilDereference();
  const cell = cpu.alloc(cpu.image.runtime.string, "coroutine", [null]);
  const coroutine = new Pointer(cell, 0);
  const frame = cpu.baseFrame(body, [coroutine], cpu.frame.userSpan, cpu.frame.userFunc);
  frame.boundary = {
    returned: (on) => {
      on.switchTo(cell);
    },
    panicked: (on, _frame, panic) => {
      on.switchTo(cell);
      on.raise(panic.value, panic.span, panic.goexit);
    },
  };
  cell.cells[0] = frame;
  return coroutine;
};

/** The run-time's own corners. */
export const runtimeNatives: readonly (readonly [string, Native])[] = [
  [
    "runtime.deferAt",
    (cpu, [stack, callee]) => {
      const frame = cpu.frameOf(stack as object);
      if (frame === null) throw new Unsupported("defer in a function that has returned");
      const value = callee instanceof Closure ? callee : null;
      frame.defers = { callee: value, args: [], span: cpu.span, next: frame.defers };
    },
  ],
  // Package unsafe has nothing to initialise.
  ["unsafe.init", () => undefined],
  [
    "maps.clone",
    (cpu, [map]) => {
      if (!(map instanceof Iface) || !(map.value instanceof MapObj)) return map;
      const type = cpu.image.info.underlying(map.type);
      if (type.kind !== "map") return map;
      const copy = cpu.newMap(map.type, map.value.name);
      cpu.touchMap(map.value, false);
      for (const { key, value } of map.value.live())
        copy.set(cpu.trail, hashKey(cpu.image.info, type.key, key), key, value);
      return new Iface(map.type, copy);
    },
  ],
  [
    "sync/atomic.sameType",
    (_cpu, [x, y]) => x instanceof Iface && y instanceof Iface && x.type === y.type,
  ],
  ["iter.newcoro", newCoroutine],
  [
    "iter.coroswitch",
    (cpu, [coroutine]) => {
      cpu.switchTo((coroutine as Pointer).obj);
      return pendingCall;
    },
  ],
  ["math/rand.runtime_rand", random],
  ["math/rand/v2.runtime_rand", random],
];
