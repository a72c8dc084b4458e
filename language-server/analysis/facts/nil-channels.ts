// Operations on channels that are nil whenever they are reached: the variable was never given a channel.

import type { Func, Instr, Program, Reg } from "../../ir/ir.js";
import { underlying } from "../../ir/access.js";
import type { Fact } from "../check.js";
import { accessesOf } from "./accesses.js";
import { channels, type ChannelUse } from "./channels.js";
import { accessesIn } from "./instructions.js";
import { outside, type Outside } from "./outside.js";
import { pointsTo, type Instance, type PointsTo } from "./points-to.js";
import { definitionsOf } from "./skeleton.js";
import type { Node } from "./solver.js";

export interface NilUse {
  readonly use: ChannelUse;
  /** Said by the function itself, whatever others do. */
  readonly isCertain: boolean;
}

/** Outside of a select with other ways, where a nil channel is how one turns a case off. Each place once. */
export const nilChannels: Fact<readonly NilUse[]> = {
  name: "nil-channels",
  compute: ({ program, get }) => {
    const points = get(pointsTo);
    const isOutside = get(outside);
    let written: ReadonlySet<Node> | null = null;
    const isSet = (it: Node): boolean => (written ??= writtenSlots(program, points)).has(it);
    const found = new Map<number, NilUse>();
    const spoilt = new Set<number>();
    for (const use of get(channels).uses) {
      if (use.hasOtherWay) continue;
      const definition = definitionsOf(use.instance.func).get(use.chan);
      const isConstant = isNil(program, use.instance.func, definition);
      const isEmpty =
        use.channels.length === 0 &&
        definition?.op === "load" &&
        isNeverSet(points, isOutside, use.instance, definition.addr, isSet);
      if (!isConstant && !isEmpty) spoilt.add(use.span);
      else if (!found.has(use.span)) found.set(use.span, { use, isCertain: isConstant });
    }
    return [...found].filter(([span]) => !spoilt.has(span)).map(([, it]) => it);
  },
};

function isNil(program: Program, func: Func, definition: Instr | undefined): boolean {
  if (definition?.op === "zero") return underlying(program, definition.type).kind === "chan";
  if (definition?.op === "convert")
    return isNil(program, func, definitionsOf(func).get(definition.value));
  return definition?.op === "const" && definition.value === null;
}

/** Whether the variable is one that the program makes, that only the program knows, and that never holds a channel. */
function isNeverSet(
  points: PointsTo,
  isOutside: Outside,
  instance: Instance,
  address: Reg,
  isSet: (slot: Node) => boolean,
): boolean {
  const locations = [...points.locations(instance, address)];
  if (locations.length === 0) return false;
  return locations.every((it) => {
    const object = points.objectAt(it);
    if (object === undefined || isOutside.has(object)) return false;
    const isOwn = object.kind === "global" || object.site?.op === "alloc";
    return isOwn && points.contents(it).size === 0 && !isSet(it);
  });
}

/** Slots that something else than a zero value is ever stored to, also where it is not known what. */
function writtenSlots(program: Program, points: PointsTo): ReadonlySet<Node> {
  const written = new Set<Node>();
  for (const instance of points.instances) {
    const definitions = definitionsOf(instance.func);
    for (const instr of accessesIn(instance.func)) {
      if (instr.op === "load") continue;
      if (instr.op === "store" && isZero(definitions.get(instr.value))) continue;
      for (const access of accessesOf(program, points, instance, instr)) {
        if (!access.write) continue;
        for (const location of access.locations) {
          const width = Math.min(access.width, points.room(location));
          for (let slot = 0; slot < width; slot++) written.add(location + slot);
        }
      }
    }
  }
  return written;
}

function isZero(definition: Instr | undefined): boolean {
  return definition?.op === "zero" || (definition?.op === "const" && definition.value === null);
}
