// Data choices of a thread: random numbers, orders of maps. A choice depends on its thread alone, so that it commutes with
// whatever others do; for the same reason each thread has its own bound on them.

import type { Choice } from "../../../protocol/witness.js";
import type { SpanId } from "../../ir/ir.js";
import type { Draw, Stop } from "./core.js";
import type { Goroutine } from "./goroutine.js";
import { untold, type Drawn } from "./machine.js";
import { noSpin } from "./spin.js";
import { touch, touches, type Touch } from "./touch.js";
import { effect, noTouches, type Effect, type World } from "./world.js";

type DrawStop = Extract<Stop, { readonly kind: "draw" }>;

/** Of one thread, where all values are tried; and where a few stand for the others. */
const [mostWhole, mostExamples] = [8, 4];

/** Makes data choices, and remembers of all executions what was left out. */
export class Draws implements Drawn {
  any = false;
  readonly within = false;
  examples: { readonly what: string; readonly span: SpanId } | null = null;

  /** The thread has come to a draw. True when it goes on as the program does by itself. */
  passes(world: World, g: Goroutine, { draw, span }: DrawStop, initialises: boolean): boolean {
    const most = draw.all ? mostWhole : mostExamples;
    const passes = world.looking || initialises || draw.values.length === 0 || g.draws >= most;
    if (passes) {
      world.core.passDraw();
      noSpin(world, g);
    }
    if ((passes && !world.looking) || !draw.all) this.examples ??= { what: draw.what, span };
    return passes;
  }

  take(world: World, g: Goroutine, { draw }: DrawStop, { arm = 0 }: Choice): Effect {
    const value = draw.values[arm];
    this.any = true;
    world.own(g).draws++;
    world.doing.values = draw.values.length;
    const touched = drawTouches(world, draw);
    world.complete(g, value);
    return effect(world.telling ? { kind: "yield", text: draw.text(value) } : untold, touched);
  }
}

/** Whose size decides how many orders there are. */
export function drawTouches(world: World, { map }: Draw): readonly Touch[] {
  return map === null ? noTouches : [touch(world.objects.number(map, 0), touches.read)];
}
