// Which calls draw random numbers that nobody can foresee. A generator seeded with a number of the program's own always
// gives the same ones; so does whatever passes such a generator on.

import { present } from "../../base/assert.js";
import type { Func, FuncId, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import { def, uses } from "../../ir/shape.js";

type Call = Extract<Instr, { readonly op: "call" }>;

/** What a call may give. */
export type Drawn =
  /** 0 to one less than the last argument. */
  | { readonly kind: "below" }
  /** 0 to 1, 1 excluded, by the smallest step below 1. */
  | { readonly kind: "fraction"; readonly step: number }
  | { readonly kind: "integer"; readonly largest: bigint }
  /** Something else, or another distribution: not tried. */
  | { readonly kind: "other" };

export interface RandomCall {
  readonly drawn: Drawn;
  /** `rand.Intn`. */
  readonly name: string;
  /** The first argument is the generator. */
  readonly method: boolean;
  /** Only on behalf of a caller of the user's: it stands in the library. */
  readonly inside: boolean;
}

const other: Drawn = { kind: "other" };
const integer = (bits: number): Drawn => ({ kind: "integer", largest: 2n ** BigInt(bits) - 1n });

const fixed: Readonly<Record<string, Drawn>> = {
  Float64: { kind: "fraction", step: 2 ** -53 },
  Float32: { kind: "fraction", step: 2 ** -24 },
  Int: integer(63),
  Int63: integer(63),
  Int64: integer(63),
  Int31: integer(31),
  Int32: integer(31),
  Uint: integer(64),
  Uint32: integer(32),
  Uint64: integer(64),
  NormFloat64: other,
  ExpFloat64: other,
  Read: other,
};

const below = /^(?:N(?:\[.*\])?|U?[Ii]nt(?:\d\d)?[nN]|uint64n)$/;

/** The call of a function of `math/rand` that gives random values, or null. */
export function randomCall(program: Program, func: Func, { callee }: Call): RandomCall | null {
  if (callee.kind !== "static") return null;
  const { name } = present(program.funcs[callee.func], "function");
  const parts = /^(\()?\*?math\/rand(?:\/v2)?\.(?:Rand\)\.)?(\w+(?:\[.*\])?)$/.exec(name);
  const inside = func.library;
  if (parts === null || (inside && !shuffles(func))) return null;
  const [, method, base = ""] = parts;
  const short = base.replace(/\[.*/, "");
  const drawn = below.test(base) ? ({ kind: "below" } as const) : fixed[base];
  if (drawn === undefined || (inside && drawn.kind !== "below")) return null;
  return {
    drawn,
    name: method === undefined ? `rand.${short}` : short,
    method: method !== undefined,
    inside,
  };
}

/** These draw by other functions, once for each element. */
function shuffles({ name }: Func): boolean {
  return /^\(\*math\/rand(?:\/v2)?\.Rand\)\.(?:Perm|Shuffle)$/.test(name);
}

/** How the generators of a program are seeded. */
export interface Seeds {
  /** `rand.Seed` gives the common generator a number of the program's own. */
  readonly common: boolean;
  /** Places where a generator is seeded with something that is different each time. */
  readonly open: ReadonlySet<SpanId>;
}

const known = new WeakMap<Program, Seeds>();

export function seedsOf(program: Program): Seeds {
  const seeds = known.get(program) ?? findSeeds(program);
  known.set(program, seeds);
  return seeds;
}

function findSeeds(program: Program): Seeds {
  const open = new Set<SpanId>();
  let common = false;
  const nameOf = (id: FuncId): string => present(program.funcs[id], "function").name;
  for (const func of program.funcs) {
    if (func.library) continue;
    for (const it of func.blocks.flatMap(({ instrs }) => instrs)) {
      if (it.op !== "call" || it.callee.kind !== "static") continue;
      const name = nameOf(it.callee.func);
      if (!/^math\/rand(?:\/v2)?\.(?:Seed|NewSource|NewPCG)$/.test(name)) continue;
      if (it.args.some((arg) => isOpen(func, arg, nameOf))) open.add(it.span);
      else if (name === "math/rand.Seed") common = true;
    }
  }
  return { common, open };
}

/** Computed from the time or from another random number, as far as the function itself shows. */
function isOpen(func: Func, seed: Reg, nameOf: (id: FuncId) => string): boolean {
  const instrs = func.blocks.flatMap((it) => it.instrs);
  const seen = new Set<Reg>();
  const pending = [seed];
  for (let reg = pending.pop(); reg !== undefined; reg = pending.pop()) {
    if (seen.has(reg)) continue;
    seen.add(reg);
    const instr = instrs.find((it) => def(it) === reg);
    if (instr?.op === "convert" || instr?.op === "prim") pending.push(...uses(instr));
    if (instr?.op !== "call" || instr.callee.kind !== "static") continue;
    const name = nameOf(instr.callee.func);
    if (/^\(time\.Time\)\.(?:Unix|Nanosecond)|^math\/rand(?:\/v2)?\.[UI]/.test(name)) return true;
  }
  return false;
}
