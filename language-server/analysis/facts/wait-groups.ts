// What functions do to wait groups: every Add, Done and Wait with those of the functions they call, and which goroutines
// they start.

import { spanOf } from "../../ir/access.js";
import type { Func, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { startsGoroutine } from "./escape.js";
import type { Point } from "./graph.js";
import { callsOf } from "./instructions.js";
import { pointsTo, type Instance, type PointsTo } from "./points-to.js";
import { definitionsOf } from "./skeleton.js";
import type { Node } from "./solver.js";

/** An operation on a wait group, by where it stands in a function or is called from there. */
export interface GroupUse {
  readonly kind: "add" | "done" | "wait";
  /** The one group it can be. */
  readonly group: Node;
  /** The register of the group's address, where the operation itself is. */
  readonly through: { readonly func: Func; readonly reg: Reg };
  /** Null: not a constant. Waits: 0. */
  readonly delta: number | null;
  readonly point: Point;
  /** Runs when the function returns. */
  readonly deferred: boolean;
  readonly instr: Instr;
  /** Of the operation itself. */
  readonly span: SpanId;
}

/** A goroutine that a function starts. */
export interface GroupSpawn {
  readonly point: Point;
  readonly instr: Instr;
  readonly targets: readonly Instance[];
}

export interface WaitGroups {
  usesOf(instance: Instance): readonly GroupUse[];
  spawnsOf(instance: Instance): readonly GroupSpawn[];
  /** With those that the functions it calls start. */
  allSpawnsOf(instance: Instance): readonly GroupSpawn[];
  /** Instances with a use of their own, in order. */
  readonly users: readonly Instance[];
}

/** Calls are followed this deep. */
const deepest = 6;
/** Functions with more uses than this in what they call, which only programs have whose calls are not told apart, tell nothing, which is said. */
const mostUses = 500;

export const waitGroups: Fact<WaitGroups> = {
  name: "wait-groups",
  compute({ program, get, gap }) {
    return new Uses(program, get(pointsTo), ({ func }) => {
      const span = spanOf(program, func.span);
      gap({ span, reason: "wait groups: too many uses to follow, they are not compared" });
    });
  },
};

class Uses implements WaitGroups {
  readonly users: readonly Instance[];
  readonly #program: Program;
  readonly #points: PointsTo;
  readonly #uses = new Map<Instance, readonly GroupUse[]>();
  readonly #spawns = new Map<Instance, readonly GroupSpawn[]>();
  readonly #allSpawns = new Map<Instance, readonly GroupSpawn[]>();
  readonly #matters: ReadonlySet<Instance>;
  readonly #tellCut: (instance: Instance) => void;
  #cut = false;
  #depth = 0;

  /** `tellCut` is called at the first function with too many uses. */
  constructor(program: Program, points: PointsTo, tellCut: (instance: Instance) => void) {
    this.#tellCut = tellCut;
    this.#program = program;
    this.#points = points;
    this.#matters = this.#reaching();
    this.users = points.instances.filter((it) => this.#matters.has(it));
  }

  /** Instances with an operation on a wait group, and those that call them. */
  #reaching(): Set<Instance> {
    const callers = new Map<Instance, Instance[]>();
    const reaching = new Set<Instance>();
    for (const instance of this.#points.instances) {
      for (const instr of callsOf(instance.func)) {
        if (kindOf(instr) !== null) reaching.add(instance);
        for (const { instance: callee } of this.#points.targets(instance, instr)) {
          const list = callers.get(callee);
          if (list === undefined) callers.set(callee, [instance]);
          else list.push(instance);
        }
      }
    }
    for (const it of reaching) for (const caller of callers.get(it) ?? []) reaching.add(caller);
    return reaching;
  }

  usesOf(instance: Instance): readonly GroupUse[] {
    const known = this.#uses.get(instance);
    if (known !== undefined) return known;
    if (!this.#matters.has(instance) || this.#depth >= deepest) return [];
    this.#uses.set(instance, []);
    this.#depth++;
    const uses: GroupUse[] = [];
    instance.func.blocks.forEach(({ instrs }, block) => {
      instrs.forEach((instr, index) => {
        if (uses.length > mostUses) return;
        for (const it of this.#of(instance, instr, { block, index })) uses.push(it);
      });
    });
    this.#depth--;
    if (uses.length > mostUses) {
      if (!this.#cut) this.#tellCut(instance);
      this.#cut = true;
      return [];
    }
    this.#uses.set(instance, uses);
    return uses;
  }

  #of(instance: Instance, instr: Instr, point: Point): readonly GroupUse[] {
    if (instr.op === "sync") {
      const use = this.#use(instance, instr, point);
      return use === null ? [] : [use];
    }
    if ((instr.op !== "call" && instr.op !== "defer") || startsGoroutine(this.#program, instr))
      return [];
    const deferred = instr.op === "defer";
    return this.#points
      .targets(instance, instr)
      .filter((it) => !it.callback)
      .flatMap((it) => this.usesOf(it.instance))
      .map((it) => ({ ...it, point, deferred, instr }));
  }

  #use(instance: Instance, instr: Extract<Instr, { op: "sync" }>, point: Point): GroupUse | null {
    const { object, args, span } = instr;
    const delta = deltaOf(instance.func, args[0]);
    const kind = kindOf(instr, delta);
    if (kind === null || object === null) return null;
    const [group, ...others] = this.#points.locations(instance, object);
    if (group === undefined || others.length > 0) return null;
    const through = { func: instance.func, reg: object };
    return { kind, group, through, delta, point, deferred: false, instr, span };
  }

  allSpawnsOf(instance: Instance): readonly GroupSpawn[] {
    const known = this.#allSpawns.get(instance);
    if (known !== undefined) return known;
    if (!this.#matters.has(instance)) return [];
    const spawns = [...this.spawnsOf(instance)];
    this.#allSpawns.set(instance, spawns);
    instance.func.blocks.forEach(({ instrs }, block) => {
      instrs.forEach((instr, index) => {
        if (instr.op !== "call" || startsGoroutine(this.#program, instr)) return;
        for (const { instance: callee } of this.#points.targets(instance, instr)) {
          const point = { block, index };
          spawns.push(...this.allSpawnsOf(callee).map((it) => ({ ...it, point })));
        }
      });
    });
    return spawns;
  }

  spawnsOf(instance: Instance): readonly GroupSpawn[] {
    const known = this.#spawns.get(instance);
    if (known !== undefined) return known;
    const spawns: GroupSpawn[] = [];
    instance.func.blocks.forEach(({ instrs }, block) => {
      instrs.forEach((instr, index) => {
        if (!startsGoroutine(this.#program, instr)) return;
        const targets = this.#points.targets(instance, instr).map((it) => it.instance);
        spawns.push({ point: { block, index }, instr, targets });
      });
    });
    this.#spawns.set(instance, spawns);
    return spawns;
  }
}

function deltaOf(func: Func, reg: Reg | undefined): number | null {
  return reg === undefined ? 0 : constantOf(func, reg);
}

function kindOf(instr: Instr, delta: number | null = 0): GroupUse["kind"] | null {
  if (instr.op !== "sync") return null;
  if (instr.fn === "wg-wait") return "wait";
  if (instr.fn !== "wg-add") return null;
  return delta !== null && delta < 0 ? "done" : "add";
}

/** The number a register always has; null: not known. */
export function constantOf(func: Func, reg: Reg | undefined): number | null {
  const definition = reg === undefined ? undefined : definitionsOf(func).get(reg);
  if (definition?.op !== "const" || typeof definition.value !== "number") return null;
  return definition.value;
}
