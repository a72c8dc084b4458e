// What a thread would do next, without doing it.

import type { SpanId } from "../../ir/ir.js";
import type { Goroutine } from "./goroutine.js";
import { blockedOf } from "./waiting.js";
import type { World } from "./world.js";

export interface Pending {
  readonly span: SpanId;
  readonly text: string;
}

export function describe(world: World, g: Goroutine): Pending {
  if (g.phase === "new") return { span: g.spawnedAt, text: "starts" };
  const { stop } = g;
  if (g.phase === "timer" || stop === null) {
    return { span: g.spawnedAt, text: "fires" };
  }
  switch (stop.kind) {
    case "op": {
      const { instr } = stop;
      const text = instr.op === "sync" ? instr.fn : instr.op;
      const wait = blockedOf(world, g);
      return {
        span: stop.span,
        text: wait === null ? text : `${text}: ${wait.reason}`,
      };
    }
    case "access":
      return { span: stop.span, text: stop.instr.op };
    case "limit":
      return { span: stop.span, text: "goes on computing" };
    case "ended":
    case "panicked":
    case "unsupported":
      return { span: g.spawnedAt, text: "" };
  }
}
