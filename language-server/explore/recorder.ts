// Writes down what happens in a running machine, step by step, with everything a viewer wants to know.

import type { Blocked, Buffer, Changed, Choice, Outcome, Step } from "../../protocol/witness.js";
import { spanOf } from "../ir/access.js";
import type { Program } from "../ir/ir.js";
import { isLastWord } from "./sighting.js";
import type { Event, Machine, Race } from "./vm/machine.js";

type Untold = Omit<Step, "text">;

/** A step, and by which step of the machine it happened. */
interface Written {
  readonly event: number;
  readonly step: Omit<Untold, "essential">;
}

/** Of one execution, whose steps it takes itself. */
export class Recorder {
  readonly #written: Written[] = [];
  readonly #program: Program;
  readonly #machine: Machine;
  /** Index in `steps` of each event of the machine. */
  readonly #at: number[] = [];
  readonly #values = new Map<string, string>();
  readonly #buffers = new Map<number, string>();

  constructor(program: Program, machine: Machine) {
    this.#program = program;
    this.#machine = machine;
  }

  step(choice: Choice, enabled: readonly Choice[]): Event {
    const event = this.#machine.step(choice);
    this.#at.push(this.#written.length);
    const moment = { event, enabled, blocked: this.#machine.blocked() };
    this.#add(moment, event);
    for (const aside of event.asides) this.#add({ ...moment, enabled: [choice] }, aside);
    return event;
  }

  #add(
    {
      enabled,
      blocked,
    }: { readonly enabled: readonly Choice[]; readonly blocked: readonly Blocked[] },
    what: Pick<Event, "thread" | "action" | "span" | "func">,
  ): void {
    const { thread, action, func } = what;
    const step = {
      thread,
      span: spanOf(this.#program, what.span),
      func,
      action,
      clock: this.#machine.clock(thread),
      enabled,
      held: this.#machine.held(thread),
      blocked,
      changed: this.#changed(thread),
    };
    const buffers = this.#buffersChanged();
    const filled = buffers.length === 0 ? {} : { buffers };
    this.#written.push({ event: this.#at.length - 1, step: { ...step, ...filled } });
  }

  /** Where each step of the machine is written down. */
  rows(): readonly number[] {
    return this.#at;
  }

  /** `essential`: by step of the machine. */
  steps(essential: readonly boolean[]): readonly Untold[] {
    return this.#written.map(({ event, step }) => ({
      ...step,
      essential: essential[event] ?? true,
    }));
  }

  /** Variables that have another value than when they were last looked at: through a pointer a thread changes others' too. */
  #changed(thread: number): Step["changed"] {
    const own: Changed[] = [];
    // Those who share what a pointer leads to mostly call it alike, and are told together.
    const others = new Map<string, { name: string; value: string; threads: number[] }>();
    for (let owner = 0; owner < this.#machine.threadCount(); owner++) {
      for (const { name, value } of this.#machine.variables(owner)) {
        const key = `${owner} ${name}`;
        if (this.#values.get(key) === value) continue;
        this.#values.set(key, value);
        if (owner === thread) {
          own.push({ name, value });
          continue;
        }
        const together = `${name} ${value}`;
        const known = others.get(together);
        if (known === undefined) others.set(together, { name, value, threads: [owner] });
        else known.threads.push(owner);
      }
    }
    return [...own, ...others.values()];
  }

  /** Buffered channels with other values in them than when they were last looked at. */
  #buffersChanged(): readonly Buffer[] {
    return this.#machine.buffers().filter(({ object, values }) => {
      const text = JSON.stringify(values);
      if ((this.#buffers.get(object) ?? "[]") === text) return false;
      this.#buffers.set(object, text);
      return true;
    });
  }

  /** What the execution shows, with steps of the machine. */
  shown(wanted: Outcome | null): Outcome {
    const halt = this.#machine.halted();
    const partly = this.#machine.circle() ?? this.#machine.forsaken();
    const cut = partly?.outcome ?? { kind: "ok" };
    const ended: Outcome = halt?.kind === "finished" ? halt.outcome : cut;
    if (ended.kind !== "ok" && ended.kind !== "race") return ended;
    const race = toldRace(this.#machine.races(), wanted);
    if (race === undefined) return ended;
    return { kind: "race", object: race.object, steps: [race.first.step, race.second.step] };
  }

  /** The same with steps as they are written down. */
  told(shown: Outcome): Outcome {
    switch (shown.kind) {
      case "panic":
      case "assertion":
        return { ...shown, step: this.#lastWord(shown.step) };
      case "race":
        return { ...shown, steps: [this.#index(shown.steps[0]), this.#index(shown.steps[1])] };
      default:
        return shown;
    }
  }

  #index(event: number): number {
    return this.#at[event] ?? 0;
  }

  /** A panic is told after the step that led to it. */
  #lastWord(event: number): number {
    const start = this.#index(event);
    const end = this.#at[event + 1] ?? this.#written.length;
    const panic = this.#written.findIndex(
      ({ step }, index) => index >= start && index < end && isLastWord(step.action),
    );
    return panic < 0 ? start : panic;
  }
}

function toldRace(races: readonly Race[], wanted: Outcome | null): Race | undefined {
  const steps = wanted?.kind === "race" ? wanted.steps : [];
  const told = races.find((it) => it.first.step === steps[0] && it.second.step === steps[1]);
  return told ?? races.at(-1);
}
