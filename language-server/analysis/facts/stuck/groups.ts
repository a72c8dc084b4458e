// Primitives that are used together, by one function or literals of one: only they make goroutines wait for each other in
// a circle that no single primitive shows.

import type { Instr, Program } from "../../../ir/ir.js";
import { synchronisesIn } from "../instructions.js";
import { outermost } from "../lock-paths.js";
import type { Outside } from "../outside.js";
import type { AbstractObject, Instance, PointsTo } from "../points-to.js";
import { seenAt, type Primitive } from "./events.js";

export interface Group {
  readonly primitives: ReadonlySet<Primitive>;
  /** Instances with an operation on one of them. */
  readonly users: ReadonlySet<Instance>;
}

/** More primitives than this are not looked at together. */
const mostTogether = 8;

/** Groups in which channels or wait groups take part and of which every operation is understood. */
export function groupsOf(program: Program, points: PointsTo, outside: Outside): readonly Group[] {
  const groups = new Together();
  const users = new Map<Primitive, Set<Instance>>();
  const spoilt = new Set<Primitive>();
  const waiting = new Set<Primitive>();
  const lastOf = new Map<unknown, Primitive>();
  for (const instance of points.instances) {
    const home = outermost(program, instance.func);
    for (const instr of synchronisesIn(instance.func)) {
      const { about, isClear } = seenAt(points, instance, instr);
      const [first] = about;
      if (first === undefined) continue;
      for (const it of about) {
        groups.join(first, it);
        const own = users.get(it);
        if (own === undefined) users.set(it, new Set([instance]));
        else own.add(instance);
        if (!isClear || !isOwn(points.objectAt(it), outside)) spoilt.add(it);
        if (isWaitedFor(instr)) waiting.add(it);
      }
      if (home.library) continue;
      const last = lastOf.get(home);
      if (last !== undefined) groups.join(last, first);
      lastOf.set(home, first);
    }
  }
  return groups.all().flatMap((primitives) => {
    const isLookedAt =
      primitives.size <= mostTogether &&
      [...primitives].some((it) => waiting.has(it)) &&
      ![...primitives].some((it) => spoilt.has(it));
    if (!isLookedAt) return [];
    return [
      { primitives, users: new Set([...primitives].flatMap((it) => [...(users.get(it) ?? [])])) },
    ];
  });
}

function isWaitedFor(instr: Instr): boolean {
  return instr.op === "send" || instr.op === "recv" || instr.op === "select";
}

/** Made by what is looked at, and used by nobody else. */
function isOwn(object: AbstractObject | undefined, outside: Outside): boolean {
  if (object === undefined || outside.has(object)) return false;
  return object.kind === "global" || object.site?.op === "alloc" || object.site?.op === "make";
}

/** Sets that grow together. */
class Together {
  readonly #parents = new Map<Primitive, Primitive>();

  #find(it: Primitive): Primitive {
    let at = it;
    for (let up = this.#parents.get(at); up !== undefined && up !== at; up = this.#parents.get(at))
      at = up;
    if (!this.#parents.has(at)) this.#parents.set(at, at);
    return at;
  }

  join(left: Primitive, right: Primitive): void {
    const [a, b] = [this.#find(left), this.#find(right)];
    this.#parents.set(Math.max(a, b), Math.min(a, b));
  }

  all(): readonly ReadonlySet<Primitive>[] {
    const sets = new Map<Primitive, Set<Primitive>>();
    for (const it of [...this.#parents.keys()].sort((a, b) => a - b)) {
      const root = this.#find(it);
      const set = sets.get(root);
      if (set === undefined) sets.set(root, new Set([it]));
      else set.add(it);
    }
    return [...sets.values()];
  }
}
