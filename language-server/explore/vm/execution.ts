// What the machine knows of the execution as a whole; all of it through the trail.

import type { Choice } from "../../../protocol/witness.js";
import type { FuncId } from "../../ir/ir.js";
import type { Tracked } from "./core.js";
import type { Circle, Failure, Forsaken, Halt } from "./machine.js";

const nothing: readonly never[] = [];

export class Execution implements Tracked {
  halt: Halt | undefined = undefined;
  steps = 0;
  /** Instructions of stretches that ran into their limit. */
  spent = 0;
  output = "";
  /** Who has printed: nobody (null), one thread, or several (-1). */
  printer: number | null = null;
  /** Functions that thread 0 has yet to run: initialisers, then the entry. */
  agenda: readonly FuncId[] = nothing;
  failures: readonly Failure[] = nothing;
  /** Step in which the program ended in order, or -1. */
  endStep = -1;
  circle: Circle | null = null;
  forsaken: Forsaken | null = null;
  epoch = -1;

  print(thread: number, text: string): void {
    this.output += text;
    this.printer = this.printer === null || this.printer === thread ? thread : -1;
  }

  keep(): () => void {
    const { halt, steps, spent, output, printer, agenda, failures, endStep, circle, forsaken } =
      this;
    return () => {
      this.halt = halt;
      this.steps = steps;
      this.spent = spent;
      this.output = output;
      this.printer = printer;
      this.agenda = agenda;
      this.failures = failures;
      this.endStep = endStep;
      this.circle = circle;
      this.forsaken = forsaken;
    };
  }
}

/** What follows from where the threads stand, once somebody has asked; until the next step. */
export interface Asked {
  enabled: readonly Choice[] | null;
  /** Null: not asked yet. */
  halted: { readonly halt: Halt | undefined } | null;
}

/** Through a function, because a step changes it where the types do not see it. */
export function hasEnded({ halt }: Execution): boolean {
  return halt !== undefined;
}
