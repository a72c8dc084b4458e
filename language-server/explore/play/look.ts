// What can be asked about a position beyond what has happened: a job for a thread of its own, because it takes a while.

import type { PlayEnd, Reach, Way } from "../../../protocol/play.js";
import type { Schedule } from "../../../protocol/witness.js";
import type { FuncId, Program } from "../../ir/ir.js";
import type { Control } from "../explorer.js";
import type { MachineMaker } from "../portfolio.js";
import { configured, impossibleStep, Position } from "./position.js";
import { reachFrom, type LookLimits } from "./reach.js";
import { told, wayTo } from "./way.js";

/** As plain data, because it crosses a thread boundary. */
export interface LookJob {
  readonly program: Program;
  readonly entry: FuncId;
  /** Entry, visible places and the choices so far. */
  readonly schedule: Schedule;
  /** No schedule of the program has a race. */
  readonly raceFree: boolean;
  readonly limits: {
    /** Steps of one execution. */
    readonly depth: number;
    readonly states: number;
    readonly millis: number;
  };
  /** The end that a way is looked for to; null: all that can be reached. */
  readonly end: PlayEnd | null;
}

export type Look =
  | { readonly kind: "reach"; readonly reach: Reach }
  | { readonly kind: "way"; readonly way: Way | null; readonly complete: boolean }
  /** One sentence. */
  | { readonly kind: "problem"; readonly message: string };

/** Deterministic unless the time limit cuts it. */
export function look(job: LookJob, makeMachine: MachineMaker, control: Control): Look {
  const { program, entry, schedule, raceFree, end } = job;
  const machine = makeMachine(program);
  const options = { machine, entry, schedule, raceFree };
  const step = impossibleStep(options);
  if (step !== null) return { kind: "problem", message: `step ${step + 1} is not possible` };
  const limits = limitsOf(job, control);
  const position = new Position(options);
  if (end === null) return { kind: "reach", reach: reachFrom(position, limits) };
  const { choices, size, complete } = wayTo(position, end, limits);
  if (choices === null) return { kind: "way", way: null, complete };
  configured(options, true);
  for (const it of schedule.choices) machine.step(it);
  return { kind: "way", way: told(program, machine, { choices, size }), complete };
}

function limitsOf({ limits }: LookJob, control: Control): LookLimits {
  const start = Date.now();
  const { depth, states, millis } = limits;
  const interrupted = (): "time" | "cancelled" | null => {
    if (control.cancelled) return "cancelled";
    return Date.now() - start > millis ? "time" : null;
  };
  return { depth, states, interrupted };
}
