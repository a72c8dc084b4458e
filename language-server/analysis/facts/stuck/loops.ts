// How often loops go round in the model: as often as their constant bounds say up to three times, and else as often as
// every other loop of which the bound is not known, so that what starts n goroutines and what waits for n fit.

import type { Func } from "../../../ir/ir.js";
import { graphOf } from "../graph.js";
import { definitionsOf } from "../skeleton.js";
import { timesOf } from "../wait-group-effects.js";
import { constantOf } from "../wait-groups.js";

/** A loop that counts; others, such as those over a channel, end as their channels say. */
export interface Loop {
  readonly blocks: ReadonlySet<number>;
  /** The block it is left from. */
  readonly exit: number;
  /** Rounds that end at the header again, before the last one; null: not known. */
  readonly rounds: number | null;
}

const known = new WeakMap<Func, ReadonlyMap<number, Loop>>();

/** By header. */
export function loopsOf(func: Func): ReadonlyMap<number, Loop> {
  let loops = known.get(func);
  if (loops === undefined) known.set(func, (loops = find(func)));
  return loops;
}

function find(func: Func): ReadonlyMap<number, Loop> {
  const graph = graphOf(func);
  const definitions = definitionsOf(func);
  const loops = new Map<number, Loop>();
  for (const [header] of func.blocks.entries()) {
    const tails = func.blocks.flatMap((_, from) =>
      graph.successors(from).includes(header) && graph.blockDominates(header, from) ? [from] : [],
    );
    if (tails.length === 0) continue;
    const blocks = new Set([header, ...tails.flatMap((it) => [it, ...graph.between(it, header)])]);
    for (const it of tails)
      for (const block of func.blocks.keys()) {
        const isOnWay =
          graph.blockDominates(header, block) &&
          graph.reaches({ block, index: 0 }, { block: it, index: 0 });
        if (isOnWay) blocks.add(block);
      }
    const exit = [header, ...tails].find((block) => {
      const last = func.blocks[block]?.exit;
      if (last?.op !== "branch" || graph.successors(block).every((it) => blocks.has(it)))
        return false;
      const test = definitions.get(last.cond);
      return test?.op === "prim" && test.fn === "lt";
    });
    if (exit === undefined) continue;
    const rounds = timesOf(func, header, exit);
    loops.set(header, { blocks, exit, rounds });
  }
  return loops;
}

/** Whether a branch asks if there is anything to count at all, before a loop that then counts. */
export function entersLoop(func: Func, block: number): boolean {
  const last = func.blocks[block]?.exit;
  if (last?.op !== "branch") return false;
  const test = definitionsOf(func).get(last.cond);
  if (test?.op !== "prim" || test.fn !== "lt" || constantOf(func, test.args[0]) !== 0) return false;
  return loopsOf(func).has(last.then.block);
}
