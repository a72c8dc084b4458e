// A goroutine sliced to its events on some primitives: its control flow with the calls it makes followed, loops that count
// gone round a few times, and everything else left out.

import type { Instr, Reg } from "../../../ir/ir.js";
import { graphOf } from "../graph.js";
import type { Instance, PointsTo, Target } from "../points-to.js";
import { definitionsOf } from "../skeleton.js";
import { taken } from "../wait-group-effects.js";
import type { Event } from "./events.js";
import { entersLoop, loopsOf } from "./loops.js";

/** An event and where the goroutine may stand after it: for each case of a select, for a value received and a close told. */
export interface Step {
  readonly event: Event;
  readonly instance: Instance;
  readonly next: readonly (readonly number[])[];
}

/** Where a goroutine has ended. */
export const ended = -1;

export interface Slice {
  readonly steps: readonly Step[];
  readonly starts: readonly number[];
}

export interface Slicing {
  readonly points: PointsTo;
  /** The event of an instruction, if it matters here. */
  eventOf(instance: Instance, instr: Instr): Event | null;
  /** Whether running the instance can come to such an event. */
  matters(instance: Instance): boolean;
  /** Rounds of loops of which the bound is not known. */
  readonly rounds: number;
}

const mostSteps = 300;
const deepest = 8;
const mostRounds = 3;

class TooLarge extends Error {}

/** Null: too large to look at. */
export function sliceOf(slicing: Slicing, instance: Instance): Slice | null {
  try {
    return new Slicer(slicing).run(instance);
  } catch (error) {
    if (error instanceof TooLarge) return null;
    throw error;
  }
}

interface Deferred {
  readonly target: Instance;
}

interface Frame {
  readonly instance: Instance;
  readonly block: number;
  readonly index: number;
  readonly deferred: readonly Deferred[];
  /** Deferred calls that are being run, the next one last. */
  readonly leaving: readonly Deferred[];
  /** By header: how often the loop was gone round. */
  readonly rounds: ReadonlyMap<number, number>;
  readonly up: Frame | null;
  readonly depth: number;
}

class Slicer {
  readonly #slicing: Slicing;
  readonly #ids = new Map<string, number>();
  readonly #steps: Step[] = [];
  #walked = 0;

  constructor(slicing: Slicing) {
    this.#slicing = slicing;
  }

  run(instance: Instance): Slice {
    const starts = this.#ahead(begin(instance, null));
    return { steps: this.#steps, starts };
  }

  /** The events that may come next. */
  #ahead(from: Frame | null): readonly number[] {
    const found = new Set<number>();
    const seen = new Set<string>();
    const work: (Frame | null)[] = [from];
    for (let at = work.pop(); at !== undefined; at = work.pop()) {
      if (at === null) {
        found.add(ended);
        continue;
      }
      const key = keyOf(at);
      if (seen.has(key)) continue;
      seen.add(key);
      if (++this.#walked > 40 * mostSteps) throw new TooLarge();
      const instr = at.instance.func.blocks[at.block]?.instrs[at.index];
      const event = instr === undefined ? null : this.#slicing.eventOf(at.instance, instr);
      if (instr !== undefined && event !== null) found.add(this.#step(key, at, instr, event));
      else work.push(...this.#silent(at, instr));
    }
    return [...found].sort((a, b) => a - b);
  }

  #step(key: string, at: Frame, instr: Instr, event: Event): number {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#steps.length;
    if (id >= mostSteps) throw new TooLarge();
    this.#ids.set(key, id);
    const next: (readonly number[])[] = [];
    this.#steps.push({ event, instance: at.instance, next });
    for (const it of outcomesOf(at, instr))
      next.push([...new Set(it.flatMap((then) => this.#ahead(then)))]);
    return id;
  }

  /** Where it may stand after something that is no event. */
  #silent(at: Frame, instr: Instr | undefined): readonly (Frame | null)[] {
    if (instr === undefined) return this.#exits(at);
    const after = { ...at, index: at.index + 1 };
    if (instr.op === "run-defers") {
      if (at.leaving.length === 0 && at.deferred.length > 0)
        return [{ ...at, leaving: at.deferred, deferred: [] }];
      const last = at.leaving.at(-1);
      if (last === undefined) return [after];
      return [begin(last.target, { ...at, leaving: at.leaving.slice(0, -1) })];
    }
    if (instr.op !== "call" && instr.op !== "defer") return [after];
    const targets = this.#followed(at, instr);
    if (targets.length === 0) return [after];
    if (instr.op === "defer") {
      return targets.map(({ instance }) => ({
        ...after,
        deferred: [...at.deferred, { target: instance }],
      }));
    }
    return targets.map(({ instance }) => begin(instance, after));
  }

  #followed(at: Frame, instr: Instr): readonly Target[] {
    const targets = this.#slicing.points
      .targets(at.instance, instr)
      .filter((it) => this.#slicing.matters(it.instance));
    if (targets.length > 0 && at.depth >= deepest) throw new TooLarge();
    return targets;
  }

  #exits(at: Frame): readonly (Frame | null)[] {
    const { func } = at.instance;
    const exit = func.blocks[at.block]?.exit;
    if (exit === undefined || exit.op === "panic") return [];
    if (exit.op === "return") return [at.up];
    return edgesOf(at, this.#slicing.rounds);
  }
}

function begin(instance: Instance, up: Frame | null): Frame {
  const depth = (up?.depth ?? 0) + 1;
  return { instance, block: 0, index: 0, deferred: [], leaving: [], rounds: new Map(), up, depth };
}

function keyOf(at: Frame | null): string {
  if (at === null) return "";
  const { instance, block, index, deferred, leaving, rounds, up } = at;
  const ids = (all: readonly Deferred[]): string => all.map((it) => it.target.id).join(",");
  const counts = [...rounds].map(([header, n]) => `${header}:${n}`).join(",");
  return `${instance.id}.${block}.${index} ${ids(deferred)} ${ids(leaving)} ${counts}/${keyOf(up)}`;
}

/** Where the end of the block leads, as far as loops count and constants tell. */
function edgesOf(at: Frame, unknown: number): readonly Frame[] {
  const { func } = at.instance;
  const loops = loopsOf(func);
  let next = taken(func, at.block);
  for (const [header, loop] of loops) {
    if (loop.exit !== at.block) continue;
    // A test at the end comes once a round, one at the start once more.
    const rounds = Math.min(
      loop.rounds ?? (header === at.block ? unknown : unknown - 1),
      mostRounds,
    );
    const goesOn = (at.rounds.get(header) ?? 0) < rounds;
    next = next.filter((it) => loop.blocks.has(it) === goesOn);
  }
  if (entersLoop(func, at.block) && next.length > 1) next = next.slice(0, 1);
  return next.map((block) => enter(at, block));
}

function enter(at: Frame, block: number): Frame {
  const { func } = at.instance;
  const rounds = new Map<number, number>();
  for (const [header, loop] of loopsOf(func)) {
    if (!loop.blocks.has(block) || !loop.blocks.has(at.block)) continue;
    const isBack = header === block && graphOf(func).blockDominates(block, at.block);
    const before = at.rounds.get(header) ?? 0;
    const now = isBack ? before + 1 : before;
    if (now > 0) rounds.set(header, Math.min(now, mostRounds + 1));
  }
  return { ...at, block, index: 0, rounds };
}

/** After a select: by its case, the default last; after a receive that tells of a close: with a value, and without. */
function outcomesOf(at: Frame, instr: Instr): readonly (readonly Frame[])[] {
  const after = { ...at, index: at.index + 1 };
  const { func } = at.instance;
  const definitions = definitionsOf(func);
  const exit = func.blocks[at.block]?.exit;
  if (instr.op === "recv") {
    const test = exit?.op === "branch" ? definitions.get(exit.cond) : undefined;
    const tellsClose = test?.op === "extract" && test.tuple === instr.dst && test.index === 1;
    if (!tellsClose || exit?.op !== "branch") return [[after], [after]];
    return [[enter(at, exit.then.block)], [enter(at, exit.else.block)]];
  }
  if (instr.op !== "select") return [[after]];
  const cases = instr.cases.map((_, index) => [caseOf(after, instr.dst, index)]);
  return instr.blocking ? cases : [...cases, [caseOf(after, instr.dst, -1)]];
}

/** Follows the questions which case it was. */
function caseOf(from: Frame, select: Reg, chosen: number): Frame {
  const { func } = from.instance;
  const definitions = definitionsOf(func);
  let at = from;
  for (let asked = 0; asked < 16; asked++) {
    const block = func.blocks[at.block];
    const test = block?.exit.op === "branch" ? definitions.get(block.exit.cond) : undefined;
    if (block?.exit.op !== "branch" || test?.op !== "prim" || test.fn !== "eq") return at;
    const [left, right] = test.args.map((it) => definitions.get(it));
    if (left?.op !== "extract" || left.tuple !== select || left.index !== 0) return at;
    if (right?.op !== "const") return at;
    const isIt = right.value === chosen;
    at = enter(at, (isIt ? block.exit.then : block.exit.else).block);
    if (isIt) return at;
  }
  return at;
}
