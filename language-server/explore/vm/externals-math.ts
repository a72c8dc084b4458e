import type { Native } from "./image.js";
import { canonical, type Int } from "./int64.js";

const view = new DataView(new ArrayBuffer(8));

function unary(op: (x: number) => number): Native {
  return (_cpu, [x]) => op(x as number);
}

/** Package math: what reinterprets bits, and what the host does exactly as Go. */
export const mathNatives: readonly (readonly [string, Native])[] = [
  [
    "math.Float64bits",
    (_cpu, [x]) => {
      view.setFloat64(0, x as number);
      return canonical(view.getBigUint64(0));
    },
  ],
  [
    "math.Float64frombits",
    (_cpu, [bits]) => {
      view.setBigUint64(0, BigInt(bits as Int));
      return view.getFloat64(0);
    },
  ],
  [
    "math.Float32bits",
    (_cpu, [x]) => {
      view.setFloat32(0, x as number);
      return view.getUint32(0);
    },
  ],
  [
    "math.Float32frombits",
    (_cpu, [bits]) => {
      view.setUint32(0, bits as number);
      return view.getFloat32(0);
    },
  ],
  ["math.archSqrt", unary(Math.sqrt)],
  ["math.archFloor", unary(Math.floor)],
  ["math.archCeil", unary(Math.ceil)],
  ["math.archTrunc", unary(Math.trunc)],
];
