// What one goroutine does that another may wait for, as the bounded model of who waits for whom knows it.

import type { Instr, Reg, SpanId } from "../../../ir/ir.js";
import type { Instance, PointsTo } from "../points-to.js";
import type { Node } from "../solver.js";
import { constantOf } from "../wait-groups.js";

/** A channel (by its first slot), lock or wait group (by its location). */
export type Primitive = Node;

export type Event =
  | { readonly kind: "make" | "close"; readonly on: Primitive; readonly span: SpanId }
  | { readonly kind: "send" | "recv"; readonly on: Primitive; readonly span: SpanId }
  | {
      readonly kind: "lock" | "unlock" | "rlock" | "runlock";
      readonly on: Primitive;
      readonly span: SpanId;
    }
  | { readonly kind: "add"; readonly on: Primitive; readonly delta: number; readonly span: SpanId }
  | { readonly kind: "wait"; readonly on: Primitive; readonly span: SpanId }
  | {
      readonly kind: "select";
      /** `on` null: a channel that the model does not know, such as a timer's; it may always be ready. */
      readonly cases: readonly { readonly kind: "send" | "recv"; readonly on: Primitive | null }[];
      readonly blocking: boolean;
      readonly span: SpanId;
    }
  | { readonly kind: "spawn"; readonly targets: readonly Instance[]; readonly span: SpanId };

/** An event on primitives that are not told apart, or that the model has no rules for, spoils what is said of them. */
export interface Seen {
  readonly event: Event | null;
  /** All it may be about. */
  readonly about: readonly Primitive[];
  readonly isClear: boolean;
}

const nothing: Seen = { event: null, about: [], isClear: true };

export function seenAt(points: PointsTo, instance: Instance, instr: Instr): Seen {
  const at = (reg: Reg): readonly Primitive[] =>
    [...points.locations(instance, reg)].sort((a, b) => a - b);
  const made = (reg: Reg): readonly Primitive[] =>
    at(reg).filter((it) => points.objectAt(it)?.site?.op === "make");
  const one = (about: readonly Primitive[], make: (on: Primitive) => Event): Seen => {
    const [on, ...others] = about;
    if (on === undefined) return nothing;
    return { event: make(on), about, isClear: others.length === 0 };
  };
  const { span } = instr;
  switch (instr.op) {
    case "make":
      return one(made(instr.dst), (on) => ({ kind: "make", on, span }));
    case "send":
    case "recv":
    case "close": {
      const kind = instr.op;
      return one(made(instr.chan), (on) => ({ kind, on, span }));
    }
    case "acquire":
    case "release": {
      const verb = instr.op === "acquire" ? "lock" : "unlock";
      return one(at(instr.lock), (on) => ({ kind: instr.shared ? `r${verb}` : verb, on, span }));
    }
    case "try-acquire":
      return { event: null, about: at(instr.lock), isClear: false };
    case "select": {
      const all = instr.cases.map((it) => made(it.chan));
      const cases = instr.cases.map(({ dir }, index) => ({
        kind: dir,
        on: all[index]?.[0] ?? null,
      }));
      const event: Event = { kind: "select", cases, blocking: instr.blocking, span };
      return { event, about: all.flat(), isClear: all.every((it) => it.length < 2) };
    }
    case "sync": {
      if (instr.object === null) return nothing;
      const about = at(instr.object);
      if (instr.fn === "wg-wait") return one(about, (on) => ({ kind: "wait", on, span }));
      if (instr.fn === "wg-add") {
        const delta = constantOf(instance.func, instr.args[0]);
        if (delta === null) return { event: null, about, isClear: false };
        return one(about, (on) => ({ kind: "add", on, delta, span }));
      }
      return instr.fn.startsWith("cond-") ? { event: null, about, isClear: false } : nothing;
    }
    default:
      return nothing;
  }
}
