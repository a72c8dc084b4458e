// Whether two goroutines that index the same array touch different elements: the index comes from a variable
// that each goroutine has of its own (its parameter, a loop variable per iteration, a value it received).
// May take two elements for different that are not: the price of not warning about every `results[i] = …`.

import type { Instr, Reg } from "../../ir/ir.js";
import type { Instance, PointsTo } from "./points-to.js";
import { definitionsOf } from "./skeleton.js";
import type { Thread } from "./threads.js";

export interface IndexSource {
  readonly instance: Instance;
  /** The register the accessed address is in. */
  readonly through: Reg;
  readonly threads: readonly Thread[];
}

export function disjointIndices(points: PointsTo, left: IndexSource, right: IndexSource): boolean {
  const ours = indexOf(points, left);
  const theirs = indexOf(points, right);
  if (ours === null || theirs === null) return false;
  if (ours.part && theirs.part) return true;
  if (ours.constant !== null && theirs.constant !== null) return ours.constant !== theirs.constant;
  return [...ours.leaves].some((it) => theirs.leaves.has(it));
}

interface Index {
  readonly constant: number | null;
  /** Variables the index is computed from. */
  readonly leaves: ReadonlySet<string>;
  /** The array is a part that the goroutine was given: `go work(data[lo:hi])`. */
  readonly part: boolean;
}

function indexOf(points: PointsTo, source: IndexSource): Index | null {
  const definitions = definitionsOf(source.instance.func);
  let reg = source.through;
  for (let steps = 0; steps < 16; steps++) {
    const definition = definitions.get(reg);
    if (definition?.op === "field") reg = definition.base;
    else if (definition?.op === "element") {
      const tracer = new Tracer(points, source, definitions);
      tracer.trace(source.instance, definition.index, definitions);
      return {
        constant: tracer.constant,
        leaves: tracer.leaves,
        part: isPart(source, definition.base),
      };
    } else return null;
  }
  return null;
}

/** Whether the slice in `base` was cut out by whoever started the goroutine. */
function isPart({ instance, threads }: IndexSource, base: Reg): boolean {
  const position = instance.func.params.indexOf(base);
  return threads.some((thread) => {
    if (position < 0 || thread.instr.op !== "spawn") return false;
    const arg = thread.instr.args[position];
    const made =
      arg === undefined ? undefined : definitionsOf(thread.spawner.instance.func).get(arg);
    return made?.op === "slice" && (made.low !== null || made.high !== null);
  });
}

class Tracer {
  readonly leaves = new Set<string>();
  constant: number | null = null;
  readonly #points: PointsTo;
  readonly #source: IndexSource;
  readonly #own: ReadonlyMap<Reg, Instr>;
  readonly #seen = new Set<string>();

  constructor(points: PointsTo, source: IndexSource, own: ReadonlyMap<Reg, Instr>) {
    this.#points = points;
    this.#source = source;
    this.#own = own;
  }

  trace(instance: Instance, reg: Reg, definitions: ReadonlyMap<Reg, Instr>): void {
    const key = `${instance.id} ${reg}`;
    if (this.#seen.has(key) || this.#seen.size > 64) return;
    const first = this.#seen.size === 0;
    this.#seen.add(key);
    const definition = definitions.get(reg);
    switch (definition?.op) {
      case "const":
        if (first && typeof definition.value === "number") this.constant = definition.value;
        break;
      case "prim":
        for (const arg of definition.args) this.trace(instance, arg, definitions);
        break;
      case "convert":
        this.trace(instance, definition.value, definitions);
        break;
      case "load":
        for (const it of this.#points.locations(instance, definition.addr))
          this.leaves.add(`cell ${it}`);
        break;
      case undefined:
        this.#parameter(instance, reg, definitions);
        break;
      default:
        this.leaves.add(`value ${key}`);
    }
  }

  #parameter(instance: Instance, reg: Reg, definitions: ReadonlyMap<Reg, Instr>): void {
    const { func } = instance;
    const position = func.params.indexOf(reg);
    if (position >= 0) {
      this.leaves.add(`parameter ${instance.id} ${reg}`);
      this.#argument(instance, position);
      return;
    }
    for (const block of func.blocks) {
      const edges =
        block.exit.op === "jump"
          ? [block.exit.to]
          : block.exit.op === "branch"
            ? [block.exit.then, block.exit.else]
            : [];
      for (const edge of edges) {
        const index = func.blocks[edge.block]?.params.indexOf(reg) ?? -1;
        const arg = edge.args[index];
        if (index >= 0 && arg !== undefined) this.trace(instance, arg, definitions);
      }
    }
  }

  /** What the goroutine's parameter was given where it was started. */
  #argument(instance: Instance, position: number): void {
    if (instance !== this.#source.instance) return;
    for (const thread of this.#source.threads) {
      if (thread.instr.op !== "spawn" || !thread.targets.some((it) => it.instance === instance))
        continue;
      const arg = thread.instr.args[position];
      const { instance: spawner } = thread.spawner;
      if (arg === undefined) continue;
      const definitions = spawner === instance ? this.#own : definitionsOf(spawner.func);
      const definition = definitions.get(arg);
      if (definition?.op === "const" && typeof definition.value === "number") {
        this.constant = this.#source.threads.length === 1 ? definition.value : null;
      } else this.trace(spawner, arg, definitions);
    }
  }
}
