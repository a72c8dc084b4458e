// What goes wrong when a Wait does not wait for a goroutine: the accesses on both sides that nothing else orders.

import type { Span } from "../../../protocol/span.js";
import { spanOf } from "../../ir/access.js";
import type { Program, SpanId } from "../../ir/ir.js";
import type { Candidate, Pass } from "../check.js";
import { orders } from "./orders.js";
import { ignoring } from "./parallel.js";
import { pointsTo } from "./points-to.js";
import { protectedBoth, type AccessHappening } from "./races.js";
import type { Node } from "./solver.js";
import { threads, type Thread } from "./threads.js";
import { alone } from "../sites.js";

/** Consequences beyond these are not foreseen. */
const most = 200;

export function unjoined(
  pass: Pass,
  thread: Thread,
  group: Node,
  concerns: (access: AccessHappening) => boolean = () => true,
): Candidate {
  const all = pass.get(threads);
  const parallel = pass.get(orders);
  const points = pass.get(pointsTo);
  const mine = all.accesses.filter((it) => all.threadsOf(it.frame).has(thread) && concerns(it));
  const slots = (it: AccessHappening): Set<Node> => {
    const own = new Set<Node>();
    for (const location of it.op.locations) {
      const width = Math.min(it.op.width, points.room(location));
      for (let slot = 0; slot < width; slot++) own.add(location + slot);
    }
    return own;
  };
  const bySlot = new Map<Node, AccessHappening[]>();
  for (const it of mine) for (const slot of slots(it)) push(bySlot, slot, it);
  const races = new Map<string, readonly Span[]>();
  const spans = (x: AccessHappening): Span => spanOf(pass.program, all.spanOf(x.frame, x.op.instr));
  for (const y of all.accesses) {
    if (races.size >= most) break;
    if (!y.state.received.includes(group)) continue;
    for (const slot of slots(y)) {
      for (const x of bySlot.get(slot) ?? []) {
        if ((!x.op.write && !y.op.write) || (x.op.atomic && y.op.atomic)) continue;
        if (protectedBoth(x.state.held, y.state.held) || parallel.mayHappenInParallel(y, x))
          continue;
        if (!parallel.mayHappenInParallel(ignoring(y, group), ignoring(x, group))) continue;
        const pair = [spans(x), spans(y)];
        races.set(JSON.stringify(pair), pair);
      }
    }
  }
  return candidateOf(pass.program, [...races.values()], sendsOf(thread));
}

/** Accesses that only the Wait keeps apart, and sends: on a channel that may be closed too early, or to nobody. */
function candidateOf(
  program: Program,
  races: Candidate["places"],
  sends: readonly SpanId[],
): Candidate {
  const each = alone(program, sends);
  return {
    outcome: "race",
    places: [...races, ...each],
    or: { outcome: "panic", places: each, or: { outcome: "leak", places: each } },
  };
}

function sendsOf(thread: Thread): readonly SpanId[] {
  return thread.targets.flatMap(({ instance }) =>
    instance.func.blocks.flatMap(({ instrs }) =>
      instrs.flatMap((it) => (it.op === "send" ? [it.span] : [])),
    ),
  );
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
