// What a function still does with an object after it has sent it away: where ownership is handed over through
// channels, these are the accesses that did not notice. Told by registers of one function, so that it is the same
// object and not another one that was made in the same place.

import type { Func, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import { graphOf } from "./graph.js";
import { accessesOf } from "./accesses.js";
import type { Instance, PointsTo } from "./points-to.js";
import { definitionsOf } from "./skeleton.js";
import { reversed, union, type Tokens } from "./tokens.js";

export interface Handoff {
  /** Where the object was sent. */
  readonly span: SpanId;
  /** The channels; and what receiving from them tells the sender, which is too early to tell anything. */
  readonly channels: Tokens;
  readonly tokens: Tokens;
}

interface Sent {
  readonly instr: Instr;
  readonly chan: Reg;
  readonly value: Reg;
}

export class Handoffs {
  readonly #program: Program;
  readonly #points: PointsTo;
  readonly #known = new Map<Instance, ReadonlyMap<Instr, Handoff>>();

  constructor(program: Program, points: PointsTo) {
    this.#program = program;
    this.#points = points;
  }

  /** The send before an access; null when the object is not known to have been sent away. */
  before(instance: Instance, access: Instr): Handoff | null {
    let known = this.#known.get(instance);
    if (known === undefined) this.#known.set(instance, (known = this.#find(instance)));
    return known.get(access) ?? null;
  }

  #find(instance: Instance): ReadonlyMap<Instr, Handoff> {
    const { func } = instance;
    const found = new Map<Instr, Handoff>();
    const sends = sendsOf(func);
    if (sends.length === 0) return found;
    const graph = graphOf(func);
    const definitions = definitionsOf(func);
    for (const { instr, chan, value } of sends) {
      const root = rootOf(definitions, value);
      if (root === null) continue;
      const channels = [...this.#points.locations(instance, chan)].sort((a, b) => a - b);
      const tokens = union(channels, reversed(channels));
      const handoff: Handoff = { span: instr.span, channels, tokens };
      for (const later of graph.instrsAfter(instr, definitions.get(root) ?? null)) {
        const accesses = accessesOf(this.#program, this.#points, instance, later);
        if (accesses.some((it) => rootOf(definitions, it.through) === root))
          found.set(later, found.get(later) ?? handoff);
      }
    }
    return found;
  }
}

function sendsOf({ blocks }: Func): readonly Sent[] {
  return blocks.flatMap(({ instrs }) =>
    instrs.flatMap((instr): Sent[] => {
      if (instr.op === "send") return [{ instr, chan: instr.chan, value: instr.value }];
      if (instr.op !== "select") return [];
      return instr.cases.flatMap(({ chan, value }) =>
        value === null ? [] : [{ instr, chan, value }],
      );
    }),
  );
}

/** The register that holds what a value points into: a pointer, slice or map; null when something else is between. */
function rootOf(definitions: ReadonlyMap<Reg, Instr>, reg: Reg): Reg | null {
  const definition = definitions.get(reg);
  switch (definition?.op) {
    case "field":
    case "element":
    case "slice":
      return rootOf(definitions, definition.base);
    case "convert":
    case "interface":
      return rootOf(definitions, definition.value);
    case "load":
    case "global":
    case "const":
      return null;
    default:
      return reg;
  }
}
