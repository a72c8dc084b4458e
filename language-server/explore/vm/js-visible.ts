// Which accesses are shown as steps of their own.

import { extentOf } from "../../ir/access.js";
import type { Func, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import { movers } from "./js-track.js";

/** The spans of all accesses of what is accessed at `places`, by the name of the variable or property. */
export function spansToShow(program: Program, places: ReadonlySet<string>): ReadonlySet<SpanId> {
  if (places.size === 0) return new Set();
  const spansOf = new Map<string, Set<SpanId>>();
  const wanted = new Set<string>();
  for (const func of program.funcs) {
    for (const { name, span } of accesses(program, func)) {
      const known = spansOf.get(name) ?? new Set();
      known.add(span);
      spansOf.set(name, known);
      if (places.has(extentOf(program, span))) wanted.add(name);
    }
  }
  return new Set([...wanted].flatMap((it) => [...(spansOf.get(it) ?? [])]));
}

const entryMethods = new Set([".get", ".set", ".has", ".add"]);

interface Access {
  readonly name: string;
  readonly span: SpanId;
}

function accesses(program: Program, func: Func): readonly Access[] {
  const definitions = new Map<Reg, Instr>();
  const found: Access[] = [];
  for (const { instrs } of func.blocks) {
    for (const instr of instrs) {
      if ("dst" in instr && instr.dst !== null) definitions.set(instr.dst, instr);
      const name = nameOf(program, func, instr, definitions);
      if (name !== null) found.push({ name, span: instr.span });
    }
  }
  return found;
}

function nameOf(
  program: Program,
  func: Func,
  instr: Instr,
  definitions: ReadonlyMap<Reg, Instr>,
): string | null {
  switch (instr.op) {
    case "load":
    case "store":
      return variableName(program, func, instr.addr, definitions);
    case "get-prop":
    case "set-prop":
    case "delete-prop":
      return propertyName(definitions.get(instr.key));
    case "call": {
      const callee =
        instr.callee.kind === "dynamic" ? definitions.get(instr.callee.value) : undefined;
      const method = callee?.op === "get-prop" ? propertyName(definitions.get(callee.key)) : null;
      if (entryMethods.has(method ?? "")) return "map entry";
      return movers.some((it) => method === `.${it}`) ? "order of elements" : null;
    }
    case "prim":
      return instr.fn === "js.iter-next" ? "order of elements" : null;
    default:
      return null;
  }
}

/** Variables of functions go by their name: a closure sees the same one as the function around it. */
function variableName(
  program: Program,
  func: Func,
  addr: Reg,
  definitions: ReadonlyMap<Reg, Instr>,
): string | null {
  const definition = definitions.get(addr);
  if (definition?.op === "global") return program.globals[definition.global]?.name ?? null;
  if (definition?.op === "alloc") return definition.name;
  const captured = func.regNames.find((it) => it.reg === addr)?.name;
  return captured?.replace(/^&/, "") ?? null;
}

function propertyName(key: Instr | undefined): string {
  return key?.op === "const" && typeof key.value === "string" ? `.${key.value}` : "element";
}
