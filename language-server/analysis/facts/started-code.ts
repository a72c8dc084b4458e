// Which functions run in goroutines that others start: by calls from what a `go` runs, and from there on.

import type { Instr, Program } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { startsGoroutine } from "./escape.js";
import { graphOf } from "./graph.js";
import { callsOf } from "./instructions.js";
import { pointsTo, type AbstractObject, type Instance, type PointsTo } from "./points-to.js";

export interface StartedCode {
  /** Whether some goroutine that the program starts may run it. */
  isStarted(instance: Instance): boolean;
  /** Whether it runs at most once for each time that its maker makes the object. */
  isOnce(instance: Instance, made: AbstractObject): boolean;
  /** What runs in the goroutines that executing the instruction starts, in calls from it included. */
  startedBy(instance: Instance, instr: Instr): ReadonlySet<Instance>;
  /** The instances with those they call, in one goroutine. */
  run(instances: readonly Instance[]): ReadonlySet<Instance>;
}

export const startedCode: Fact<StartedCode> = {
  name: "started-code",
  compute: ({ program, get }) => new Code(program, get(pointsTo)),
};

/** Callers are followed this far up. */
const deepest = 8;

class Code implements StartedCode {
  readonly #program: Program;
  readonly #points: PointsTo;
  readonly #callees = new Map<Instance, readonly Instance[]>();
  readonly #spawns = new Map<Instance, readonly Instr[]>();
  readonly #started: ReadonlySet<Instance>;
  readonly #sites = new Map<Instance, { readonly caller: Instance; readonly instr: Instr }[]>();

  constructor(program: Program, points: PointsTo) {
    this.#program = program;
    this.#points = points;
    for (const it of points.instances) {
      const instrs = callsOf(it.func);
      const spawns = instrs.filter((instr) => startsGoroutine(program, instr));
      this.#spawns.set(it, spawns);
      const calls = instrs.filter((instr) => !spawns.includes(instr));
      this.#callees.set(it, [...new Set(calls.flatMap((instr) => this.#targets(it, instr)))]);
      for (const instr of instrs) {
        for (const target of this.#targets(it, instr)) {
          const sites = this.#sites.get(target);
          if (sites === undefined) this.#sites.set(target, [{ caller: it, instr }]);
          else sites.push({ caller: it, instr });
        }
      }
    }
    const first = points.instances.flatMap((it) =>
      this.#spawnsOf(it).flatMap((instr) => this.#targets(it, instr)),
    );
    this.#started = this.run(first);
  }

  #targets(instance: Instance, instr: Instr): readonly Instance[] {
    return this.#points.targets(instance, instr).map((it) => it.instance);
  }

  #spawnsOf(instance: Instance): readonly Instr[] {
    return this.#spawns.get(instance) ?? [];
  }

  isStarted(instance: Instance): boolean {
    return this.#started.has(instance);
  }

  isOnce(instance: Instance, made: AbstractObject): boolean {
    let at = instance;
    for (let depth = 0; depth < deepest; depth++) {
      if (at === made.instance) return true;
      const [site, ...others] = this.#sites.get(at) ?? [];
      if (site === undefined || others.length > 0) return false;
      const graph = graphOf(site.caller.func);
      const point = graph.pointOf(site.instr);
      const start = made.site === null ? undefined : graph.pointOf(made.site);
      const isRound = point !== undefined && start !== undefined && graph.inOneLoop(start, point);
      if (point === undefined || (graph.inLoop(point) && !isRound)) return false;
      at = site.caller;
    }
    return false;
  }

  run(instances: readonly Instance[]): ReadonlySet<Instance> {
    const reached = new Set(instances);
    for (const it of reached) for (const callee of this.#callees.get(it) ?? []) reached.add(callee);
    return reached;
  }

  startedBy(instance: Instance, instr: Instr): ReadonlySet<Instance> {
    const targets = this.#targets(instance, instr);
    if (targets.length === 0) return new Set();
    if (startsGoroutine(this.#program, instr)) return this.run(targets);
    const first = [...this.run(targets)].flatMap((it) =>
      this.#spawnsOf(it).flatMap((spawn) => this.#targets(it, spawn)),
    );
    return first.length === 0 ? new Set() : this.run(first);
  }
}
