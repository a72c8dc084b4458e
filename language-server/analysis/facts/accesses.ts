import type { Instr, Reg } from "../../ir/ir.js";
import { underlying } from "../../ir/access.js";
import type { Program } from "../../ir/ir.js";
import type { Locations } from "./locations.js";
import type { Instance, PointsTo } from "./points-to.js";
import type { Node } from "./solver.js";
import { unsafeTypeOf, unsafeUses, type UnsafeUse } from "./unsafe-types.js";

/** One access of an instruction to memory. */
export interface Access {
  readonly write: boolean;
  readonly atomic: boolean;
  /** The register the address, map or slice is in. */
  readonly through: Reg;
  readonly locations: Locations;
  /** Slots touched from each location on. */
  readonly width: number;
}

/** The memory accesses of an instruction; maps are touched as one (as the run-time's detector sees them). */
export function accessesOf(
  program: Program,
  points: PointsTo,
  instance: Instance,
  instr: Instr,
): readonly Access[] {
  const at = (through: Reg | undefined, write: boolean, width: number, atomic = false): Access[] =>
    through === undefined
      ? []
      : [{ write, atomic, through, locations: points.locations(instance, through), width }];
  switch (instr.op) {
    case "load":
      return at(instr.addr, false, points.slots.width(instr.type));
    case "store":
      return at(instr.addr, true, points.slots.width(instr.type));
    case "atomic":
      return at(instr.addr, instr.fn !== "load", 1, true);
    case "map": {
      const write = instr.fn === "set" || instr.fn === "delete" || instr.fn === "clear";
      // Making an iterator reads nothing yet that `next` does not read again.
      return instr.fn === "iterate" ? [] : at(instr.args[0], write, 1);
    }
    case "bulk": {
      const type = underlying(program, instr.type);
      const width = type.kind === "slice" ? points.slots.width(type.elem) : 1;
      if (instr.fn === "copy")
        return [...at(instr.args[0], true, width), ...at(instr.args[1], false, width)];
      if (instr.fn === "clear") return at(instr.args[0], true, width);
      // What append copies is not an access of its own here: it would hide behind the header's race.
      return instr.fn === "append" ? [] : at(instr.args[0], false, width);
    }
    case "call":
      return unsafeUses(program, instr).flatMap((it) => usedAt(program, points, instance, it));
    default:
      return [];
  }
}

/** A use of an unsafe value of the library as an access to the start of that value. */
function usedAt(
  program: Program,
  points: PointsTo,
  instance: Instance,
  { through, type, write }: UnsafeUse,
): readonly Access[] {
  let locations: Locations = points.locations(instance, through);
  if (type === "") {
    locations = new Set([...locations].flatMap((it) => unsafeBehind(program, points, it)));
  }
  return locations.size === 0 ? [] : [{ write, atomic: false, through, locations, width: 1 }];
}

/** The unsafe value that an interface holds: behind the pointer in its box, or a library's own. */
function unsafeBehind(program: Program, points: PointsTo, location: Node): readonly Node[] {
  const object = points.objectAt(location);
  if (object?.type === null || object === undefined) return [];
  if (unsafeTypeOf(program, object.type) === "") return [];
  return object.kind === "box" ? [...points.contents(object.base)] : [object.base];
}
