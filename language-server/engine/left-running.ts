// What a test leaves behind because it never asks it to stop: a ticker that is not stopped, a server that is not shut down.
// It stays behind, but that is how the test is written. Only channels that a value keeps count: what waits for a context or
// an answer is left behind by the code under test.

import type { Blocked, Witness } from "../../protocol/witness.js";
import { definitionsOf } from "../analysis/facts/skeleton.js";
import { funcOf, spanOf } from "../ir/access.js";
import type { Func, FuncId, Instr, Program, Reg } from "../ir/ir.js";
import { placeKey } from "./confirm.js";
import { reachable } from "./entries.js";

/**
 * Whether each goroutine that a test leaves behind could be let go by a function which the test does not come to.
 * @param runs the execution that shows the leak, and others of the same test: what they run the test comes to
 */
export function isLeftRunning(program: Program, shown: Witness, runs: readonly Witness[]): boolean {
  const { outcome, schedule } = shown;
  const entry = program.entries.find((it) => funcOf(program, it.func).name === schedule.entry);
  if (outcome.kind !== "leak" || entry === undefined || entry.kind === "main") return false;
  const run = new Set(runs.flatMap(({ steps }) => steps.map((it) => it.func)));
  const idle = idleFuncs(program, entry.func).filter((it) => !run.has(it.display));
  return outcome.blocked.every((blocked) => {
    const wanted = wantedAt(program, blocked);
    return wanted.length > 0 && idle.some((func) => gives(func, wanted));
  });
}

/** What a test could run: what it mentions, and what its package offers. */
function idleFuncs(program: Program, entry: FuncId): readonly Func[] {
  const { pkg } = funcOf(program, entry);
  const mentioned = reachable(program, entry);
  const own = program.funcs.filter((it) => mentioned.has(it.id) || isOffered(program, it, pkg));
  return own.filter((it) => !it.library);
}

function isOffered(program: Program, func: Func, pkg: string): boolean {
  if (func.parent !== null) return isOffered(program, funcOf(program, func.parent), pkg);
  const { uri } = spanOf(program, func.span);
  return func.pkg === pkg && !uri.endsWith("_test.go") && /^(?:\(.*\)\.)?[A-Z]/.test(func.display);
}

/** What would let somebody go: something on the channel in a field, as `fieldOf` names it. */
interface Wanted {
  readonly field: string;
  readonly op: "send" | "recv";
}

function wantedAt(program: Program, { span }: Blocked): readonly Wanted[] {
  const place = placeKey(span);
  return program.funcs.flatMap((func) =>
    func.blocks.flatMap(({ instrs }) =>
      instrs.flatMap((it) =>
        placeKey(spanOf(program, it.span)) === place ? wantedBy(func, it) : [],
      ),
    ),
  );
}

function wantedBy(func: Func, instr: Instr): readonly Wanted[] {
  switch (instr.op) {
    case "send":
      return on(func, instr.chan, "recv");
    case "recv":
      return on(func, instr.chan, "send");
    case "select":
      return instr.cases.flatMap((it) => on(func, it.chan, it.dir === "send" ? "recv" : "send"));
    default:
      return [];
  }
}

function gives(func: Func, wanted: readonly Wanted[]): boolean {
  const given = func.blocks.flatMap(({ instrs }) => instrs.flatMap((it) => givenBy(func, it)));
  return given.some((it) => wanted.some(({ field, op }) => field === it.field && op === it.op));
}

function givenBy(func: Func, instr: Instr): readonly Wanted[] {
  switch (instr.op) {
    case "send":
    case "close":
      return on(func, instr.chan, "send");
    case "recv":
      return on(func, instr.chan, "recv");
    case "select":
      return instr.cases.flatMap((it) => on(func, it.chan, it.dir));
    default:
      return [];
  }
}

function on(func: Func, chan: Reg, op: Wanted["op"]): readonly Wanted[] {
  const field = fieldOf(func, chan);
  return field === null ? [] : [{ field, op }];
}

/** The field that a channel is read from, whoever's it is; null when it has another origin. */
function fieldOf(func: Func, chan: Reg): string | null {
  const definitions = definitionsOf(func);
  const read = definitions.get(chan);
  const place = read?.op === "load" ? definitions.get(read.addr) : undefined;
  return place?.op === "field" ? `${place.type}.${place.field}` : null;
}
