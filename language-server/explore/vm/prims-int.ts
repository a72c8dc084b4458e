// Arithmetic on integers. Widths below 64 bits wrap by shifts: `c` is 32 minus the width; 64-bit operations try
// numbers and fall back to bigints.

import type { Exec } from "./ins.js";
import { type Int, type IntKind, wrap64, wrapTo } from "./int64.js";
import { RuntimePanic } from "./signals.js";

const maxSafe = Number.MAX_SAFE_INTEGER;

type Table = Readonly<Record<string, Exec>>;

function divideByZero(): RuntimePanic {
  return new RuntimePanic("integer divide by zero");
}

const addInt: Exec = (cpu, ins) => {
  const a = cpu.regs[ins.a];
  const b = cpu.regs[ins.b];
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (sum <= maxSafe && sum >= -maxSafe) {
      cpu.regs[ins.dst] = sum;
      return;
    }
  }
  cpu.regs[ins.dst] = wrap64(BigInt(a as Int) + BigInt(b as Int), true);
};

const subInt: Exec = (cpu, ins) => {
  const a = cpu.regs[ins.a];
  const b = cpu.regs[ins.b];
  if (typeof a === "number" && typeof b === "number") {
    const difference = a - b;
    if (difference <= maxSafe && difference >= -maxSafe) {
      cpu.regs[ins.dst] = difference;
      return;
    }
  }
  cpu.regs[ins.dst] = wrap64(BigInt(a as Int) - BigInt(b as Int), true);
};

const addUint: Exec = (cpu, ins) => {
  const a = cpu.regs[ins.a];
  const b = cpu.regs[ins.b];
  if (typeof a === "number" && typeof b === "number" && a + b <= maxSafe) cpu.regs[ins.dst] = a + b;
  else cpu.regs[ins.dst] = wrap64(BigInt(a as Int) + BigInt(b as Int), false);
};

const subUint: Exec = (cpu, ins) => {
  const a = cpu.regs[ins.a];
  const b = cpu.regs[ins.b];
  if (typeof a === "number" && typeof b === "number" && a >= b) cpu.regs[ins.dst] = a - b;
  else cpu.regs[ins.dst] = wrap64(BigInt(a as Int) - BigInt(b as Int), false);
};

/** c: 1 when signed. */
const mul: Exec = (cpu, ins) => {
  const a = cpu.regs[ins.a];
  const b = cpu.regs[ins.b];
  if (typeof a === "number" && typeof b === "number") {
    const product = a * b;
    if (product <= maxSafe && product >= -maxSafe) {
      cpu.regs[ins.dst] = product + 0;
      return;
    }
  }
  cpu.regs[ins.dst] = wrap64(BigInt(a as Int) * BigInt(b as Int), ins.c === 1);
};

/** c: 1 when signed. */
const div: Exec = (cpu, ins) => {
  const a = cpu.regs[ins.a];
  const b = cpu.regs[ins.b];
  if (b === 0) throw divideByZero();
  if (typeof a === "number" && typeof b === "number") cpu.regs[ins.dst] = Math.trunc(a / b) + 0;
  else cpu.regs[ins.dst] = wrap64(BigInt(a as Int) / BigInt(b as Int), ins.c === 1);
};

/** c: 1 when signed. */
const rem: Exec = (cpu, ins) => {
  const a = cpu.regs[ins.a];
  const b = cpu.regs[ins.b];
  if (b === 0) throw divideByZero();
  if (typeof a === "number" && typeof b === "number") cpu.regs[ins.dst] = (a % b) + 0;
  else cpu.regs[ins.dst] = wrap64(BigInt(a as Int) % BigInt(b as Int), ins.c === 1);
};

type Word = (a: number, b: number) => number;
type Wide = (a: bigint, b: bigint) => bigint;

/** Bitwise operations: 32-bit operands directly, non-negative safe ones in halves. */
function bitwise(word: Word, wide: Wide): Exec {
  return (cpu, ins) => {
    const a = cpu.regs[ins.a];
    const b = cpu.regs[ins.b];
    if (typeof a === "number" && typeof b === "number") {
      if ((a | 0) === a && (b | 0) === b) {
        const result = word(a, b);
        if (ins.c === 1 || result >= 0) {
          cpu.regs[ins.dst] = result;
          return;
        }
      }
      if (a >= 0 && b >= 0) {
        const high = word(Math.floor(a / 4294967296), Math.floor(b / 4294967296));
        const low = word(a | 0, b | 0) >>> 0;
        cpu.regs[ins.dst] = high * 4294967296 + low;
        return;
      }
    }
    cpu.regs[ins.dst] = wrap64(wide(BigInt(a as Int), BigInt(b as Int)), ins.c === 1);
  };
}

/** The count of a shift; what is beyond every width is 64. */
function shiftCount(count: unknown): number {
  if (typeof count === "number") {
    if (count < 0) throw new RuntimePanic("negative shift amount");
    return count > 64 ? 64 : count;
  }
  if ((count as bigint) < 0n) throw new RuntimePanic("negative shift amount");
  return 64;
}

const shl: Exec = (cpu, ins) => {
  const a = cpu.regs[ins.a];
  const count = shiftCount(cpu.regs[ins.b]);
  if (typeof a === "number" && count < 53) {
    const result = a * 2 ** count;
    if (result <= maxSafe && result >= -maxSafe) {
      cpu.regs[ins.dst] = result;
      return;
    }
  }
  cpu.regs[ins.dst] = wrap64(BigInt(a as Int) << BigInt(count), ins.c === 1);
};

const shr: Exec = (cpu, ins) => {
  const a = cpu.regs[ins.a];
  const count = shiftCount(cpu.regs[ins.b]);
  if (typeof a === "number") cpu.regs[ins.dst] = Math.floor(a / 2 ** count);
  else cpu.regs[ins.dst] = wrap64((a as bigint) >> BigInt(count), ins.c === 1);
};

/** Negation and complement wrap as subtraction does. x: the kind. */
const neg: Exec = (cpu, ins) => {
  const a = cpu.regs[ins.a] as Int;
  const kind = ins.x as IntKind;
  cpu.regs[ins.dst] = typeof a === "number" ? wrapTo(kind, 0 - a) : wrapTo(kind, -a);
};

const com: Exec = (cpu, ins) => {
  const a = cpu.regs[ins.a] as Int;
  const kind = ins.x as IntKind;
  cpu.regs[ins.dst] = wrapTo(
    kind,
    typeof a === "number" && Math.abs(a) < maxSafe ? -1 - a : -1n - BigInt(a),
  );
};

const wideOps: Table = {
  mul,
  div,
  rem,
  and: bitwise(
    (a, b) => a & b,
    (a, b) => a & b,
  ),
  or: bitwise(
    (a, b) => a | b,
    (a, b) => a | b,
  ),
  xor: bitwise(
    (a, b) => a ^ b,
    (a, b) => a ^ b,
  ),
  andnot: bitwise(
    (a, b) => a & ~b,
    (a, b) => a & ~b,
  ),
  shl,
  shr,
};

function signedSmall(word: Word): Exec {
  return (cpu, ins) => {
    const result = word(cpu.regs[ins.a] as number, cpu.regs[ins.b] as number);
    cpu.regs[ins.dst] = (result << ins.c) >> ins.c;
  };
}

function unsignedSmall(word: Word): Exec {
  return (cpu, ins) => {
    const result = word(cpu.regs[ins.a] as number, cpu.regs[ins.b] as number);
    cpu.regs[ins.dst] = (result << ins.c) >>> ins.c;
  };
}

const smallWords: Readonly<Record<string, Word>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: Math.imul,
  div: (a, b) => {
    if (b === 0) throw divideByZero();
    return Math.trunc(a / b);
  },
  rem: (a, b) => {
    if (b === 0) throw divideByZero();
    return a % b;
  },
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  andnot: (a, b) => a & ~b,
  shl: (a, b) => {
    const count = shiftCount(b);
    return count > 31 ? 0 : a << count;
  },
  shr: (a, b) => Math.floor(a / 2 ** shiftCount(b)),
};

function mapTable(make: (word: Word) => Exec): Table {
  return Object.fromEntries(Object.entries(smallWords).map(([name, word]) => [name, make(word)]));
}

const signedOps = mapTable(signedSmall);
const unsignedOps = mapTable(unsignedSmall);

export interface Resolved {
  readonly exec: Exec;
  readonly c?: number;
  readonly x?: unknown;
}

export function resolveInt(fn: string, kind: IntKind): Resolved | undefined {
  if (fn === "neg") return { exec: neg, x: kind };
  if (fn === "com") return { exec: com, x: kind };
  if (kind.bits === 64) {
    if (fn === "add") return { exec: kind.signed ? addInt : addUint };
    if (fn === "sub") return { exec: kind.signed ? subInt : subUint };
    const exec = wideOps[fn];
    return exec && { exec, c: kind.signed ? 1 : 0 };
  }
  const exec = (kind.signed ? signedOps : unsignedOps)[fn];
  return exec && { exec, c: kind.shift };
}
