// Go's compiler gives a slice that begins as nil and only grows by `append` in one function a first buffer of 32 bytes,
// which programs see in `cap`. Its escape analysis is not repeated here: a slice that passes through memory (a field, a
// captured variable) or comes from elsewhere grows from nothing, the others have the buffer. May differ from a
// compiler that knows more.

import { edges, def } from "../../ir/shape.js";
import type { Func, Instr, Reg } from "../../ir/ir.js";

type Append = Extract<Instr, { readonly op: "bulk" }>;

/** Whether the first argument of `append` has only ever been nil or a result of `append` in this function. */
export function growsLocally(func: Func, append: Append): boolean {
  const [base] = append.args;
  if (base === undefined) return false;
  const sources = sourcesOf(func);
  const seen = new Set<Reg>();
  const pending: Reg[] = [base];
  let appended = false;
  for (let reg = pending.pop(); reg !== undefined; reg = pending.pop()) {
    if (seen.has(reg)) continue;
    seen.add(reg);
    const { instr, from } = sources.get(reg) ?? { instr: null, from: [] };
    if (instr === null && from.length === 0) return false;
    if (instr !== null && !keepsLocal(instr)) return false;
    appended ||= instr?.op === "bulk";
    if (instr?.op === "bulk") pending.push(...instr.args.slice(0, 1));
    if (instr?.op === "slice") pending.push(instr.base);
    pending.push(...from);
  }
  return appended || assignedAgain(func, append);
}

/** Whether `slice` is half of a `make` with constant capacity: an array at the same place, then a slice of it. */
export function isMake(func: Func, slice: Extract<Instr, { readonly op: "slice" }>): boolean {
  const origin = sourcesOf(func).get(slice.base)?.instr ?? null;
  const whole = slice.low === null && slice.high !== null && slice.max === null;
  return whole && origin?.op === "alloc" && origin.span === slice.span && slice.span !== 0;
}

/** A single `append(nil, …)` has a buffer when its result is not handed out at once. */
function assignedAgain(func: Func, append: Append): boolean {
  return func.blocks.every(
    ({ exit }) => exit.op !== "return" || append.dst === null || !exit.values.includes(append.dst),
  );
}

function keepsLocal(instr: Instr): boolean {
  switch (instr.op) {
    case "zero":
    case "slice":
      return true;
    case "const":
      return instr.value === null;
    case "bulk":
      return instr.fn === "append";
    default:
      return false;
  }
}

interface Source {
  readonly instr: Instr | null;
  /** Registers that come in over edges. */
  readonly from: Reg[];
}

const cache = new WeakMap<Func, ReadonlyMap<Reg, Source>>();

function sourcesOf(func: Func): ReadonlyMap<Reg, Source> {
  const known = cache.get(func);
  if (known !== undefined) return known;
  const sources = new Map<Reg, Source>();
  for (const block of func.blocks) {
    for (const instr of block.instrs) {
      const reg = def(instr);
      if (reg !== null) sources.set(reg, { instr, from: [] });
    }
    for (const edge of edges(block.exit)) {
      func.blocks[edge.block]?.params.forEach((param, index) => {
        const source = sources.get(param) ?? { instr: null, from: [] };
        const arg = edge.args[index];
        if (arg !== undefined) source.from.push(arg);
        sources.set(param, source);
      });
    }
  }
  cache.set(func, sources);
  return sources;
}
