import type { Entry, Func, FuncId, Program } from "../ir/ir.js";
import { funcOf, spanOf } from "../ir/access.js";
import { entryShowing } from "./assumed.js";
import type { EntryChoice, EntryProblem } from "./engine.js";

/** The entry that a name or a position means; else one sentence that says why there is none. */
export function chooseEntry(program: Program, choice: EntryChoice): Entry | EntryProblem {
  const entries = program.entries.map((it) => funcOf(program, it.func).name);
  if (program.entries.length === 0) {
    return { problem: "nothing to run here: no main, test or example function", entries };
  }
  if (choice.kind === "name") {
    const found = byName(program, choice.name);
    return found ?? { problem: `no entry is called ${choice.name}`, entries };
  }
  const at = innermostFunc(program, choice.uri, choice.line);
  const shown =
    at === undefined || program.language === "go" ? undefined : entryShowing(program, at);
  if (shown !== undefined) return shown;
  const found = at === undefined ? undefined : entryOf(program, at);
  if (found !== undefined) return found;
  if (at !== undefined) {
    const caller = program.entries.find((it) => reaches(program, it.func, at.id));
    if (caller !== undefined) return caller;
  }
  const [only, ...others] = program.entries;
  if (only !== undefined && others.length === 0) return only;
  const name = at === undefined ? "this line" : `\`${at.display}\``;
  return { problem: `no main, test or example function reaches ${name}`, entries };
}

function byName(program: Program, name: string): Entry | undefined {
  const named = (matches: (func: Func) => boolean): Entry | undefined =>
    program.entries.find((it) => matches(funcOf(program, it.func)));
  return (
    named((it) => it.name === name) ??
    named((it) => it.display === name) ??
    named((it) => it.name.endsWith(`.${name}`))
  );
}

/** The user's function whose declaration is the last to begin at or before the line. */
export function innermostFunc(program: Program, uri: string, line: number): Func | undefined {
  let best: Func | undefined;
  let bestLine = -1;
  for (const func of program.funcs) {
    if (func.library || func.blocks.length === 0) continue;
    const span = spanOf(program, func.span);
    if (span.uri !== uri || span.start.line > line || span.start.line <= bestLine) continue;
    best = func;
    bestLine = span.start.line;
  }
  return best;
}

/** The entry a function is, or is a literal inside of. */
function entryOf(program: Program, func: Func): Entry | undefined {
  for (let at: Func | null = func; at !== null; at = parentOf(program, at)) {
    const id: FuncId = at.id;
    const entry = program.entries.find((it) => it.func === id);
    if (entry !== undefined) return entry;
  }
  return undefined;
}

function parentOf(program: Program, func: Func): Func | null {
  return func.parent === null ? null : funcOf(program, func.parent);
}

/** Whether calls, literals and method tables can lead from one function to another; may say yes too often. */
export function reaches(program: Program, from: FuncId, to: FuncId): boolean {
  return reachable(program, from).has(to);
}

/** Functions an entry may run, and the workers it may start. Method calls are taken to reach every method of that name. */
export function reachable(program: Program, from: FuncId): ReadonlySet<FuncId> {
  const known = reached.get(program);
  if (known?.from === from) return known.seen;
  const next = edgesOf(program);
  const workers = program.workers?.files.flatMap((it) => [...it.inits, it.func]) ?? [];
  const seen = new Set<FuncId>([from, ...workers]);
  for (const id of seen) for (const it of next(id)) seen.add(it);
  reached.set(program, { from, seen });
  return seen;
}

/** The last answer: an entry is asked about several times in a row, and all answers of a large program are too much to keep. */
const reached = new WeakMap<Program, { from: FuncId; seen: ReadonlySet<FuncId> }>();
/** What each function leads to is looked up once, and not by each entry. */
const edges = new WeakMap<Program, (id: FuncId) => readonly FuncId[]>();

function edgesOf(program: Program): (id: FuncId) => readonly FuncId[] {
  const known = edges.get(program);
  if (known !== undefined) return known;
  const methods = methodsById(program);
  const table = new Map<FuncId, readonly FuncId[]>();
  const next = (id: FuncId): readonly FuncId[] => {
    const ids = table.get(id) ?? [...leadsTo(funcOf(program, id), methods)];
    table.set(id, ids);
    return ids;
  };
  edges.set(program, next);
  return next;
}

function leadsTo(func: Func, methods: ReadonlyMap<string, readonly FuncId[]>): Set<FuncId> {
  const ids = new Set<FuncId>();
  for (const { instrs } of func.blocks) {
    for (const instr of instrs) {
      if (instr.op === "closure") ids.add(instr.func);
      if (!("callee" in instr)) continue;
      if (instr.callee.kind === "static") ids.add(instr.callee.func);
      if (instr.callee.kind === "method")
        methods.get(instr.callee.id)?.forEach((it) => ids.add(it));
    }
  }
  return ids;
}

function methodsById(program: Program): ReadonlyMap<string, readonly FuncId[]> {
  const table = new Map<string, FuncId[]>();
  for (const { id, func } of program.methods) {
    const known = table.get(id);
    if (known === undefined) table.set(id, [func]);
    else known.push(func);
  }
  return table;
}
