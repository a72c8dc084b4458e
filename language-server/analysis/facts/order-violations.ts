// A goroutine reads what its starter sets only after having started it: with nothing that orders the two, it may find nothing
// there yet.

import { typeOf, underlying } from "../../ir/access.js";
import type { Func, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import { uses } from "../../ir/shape.js";
import type { Fact } from "../check.js";
import { dependenceOf } from "./dependence.js";
import { graphOf, type Point } from "./graph.js";
import { orders } from "./orders.js";
import { ignoring } from "./parallel.js";
import { pointsTo, type AbstractObject, type Instance, type PointsTo } from "./points-to.js";
import { races, type AccessHappening, type Race } from "./races.js";
import { definitionsOf } from "./skeleton.js";
import type { Node } from "./solver.js";
import { threads, type Thread } from "./threads.js";

export interface OrderViolation {
  readonly thread: Thread;
  readonly object: AbstractObject;
  readonly location: Node;
  readonly read: AccessHappening;
  /** The only one there is. */
  readonly write: AccessHappening;
  /** Places at which what was read is used. */
  readonly uses: readonly SpanId[];
  /** The data race of the two, where no lock is held. */
  readonly race: Race | null;
}

export const orderViolations: Fact<readonly OrderViolation[]> = {
  name: "order-violations",
  compute({ program, get }) {
    const all = get(threads);
    const points = get(pointsTo);
    const parallel = get(orders);
    const bySlot = new Map<Node, AccessHappening[]>();
    for (const it of all.accesses) {
      for (const slot of it.op.locations) {
        const list = bySlot.get(slot);
        if (list === undefined) bySlot.set(slot, [it]);
        else list.push(it);
      }
    }
    const found = new Map<Instr, OrderViolation>();
    for (const [location, accesses] of bySlot) {
      const object = points.objectAt(location);
      const writes = accesses.filter((it) => it.op.write);
      const [write] = writes;
      if (object === undefined || write === undefined || found.has(write.op.instr)) continue;
      if (writes.some((it) => it.op.instr !== write.op.instr) || !all.closed(write.frame)) continue;
      if (!setsOnce(write) || ["array", "map", "chan"].includes(object.kind)) continue;
      const reads = accesses.filter((it) => !it.op.write && all.closed(it.frame));
      const checked = new Set(
        reads.filter((it) => usesOf(program, points, it) === null).map((it) => it.frame.instance),
      );
      for (const read of reads) {
        const thread = [...all.threadsOf(read.frame)].find((it) => isStartedBefore(it, write));
        // Where it is compared with nil once, nobody relies on it.
        if (thread === undefined || checked.has(read.frame.instance)) continue;
        const used = usesOf(program, points, read) ?? [];
        const [from, to] = [ignoring(write, location), ignoring(read, location)];
        if (!parallel.mayHappenInParallel(from, to)) continue;
        const race = get(races).find(
          (it) =>
            it.object === object &&
            it.conflicts.some(({ inThread }) => inThread.op.instr === read.op.instr),
        );
        const violation = { thread, object, location, read, write, uses: used };
        found.set(write.op.instr, { ...violation, race: race ?? null });
        break;
      }
    }
    return [...found.values()];
  },
};

/** A store of something, not in a loop. */
function setsOnce({ op: { instr }, frame }: AccessHappening): boolean {
  const { func } = frame.instance;
  const point = pointOf(func, instr);
  if (point === null || graphOf(func).inLoop(point)) return false;
  if (instr.op === "atomic") return instr.fn === "store";
  if (instr.op !== "store") return false;
  return definitionsOf(func).get(instr.value)?.op !== "const";
}

function isStartedBefore(thread: Thread, write: AccessHappening): boolean {
  if (thread.spawner.instance !== write.frame.instance) return false;
  const { func } = write.frame.instance;
  const [start, set] = [pointOf(func, thread.instr), pointOf(func, write.op.instr)];
  if (start === null || set === null) return false;
  const graph = graphOf(func);
  return graph.dominates(start, set) && !graph.reaches(set, start);
}

function pointOf(func: Func, instr: Instr): Point | null {
  for (const [block, { instrs }] of func.blocks.entries()) {
    const index = instrs.indexOf(instr);
    if (index >= 0) return { block, index };
  }
  return null;
}

/** Where the value that was read is used as if it were there; null: it is not, or is compared with nil. */
function usesOf(
  program: Program,
  points: PointsTo,
  { op: { instr }, frame: { instance } }: AccessHappening,
): SpanId[] | null {
  const { func } = instance;
  if (!("dst" in instr) || instr.dst === null || func.library) return null;
  const type = func.regTypes[instr.dst];
  if (type === undefined || typeOf(program, type).kind === "any") return null;
  const basic = underlying(program, type);
  const isPointer = basic.kind === "basic" && basic.name === "unsafe.Pointer";
  const kinds = ["pointer", "func", "map", "chan", "interface"];
  if (!isPointer && !kinds.includes(basic.kind)) return null;
  const spans = spansOfUses(points, instance, instr.dst, 0);
  return spans === null || spans.length === 0 ? null : spans;
}

/** Places at which a value is used, also in functions it is given to; null: it is compared with nil. */
function spansOfUses(
  points: PointsTo,
  instance: Instance,
  value: Reg,
  depth: number,
): SpanId[] | null {
  const { func } = instance;
  const definitions = definitionsOf(func);
  const isNil = (reg: Reg): boolean => {
    const it = definitions.get(reg);
    return it?.op === "const" && it.value === null;
  };
  const dependent = dependenceOf(func).on(value);
  const spans: SpanId[] = [];
  for (const { instrs } of func.blocks) {
    for (const it of instrs) {
      if (!uses(it).some((reg) => dependent.has(reg))) continue;
      const compares = it.op === "prim" && (it.fn === "eq" || it.fn === "ne");
      if (compares && it.args.some(isNil)) return null;
      if (it.op === "assert" && it.commaOk) return null;
      spans.push(it.span);
      if (it.op !== "call" || depth > 1) continue;
      for (const { instance: callee } of points.targets(instance, it)) {
        const skipped = callee.func.params.length - it.args.length;
        const index = it.args.findIndex((arg) => dependent.has(arg));
        const param = index < 0 ? undefined : callee.func.params[index + skipped];
        if (param === undefined || callee.func.library) continue;
        const inner = spansOfUses(points, callee, param, depth + 1);
        if (inner === null) return null;
        spans.push(...inner);
      }
    }
  }
  return spans;
}
