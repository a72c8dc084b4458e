// What functions do to wait groups: every Add, Done and Wait with those of the functions they call, which goroutine counts
// itself down, and what a call of a function adds to the counter in all.

import type { Func, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { edges } from "../../ir/shape.js";
import { startsGoroutine } from "./escape.js";
import { graphOf, type Point } from "./graph.js";
import { pointsTo, type Instance, type PointsTo } from "./points-to.js";
import { definitionsOf } from "./skeleton.js";
import type { Node } from "./solver.js";

/** An operation on a wait group, by where it stands in a function or is called from there. */
export interface GroupUse {
  readonly kind: "add" | "done" | "wait";
  /** The one group it can be. */
  readonly group: Node;
  /** The register of the group's address, where the operation itself is. */
  readonly through: { readonly func: Func; readonly reg: Reg };
  /** Null: not a constant. Waits: 0. */
  readonly delta: number | null;
  readonly point: Point;
  /** Runs when the function returns. */
  readonly deferred: boolean;
  readonly instr: Instr;
  /** Of the operation itself. */
  readonly span: SpanId;
}

/** A goroutine that a function starts. */
export interface GroupSpawn {
  readonly point: Point;
  readonly instr: Instr;
  readonly targets: readonly Instance[];
}

export interface WaitGroups {
  usesOf(instance: Instance): readonly GroupUse[];
  spawnsOf(instance: Instance): readonly GroupSpawn[];
  /** With those that the functions it calls start. */
  allSpawnsOf(instance: Instance): readonly GroupSpawn[];
  /** Instances with a use of their own, in order. */
  readonly users: readonly Instance[];
}

/** Calls are followed this deep. */
const deepest = 6;

export const waitGroups: Fact<WaitGroups> = {
  name: "wait-groups",
  compute: ({ program, get }) => new Uses(program, get(pointsTo)),
};

class Uses implements WaitGroups {
  readonly users: readonly Instance[];
  readonly #program: Program;
  readonly #points: PointsTo;
  readonly #uses = new Map<Instance, readonly GroupUse[]>();
  readonly #spawns = new Map<Instance, readonly GroupSpawn[]>();
  readonly #allSpawns = new Map<Instance, readonly GroupSpawn[]>();
  readonly #matters: ReadonlySet<Instance>;
  #depth = 0;

  constructor(program: Program, points: PointsTo) {
    this.#program = program;
    this.#points = points;
    this.#matters = this.#reaching();
    this.users = points.instances.filter((it) => this.#matters.has(it));
  }

  /** Instances with an operation on a wait group, and those that call them. */
  #reaching(): Set<Instance> {
    const callers = new Map<Instance, Instance[]>();
    const reaching = new Set<Instance>();
    for (const instance of this.#points.instances) {
      for (const instr of instrsOf(instance.func)) {
        if (kindOf(instr) !== null) reaching.add(instance);
        for (const { instance: callee } of this.#points.targets(instance, instr)) {
          const list = callers.get(callee);
          if (list === undefined) callers.set(callee, [instance]);
          else list.push(instance);
        }
      }
    }
    for (const it of reaching) for (const caller of callers.get(it) ?? []) reaching.add(caller);
    return reaching;
  }

  usesOf(instance: Instance): readonly GroupUse[] {
    const known = this.#uses.get(instance);
    if (known !== undefined) return known;
    if (!this.#matters.has(instance) || this.#depth >= deepest) return [];
    this.#uses.set(instance, []);
    this.#depth++;
    const uses: GroupUse[] = [];
    instance.func.blocks.forEach(({ instrs }, block) => {
      instrs.forEach((instr, index) => {
        uses.push(...this.#of(instance, instr, { block, index }));
      });
    });
    this.#depth--;
    this.#uses.set(instance, uses);
    return uses;
  }

  #of(instance: Instance, instr: Instr, point: Point): readonly GroupUse[] {
    if (instr.op === "sync") {
      const use = this.#use(instance, instr, point);
      return use === null ? [] : [use];
    }
    if ((instr.op !== "call" && instr.op !== "defer") || startsGoroutine(this.#program, instr))
      return [];
    const deferred = instr.op === "defer";
    return this.#points
      .targets(instance, instr)
      .filter((it) => !it.callback)
      .flatMap((it) => this.usesOf(it.instance))
      .map((it) => ({ ...it, point, deferred, instr }));
  }

  #use(instance: Instance, instr: Extract<Instr, { op: "sync" }>, point: Point): GroupUse | null {
    const { object, args, span } = instr;
    const delta = deltaOf(instance.func, args[0]);
    const kind = kindOf(instr, delta);
    if (kind === null || object === null) return null;
    const [group, ...others] = this.#points.locations(instance, object);
    if (group === undefined || others.length > 0) return null;
    const through = { func: instance.func, reg: object };
    return { kind, group, through, delta, point, deferred: false, instr, span };
  }

  allSpawnsOf(instance: Instance): readonly GroupSpawn[] {
    const known = this.#allSpawns.get(instance);
    if (known !== undefined) return known;
    if (!this.#matters.has(instance)) return [];
    const spawns = [...this.spawnsOf(instance)];
    this.#allSpawns.set(instance, spawns);
    instance.func.blocks.forEach(({ instrs }, block) => {
      instrs.forEach((instr, index) => {
        if (instr.op !== "call" || startsGoroutine(this.#program, instr)) return;
        for (const { instance: callee } of this.#points.targets(instance, instr)) {
          const point = { block, index };
          spawns.push(...this.allSpawnsOf(callee).map((it) => ({ ...it, point })));
        }
      });
    });
    return spawns;
  }

  spawnsOf(instance: Instance): readonly GroupSpawn[] {
    const known = this.#spawns.get(instance);
    if (known !== undefined) return known;
    const spawns: GroupSpawn[] = [];
    instance.func.blocks.forEach(({ instrs }, block) => {
      instrs.forEach((instr, index) => {
        if (!startsGoroutine(this.#program, instr)) return;
        const targets = this.#points.targets(instance, instr).map((it) => it.instance);
        spawns.push({ point: { block, index }, instr, targets });
      });
    });
    this.#spawns.set(instance, spawns);
    return spawns;
  }
}

function deltaOf(func: Func, reg: Reg | undefined): number | null {
  return reg === undefined ? 0 : constantOf(func, reg);
}

function kindOf(instr: Instr, delta: number | null = 0): GroupUse["kind"] | null {
  if (instr.op !== "sync") return null;
  if (instr.fn === "wg-wait") return "wait";
  if (instr.fn !== "wg-add") return null;
  return delta !== null && delta < 0 ? "done" : "add";
}

function* instrsOf(func: Func): Generator<Instr> {
  for (const { instrs } of func.blocks) yield* instrs;
}

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
function timesOf(func: Func, header: number, exit: number): number | null {
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

function constantOf(func: Func, reg: Reg | undefined): number | null {
  const definition = reg === undefined ? undefined : definitionsOf(func).get(reg);
  if (definition?.op !== "const" || typeof definition.value !== "number") return null;
  return definition.value;
}

/** Where a block leads, without branches on two constants that are not taken. */
function taken(func: Func, block: number): readonly number[] {
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
