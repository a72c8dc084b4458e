// Which package initialisers can tell points-to anything. Those of libraries fill tables, thousands of lines long, that only
// the library's own code reads, and that code is not looked at.

import { funcOf, instrsOf } from "../../ir/access.js";
import type { Func, FuncId, GlobalId, Program } from "../../ir/ir.js";
import { hasBody } from "./bodies.js";

/** In the order in which they run: those of code that is looked at, and those that make what such code comes to. */
export function tellingInits(program: Program): readonly FuncId[] {
  const silent = new Set(program.inits.map((it) => funcOf(program, it)));
  const work: Func[] = [];
  for (const func of program.funcs) {
    if (hasBody(func) || (silent.has(func) && callsBodies(program, func))) work.push(func);
  }
  const byGlobal = new Map<GlobalId, Func[]>();
  for (const init of silent) {
    for (const it of globalsIn(init)) byGlobal.set(it, [...(byGlobal.get(it) ?? []), init]);
  }
  for (let func = work.pop(); func !== undefined; func = work.pop()) {
    silent.delete(func);
    for (const global of globalsIn(func)) {
      for (const init of byGlobal.get(global) ?? []) if (silent.delete(init)) work.push(init);
    }
  }
  return program.inits.filter((it) => !silent.has(funcOf(program, it)));
}

function globalsIn(func: Func): ReadonlySet<GlobalId> {
  return new Set(instrsOf(func).flatMap((it) => (it.op === "global" ? [it.global] : [])));
}

function callsBodies(program: Program, func: Func): boolean {
  return instrsOf(func).some(
    (it) =>
      "callee" in it && it.callee.kind === "static" && hasBody(funcOf(program, it.callee.func)),
  );
}
