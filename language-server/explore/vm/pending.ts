// What a thread would do next, without doing it.

import type { SpanId } from "../../ir/ir.js";
import { targetOf } from "./accesses.js";
import type { Goroutine } from "./goroutine.js";
import type { Touch } from "./machine.js";
import { touchesOf } from "./ops.js";
import { blockedOf } from "./waiting.js";
import type { World } from "./world.js";

export interface Pending {
  readonly touches: readonly Touch[];
  readonly span: SpanId;
  readonly text: string;
}

export function describe(world: World, g: Goroutine): Pending {
  if (g.phase === "new") return { touches: [], span: g.spawnedAt, text: "starts" };
  const { stop } = g;
  if (g.phase === "timer" || stop === null) {
    return { touches: [], span: g.spawnedAt, text: "fires" };
  }
  switch (stop.kind) {
    case "op": {
      const { instr } = stop;
      const text = instr.op === "sync" ? instr.fn : instr.op;
      const wait = blockedOf(world, g);
      return {
        touches: touchesOf(world, g, instr),
        span: stop.span,
        text: wait === null ? text : `${text}: ${wait.reason}`,
      };
    }
    case "access":
      return {
        touches: targetOf(world, g, stop.instr).touches,
        span: stop.span,
        text: stop.instr.op,
      };
    case "limit":
      return { touches: [], span: stop.span, text: "goes on computing" };
    case "ended":
    case "panicked":
    case "unsupported":
      return { touches: [], span: g.spawnedAt, text: "" };
  }
}
