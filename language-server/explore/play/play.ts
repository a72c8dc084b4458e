// Where choices lead: what has happened, and what can happen next.

import type { PlayRecording, UntoldMove } from "../../../protocol/play.js";
import type { Choice, Recording, Schedule, ThreadId } from "../../../protocol/witness.js";
import { spanOf } from "../../ir/access.js";
import type { FuncId, Program } from "../../ir/ir.js";
import { noteValues, type SeenValues } from "../ending.js";
import type { MachineMaker } from "../portfolio.js";
import { Recorder } from "../recorder.js";
import { replay, type ReplayProblem } from "../replay.js";
import { sizeOf } from "../size.js";
import { continues, fair, isPreemption } from "../strategy.js";
import type { Event, Machine } from "../vm/machine.js";
import { configured, endOf, isPossible } from "./position.js";

export interface PlayOptions {
  readonly program: Program;
  readonly entry: FuncId;
  readonly schedule: Schedule;
  /** Go on to the end, in the order of the program. */
  readonly finish: boolean;
  /** Steps at most. */
  readonly depth: number;
}

/** Goes on by itself while there is nothing to choose, but for a moment in which somebody has to wait for another. */
export function play(
  options: PlayOptions,
  makeMachine: MachineMaker,
): PlayRecording | ReplayProblem {
  const table = new Table(options, makeMachine(options.program));
  const problem = table.follow();
  if (problem !== null) return problem;
  table.goOn();
  const played = table.played();
  if (played.end === null) return played;
  const { program, entry } = options;
  // Now that the end is known it can also be told which steps it hangs on.
  const recording = replay(program, entry, played.recording.schedule, null, makeMachine);
  return "problem" in recording ? recording : { ...played, recording };
}

class Table {
  readonly #options: PlayOptions;
  readonly #machine: Machine;
  readonly #recorder: Recorder;
  readonly #choices: Choice[] = [];
  readonly #preempts: boolean[] = [];
  readonly #values: SeenValues = new Map();
  #last: Event | undefined;
  /** Threads that wait for what somebody has. */
  #lockedOut: ReadonlySet<ThreadId> = new Set();
  /** The last step made one more wait so: that is worth a look, though there is nothing to choose. */
  #locksOut = false;

  constructor(options: PlayOptions, machine: Machine) {
    this.#options = options;
    this.#machine = machine;
    configured({ machine, ...options }, true);
    this.#recorder = new Recorder(options.program, machine);
  }

  follow(): ReplayProblem | null {
    for (const [index, choice] of this.#options.schedule.choices.entries()) {
      if (!isPossible(this.#machine, choice)) {
        return { problem: `step ${index + 1} is not possible in this program` };
      }
      this.#step(choice);
    }
    return null;
  }

  goOn(): void {
    const strategy = fair();
    while (this.#machine.halted() === undefined && this.#choices.length < this.#options.depth) {
      const enabled = this.#machine.enabled();
      const natural = strategy.pick(enabled, this.#last);
      if (!this.#options.finish && (enabled.length > 1 || this.#locksOut)) return;
      this.#step(natural);
    }
  }

  played(): PlayRecording {
    const machine = this.#machine;
    const { program, schedule } = this.#options;
    const long = this.#choices.length >= this.#options.depth;
    const end = endOf(machine, this.#values);
    const [preemptions, switches] = sizeOf(this.#choices, this.#preempts);
    const threads = machine.threads();
    const recording: Recording = {
      rows: [...this.#recorder.rows()],
      language: program.language,
      threads,
      objects: machine.objects(),
      schedule: { ...schedule, choices: [...this.#choices] },
      steps: this.#recorder.steps(this.#choices.map(() => true)),
      outcome: this.#recorder.told(this.#recorder.shown(null)),
      output: machine.output(),
    };
    return {
      recording,
      size: { preemptions, switches },
      blocked: end === null ? machine.blocked() : [],
      end: end ?? (long ? { kind: null, label: "it goes on for too long" } : null),
      moves: end !== null || long ? [] : this.#moves(),
    };
  }

  #step(choice: Choice): void {
    const enabled = this.#machine.enabled();
    this.#preempts.push(isPreemption(choice, enabled, this.#last));
    this.#choices.push(choice);
    this.#last = this.#recorder.step(choice, enabled);
    noteValues(this.#values, this.#last);
    const waiting = this.#machine.blocked().filter((it) => it.holders.length > 0);
    const lockedOut = new Set(waiting.map((it) => it.thread));
    this.#locksOut = [...lockedOut].some((it) => !this.#lockedOut.has(it));
    this.#lockedOut = lockedOut;
  }

  #moves(): readonly UntoldMove[] {
    const enabled = this.#machine.enabled();
    return enabled.map((choice) => this.#move(choice, enabled));
  }

  /** Takes the step to see what it does, and takes it back. */
  #move(choice: Choice, enabled: readonly Choice[]): UntoldMove {
    const machine = this.#machine;
    const mark = machine.mark();
    const { action, span } = machine.step(choice);
    // The machine's own lists shrink again when the step is taken back.
    const names = { threads: [...machine.threads()], objects: [...machine.objects()] };
    machine.undoTo(mark);
    return {
      choice,
      action,
      span: spanOf(this.#options.program, span),
      names,
      switches: this.#last !== undefined && !continues(choice, this.#last),
      preempts: isPreemption(choice, enabled, this.#last),
    };
  }
}
