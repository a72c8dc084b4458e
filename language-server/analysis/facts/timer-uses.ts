// Receives from a timer's channel after the timer was stopped or reset, and questions for how full that channel is. Within
// one function, and of timers that are called the same there: what is found is only a proposal.

import { underlying } from "../../ir/access.js";
import type { Block, Func, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { calledName } from "./constraints.js";
import { graphOf, type Graph, type Point } from "./graph.js";
import { outermost } from "./lock-paths.js";
import { expressionOf } from "./names.js";
import { definitionsOf } from "./skeleton.js";

export type TimerUse =
  /** A receive that comes after `Stop` on every way, with no `Reset` in between. */
  | {
      readonly kind: "stopped";
      readonly func: Func;
      readonly timer: string;
      readonly call: SpanId;
      readonly receive: SpanId;
    }
  /** A receive that hangs on what `Reset` said. `others`: where its timer is waited for as well. */
  | {
      readonly kind: "reset";
      readonly func: Func;
      readonly timer: string;
      readonly call: SpanId;
      readonly receive: SpanId;
      readonly others: readonly SpanId[];
    }
  /** `len` of the channel. `around`: what else is done in each round of its loop. */
  | {
      readonly kind: "length";
      readonly func: Func;
      readonly timer: string;
      readonly at: SpanId;
      readonly around: readonly SpanId[];
    };

/** In the user's code, in its order. */
export const timerUses: Fact<readonly TimerUse[]> = {
  name: "timer-uses",
  compute: ({ program }) => {
    const sites = program.funcs.filter((it) => !it.library).flatMap((it) => sitesIn(program, it));
    return sites.flatMap((it) => useOf(program, it, sites));
  },
};

/** Something is done to a timer or its channel. */
interface Site {
  readonly does: "receive" | "stop" | "reset" | "length";
  readonly func: Func;
  readonly instr: Instr;
  /** As it reads in the source, or what it is. */
  readonly timer: string;
  /** Its name, or the register that it stays in. */
  readonly variable: string;
  /** The type and the field that it lies in; "" for a variable. */
  readonly field: string;
}

function sitesIn(program: Program, func: Func): readonly Site[] {
  return func.blocks.flatMap(({ instrs }) => instrs.flatMap((it) => siteOf(program, func, it)));
}

function siteOf(program: Program, func: Func, instr: Instr): readonly Site[] {
  const of = (does: Site["does"], timer: Reg | null): readonly Site[] => {
    if (timer === null) return [];
    const name = expressionOf(program, func, timer);
    const field = fieldOf(program, func, timer);
    const variable = name === "" ? `${func.id} ${timer}` : name;
    return [{ does, func, instr, timer: name === "" ? "timer" : name, variable, field }];
  };
  switch (instr.op) {
    case "call": {
      const called = calledName(program, instr.callee);
      const [receiver] = instr.args;
      const method = /^\(\*time\.(?:Timer|Ticker)\)\.(Stop|Reset)$/.exec(called)?.[1];
      if (method === undefined || receiver === undefined) return [];
      return of(method === "Stop" ? "stop" : "reset", receiver);
    }
    case "recv":
      return of("receive", timerOf(program, func, instr.chan));
    case "sync": {
      const [chan] = instr.args;
      if (instr.fn !== "chan-len" || chan === undefined) return [];
      return of("length", timerOf(program, func, chan));
    }
    default:
      return [];
  }
}

/** The timer whose channel a register holds; null for all else. */
function timerOf(program: Program, func: Func, chan: Reg): Reg | null {
  const field = loadedField(func, chan);
  if (field?.name !== "C") return null;
  return /^time\.(?:Timer|Ticker)$/.test(ownerOf(program, func, field)) ? field.base : null;
}

function fieldOf(program: Program, func: Func, timer: Reg): string {
  const field = loadedField(func, timer);
  return field === null ? "" : `${ownerOf(program, func, field)}.${field.name}`;
}

type Field = Extract<Instr, { op: "field" }>;

/** The field that a register's value was read from. */
function loadedField(func: Func, reg: Reg): Field | null {
  const definitions = definitionsOf(func);
  const load = definitions.get(reg);
  const field = load?.op === "load" ? definitions.get(load.addr) : undefined;
  return field?.op === "field" ? field : null;
}

/** Name of the struct type that a field is of. */
function ownerOf(program: Program, func: Func, { base }: Field): string {
  const type = func.regTypes[base];
  const pointer = type === undefined ? undefined : underlying(program, type);
  const named = pointer?.kind === "pointer" ? program.types[pointer.elem] : undefined;
  return named?.kind === "named" ? named.name : "";
}

function useOf(program: Program, site: Site, sites: readonly Site[]): readonly TimerUse[] {
  const { does, func, instr, timer, variable } = site;
  if (does === "length") {
    return [{ kind: "length", func, timer, at: instr.span, around: callsAround(func, instr) }];
  }
  if (does !== "receive") return [];
  const here = sites.filter((it) => it.func === func && it.variable === variable);
  const reset = here.find((it) => it.does === "reset" && hangsOn(func, instr, it.instr));
  if (reset !== undefined) {
    const others = sites
      .filter((it) => it.does === "receive" && it.instr !== instr && isSame(program, it, site))
      .filter((it) => it.func !== func || comesAfter(func, it.instr, reset.instr))
      .map((it) => it.instr.span);
    return [{ kind: "reset", func, timer, call: reset.instr.span, receive: instr.span, others }];
  }
  const stop = lastBefore(
    func,
    instr,
    here.filter((it) => it.does === "stop" || it.does === "reset"),
  );
  if (stop?.does !== "stop") return [];
  return [{ kind: "stopped", func, timer, call: stop.instr.span, receive: instr.span }];
}

/** Whether both may be about one timer: of one variable, or of one field of one type. */
function isSame(program: Program, a: Site, b: Site): boolean {
  if (a.field !== "" || b.field !== "") return a.field === b.field;
  return a.variable === b.variable && outermost(program, a.func) === outermost(program, b.func);
}

function callsAround(func: Func, instr: Instr): readonly SpanId[] {
  const graph = graphOf(func);
  const at = graph.pointOf(instr);
  if (at === undefined || !graph.inLoop(at)) return [];
  return func.blocks.flatMap(({ instrs }, block) =>
    instrs.flatMap((it, index) => {
      const isCall = it.op === "call" || it.op === "sync";
      return isCall && it !== instr && graph.inOneLoop(at, { block, index }) ? [it.span] : [];
    }),
  );
}

function comesAfter(func: Func, later: Instr, earlier: Instr): boolean {
  const graph = graphOf(func);
  const [from, to] = [graph.pointOf(earlier), graph.pointOf(later)];
  return from !== undefined && to !== undefined && graph.reaches(from, to);
}

/** Whether the receive stands in a block that only a branch on the result of the call leads to. */
function hangsOn(func: Func, receive: Instr, call: Instr): boolean {
  if (call.op !== "call" || call.dst === null) return false;
  const definitions = definitionsOf(func);
  const graph = graphOf(func);
  const at = graph.pointOf(receive)?.block ?? -1;
  const before = func.blocks.filter((_, block) => graph.successors(block).includes(at));
  const isOnResult = ({ exit }: Block): boolean => {
    if (exit.op !== "branch") return false;
    const condition = definitions.get(exit.cond);
    const asked =
      condition?.op === "prim" && condition.fn === "not" ? condition.args[0] : exit.cond;
    return asked === call.dst;
  };
  return before.length > 0 && before.every(isOnResult);
}

/** What was done last on every way to an instruction, when that is one and the same; undefined otherwise. */
function lastBefore(func: Func, to: Instr, all: readonly Site[]): Site | undefined {
  const graph = graphOf(func);
  const end = graph.pointOf(to);
  if (end === undefined) return undefined;
  const pointOf = (it: Site): Point | undefined => graph.pointOf(it.instr);
  return all.find((it) => {
    const point = pointOf(it);
    if (point === undefined || !graph.dominates(point, end)) return false;
    return all.every((other) => other === it || !comesBetween(graph, point, pointOf(other), end));
  });
}

/** Whether `other` may come after the last `from` before `to`. */
function comesBetween(graph: Graph, from: Point, other: Point | undefined, to: Point): boolean {
  if (other === undefined) return false;
  return graph.reaches(from, other) && graph.reachesAvoiding(other, to, from);
}
