// The concurrency skeleton of an instance: its control-flow graph with only what goroutines can notice of
// each other. The flow-sensitive analysis (threads.ts) runs over this instead of over instructions.

import type { Func, Instr, Program, Reg } from "../../ir/ir.js";
import { edges } from "../../ir/shape.js";
import { accessesOf } from "./accesses.js";
import { calledName, isHandler } from "./constraints.js";
import { startsGoroutine, type Escape } from "./escape.js";
import type { AbstractObject, Instance, PointsTo, Target } from "./points-to.js";
import type { Node } from "./solver.js";
import { freshToken, pausedToken, reversed, type Tokens } from "./tokens.js";

export type Op =
  | {
      readonly kind: "access";
      readonly instr: Instr;
      readonly through: Reg;
      readonly write: boolean;
      readonly atomic: boolean;
      readonly locations: readonly Node[];
      readonly width: number;
    }
  /** `fresh`: the token as a set. */
  | { readonly kind: "alloc"; readonly token: number; readonly fresh: Tokens }
  /** Pointers to these objects become readable through those: they are fresh no more. */
  | { readonly kind: "publish"; readonly what: Tokens; readonly into: Tokens }
  | ({ readonly kind: "acquire" } & LockUse)
  | ({ readonly kind: "release" } & LockUse)
  | { readonly kind: "signal"; readonly instr: Instr; readonly tokens: Tokens }
  | { readonly kind: "receive"; readonly instr: Instr; readonly tokens: Tokens }
  /** An Add or a Wait, also of a Cond, as such, for checks that ask what runs beside it: orders nothing. */
  | { readonly kind: "mark"; readonly instr: Instr }
  /** `many`: what is started runs any number of times, also beside itself. */
  | ({ readonly kind: "spawn"; readonly many: boolean } & CallSite)
  | ({ readonly kind: "call" } & CallSite)
  | ({ readonly kind: "defer" } & CallSite)
  | { readonly kind: "run-defers" };

export interface LockUse {
  readonly instr: Instr;
  readonly lock: Reg;
  readonly locks: readonly Node[];
  readonly shared: boolean;
}

export interface CallSite {
  readonly instr: Instr;
  readonly targets: readonly Target[];
}

export interface SkeletonEdge {
  readonly to: number;
  /** What a chosen case of a select did. */
  readonly ops: readonly Op[];
}

export interface SkeletonBlock {
  readonly ops: readonly Op[];
  readonly next: readonly SkeletonEdge[];
  readonly returns: boolean;
}

/** Stored values that reach more objects than this publish only the first. */
const mostReached = 64;

export type Skeleton = readonly SkeletonBlock[];

export function skeletonOf(
  program: Program,
  points: PointsTo,
  escape: Escape,
  instance: Instance,
): Skeleton {
  return new Maker(program, points, escape, instance).make();
}

class Maker {
  readonly #program: Program;
  readonly #points: PointsTo;
  readonly #escape: Escape;
  readonly #instance: Instance;
  readonly #definitions: ReadonlyMap<Reg, Instr>;

  constructor(program: Program, points: PointsTo, escape: Escape, instance: Instance) {
    this.#program = program;
    this.#points = points;
    this.#escape = escape;
    this.#instance = instance;
    this.#definitions = definitionsOf(instance.func);
  }

  make(): Skeleton {
    return this.#instance.func.blocks.map((block) => ({
      ops: block.instrs.flatMap((it) => this.#ops(it)),
      next: edges(block.exit).map((it, index) => ({
        to: it.block,
        ops: index === 0 && block.exit.op === "branch" ? this.#chosen(block.exit.cond) : [],
      })),
      returns: block.exit.op === "return",
    }));
  }

  #sorted(reg: Reg): Node[] {
    return [...this.#points.locations(this.#instance, reg)].sort((a, b) => a - b);
  }

  #shared(locations: Iterable<Node>): Node[] {
    return [...locations].filter((it) => {
      const object = this.#points.objectAt(it);
      return object !== undefined && this.#escape.shared(object.base);
    });
  }

  /** The objects at the locations and, up to a bound, what can be reached from them. */
  #reachable(locations: Iterable<Node>): Tokens {
    const objects = new Set<AbstractObject>();
    const add = (it: Node): void => {
      const object = this.#points.objectAt(it);
      if (object !== undefined && objects.size < mostReached) objects.add(object);
    };
    for (const it of locations) add(it);
    for (const { base } of objects) {
      const room = this.#points.room(base);
      for (let slot = 0; slot < room; slot++)
        for (const it of this.#points.contents(base + slot)) add(it);
    }
    return this.#freshTokens([...objects].map((it) => it.base));
  }

  #freshTokens(locations: Iterable<Node>): Tokens {
    const bases = this.#shared(locations).map((it) => this.#points.objectAt(it)?.base ?? it);
    return [...new Set(bases)].map(freshToken).sort((a, b) => a - b);
  }

  #ops(instr: Instr): Op[] {
    const ops: Op[] = [];
    for (const access of accessesOf(this.#program, this.#points, this.#instance, instr)) {
      const locations = this.#shared(access.locations).sort((a, b) => a - b);
      const { through, write, atomic, width } = access;
      if (locations.length > 0) {
        ops.push({ kind: "access", instr, through, write, atomic, locations, width });
      }
    }
    if (instr.op === "store")
      this.#publish(ops, this.#points.locations(this.#instance, instr.value), instr.addr);
    if (instr.op === "send")
      this.#publish(ops, this.#points.locations(this.#instance, instr.value), instr.chan);
    if (
      instr.op === "map" &&
      instr.fn === "set" &&
      instr.args[0] !== undefined &&
      instr.args[2] !== undefined
    ) {
      this.#publish(ops, this.#points.locations(this.#instance, instr.args[2]), instr.args[0]);
    }
    if (startsGoroutine(this.#program, instr)) {
      const many = instr.op === "call" && isHandler(calledName(this.#program, instr.callee));
      ops.push({ kind: "spawn", many, instr, targets: this.#targets(instr) });
      return ops;
    }
    ops.push(...this.#synchronises(instr));
    return ops;
  }

  #targets(instr: Instr): Target[] {
    return this.#points
      .targets(this.#instance, instr)
      .filter((it) => this.#escape.relevant(it.instance));
  }

  #publish(ops: Op[], values: Iterable<Node>, into: Reg): void {
    const what = this.#reachable(values);
    if (what.length === 0) return;
    const holders = this.#sorted(into).map((it) => this.#points.objectAt(it)?.base ?? it);
    ops.push({
      kind: "publish",
      what,
      into: [...new Set(holders)].map(freshToken).sort((a, b) => a - b),
    });
  }

  #synchronises(instr: Instr): Op[] {
    switch (instr.op) {
      case "alloc":
      case "make": {
        const token = this.#freshTokens(this.#points.locations(this.#instance, instr.dst));
        return token.map((it) => ({ kind: "alloc", token: it, fresh: [it] }));
      }
      case "acquire":
      case "release":
      case "try-acquire": {
        const locks = this.#sorted(instr.lock);
        const kind = instr.op === "release" ? "release" : "acquire";
        return [{ kind, instr, lock: instr.lock, locks, shared: instr.shared }];
      }
      case "send":
        return this.#sends(instr, instr.chan);
      case "recv":
        return this.#receives(instr, instr.chan);
      case "close":
        return [{ kind: "signal", instr, tokens: this.#sorted(instr.chan) }];
      case "select": {
        const [only] = instr.cases;
        if (!instr.blocking || instr.cases.length !== 1 || only === undefined) return [];
        return only.dir === "send"
          ? this.#sends(instr, only.chan)
          : this.#receives(instr, only.chan);
      }
      case "sync":
        return instr.object === null ? [] : this.#sync(instr, this.#sorted(instr.object));
      case "atomic": {
        const tokens = this.#sorted(instr.addr);
        const signal: Op = { kind: "signal", instr, tokens };
        const receive: Op = { kind: "receive", instr, tokens };
        // Reading a flag is how one waits; counting up is not, though it reads as well.
        if (instr.fn === "load") return [receive];
        return instr.fn === "cas" ? [receive, signal] : [signal];
      }
      case "call":
      case "defer": {
        // Its body has nothing more to tell, and would be run once for each of many tests.
        if (calledName(this.#program, instr.callee) === "(*testing.T).Parallel")
          return [{ kind: "signal", instr, tokens: [pausedToken] }];
        const targets = this.#targets(instr);
        if (targets.length > 0) return [{ kind: instr.op, instr, targets }];
        return this.#made(instr).map((token) => ({ kind: "alloc", token, fresh: [token] }));
      }
      case "run-defers":
        return [{ kind: "run-defers" }];
      default:
        return [];
    }
  }

  /** What a library function has made for its result. */
  #made(instr: Instr): Tokens {
    if (instr.op !== "call" || instr.dst === null) return [];
    const own = this.#sorted(instr.dst).filter(
      (it) => this.#points.objectAt(it)?.site === instr && this.#points.objectAt(it)?.base === it,
    );
    return this.#freshTokens(own);
  }

  /** Null when it is not known, or when a library uses the channel in its own way. */
  #capacity(channels: readonly Node[]): number | null {
    const capacities = new Set(
      channels.map((it) => {
        const made = this.#points.objectAt(it);
        return made?.instance?.func.library === true ? null : (made?.capacity ?? null);
      }),
    );
    const [capacity] = capacities;
    return capacities.size === 1 && capacity !== undefined ? capacity : null;
  }

  /**
   * A send orders what follows its receive. On an unbuffered channel the receive also orders what follows the
   * send; a channel with one place is a lock for who puts something in and takes it out again.
   */
  #sends(instr: Instr, chan: Reg): Op[] {
    const tokens = this.#sorted(chan);
    const capacity = this.#capacity(tokens);
    const ops: Op[] = [{ kind: "signal", instr, tokens }];
    if (capacity === 0) ops.push({ kind: "receive", instr, tokens: reversed(tokens) });
    if (capacity === 1)
      ops.push({ kind: "acquire", instr, lock: chan, locks: tokens, shared: false });
    return ops;
  }

  #receives(instr: Instr, chan: Reg): Op[] {
    const tokens = this.#sorted(chan);
    const ops: Op[] = [{ kind: "receive", instr, tokens }];
    const capacity = this.#capacity(tokens);
    if (capacity === 0) ops.push({ kind: "signal", instr, tokens: reversed(tokens) });
    if (capacity === 1)
      ops.push({ kind: "release", instr, lock: chan, locks: tokens, shared: false });
    return ops;
  }

  #sync(instr: Extract<Instr, { op: "sync" }>, tokens: Tokens): Op[] {
    switch (instr.fn) {
      case "wg-wait":
        return [
          { kind: "mark", instr },
          { kind: "receive", instr, tokens },
        ];
      case "cond-enqueue":
        return [{ kind: "mark", instr }];
      case "once-begin":
      case "cond-park":
        return [{ kind: "receive", instr, tokens }];
      case "once-end":
      case "cond-signal":
      case "cond-broadcast":
        return [{ kind: "signal", instr, tokens }];
      case "wg-add": {
        const [by] = instr.args;
        const delta = by === undefined ? undefined : this.#definitions.get(by);
        const value = delta?.op === "const" && typeof delta.value === "number" ? delta.value : null;
        const mark: Op = { kind: "mark", instr };
        if (value !== null && value > 0) return [mark];
        const signal: Op = { kind: "signal", instr, tokens };
        return value === null ? [mark, signal] : [signal];
      }
      default:
        return [];
    }
  }

  /** What holds on the branch taken when `condition` is true: which case of a select was chosen. */
  #chosen(condition: Reg): Op[] {
    const test = this.#definitions.get(condition);
    if (test?.op !== "prim" || test.fn !== "eq") return [];
    const [left, right] = test.args.map((it) => this.#definitions.get(it));
    if (left?.op !== "extract" || left.index !== 0 || right?.op !== "const") return [];
    const select = this.#definitions.get(left.tuple);
    if (select?.op !== "select" || typeof right.value !== "number") return [];
    const chosen = select.cases[right.value];
    if (chosen === undefined) return [];
    return chosen.dir === "send"
      ? this.#sends(select, chosen.chan)
      : this.#receives(select, chosen.chan);
  }
}

const definitionsKnown = new WeakMap<Func, ReadonlyMap<Reg, Instr>>();

/** Where each register of a function gets its value. */
export function definitionsOf(func: Func): ReadonlyMap<Reg, Instr> {
  const known = definitionsKnown.get(func);
  if (known !== undefined) return known;
  const definitions = new Map<Reg, Instr>();
  definitionsKnown.set(func, definitions);
  for (const block of func.blocks) {
    for (const instr of block.instrs) {
      if ("dst" in instr && instr.dst !== null) definitions.set(instr.dst, instr);
    }
  }
  return definitions;
}
