// How a program can end from a position, and in how many ways, by running every schedule there is from the start. Nothing
// is shared with the search that counts them but the machine: no undoing, no states that are met again.

import { endKind, endLabel } from "../../language-server/explore/ending.js";
import { sameChoice } from "../../language-server/explore/strategy.js";
import type { Event, Machine } from "../../language-server/explore/vm/machine.js";
import type { FuncId } from "../../language-server/ir/ir.js";
import type { Choice } from "../../protocol/witness.js";

export interface EveryEnd {
  /** As the program runs. */
  readonly machine: Machine;
  readonly entry: FuncId;
  readonly prefix: readonly Choice[];
  /** Schedules beyond which there is no answer. */
  readonly most: number;
  /** Steps of a schedule beyond which there is no answer. */
  readonly depth: number;
}

/** What came of one schedule. */
export interface Ended {
  /** `race x = 1` */
  readonly end: string;
  readonly choices: readonly Choice[];
}

/** All schedules that begin with the prefix; null when there are too many, or one is too long. */
export function everyEnd(options: EveryEnd): readonly Ended[] | null {
  const found: Ended[] = [];
  /** By step after the prefix: which of how many choices. */
  let turns: { at: number; of: number }[] = [];
  for (;;) {
    const ran = run(options, turns);
    if (ran === null || found.length >= options.most) return null;
    found.push(ran.ended);
    turns = ran.turns;
    while (turns.length > 0 && isLast(turns.at(-1))) turns.pop();
    const last = turns.at(-1);
    if (last === undefined) return found;
    last.at++;
  }
}

function isLast(turn: { at: number; of: number } | undefined): boolean {
  return turn !== undefined && turn.at + 1 >= turn.of;
}

function run(
  { machine, entry, prefix, depth }: EveryEnd,
  turns: readonly { at: number; of: number }[],
): { readonly ended: Ended; readonly turns: { at: number; of: number }[] } | null {
  machine.reset(entry);
  const choices: Choice[] = [];
  const events: Event[] = [];
  const taken: { at: number; of: number }[] = [];
  while (machine.halted() === undefined) {
    if (choices.length >= depth) return null;
    const enabled = machine.enabled();
    const given = prefix[choices.length];
    const at = given === undefined ? (turns[choices.length - prefix.length]?.at ?? 0) : 0;
    const choice = given ?? enabled[at];
    if (choice === undefined || !enabled.some((it) => sameChoice(it, choice))) {
      throw new Error("a choice that is not possible");
    }
    if (given === undefined) taken.push({ at, of: enabled.length });
    choices.push(choice);
    events.push(machine.step(choice));
  }
  const halt = machine.halted();
  const kind = endKind(machine, halt);
  if (kind === null || halt?.kind !== "finished") return null;
  const { outcome } = halt;
  const crashes = outcome.kind === "panic" || outcome.kind === "assertion";
  const label = crashes
    ? outcome.message
    : endLabel(machine, { length: events.length, at: (index) => eventAt(events, index) });
  return { ended: { end: `${kind} ${label}`, choices }, turns: taken };
}

function eventAt(events: readonly Event[], index: number): Event {
  const event = events[index];
  if (event === undefined) throw new Error("no such event");
  return event;
}
