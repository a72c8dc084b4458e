// Objects that code may come to which is not looked at: given to a library, handed to callers that are unknown, or kept
// where such callers left something of their own. What is done to them there nobody knows.

import { throwIfCancelled } from "../../base/cancel.js";
import { funcOf } from "../../ir/access.js";
import type { Func, Instr, Reg } from "../../ir/ir.js";
import type { Fact, FactInput } from "../check.js";
import { callsOf } from "./instructions.js";
import { pointsTo, type AbstractObject, type Instance, type PointsTo } from "./points-to.js";
import type { Node } from "./solver.js";

export interface Outside {
  has(object: AbstractObject): boolean;
}

export const outside: Fact<Outside> = {
  name: "outside",
  compute: (input) => new Reach(input),
};

class Reach implements Outside {
  readonly #points: PointsTo;
  readonly #reached = new Set<Node>();
  /** Many registers hold the same objects: each is looked at once. */
  readonly #judged = new Set<AbstractObject>();
  /** Nobody imports these. */
  readonly #mains: ReadonlySet<string>;

  constructor({ program, cancel, get }: FactInput) {
    this.#points = get(pointsTo);
    const mains = program.entries.filter((it) => it.kind === "main");
    this.#mains = new Set(mains.map((it) => funcOf(program, it.func).pkg));
    const work: Node[] = [];
    for (const instance of this.#points.instances) {
      throwIfCancelled(cancel);
      work.push(...this.#given(instance), ...this.#kept(instance));
    }
    for (let it = work.pop(); it !== undefined; it = work.pop()) {
      const object = this.#points.objectAt(it);
      if (object === undefined || this.#reached.has(object.base)) continue;
      this.#reached.add(object.base);
      const room = this.#points.room(object.base);
      for (let slot = 0; slot < room; slot++)
        work.push(...this.#points.contents(object.base + slot));
    }
  }

  has({ base }: AbstractObject): boolean {
    return !this.#points.isWhole || this.#reached.has(base);
  }

  /** What an instance gives to code that is not looked at, or to callers that are not known. */
  *#given(instance: Instance): Generator<Node> {
    for (const instr of callsOf(instance.func)) {
      for (const reg of this.#opaque(instance, instr)) yield* this.#values(instance, reg);
    }
    for (const { exit } of instance.func.blocks) {
      if (exit.op !== "return" || !(instance.open || this.#isExported(instance.func))) continue;
      for (const reg of exit.values) yield* this.#values(instance, reg);
    }
  }

  #opaque(instance: Instance, instr: Instr): readonly Reg[] {
    if (instr.op !== "call" && instr.op !== "defer" && instr.op !== "spawn") return [];
    const targets = this.#points.targets(instance, instr);
    const isFollowed = targets.length > 0 && !targets.some((it) => it.callback);
    // A call through an interface may run a method of a library beside those that are known.
    const { callee } = instr;
    const isOwn =
      callee.kind !== "method" ||
      targets.length >= typesOf(this.#points, instance, callee.receiver);
    if (isFollowed && isOwn) return [];
    return instr.callee.kind === "method" ? [instr.callee.receiver, ...instr.args] : instr.args;
  }

  /** What is where an instance can reach it that nobody in the program made, or that other packages can name. */
  *#kept(instance: Instance): Generator<Node> {
    const { regTypes } = instance.func;
    for (const [reg] of regTypes.entries()) {
      for (const location of this.#values(instance, reg as Reg)) {
        const object = this.#points.objectAt(location);
        if (object === undefined || this.#judged.has(object)) continue;
        this.#judged.add(object);
        if (this.#isForeign(object)) yield object.base;
      }
    }
  }

  /** Made by nobody that is looked at, or a variable that other packages use. */
  #isForeign({ kind, site, name }: AbstractObject): boolean {
    if (kind === "global") {
      const pkg = name.slice(0, name.lastIndexOf("."));
      return !this.#mains.has(pkg) && /\.\p{Lu}[^.]*$/u.test(name);
    }
    if (kind === "box" || kind === "closure") return false;
    return site === null || site.op === "call" || site.op === "defer" || site.op === "spawn";
  }

  /** Whether callers from other packages, which are not looked at, can name it. */
  #isExported({ pkg, display, parent, library }: Func): boolean {
    if (library || parent !== null || this.#mains.has(pkg)) return false;
    const last = display.slice(display.lastIndexOf(".") + 1);
    return /^\p{Lu}/u.test(last) && !/^(Test|Benchmark|Example|Fuzz)/.test(last);
  }

  /** All that a register's parts may be. */
  *#values(instance: Instance, reg: Reg): Generator<Node> {
    const node = instance.regs[reg];
    const type = instance.func.regTypes[reg];
    if (node === undefined || type === undefined) return;
    const width = this.#points.slots.width(type);
    for (let slot = 0; slot < width; slot++) yield* this.#points.contents(node + slot);
  }
}

/** How many types of values an interface may hold; beyond counting when one is not known. */
function typesOf(points: PointsTo, instance: Instance, receiver: Reg): number {
  const boxes = [...points.locations(instance, receiver)].map((it) => points.objectAt(it));
  if (boxes.some((it) => it?.kind !== "box")) return Number.POSITIVE_INFINITY;
  return new Set(boxes.map((it) => it?.type)).size;
}
