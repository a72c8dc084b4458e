// Which objects more than one goroutine may touch, with at least one write, and which instances matter for
// concurrency at all. Everything else is left out of the flow-sensitive analysis, which is what keeps it fast.

import { throwIfCancelled } from "../../base/cancel.js";
import { instrsOf } from "../../ir/access.js";
import type { Instr, Program } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { accessesOf } from "./accesses.js";
import { calledName, callsLater } from "./constraints.js";
import { accessesIn, callsOf } from "./instructions.js";
import { pointsTo, type Instance, type PointsTo } from "./points-to.js";
import type { Node } from "./solver.js";

export interface Escape {
  /** Whether an object (by its first slot) may be touched by two goroutines, one of them writing. */
  shared(base: Node): boolean;
  /** Whether running the instance can order, start, lock or touch anything shared. */
  relevant(instance: Instance): boolean;
  /** The shared objects that running these touches, in whatever goroutine. */
  touchedBy(instances: readonly Instance[]): ReadonlySet<Node>;
}

/** Whether the instruction starts a goroutine that runs its targets. */
export function startsGoroutine(program: Program, instr: Instr): boolean {
  switch (instr.op) {
    case "spawn":
      return true;
    case "sync":
      return instr.fn === "timer-start";
    case "call":
      return callsLater(calledName(program, instr.callee));
    default:
      return false;
  }
}

export const escape: Fact<Escape> = {
  name: "escape",
  compute({ program, cancel, get }) {
    const points = get(pointsTo);
    const spawned = spawnedInstances(program, points);
    const touched = new Set<Node>();
    const written = new Set<Node>();
    const bases = new Map<Instance, Set<Node>>();
    for (const instance of points.instances) {
      throwIfCancelled(cancel);
      const own = new Set<Node>();
      const isSpawned = spawned.has(instance);
      for (const instr of accessesIn(instance.func)) {
        for (const access of accessesOf(program, points, instance, instr)) {
          for (const location of access.locations) {
            const base = points.objectAt(location)?.base;
            if (base === undefined) continue;
            own.add(base);
            if (access.write) written.add(base);
            if (isSpawned) touched.add(base);
          }
        }
      }
      bases.set(instance, own);
    }
    const shared = (base: Node): boolean => touched.has(base) && written.has(base);
    const sharedBy = new Map<Instance, readonly Node[]>();
    for (const [instance, own] of bases) {
      const some = [...own].filter(shared);
      if (some.length > 0) sharedBy.set(instance, some);
    }
    const relevant = relevantInstances(points, (it) => sharedBy.has(it));
    const callees = calleesOf(points);
    const touchedBy = (instances: readonly Instance[]): Set<Node> => {
      const reached = new Set(instances);
      for (const it of reached) for (const callee of callees.get(it) ?? []) reached.add(callee);
      return new Set([...reached].flatMap((it) => sharedBy.get(it) ?? []));
    };
    return { shared, relevant: (it) => relevant.has(it), touchedBy };
  },
};

function spawnedInstances(program: Program, points: PointsTo): Set<Instance> {
  const spawned = new Set<Instance>();
  const work: Instance[] = [];
  const add = (instance: Instance, instr: Instr): void => {
    for (const target of points.targets(instance, instr)) {
      if (spawned.has(target.instance)) continue;
      spawned.add(target.instance);
      work.push(target.instance);
    }
  };
  for (const instance of points.instances) {
    for (const instr of callsOf(instance.func))
      if (startsGoroutine(program, instr)) add(instance, instr);
  }
  for (let it = work.pop(); it !== undefined; it = work.pop()) {
    for (const instr of callsOf(it.func)) add(it, instr);
  }
  return spawned;
}

function calleesOf(points: PointsTo): Map<Instance, Set<Instance>> {
  const callees = new Map<Instance, Set<Instance>>();
  for (const instance of points.instances) {
    const own = new Set<Instance>();
    for (const instr of callsOf(instance.func)) {
      for (const target of points.targets(instance, instr)) own.add(target.instance);
    }
    callees.set(instance, own);
  }
  return callees;
}

const synchronises: ReadonlySet<Instr["op"]> = new Set<Instr["op"]>([
  "acquire",
  "release",
  "try-acquire",
  "send",
  "recv",
  "close",
  "select",
  "sync",
  "spawn",
  "atomic",
]);

function relevantInstances(
  points: PointsTo,
  touchesShared: (it: Instance) => boolean,
): Set<Instance> {
  const callers = new Map<Instance, Instance[]>();
  const relevant = new Set<Instance>();
  for (const instance of points.instances) {
    const own =
      touchesShared(instance) || instrsOf(instance.func).some((it) => synchronises.has(it.op));
    for (const instr of callsOf(instance.func)) {
      for (const target of points.targets(instance, instr)) {
        const list = callers.get(target.instance);
        if (list === undefined) callers.set(target.instance, [instance]);
        else list.push(instance);
      }
    }
    if (own) relevant.add(instance);
  }
  const work = [...relevant];
  for (let it = work.pop(); it !== undefined; it = work.pop()) {
    for (const caller of callers.get(it) ?? []) {
      if (relevant.has(caller)) continue;
      relevant.add(caller);
      work.push(caller);
    }
  }
  return relevant;
}
