// What a thread would do next, without doing it.

import type { WitnessThread } from "../../../protocol/witness.js";
import { spanOf } from "../../ir/access.js";
import type { Program, SpanId } from "../../ir/ir.js";
import { accessTouches } from "./accesses.js";
import { offersOf } from "./channels.js";
import { drawTouches } from "./draws.js";
import type { Goroutine } from "./goroutine.js";
import { touchesOf } from "./ops.js";
import type { Standing } from "./touch.js";
import { blockedOf } from "./waiting.js";
import { noTouches, type World } from "./world.js";

const nothing: Standing = { touches: noTouches, offers: null, access: 0 };

/** As the search compares it. */
export function standingOf(world: World, g: Goroutine): Standing | null {
  if (g.phase === "ended" || g.phase === "timer") return null;
  const { stop } = g;
  if (g.phase === "new" || stop === null) return nothing;
  if (stop.kind === "access") {
    return { touches: accessTouches(world, g, stop.instr), offers: null, access: stop.span };
  }
  if (stop.kind === "draw") return { ...nothing, touches: drawTouches(world, stop.draw) };
  if (stop.kind !== "op") return nothing;
  return { touches: touchesOf(world, g, stop.instr), offers: offersOf(world, g), access: 0 };
}

export interface Pending {
  readonly span: SpanId;
  readonly text: string;
}

/** In words. */
export function describe(world: World, g: Goroutine): Pending {
  if (g.phase === "new") return { span: g.spawnedAt, text: "starts" };
  const { stop } = g;
  if (g.phase === "timer" || stop === null) return { span: g.spawnedAt, text: "fires" };
  switch (stop.kind) {
    case "op": {
      const { instr } = stop;
      const text = instr.op === "sync" ? instr.fn : instr.op;
      const wait = blockedOf(world, g);
      return { span: stop.span, text: wait === null ? text : `${text}: ${wait.reason}` };
    }
    case "access":
      return { span: stop.span, text: stop.instr.op };
    case "draw":
      return { span: stop.span, text: `goes on with one of the ${stop.draw.what}` };
    case "limit":
      return { span: stop.span, text: "goes on computing" };
    case "ended":
    case "panicked":
    case "unsupported":
      return { span: g.spawnedAt, text: "" };
  }
}

/** Who runs or has run, by number, and who started whom where. */
export function threadsOf({ threads }: World, program: Program): readonly WitnessThread[] {
  return threads.map(({ name, spawnedAt, spawnedBy }) => ({
    name,
    spawnedAt: spawnedAt === 0 ? null : spanOf(program, spawnedAt),
    spawnedBy,
  }));
}
