import type { Instr } from "../../ir/ir.js";
import type { Instance } from "./points-to.js";
import type { Op, Skeleton } from "./skeleton.js";
import { union, type Tokens } from "./tokens.js";

/** A frame, as far as it matters here. */
interface Running {
  readonly instance: Instance;
  readonly skeleton: Skeleton;
  readonly callers: ReadonlyMap<Running, ReadonlyMap<Instr, unknown>>;
}

/** The tokens a goroutine may still give after a point: in the rest of the function and of its callers. */
export class After {
  readonly #frames: ReadonlySet<Running>;
  readonly #given = new Map<Instance, Tokens>();
  readonly #outside = new Map<Running, Tokens>();
  readonly #blocks = new Map<Instance, readonly Tokens[]>();
  readonly #interned = new Map<string, Tokens>();

  constructor(frames: ReadonlySet<Running>) {
    this.#frames = frames;
    this.#fixpoint((it) => this.#give(it));
    this.#fixpoint((it) => this.#ascend(it));
  }

  #fixpoint(step: (frame: Running) => boolean): void {
    for (let changed = true; changed; ) {
      changed = false;
      for (const frame of this.#frames) if (step(frame)) changed = true;
    }
  }

  /** What running the whole instance may give. */
  #give(frame: Running): boolean {
    const known = this.#given.get(frame.instance) ?? [];
    let given = known;
    for (const block of frame.skeleton) {
      for (const op of block.ops) given = union(given, this.#of(op));
      for (const edge of block.next) for (const op of edge.ops) given = union(given, this.#of(op));
    }
    this.#given.set(frame.instance, given);
    return given !== known;
  }

  #of(op: Op): Tokens {
    if (op.kind === "signal") return op.tokens;
    if (op.kind !== "call" && op.kind !== "defer") return [];
    return op.targets.reduce<Tokens>(
      (all, it) => union(all, this.#given.get(it.instance) ?? []),
      [],
    );
  }

  #ascend(frame: Running): boolean {
    const known = this.#outside.get(frame) ?? [];
    let outside = known;
    for (const [caller, sites] of frame.callers) {
      outside = union(outside, this.#outside.get(caller) ?? []);
      caller.skeleton.forEach((block, index) => {
        block.ops.forEach((op, position) => {
          if ((op.kind === "call" || op.kind === "defer") && sites.has(op.instr)) {
            outside = union(outside, this.#inside(caller, index, position));
          }
        });
      });
    }
    this.#outside.set(frame, outside);
    return outside !== known;
  }

  /** Equal ones are identical, as what is worked out from them is kept by identity. */
  at(frame: Running, block: number, position: number): Tokens {
    const tokens = union(this.#inside(frame, block, position), this.#outside.get(frame) ?? []);
    const key = tokens.join();
    const known = this.#interned.get(key);
    if (known === undefined) this.#interned.set(key, tokens);
    return known ?? tokens;
  }

  #inside(frame: Running, index: number, position: number): Tokens {
    const block = frame.skeleton[index];
    if (block === undefined) return [];
    let tokens = this.#blockEnds(frame)[index] ?? [];
    for (const op of block.ops.slice(position + 1)) tokens = union(tokens, this.#of(op));
    for (const it of frame.skeleton) {
      for (const op of it.ops) if (op.kind === "defer") tokens = union(tokens, this.#of(op));
    }
    return tokens;
  }

  /** Per block, what may be given after its last op. */
  #blockEnds(frame: Running): readonly Tokens[] {
    const known = this.#blocks.get(frame.instance);
    if (known !== undefined) return known;
    const ends: Tokens[] = frame.skeleton.map(() => []);
    for (let changed = true; changed; ) {
      changed = false;
      frame.skeleton.forEach((block, index) => {
        let end = ends[index] ?? [];
        for (const edge of block.next) {
          for (const op of edge.ops) end = union(end, this.#of(op));
          for (const op of frame.skeleton[edge.to]?.ops ?? []) end = union(end, this.#of(op));
          end = union(end, ends[edge.to] ?? []);
        }
        if (end !== ends[index]) changed = true;
        ends[index] = end;
      });
    }
    this.#blocks.set(frame.instance, ends);
    return ends;
  }
}
