// What a program does with each channel that it makes: every send, receive and close there is, and whether that is all.
// A channel that code comes to which is not looked at, or whose callers are unknown, is never known as a whole.

import { throwIfCancelled } from "../../base/cancel.js";
import type { Func, Instr, Reg, SpanId } from "../../ir/ir.js";
import type { Fact, FactInput } from "../check.js";
import type { Point } from "./graph.js";
import { outside } from "./outside.js";
import { pointsTo, type AbstractObject, type Instance } from "./points-to.js";

/** A send, receive or close, also as a case of a select. */
export interface ChannelUse {
  readonly kind: "send" | "recv" | "close";
  readonly instance: Instance;
  readonly instr: Instr;
  readonly point: Point;
  readonly chan: Reg;
  /** Of the operation, of a select's case that of the case. */
  readonly span: SpanId;
  /** Where whoever waits for it is blocked. */
  readonly waits: SpanId;
  /** What it may be done to. */
  readonly channels: readonly AbstractObject[];
  /** The goroutine can go on without it: by another case or a default. */
  readonly hasOtherWay: boolean;
  /** `range`, or a receive that tells whether the channel is closed. */
  readonly commaOk: boolean;
}

export interface Channels {
  readonly uses: readonly ChannelUse[];
  usesOf(channel: AbstractObject): readonly ChannelUse[];
  /** Whether all that is ever done to it is known. */
  isKnown(channel: AbstractObject): boolean;
}

export const channels: Fact<Channels> = {
  name: "channels",
  compute: (input) => new Uses(input),
};

class Uses implements Channels {
  readonly uses: readonly ChannelUse[];
  readonly #of = new Map<AbstractObject, ChannelUse[]>();
  readonly #isOutside: (object: AbstractObject) => boolean;

  constructor({ cancel, get }: FactInput) {
    const points = get(pointsTo);
    this.#isOutside = (it) => get(outside).has(it);
    const at = (instance: Instance, chan: Reg): readonly AbstractObject[] =>
      [...points.locations(instance, chan)]
        .sort((a, b) => a - b)
        .flatMap((it) => points.objectAt(it) ?? []);
    this.uses = points.instances.flatMap((instance) => {
      throwIfCancelled(cancel);
      return usesIn(instance.func).map((it) => ({
        ...it,
        instance,
        channels: at(instance, it.chan),
      }));
    });
    for (const use of this.uses) {
      for (const it of use.channels) {
        const list = this.#of.get(it);
        if (list === undefined) this.#of.set(it, [use]);
        else list.push(use);
      }
    }
  }

  usesOf(channel: AbstractObject): readonly ChannelUse[] {
    return this.#of.get(channel) ?? [];
  }

  isKnown(channel: AbstractObject): boolean {
    const { site, instance } = channel;
    if (site?.op !== "make" || instance === null || instance.func.library) return false;
    return !this.#isOutside(channel);
  }
}

type Written = Omit<ChannelUse, "instance" | "channels">;

const known = new WeakMap<Func, readonly Written[]>();

function usesIn(func: Func): readonly Written[] {
  let found = known.get(func);
  if (found === undefined) {
    found = func.blocks.flatMap(({ instrs }, block) =>
      instrs.flatMap((instr, index) => written(instr, { block, index })),
    );
    known.set(func, found);
  }
  return found;
}

function written(instr: Instr, point: Point): readonly Written[] {
  switch (instr.op) {
    case "send":
    case "recv":
    case "close": {
      const { op: kind, chan, span } = instr;
      const commaOk = instr.op === "recv" && instr.commaOk;
      return [{ kind, instr, point, chan, span, waits: span, hasOtherWay: false, commaOk }];
    }
    case "select": {
      const hasOtherWay = !instr.blocking || instr.cases.length > 1;
      return instr.cases.map(({ dir, chan, span }) => ({
        kind: dir,
        instr,
        point,
        chan,
        span: span === 0 ? instr.span : span,
        waits: instr.span,
        hasOtherWay,
        commaOk: false,
      }));
    }
    default:
      return [];
  }
}
