// Writes a program of the IR as a model for SPIN: threads are processes, visible instructions are steps, and what the two
// tools say of deadlocks and panics can be compared. What cannot be translated faithfully is refused, with the reason.
//
// A stuck thread is an invalid end state, a panic a violated assertion. As in the explorer's own search, a panic and the end
// of main end only their own thread.

import { funcOf } from "../../language-server/ir/access.js";
import type { FuncId, Program } from "../../language-server/ir/ir.js";
import type { Known } from "./promela/callee.js";
import { Memory } from "./promela/memory.js";
import { printProctype, type Proctype } from "./promela/print.js";
import { type Model, Process } from "./promela/process.js";
import {
  NotTranslated,
  numbersOf,
  paren,
  shapeOf,
  type Value,
  withNumbers,
} from "./promela/value.js";
import type { PlainAccesses } from "./promela/visible.js";

export type Translation =
  | { readonly kind: "model"; readonly text: string }
  | { readonly kind: "not translated"; readonly reason: string };

export function promela(program: Program, entry: FuncId, plain: PlainAccesses): Translation {
  try {
    const memory = new Memory(program);
    // Which channels there are is known when all is translated, and which one an operation may mean needs it.
    proctypes(program, entry, memory, plain);
    const all = proctypes(program, entry, memory, plain);
    return { kind: "model", text: [...head(memory), ...all.map(printProctype)].join("\n") };
  } catch (error) {
    if (!(error instanceof NotTranslated)) throw error;
    return { kind: "not translated", reason: error.message };
  }
}

/** Numbers that leave 32 bits, and objects beyond those there is room for, make the run void: `spin.ts` looks for it. */
const fits = `bit beyond;
#define fits(c) if :: (c) -> skip :: else -> beyond = 1; assert(!beyond) fi
`;

function head(memory: Memory): readonly string[] {
  return [fits, `${memory.declarations().join("\n")}\n`];
}

function proctypes(
  program: Program,
  entry: FuncId,
  memory: Memory,
  plain: PlainAccesses,
): readonly Proctype[] {
  const made: Proctype[] = [];
  const names = new Map<string, string>();
  const open: { readonly name: string; readonly callee: Known; readonly args: readonly Value[] }[] =
    [];
  const model: Model = {
    program,
    memory,
    plain,
    started: (callee, args) => {
      const given = [...callee.captures, ...args];
      const key = `${callee.func} ${given.map(shapeOf).join()}`;
      const name = names.get(key) ?? nameFor(funcOf(program, callee.func).name, names);
      if (!names.has(key)) open.push({ name, callee, args });
      names.set(key, name);
      return { name, args: given.flatMap(numbersOf).map(paren) };
    },
  };
  const all = [...program.inits, entry];
  const first = all[0] ?? entry;
  const next = all.slice(1);
  const main = new Process(model, { func: first, captures: [] }, [], next, true);
  made.push({ name: nameFor("main", names), params: [], process: main, active: true });
  for (let it = open.shift(); it !== undefined; it = open.shift()) made.push(started(model, it));
  return made;
}

function started(
  model: Model,
  {
    name,
    callee,
    args,
  }: { readonly name: string; readonly callee: Known; readonly args: readonly Value[] },
): Proctype {
  const params: string[] = [];
  const next = (): string => {
    params.push(`p${params.length}`);
    return `p${params.length - 1}`;
  };
  const captures = callee.captures.map((it) => withNumbers(it, next));
  const given = args.map((it) => withNumbers(it, next));
  const process = new Process(model, { func: callee.func, captures }, given, [], false);
  return { name, params, process, active: false };
}

function nameFor(name: string, names: ReadonlyMap<string, string>): string {
  const word = name.replaceAll(/\W+/g, "_").replace(/^_|_$/g, "");
  return word === "main" ? "main_" : `${word}_${names.size}`;
}
