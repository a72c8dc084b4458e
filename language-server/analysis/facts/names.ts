// Words for people: how an access reads in the source, what a lock or a goroutine is called.

import { funcOf, globalOf, spanOf } from "../../ir/access.js";
import type { Func, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import type { PointsTo } from "./points-to.js";
import { definitionsOf } from "./skeleton.js";
import type { Node } from "./solver.js";

/** The expression behind a register as one would write it: `c.n`, `results[…]`; "" when it has no name. */
export function expressionOf(program: Program, func: Func, reg: Reg): string {
  return spell(program, func, definitionsOf(func), reg, 0);
}

function spell(
  program: Program,
  func: Func,
  definitions: ReadonlyMap<Reg, Instr>,
  reg: Reg,
  depth: number,
): string {
  const named = func.regNames.find((it) => it.reg === reg)?.name;
  if (named !== undefined) return named.replace(/^&/, "");
  const definition = definitions.get(reg);
  if (definition === undefined || depth > 8) return "";
  const inner = (it: Reg): string => spell(program, func, definitions, it, depth + 1);
  switch (definition.op) {
    case "field": {
      const base = inner(definition.base);
      return base === "" ? definition.name : `${base}.${definition.name}`;
    }
    case "element": {
      const base = inner(definition.base);
      return base === "" ? "" : `${base}[…]`;
    }
    case "load":
      return inner(definition.addr);
    case "slice":
      return inner(definition.base);
    case "convert":
    case "interface":
      return inner(definition.value);
    case "global":
      return globalOf(program, definition.global).name.replace(/^.*[./]/, "");
    case "alloc":
    case "make":
      return definition.name === "new" || definition.name === "complit" ? "" : definition.name;
    default:
      return "";
  }
}

/** What a variable, or part of one, is called where nothing better is known. */
export function locationName(program: Program, points: PointsTo, location: Node): string {
  const object = points.objectAt(location);
  if (object === undefined) return "it";
  const path = object.type === null ? "" : points.slots.path(object.type, location - object.base);
  const plain = object.name === "new" || object.name === "complit" ? "" : object.name;
  if (plain !== "") return `${plain.replace(/^.*[./]/, "")}${path}`;
  const type = object.type === null ? undefined : program.types[object.type];
  const name = type?.kind === "named" ? type.name.replace(/^.*[./]/, "") : "";
  return name === "" ? path.replace(/^\./, "") || object.kind : `${name}${path}`;
}

/** "`worker`", or for a literal "a function of `main`". */
export function funcWords(program: Program, func: Func): string {
  let named = func;
  while (named.parent !== null) named = funcOf(program, named.parent);
  const name = `\`${named.display}\``;
  return named === func ? name : `a function literal in ${name}`;
}

/** Line as people count it. */
export function lineOf(program: Program, span: SpanId): number {
  return spanOf(program, span).start.line + 1;
}
