import { exp, fma, log } from "./float.js";
import type { Native } from "./image.js";
import { canonical, type Int } from "./int64.js";

const view = new DataView(new ArrayBuffer(8));

function unary(op: (x: number) => number): Native {
  return (_cpu, [x]) => op(x as number);
}

const bits: Readonly<Record<string, Native>> = {
  float64bits: (_cpu, [x]) => {
    view.setFloat64(0, x as number);
    return canonical(view.getBigUint64(0));
  },
  float64frombits: (_cpu, [x]) => {
    view.setBigUint64(0, BigInt(x as Int));
    return view.getFloat64(0);
  },
  float32bits: (_cpu, [x]) => {
    view.setFloat32(0, x as number);
    return view.getUint32(0);
  },
  float32frombits: (_cpu, [x]) => {
    view.setUint32(0, x as number);
    return view.getFloat32(0);
  },
};

/** Package math: what reinterprets bits, and what the host does exactly as Go. */
export const mathNatives: readonly (readonly [string, Native])[] = [
  ...Object.entries(bits).flatMap(([name, native]) => [
    [`math.F${name.slice(1)}`, native] as const,
    [`internal/strconv.${name}`, native] as const,
  ]),
  ["math.archExp", unary(exp)],
  ["math.archLog", unary(log)],
  ["math.FMA", (_cpu, [x, y, z]) => fma(x as number, y as number, z as number)],
  ["math.sqrt", unary(Math.sqrt)],
  ["math.archFloor", unary(Math.floor)],
  ["math.archCeil", unary(Math.ceil)],
  ["math.archTrunc", unary(Math.trunc)],
];
