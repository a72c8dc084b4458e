// What a call of a function adds to the counter of a wait group in all, path by path, loops included.

import type { Func, Instr, Reg, SpanId } from "../../ir/ir.js";
import { edges } from "../../ir/shape.js";
import { graphOf, type Point } from "./graph.js";
import type { Instance, PointsTo } from "./points-to.js";
import { definitionsOf } from "./skeleton.js";
import type { Node } from "./solver.js";
import { constantOf, type GroupUse, type WaitGroups } from "./wait-groups.js";

/** Counter changes that are told apart; more are "anything". */
const mostNets = 6;
const mostRounds = 60;

/** What may have become of a counter; null: anything. */
export type Nets = readonly number[] | null;

/** What a function does to one group, goroutines it starts included as if they had ended. */
export interface Effect {
  /** When the function returns. */
  readonly nets: Nets;
  /** By the place of a return: what the counter has changed by there. */
  readonly returns: readonly { readonly span: SpanId; readonly nets: Nets }[];
  /** Just before each Wait. */
  readonly waits: readonly { readonly use: GroupUse; readonly nets: Nets }[];
  /** Loops of which the rounds differ: the changes of a round. */
  readonly uneven: readonly { readonly header: number; readonly nets: readonly number[] }[];
}

const nothing: Effect = { nets: [0], returns: [], waits: [], uneven: [] };

/** Effects on one group, computed on demand. */
export class Effects {
  readonly #groups: WaitGroups;
  readonly #points: PointsTo;
  readonly #group: Node;
  readonly #known = new Map<Instance, Effect | "open">();
  /** Goroutines that count differently on different paths: they are told by themselves. */
  readonly uneven = new Set<Instance>();

  constructor(groups: WaitGroups, points: PointsTo, group: Node) {
    this.#groups = groups;
    this.#points = points;
    this.#group = group;
  }

  of(instance: Instance): Effect {
    const known = this.#known.get(instance);
    if (known === "open") return { ...nothing, nets: null };
    if (known !== undefined) return known;
    this.#known.set(instance, "open");
    const effect = this.#compute(instance);
    this.#known.set(instance, effect);
    return effect;
  }

  #compute(instance: Instance): Effect {
    const { blocks } = instance.func;
    const graph = graphOf(instance.func);
    const steps = blocks.map((_, block) => this.#steps(instance, block));
    if (steps.every((it) => it.length === 0)) return nothing;
    const isBack = (from: number, to: number): boolean => graph.blockDominates(to, from);
    const uneven: { header: number; nets: readonly number[] }[] = [];
    const afterLoop = new Map<number, (nets: Nets) => Nets>();
    const loops = blocks
      .map((_, header) => ({
        header,
        tails: blocks.flatMap((_it, from) =>
          graph.successors(from).includes(header) && isBack(from, header) ? [from] : [],
        ),
      }))
      .filter((it) => it.tails.length > 0)
      // Inner loops first.
      .sort((a, b) => b.header - a.header);
    const flow = (start: number, from: Nets, inside: (block: number) => boolean): Nets[] => {
      const starts: (Nets | undefined)[] = blocks.map(() => undefined);
      starts[start] = from;
      const work = [start];
      for (let round = 0, block = work.shift(); block !== undefined; block = work.shift()) {
        if (++round > mostRounds * blocks.length) return blocks.map(() => null);
        const looped = block === start ? undefined : afterLoop.get(block);
        const begin = starts[block] ?? null;
        const end = apply(looped === undefined ? begin : looped(begin), steps[block] ?? []);
        for (const to of taken(instance.func, block)) {
          if (!inside(to) || isBack(block, to)) continue;
          const merged = either(starts[to], end);
          if (merged === starts[to]) continue;
          starts[to] = merged;
          if (!work.includes(to)) work.push(to);
        }
      }
      return starts.map((it) => (it === undefined ? [] : it));
    };
    for (const { header, tails } of loops) {
      const inside = (block: number): boolean =>
        block === header ||
        (graph.blockDominates(header, block) &&
          tails.some((it) => it === block || graph.reaches(at(block), at(it))));
      const starts = flow(header, [0], inside);
      const rounds = tails.reduce<Nets>(
        (all, it) => union(all, apply(starts[it] ?? null, steps[it] ?? [])),
        [],
      );
      if (rounds !== null && rounds.length > 1) uneven.push({ header, nets: rounds });
      const exits = blocks.flatMap((_, block) =>
        inside(block) && graph.successors(block).some((it) => !inside(it)) ? [block] : [],
      );
      const [exit, ...others] = exits;
      const times =
        exit === undefined || others.length > 0 ? null : timesOf(instance.func, header, exit);
      afterLoop.set(header, (nets) => {
        if (rounds?.length !== 1) return null;
        const [net = 0] = rounds;
        if (net === 0) return nets;
        return times === null ? null : (nets?.map((it) => it + net * times) ?? null);
      });
    }
    const starts = flow(0, [0], () => true);
    return this.#conclude(instance, starts, steps, afterLoop, uneven);
  }

  #conclude(
    instance: Instance,
    starts: readonly Nets[],
    steps: readonly (readonly Step[])[],
    afterLoop: ReadonlyMap<number, (nets: Nets) => Nets>,
    uneven: Effect["uneven"],
  ): Effect {
    const returns: { span: SpanId; nets: Nets }[] = [];
    const waits: { use: GroupUse; nets: Nets }[] = [];
    instance.func.blocks.forEach(({ exit }, block) => {
      const start = starts[block] ?? null;
      if (start?.length === 0) return;
      const looped = afterLoop.get(block);
      let nets = looped === undefined ? start : looped(start);
      for (const step of steps[block] ?? []) {
        if (step.wait !== null) waits.push({ use: step.wait, nets });
        nets = apply(nets, [step]);
      }
      if (exit.op === "return" && block !== instance.func.recover)
        returns.push({ span: exit.span, nets });
    });
    const nets = returns.reduce<Nets>((all, it) => union(all, it.nets), []);
    return { nets, returns, waits, uneven };
  }

  /** The changes a block makes, in order. Deferred calls are counted where they are deferred. */
  #steps(instance: Instance, block: number): readonly Step[] {
    const steps: Step[] = [];
    const instrs = instance.func.blocks[block]?.instrs ?? [];
    instrs.forEach((instr, index) => {
      const isHere = (it: { point: Point }): boolean =>
        it.point.block === block && it.point.index === index;
      if (instr.op === "sync") {
        const use = this.#groups.usesOf(instance).find(isHere);
        if (use === undefined && this.#mayBeIt(instance, instr)) {
          steps.push({ nets: null, wait: null });
        }
        if (use?.group !== this.#group) return;
        if (use.kind === "wait") steps.push({ nets: [0], wait: use });
        else steps.push({ nets: use.delta === null ? null : [use.delta], wait: null });
        return;
      }
      const spawn = this.#groups.spawnsOf(instance).find(isHere);
      if (spawn !== undefined) {
        const nets = this.#together(spawn.targets);
        if (nets !== null && nets.length > 1) {
          for (const it of spawn.targets) this.uneven.add(it);
        }
        steps.push({ nets: nets?.length === 1 ? nets : null, wait: null });
        return;
      }
      if (instr.op !== "call" && instr.op !== "defer") return;
      const targets = this.#points.targets(instance, instr);
      if (targets.length === 0) return;
      const wait = this.#groups
        .usesOf(instance)
        .find((it) => isHere(it) && it.kind === "wait" && it.group === this.#group);
      const nets = this.#together(targets.map((it) => it.instance));
      // A function literal that a library calls runs any number of times.
      const known = targets.some((it) => it.callback) && !isZero(nets) ? null : nets;
      steps.push({ nets: known, wait: wait ?? null });
    });
    return steps.filter((it) => it.wait !== null || !isZero(it.nets));
  }

  /** An operation on one of several groups, of which this may be one. */
  #mayBeIt(instance: Instance, instr: Extract<Instr, { op: "sync" }>): boolean {
    if (instr.fn !== "wg-add" || instr.object === null) return false;
    const groups = this.#points.locations(instance, instr.object);
    return groups.size === 0 || groups.has(this.#group);
  }

  #together(targets: readonly Instance[]): Nets {
    return targets.reduce<Nets>((all, it) => union(all, this.of(it).nets), []);
  }
}

interface Step {
  readonly nets: Nets;
  readonly wait: GroupUse | null;
}

function at(block: number): Point {
  return { block, index: 0 };
}

function isZero(nets: Nets): boolean {
  return nets?.length === 1 && nets[0] === 0;
}

function apply(nets: Nets, steps: readonly Step[]): Nets {
  return steps.reduce<Nets>((all, { nets: changes }) => {
    if (all === null || changes === null) return null;
    return union(
      [],
      all.flatMap((it) => changes.map((change) => it + change)),
    );
  }, nets);
}

function union(left: Nets, right: Nets): Nets {
  if (left === null || right === null) return null;
  const all = [...new Set([...left, ...right])].sort((a, b) => a - b);
  return all.length > mostNets ? null : all;
}

/** As `union`; the first itself when nothing is added. */
function either(known: Nets | undefined, arriving: Nets): Nets {
  if (known === undefined) return arriving;
  const merged = union(known, arriving);
  return merged === null || known === null || merged.length > known.length ? merged : known;
}

/**
 * How many rounds of a loop `for i := 0; i < 3; i++` come before the last time at its header; null: not known. `exit`: the
 * block it is left from, the header or, when the test is at the end, the last one.
 */
export function timesOf(func: Func, header: number, exit: number): number | null {
  const block = func.blocks[header];
  const last = func.blocks[exit]?.exit;
  if (block === undefined || last?.op !== "branch") return null;
  const definitions = definitionsOf(func);
  const test = definitions.get(last.cond);
  if (test?.op !== "prim" || test.fn !== "lt") return null;
  const [tested, bound] = test.args;
  const limit = constantOf(func, bound);
  const isNext = (reg: Reg | undefined, counter: Reg): boolean => {
    const step = reg === undefined ? undefined : definitions.get(reg);
    return (
      step?.op === "prim" &&
      step.fn === "add" &&
      step.args[0] === counter &&
      constantOf(func, step.args[1]) === 1
    );
  };
  const param = block.params.findIndex((it) => it === tested || isNext(tested, it));
  const counter = block.params[param];
  if (limit === null || counter === undefined) return null;
  let first: number | null = null;
  for (const edge of func.blocks.flatMap((it) => edges(it.exit))) {
    if (edge.block !== block.id) continue;
    const start = constantOf(func, edge.args[param]);
    if (start !== null) first = start;
    else if (!isNext(edge.args[param], counter)) return null;
  }
  if (first === null) return null;
  const rounds = Math.max(0, limit - first);
  return tested === counter ? rounds : Math.max(0, rounds - 1);
}

/** Where a block leads, without branches on two constants that are not taken. */
export function taken(func: Func, block: number): readonly number[] {
  const exit = func.blocks[block]?.exit;
  if (exit === undefined) return [];
  const all = edges(exit).map((it) => it.block);
  if (exit.op !== "branch") return all;
  const test = definitionsOf(func).get(exit.cond);
  if (test?.op !== "prim" || test.fn !== "lt") return all;
  const left = constantOf(func, test.args[0]);
  const right = constantOf(func, test.args[1]);
  if (left === null || right === null) return all;
  return [left < right ? exit.then.block : exit.else.block];
}
