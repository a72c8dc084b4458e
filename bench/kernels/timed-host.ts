// The engine's host with explorations on this thread, where it can be seen when a schedule ends as somebody waits for.

import type { Host } from "../../language-server/engine/engine.js";
import { explore, type MachineMaker } from "../../language-server/explore/portfolio.js";
import { uncontrolled, type ExploreJob } from "../../language-server/explore/explorer.js";
import { makeMachine } from "../../language-server/explore/vm/make-machine.js";
import type { Outcome } from "../../protocol/witness.js";

export interface Clock {
  /** Asked of how each execution ends. */
  readonly isWitness: (outcome: Outcome) => boolean;
  /** Milliseconds of exploring until then; null: not yet. */
  first: number | null;
  /** Which execution that was, counted from 1; null: none yet. */
  firstAt: number | null;
  /** Executions that have come to an end. */
  ended: number;
  /** Of all that was explored. */
  all: number;
}

export function timedHost(host: Host, clock: () => Clock): Host {
  return {
    goImages: (unit, cancel) => host.goImages(unit, cancel),
    stdImage: (importPath) => host.stdImage(importPath),
    readFile: (uri) => host.readFile(uri),
    explore: (job) => Promise.resolve(timed(job, clock())),
    look: (job, steering) => host.look(job, steering),
    typescript: () => host.typescript(),
    now: () => host.now(),
    log: (message) => {
      host.log(message);
    },
    dispose: () => host.dispose(),
  };
}

function timed(job: ExploreJob, clock: Clock): ReturnType<typeof explore> {
  const start = performance.now();
  const seen = (): void => {
    clock.first ??= clock.all + performance.now() - start;
    clock.firstAt ??= clock.ended;
  };
  const exploration = explore(job, watched(clock, seen), uncontrolled);
  clock.all += performance.now() - start;
  return exploration;
}

function watched(clock: Clock, seen: () => void): MachineMaker {
  const { isWitness } = clock;
  return (program) => {
    const machine = makeMachine(program);
    const halted = machine.halted.bind(machine);
    let isOver = false;
    machine.halted = () => {
      const halt = halted();
      // Asked again at the same end it is no other execution.
      if (halt !== undefined && !isOver) clock.ended++;
      isOver = halt !== undefined;
      if (halt?.kind !== "finished") return halt;
      const stuck = machine.circle();
      if (isWitness(halt.outcome) || (stuck !== null && isWitness(stuck.outcome))) seen();
      return halt;
    };
    return machine;
  };
}
