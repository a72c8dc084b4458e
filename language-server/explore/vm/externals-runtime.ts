import type { Cpu } from "./cpu.js";
import type { Native } from "./image.js";
import { canonical, type Int } from "./int64.js";
import { hashKey, MapObj } from "./maps.js";
import { Unsupported } from "./signals.js";
import { Closure, Iface } from "./values.js";

/** Seeds of generators that nobody seeded: any number will do, so the same ones in every execution. */
function random(cpu: Cpu): Int {
  let z = BigInt(cpu.nextId()) * 0x9e3779b97f4a7c15n;
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return canonical(z ^ (z >> 31n));
}

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
  ["math/rand.runtime_rand", random],
  ["math/rand/v2.runtime_rand", random],
];
