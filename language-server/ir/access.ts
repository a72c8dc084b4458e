import { present } from "../base/assert.js";
import type { Span } from "../../protocol/span.js";
import type { Func, FuncId, Global, GlobalId, Instr, Program, SpanId } from "./ir.js";
import type { Type, TypeId } from "./types.js";

// Tables are indexed by branded ids that only the builder hands out: an index out of range is a bug of ours.

export function funcOf(program: Program, id: FuncId): Func {
  return present(program.funcs[id], `function ${id}`);
}

export function typeOf(program: Program, id: TypeId): Type {
  return present(program.types[id], `type ${id}`);
}

export function globalOf(program: Program, id: GlobalId): Global {
  return present(program.globals[id], `global ${id}`);
}

export function spanOf(program: Program, id: SpanId): Span {
  return present(program.spans[id], `span ${id}`);
}

/** The type behind names: what a named type is made of. */
export function underlying(program: Program, id: TypeId): Type {
  let type = typeOf(program, id);
  while (type.kind === "named") type = typeOf(program, type.underlying);
  return type;
}

/** `uri:line:column-line:column` (zero-based): how schedules name what is visible; a chain `a.b[c]` has a key for each link. */
export function extentOf(program: Program, id: SpanId): string {
  const { uri, start, end } = spanOf(program, id);
  return `${uri}:${start.line}:${start.character}-${end.line}:${end.character}`;
}

/** `uri:line:column` (zero-based) of a span's start: how schedules name a place. */
export function placeOf(program: Program, id: SpanId): string {
  const span = spanOf(program, id);
  return `${span.uri}:${span.start.line}:${span.start.character}`;
}

const flat = new WeakMap<Func, readonly Instr[]>();

/** The instructions of all blocks of a function, made into one list when first asked for. */
export function instrsOf(func: Func): readonly Instr[] {
  let all = flat.get(func);
  if (all === undefined) flat.set(func, (all = func.blocks.flatMap((it) => it.instrs)));
  return all;
}
