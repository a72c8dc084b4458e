// Channels with room that each function fills before it does something and empties after it: semaphores. What such a
// function takes and does not give back on some way out, and what it takes twice.

import { funcOf, underlying } from "../../ir/access.js";
import type { Func, FuncId, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { graphOf, type Graph, type Point } from "./graph.js";
import { pointsTo, type AbstractObject, type Instance, type PointsTo } from "./points-to.js";
import { definitionsOf } from "./skeleton.js";

export interface SemaphoreMisuse {
  readonly kind: "kept" | "twice";
  readonly func: Func;
  readonly chan: Reg;
  /** Where the place is taken. */
  readonly span: SpanId;
  /** Of "kept" the return, of "twice" the second send. */
  readonly at: SpanId;
  /** Where anybody takes one. */
  readonly sends: readonly SpanId[];
}

interface Use {
  readonly instance: Instance;
  readonly instr: Extract<Instr, { op: "send" | "recv" | "select" | "close" }>;
  readonly channels: readonly AbstractObject[];
}

export const semaphores: Fact<readonly SemaphoreMisuse[]> = {
  name: "semaphores",
  compute({ program, get }) {
    const points = get(pointsTo);
    const uses = points.instances.flatMap((it) => usesIn(points, it));
    const channels = new Set(uses.flatMap((it) => it.channels));
    const found = new Map<SpanId, SemaphoreMisuse>();
    for (const channel of channels) {
      if (!isTokens(program, channel)) continue;
      const own = uses.filter((it) => it.channels.includes(channel));
      const takers = new Set(
        own.filter((it) => it.instr.op === "send").map((it) => it.instance.func),
      );
      if (!own.every((it) => isPaired(program, it, takers))) continue;
      const sends = [
        ...new Set(own.flatMap(({ instr }) => (instr.op === "send" ? instr.span : []))),
      ];
      for (const func of takers) {
        const givers = own.filter((it) => it.instr.op === "recv").map((it) => it.instance.func);
        for (const it of misusesIn(program, func, own, givers)) {
          if (!found.has(it.span)) found.set(it.span, { ...it, sends });
        }
      }
    }
    return [...found.values()];
  },
};

function usesIn(points: PointsTo, instance: Instance): readonly Use[] {
  const objects = (reg: Reg): readonly AbstractObject[] =>
    [...points.locations(instance, reg)].flatMap((it) => points.objectAt(it) ?? []);
  return instance.func.blocks.flatMap(({ instrs }) =>
    instrs.flatMap((instr): Use[] => {
      if (instr.op === "select")
        return [{ instance, instr, channels: instr.cases.flatMap((it) => objects(it.chan)) }];
      if (instr.op !== "send" && instr.op !== "recv" && instr.op !== "close") return [];
      return [{ instance, instr, channels: objects(instr.chan) }];
    }),
  );
}

/** Whether it has room, and what goes through it says nothing. */
function isTokens(program: Program, { kind, type, capacity }: AbstractObject): boolean {
  if (kind !== "chan" || type === null || capacity === null || capacity === 0) return false;
  const chan = underlying(program, type);
  if (chan.kind !== "chan") return false;
  const elem = underlying(program, chan.elem);
  return elem.kind === "struct" && elem.fields.length === 0;
}

/** A send in a function that also receives, or a receive in such a function or in what it defers. */
function isPaired(program: Program, { instance, instr }: Use, takers: ReadonlySet<Func>): boolean {
  const { func } = instance;
  if (func.library) return false;
  if (instr.op !== "send" && instr.op !== "recv") return false;
  if (takers.has(func)) return instr.op === "recv" || givesBack(program, func);
  const parent = func.parent === null ? undefined : funcOf(program, func.parent);
  return parent !== undefined && takers.has(parent) && runs(parent).includes(func.id);
}

function givesBack(program: Program, func: Func): boolean {
  const own = [func, ...runs(func).map((it) => funcOf(program, it))];
  return own.some(({ blocks }) =>
    blocks.some(({ instrs }) => instrs.some((it) => it.op === "recv")),
  );
}

/** Function literals that a function calls or defers where it makes them. */
function runs(func: Func): readonly FuncId[] {
  const definitions = definitionsOf(func);
  return func.blocks.flatMap(({ instrs }) =>
    instrs.flatMap((it) => {
      if (it.op !== "call" && it.op !== "defer") return [];
      if (it.callee.kind === "static") return [it.callee.func];
      const made = it.callee.kind === "dynamic" ? definitions.get(it.callee.value) : undefined;
      return made?.op === "closure" ? [made.func] : [];
    }),
  );
}

function misusesIn(
  program: Program,
  func: Func,
  uses: readonly Use[],
  givers: readonly Func[],
): readonly Omit<SemaphoreMisuse, "sends">[] {
  const graph = graphOf(func);
  const here = (op: "send" | "recv"): readonly Extract<Instr, { op: "send" | "recv" }>[] =>
    uses.flatMap(({ instance, instr }) =>
      instance.func === func && instr.op === op ? [instr] : [],
    );
  // What is deferred or called gives back on every way, as far as this can tell.
  const elsewhere = runs(func).some((it) => givers.includes(funcOf(program, it)));
  const gives = new Set<Instr>(here("recv"));
  return here("send").flatMap((send): Omit<SemaphoreMisuse, "sends">[] => {
    const from = graph.pointOf(send);
    if (from === undefined) return [];
    const reached = reachedWithout(graph, func, from, gives);
    const again = here("send").find((it) => reached.instrs.has(it));
    const { chan, span } = send;
    if (again !== undefined && !elsewhere)
      return [{ kind: "twice", func, chan, span, at: again.span }];
    const [end] = reached.ends;
    return end === undefined || elsewhere ? [] : [{ kind: "kept", func, chan, span, at: end }];
  });
}

/** What can come after a point before any of `stops`, and the returns among it. */
function reachedWithout(
  graph: Graph,
  { blocks }: Func,
  from: Point,
  stops: ReadonlySet<Instr>,
): { readonly instrs: ReadonlySet<Instr>; readonly ends: readonly SpanId[] } {
  const instrs = new Set<Instr>();
  const ends: SpanId[] = [];
  const seen = new Set<number>();
  const work: Point[] = [{ block: from.block, index: from.index + 1 }];
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    const block = blocks[at.block];
    const rest = block?.instrs.slice(at.index) ?? [];
    const stop = rest.findIndex((it) => stops.has(it));
    for (const it of stop < 0 ? rest : rest.slice(0, stop)) instrs.add(it);
    if (stop >= 0) continue;
    if (block?.exit.op === "return") ends.push(block.exit.span);
    for (const next of graph.successors(at.block)) {
      if (seen.has(next)) continue;
      seen.add(next);
      work.push({ block: next, index: 0 });
    }
  }
  return { instrs, ends };
}
