// The product's choices, replayed in the oracle. The product numbers threads and timers in the order of their start and
// takes a step for the beginning of each thread and, while others live, for the end of main; the oracle knows neither.

import type { Choice, ThreadId } from "../../../protocol/witness.js";
import type { Interpreter } from "./interpreter.js";
import type { Occurrence } from "./occurrence.js";

export interface Refusal {
  readonly kind: "refused";
  /** Index of the choice; the number of choices when something should have followed. */
  readonly at: number;
  readonly reason: string;
}

/** Null when everything was possible and nothing is left to do. */
export function replay(
  interpreter: Interpreter,
  choices: readonly Choice[],
  happened: (occurrence: Occurrence) => void,
): Refusal | null {
  const run = new Replay(interpreter, happened);
  for (const [at, choice] of choices.entries()) {
    const reason = run.take(choice);
    if (reason !== null) return { kind: "refused", at, reason };
  }
  const left = interpreter.moves();
  if (left.length === 0) return null;
  return { kind: "refused", at: choices.length, reason: `could go on with ${texts(left)}` };
}

export function isSame(a: Choice, b: Choice): boolean {
  return (
    a.thread === b.thread &&
    a.arm === b.arm &&
    a.partner === b.partner &&
    a.partnerArm === b.partnerArm
  );
}

class Replay {
  readonly #interpreter: Interpreter;
  readonly #happened: (occurrence: Occurrence) => void;
  /** Lanes by the product's thread numbers. */
  readonly #lanes: number[] = [0];
  readonly #begun = new Set<number>();
  #mainEnded = false;

  constructor(interpreter: Interpreter, happened: (occurrence: Occurrence) => void) {
    this.#interpreter = interpreter;
    this.#happened = happened;
  }

  /** Why the choice is impossible, or null. */
  take(choice: Choice): string | null {
    const lane = this.#laneOf(choice.thread);
    if (typeof lane === "string") return lane;
    if (this.#isBeginning(lane)) {
      this.#begun.add(lane);
      return isPlain(choice) ? null : "the beginning of a thread has nothing to choose";
    }
    if (lane === 0 && !this.#mainEnded && this.#interpreter.hasEnded(0)) {
      this.#mainEnded = true;
      return isPlain(choice) ? null : "the end of main has nothing to choose";
    }
    return this.#step(choice, lane);
  }

  #step(choice: Choice, lane: number): string | null {
    const partner = choice.partner === undefined ? undefined : this.#laneOf(choice.partner);
    if (typeof partner === "string") return partner;
    if (partner !== undefined && this.#isBeginning(partner)) return "the partner has not begun";
    const move: Choice = { ...choice, thread: lane, ...(partner === undefined ? {} : { partner }) };
    const moves = this.#interpreter.moves();
    const found = moves.find((it) => isSame(it, move));
    if (found === undefined) return `${texts([move])} is not among ${texts(moves)}`;
    const occurrence = this.#interpreter.step(found);
    if (occurrence.spawned >= 0) this.#lanes.push(occurrence.spawned);
    this.#happened(occurrence);
    return null;
  }

  #laneOf(thread: ThreadId): number | string {
    return this.#lanes[thread] ?? `there is no thread ${thread}`;
  }

  #isBeginning(lane: number): boolean {
    return lane < this.#interpreter.program.threads.length && !this.#begun.has(lane);
  }
}

function isPlain(choice: Choice): boolean {
  return choice.arm === undefined && choice.partner === undefined;
}

/** In the program's own numbers. */
function texts(moves: readonly Choice[]): string {
  return `[${moves.map((it) => JSON.stringify(it)).join(", ")}]`;
}
