// Goroutines that send to the function that started them, on a channel it made for that, while that function can end
// without having received.

import { spanOf } from "../../ir/access.js";
import type { Func, Instr, Program, Reg } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { channels, type ChannelUse } from "./channels.js";
import { graphOf, type Graph, type Point } from "./graph.js";
import type { AbstractObject, Instance } from "./points-to.js";
import { definitionsOf } from "./skeleton.js";
import { startedCode } from "./started-code.js";

export interface Abandoned {
  readonly send: ChannelUse;
  readonly receive: ChannelUse;
  readonly channel: AbstractObject;
  readonly why: "choice" | "leaves" | "loop" | "once";
  /** Told also where no schedule shows it: the paths alone say so. */
  readonly isSure: boolean;
}

/** Each sending place once. */
export const abandoned: Fact<readonly Abandoned[]> = {
  name: "abandoned",
  compute: ({ program, get }) => {
    const all = get(channels);
    const code = get(startedCode);
    const found = new Map<number, Abandoned>();
    const made = new Set(all.uses.flatMap((it) => it.channels));
    for (const channel of made) {
      const { instance: maker } = channel;
      if (channel.capacity !== 0 || maker === null || !all.isKnown(channel)) continue;
      const uses = all.usesOf(channel);
      const receives = uses.filter((it) => it.kind === "recv");
      if (receives.length === 0 || receives.some((it) => it.instance !== maker)) continue;
      for (const send of uses) {
        if (send.kind !== "send" || send.hasOtherWay || send.channels.length > 1) continue;
        for (const point of startsOf(maker, (instr) => code.startedBy(maker, instr), send)) {
          const it = judge(program, channel, maker, point, send, receives);
          if (it !== null && !found.has(send.span)) found.set(send.span, it);
        }
      }
    }
    return [...found.values()];
  },
};

/** Where the maker starts a goroutine that sends. */
function startsOf(
  maker: Instance,
  startedBy: (instr: Instr) => ReadonlySet<Instance>,
  send: ChannelUse,
): readonly Point[] {
  return maker.func.blocks.flatMap(({ instrs }, block) =>
    instrs.flatMap((instr, index) =>
      startedBy(instr).has(send.instance) ? [{ block, index }] : [],
    ),
  );
}

function judge(
  program: Program,
  channel: AbstractObject,
  maker: Instance,
  start: Point,
  send: ChannelUse,
  receives: readonly ChannelUse[],
): Abandoned | null {
  const graph = graphOf(maker.func);
  const [receive] = receives;
  if (receive === undefined) return null;
  const isInTest = /_test\.go$/.test(spanOf(program, send.span).uri);
  const told = (why: Abandoned["why"], isSure: boolean): Abandoned => ({
    send,
    receive,
    channel,
    why,
    isSure: isSure && !isInTest,
  });
  const inLoop = receives.some((it) => graph.inLoop(it.point));
  const sendsAgain = graphOf(send.instance.func).inLoop(send.point);
  if (inLoop) return told("loop", false);
  const made = channel.site === null ? undefined : graph.pointOf(channel.site);
  const isShared = made !== undefined && !graph.inOneLoop(made, start);
  if (receives.length === 1 && isShared && graph.inLoop(start)) return told("once", false);
  if (receives.every((it) => it.hasOtherWay)) return told("choice", !sendsAgain);
  return leavesWithout(maker, graph, start, receives) ? told("leaves", !sendsAgain) : null;
}

/** Whether the function may return after the start without a receive that it cannot pass by. */
function leavesWithout(
  maker: Instance,
  graph: Graph,
  start: Point,
  receives: readonly ChannelUse[],
): boolean {
  const { blocks, recover } = maker.func;
  const stops = new Map<number, number>();
  for (const { point, hasOtherWay } of receives) {
    if (hasOtherWay) continue;
    stops.set(point.block, Math.max(point.index, stops.get(point.block) ?? -1));
  }
  if ((stops.get(start.block) ?? -1) > start.index) return false;
  const received = receivedEdges(maker.func, receives);
  const seen = new Set([start.block]);
  for (const block of seen) {
    if (block !== start.block && stops.has(block)) continue;
    if (blocks[block]?.exit.op === "return" && block !== recover) return true;
    const then = received.has(block) ? graph.successors(block)[0] : undefined;
    for (const next of graph.successors(block)) if (next !== then) seen.add(next);
  }
  return false;
}

/** Blocks that end with the question whether a select has received: "then" it has. */
function receivedEdges(func: Func, receives: readonly ChannelUse[]): ReadonlySet<number> {
  const definitions = definitionsOf(func);
  const isReceived = (cond: Reg): boolean => {
    const test = definitions.get(cond);
    if (test?.op !== "prim" || test.fn !== "eq") return false;
    const [left, right] = test.args.map((it) => definitions.get(it));
    if (left?.op !== "extract" || left.index !== 0 || right?.op !== "const") return false;
    const select = definitions.get(left.tuple);
    if (select?.op !== "select" || typeof right.value !== "number") return false;
    const chosen = select.cases[right.value];
    return receives.some((it) => it.instr === select && it.chan === chosen?.chan);
  };
  return new Set(
    func.blocks.flatMap(({ exit }, block) =>
      exit.op === "branch" && isReceived(exit.cond) ? [block] : [],
    ),
  );
}
