// Runs a schedule again and writes down what happens, with everything a viewer wants to know at each step. It runs
// twice, and what differs is not handed out.

import type { Outcome, Recording, Schedule } from "../../protocol/witness.js";
import { essentialSteps } from "./essential.js";
import type { FuncId, Program } from "../ir/ir.js";
import type { MachineMaker } from "./portfolio.js";
import { Recorder } from "./recorder.js";
import { sameChoice } from "./strategy.js";
import { asItRuns } from "./vm/machine.js";

/** Why a schedule does not lead anywhere, in one sentence for people. */
export interface ReplayProblem {
  readonly problem: string;
}

/** Machines are made anew, so that nothing is carried over. `wanted`: which of several races the schedule is about. */
export function replay(
  program: Program,
  entry: FuncId,
  schedule: Schedule,
  wanted: Outcome | null,
  makeMachine: MachineMaker,
): Recording | ReplayProblem {
  const once = record(program, entry, schedule, wanted, makeMachine);
  if ("problem" in once) return once;
  const again = record(program, entry, schedule, wanted, makeMachine);
  if (JSON.stringify(once) !== JSON.stringify(again)) {
    return { problem: "the schedule did not lead to the same execution twice" };
  }
  return once;
}

function record(
  program: Program,
  entry: FuncId,
  schedule: Schedule,
  wanted: Outcome | null,
  makeMachine: MachineMaker,
): Recording | ReplayProblem {
  const machine = makeMachine(program);
  const { visible, time = "quiet", draws = false, weak = false } = schedule;
  machine.configure({ ...asItRuns, visible: new Set(visible), time, draws, weak });
  machine.reset(entry);
  const recorder = new Recorder(program, machine);
  for (const [index, choice] of schedule.choices.entries()) {
    const enabled = machine.halted() === undefined ? machine.enabled() : [];
    if (!enabled.some((it) => sameChoice(it, choice))) {
      return { problem: `step ${index + 1} of the schedule is not possible in this program` };
    }
    recorder.step(choice, enabled);
  }
  const threads = machine.threads();
  const shown = recorder.shown(wanted);
  const second = makeMachine(program);
  const essential = essentialSteps(second, entry, schedule, shown);
  return {
    rows: recorder.rows(),
    language: program.language,
    threads,
    objects: machine.objects(),
    schedule,
    steps: recorder.steps(essential),
    outcome: recorder.told(shown),
    output: machine.output(),
  };
}
