// States in which goroutines wait for each other on channels, locks and wait groups together, found in a bounded model of
// each group of primitives that are used together (the idea of GCatch, Liu et al., ASPLOS'21; states instead of
// constraints): each goroutine sliced to the group, loops gone round twice, buffers of two at most. Loops of which the bound
// is not known all go round equally often. Where a bound is reached nothing is said; what is found is a guess that the
// explorer has to confirm, because which way branches go is not known.

import { throwIfCancelled } from "../../base/cancel.js";
import type { Instr, Program } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { startsGoroutine } from "./escape.js";
import { callsOf } from "./instructions.js";
import { outside } from "./outside.js";
import { pointsTo, type Instance, type PointsTo } from "./points-to.js";
import { seenAt, type Event } from "./stuck/events.js";
import { groupsOf, type Group } from "./stuck/groups.js";
import { search, type Stuck } from "./stuck/search.js";
import { sliceOf, type Slice, type Slicing } from "./stuck/slice.js";

/** Ways in which one group can be stuck. */
export interface StuckGroup {
  readonly entry: Instance;
  /** Who waits where, two at least, in each of the states. */
  readonly states: readonly Stuck[];
}

/** States of one group, and of all groups of a program. */
const mostStates = 5000;
const mostOfAll = 30_000;

/** One for each group and entry at most. */
export const stuckStates: Fact<readonly StuckGroup[]> = {
  name: "stuck-states",
  compute: ({ program, get, cancel }) => {
    const points = get(pointsTo);
    if (program.language !== "go" || !points.isWhole) return [];
    const written = new Set(
      program.entries.filter((it) => it.assumption === undefined).map((it) => it.func),
    );
    const entries = points.roots.filter((it) => written.has(it.func.id));
    const callers = callersOf(points);
    const found: StuckGroup[] = [];
    let left = mostOfAll;
    for (const group of groupsOf(program, points, get(outside))) {
      const leads = leadingTo(callers, group);
      for (const entry of entries) {
        if (!leads.has(entry)) continue;
        throwIfCancelled(cancel);
        const most = Math.min(mostStates, left);
        if (most <= 0) return found;
        const { states, used } = look(program, points, { group, leads, entry, most });
        left -= used;
        if (states.length > 0) found.push({ entry, states });
      }
    }
    return found;
  },
};

interface Looking {
  readonly group: Group;
  readonly leads: ReadonlySet<Instance>;
  readonly entry: Instance;
  readonly most: number;
}

/** First with loops gone round twice, then once. */
function look(
  program: Program,
  points: PointsTo,
  { group, leads, entry, most }: Looking,
): { readonly states: StuckGroup["states"]; readonly used: number } {
  let used = 0;
  for (const rounds of [2, 1]) {
    const slices = new Map<Instance, Slice | null>();
    const slicing: Slicing = {
      points,
      rounds,
      matters: (it) => leads.has(it),
      eventOf: (instance, instr) => {
        if (startsGoroutine(program, instr)) return spawnOf(points, leads, instance, instr);
        const { event, about } = seenAt(points, instance, instr);
        return about.some((it) => group.primitives.has(it)) ? event : null;
      },
    };
    const answer = search(
      {
        most: Math.max(1, Math.floor(most / 2)),
        capacity: (it) => points.objectAt(it)?.capacity ?? 2,
        slice: (it) => {
          let slice = slices.get(it);
          if (slice === undefined) slices.set(it, (slice = sliceOf(slicing, it)));
          return slice;
        },
      },
      entry,
    );
    used += answer.states;
    if (answer.kind === "cut") return { states: [], used };
    if (answer.kind === "stuck") return { states: answer.all, used };
  }
  return { states: [], used };
}

function spawnOf(
  points: PointsTo,
  leads: ReadonlySet<Instance>,
  instance: Instance,
  instr: Instr,
): Event | null {
  const targets = points
    .targets(instance, instr)
    .map((it) => it.instance)
    .filter((it) => leads.has(it));
  return targets.length === 0 ? null : { kind: "spawn", targets, span: instr.span };
}

/** Instances that use the group, or call or start what does. */
function leadingTo(callers: Callers, { users }: Group): ReadonlySet<Instance> {
  const leads = new Set(users);
  for (const it of leads) for (const caller of callers.get(it) ?? []) leads.add(caller);
  return leads;
}

type Callers = ReadonlyMap<Instance, readonly Instance[]>;

function callersOf(points: PointsTo): Callers {
  const callers = new Map<Instance, Instance[]>();
  for (const instance of points.instances) {
    for (const instr of callsOf(instance.func)) {
      for (const target of points.targets(instance, instr)) {
        const list = callers.get(target.instance);
        if (list === undefined) callers.set(target.instance, [instance]);
        else list.push(instance);
      }
    }
  }
  return callers;
}
