import type { Instr } from "../../ir/ir.js";
import type { Instance } from "./points-to.js";
import type { Op, Skeleton } from "./skeleton.js";
import type { TokenSets } from "./token-sets.js";
import type { Tokens } from "./tokens.js";

/** A frame, as far as it matters here. */
interface Running {
  readonly instance: Instance;
  readonly skeleton: Skeleton;
  readonly callers: ReadonlyMap<Running, ReadonlyMap<Instr, unknown>>;
}

/** What a function may still give, worked out once for all frames that run it. */
interface Rests {
  /** By block and op: in the rest of the function. */
  readonly after: readonly (readonly Tokens[])[];
  /** By call: in the rest of the function, wherever the call stands in it. */
  readonly afterCall: ReadonlyMap<Instr, Tokens>;
}

const none: Tokens = [];

/** The tokens a goroutine may still give after a point: in the rest of the function and of its callers. */
export class After {
  readonly #given = new Map<Instance, Tokens>();
  readonly #outside = new Map<Running, Tokens>();
  readonly #rests = new Map<Instance, Rests>();
  readonly #sets: TokenSets;

  constructor(frames: ReadonlySet<Running>, sets: TokenSets) {
    this.#sets = sets;
    this.#give(new Map([...frames].map((it) => [it.instance, it.skeleton])));
    this.#ascend(frames);
  }

  /** Equal ones are identical, as what is worked out from them is kept by identity. */
  at(frame: Running, block: number, position: number): Tokens {
    const inside = this.#restsOf(frame).after[block]?.[position] ?? none;
    return this.#sets.only(this.#sets.union(inside, this.#outside.get(frame) ?? none));
  }

  /** What running a whole instance may give: its own, and what the instances that it calls give. */
  #give(skeletons: ReadonlyMap<Instance, Skeleton>): void {
    const callers = new Map<Instance, Set<Instance>>();
    for (const [instance, skeleton] of skeletons) {
      let given = none;
      for (const op of opsOf(skeleton)) {
        if (op.kind === "signal") given = this.#sets.union(given, op.tokens);
        if (op.kind !== "call" && op.kind !== "defer") continue;
        for (const target of op.targets) {
          if (!skeletons.has(target.instance)) continue;
          const known = callers.get(target.instance);
          if (known === undefined) callers.set(target.instance, new Set([instance]));
          else known.add(instance);
        }
      }
      this.#given.set(instance, given);
    }
    this.#spread([...skeletons.keys()], this.#given, (it) => callers.get(it) ?? []);
  }

  /** What may be given once the frame has returned. */
  #ascend(frames: ReadonlySet<Running>): void {
    const callees = new Map<Running, Running[]>();
    for (const frame of frames) {
      let outside = none;
      for (const [caller, sites] of frame.callers) {
        const { afterCall } = this.#restsOf(caller);
        for (const site of sites.keys())
          outside = this.#sets.union(outside, afterCall.get(site) ?? none);
        const known = callees.get(caller);
        if (known === undefined) callees.set(caller, [frame]);
        else known.push(frame);
      }
      this.#outside.set(frame, outside);
    }
    this.#spread([...frames], this.#outside, (it) => callees.get(it) ?? []);
  }

  #of(op: Op): Tokens {
    if (op.kind === "signal") return op.tokens;
    if (op.kind !== "call" && op.kind !== "defer") return none;
    let tokens = none;
    for (const it of op.targets)
      tokens = this.#sets.union(tokens, this.#given.get(it.instance) ?? none);
    return tokens;
  }

  #restsOf({ instance, skeleton }: Running): Rests {
    const known = this.#rests.get(instance);
    if (known !== undefined) return known;
    const deferred = opsOf(skeleton).filter((it) => it.kind === "defer");
    const ends = this.#blockEnds(skeleton).map((end) =>
      deferred.reduce((tokens, it) => this.#sets.union(tokens, this.#of(it)), end),
    );
    const afterCall = new Map<Instr, Tokens>();
    const after = skeleton.map(({ ops }, index) => {
      const rests: Tokens[] = [];
      let rest = ends[index] ?? none;
      for (let position = ops.length - 1; position >= 0; position--) {
        const op = ops[position];
        if (op === undefined) continue;
        rests[position] = rest;
        if (op.kind === "call" || op.kind === "defer")
          afterCall.set(op.instr, this.#sets.union(afterCall.get(op.instr) ?? none, rest));
        rest = this.#sets.union(rest, this.#of(op));
      }
      return rests;
    });
    const rests = { after, afterCall };
    this.#rests.set(instance, rests);
    return rests;
  }

  /** Per block, what may be given after its last op. */
  #blockEnds(skeleton: Skeleton): readonly Tokens[] {
    const inEdges = skeleton.map(({ next }) =>
      next.map(({ ops }) =>
        ops.reduce((tokens, it) => this.#sets.union(tokens, this.#of(it)), none),
      ),
    );
    const inBlocks = skeleton.map(({ ops }) =>
      ops.reduce((tokens, it) => this.#sets.union(tokens, this.#of(it)), none),
    );
    const ends: Tokens[] = skeleton.map(() => none);
    for (let changed = true; changed; ) {
      changed = false;
      // What comes after is known first where blocks are taken from the last.
      for (let index = skeleton.length - 1; index >= 0; index--) {
        const known = ends[index] ?? none;
        let end = known;
        skeleton[index]?.next.forEach(({ to }, nth) => {
          end = this.#sets.union(end, inEdges[index]?.[nth] ?? none);
          end = this.#sets.union(end, inBlocks[to] ?? none);
          end = this.#sets.union(end, ends[to] ?? none);
        });
        if (end !== known) changed = true;
        ends[index] = end;
      }
    }
    return ends;
  }

  /** Adds what each has to what all have to which it leads, until nothing changes. */
  #spread<T>(all: readonly T[], tokens: Map<T, Tokens>, leadsTo: (it: T) => Iterable<T>): void {
    const waiting = new Set(all);
    for (const it of waiting) {
      waiting.delete(it);
      const own = tokens.get(it) ?? none;
      for (const other of leadsTo(it)) {
        const known = tokens.get(other) ?? none;
        const both = this.#sets.union(known, own);
        if (both === known) continue;
        tokens.set(other, both);
        waiting.add(other);
      }
    }
  }
}

function opsOf(skeleton: Skeleton): readonly Op[] {
  return skeleton.flatMap(({ ops, next }) => [...ops, ...next.flatMap((edge) => edge.ops)]);
}
