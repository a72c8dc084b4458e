import type { ObjectId, Step, ThreadId, Witness } from "../../../protocol/witness.js";
import { ordinalOf } from "../order.js";

// Which steps of a schedule must keep their order for the same thing to happen: those of one thread, those that happen
// before each other, and those that touch one object and are not both reads. All else could as well run side by side.

/** For each row, the rows that must be done before it: enough of them that all others follow. All are smaller than it. */
export function dependences(witness: Witness): readonly (readonly number[])[] {
  const order = new Order(witness);
  return witness.steps.map((_, row) => order.next(row));
}

/** The threads that a step is a step of: a rendezvous belongs to both. */
export function partsOf({ thread, action }: Step): readonly ThreadId[] {
  const partner = action.kind === "send" ? action.partner : undefined;
  return partner === undefined ? [thread] : [thread, partner];
}

/** Whether the step only ends a sleep: time has gone on. */
export function isAwakening({ action }: Step): boolean {
  return action.kind === "timer" || (action.kind === "sleep" && /^wakes/.test(action.text ?? ""));
}

/** What a step touches. Two shared touches of one key commute, all others do not. */
interface Touch {
  readonly key: string;
  readonly shared: boolean;
}

interface Touched {
  /** The last exclusive touch, or -1. */
  exclusive: number;
  /** Shared ones since then. */
  shared: number[];
}

class Order {
  readonly #witness: Witness;
  readonly #lastOf: number[];
  /** Row of the step of a thread with this number. */
  readonly #rows: Map<number, number>[];
  readonly #spawned: number[];
  readonly #touched = new Map<string, Touched>();

  constructor(witness: Witness) {
    this.#witness = witness;
    this.#lastOf = witness.threads.map(() => -1);
    this.#rows = witness.threads.map(() => new Map<number, number>());
    this.#spawned = witness.threads.map(() => -1);
  }

  /** Must be called for the rows in their order. */
  next(row: number): readonly number[] {
    const step = this.#witness.steps[row];
    if (step === undefined) return [];
    const before = new Set<number>([
      ...this.#own(step),
      ...this.#known(step),
      ...this.#touches(step, row),
    ]);
    if (endsAll(step) || isAwakening(step)) for (const it of this.#lastOf) before.add(it);
    const { outcome } = this.#witness;
    if (outcome.kind === "race" && outcome.steps.includes(row)) {
      before.add(Math.min(...outcome.steps));
    }
    for (const it of partsOf(step)) {
      this.#lastOf[it] = row;
      this.#rows[it]?.set(ordinalOf(step, it), row);
    }
    if (step.action.kind === "spawn") this.#spawned[step.action.thread] = row;
    return [...before].filter((it) => it >= 0 && it < row).sort((a, b) => a - b);
  }

  #own(step: Step): readonly number[] {
    return partsOf(step).flatMap((it) => [this.#lastOf[it] ?? -1, this.#spawned[it] ?? -1]);
  }

  /** The newest step of each other thread that happens before. */
  #known(step: Step): readonly number[] {
    return step.clock.map((count, thread) => this.#rows[thread]?.get(count) ?? -1);
  }

  #touches(step: Step, row: number): readonly number[] {
    return touchesOf(this.#witness, step).flatMap(({ key, shared }) => {
      const it = this.#touched.get(key) ?? { exclusive: -1, shared: [] };
      this.#touched.set(key, it);
      const before = shared ? [it.exclusive] : [it.exclusive, ...it.shared];
      if (shared) it.shared.push(row);
      else Object.assign(it, { exclusive: row, shared: [] });
      return before;
    });
  }
}

/** After it nothing runs any more. */
function endsAll({ action, thread }: Step): boolean {
  return action.kind === "panic" || (action.kind === "end" && thread === 0);
}

function touchesOf(witness: Witness, { action }: Step): readonly Touch[] {
  switch (action.kind) {
    case "output":
      return [{ key: "output", shared: false }];
    case "read":
      return cell(witness, action.object, true);
    case "write":
    case "atomic":
      return cell(witness, action.object, false);
    case "acquire":
    case "release":
      return [{ key: `${action.object}`, shared: action.shared }];
    case "add":
    case "done":
      return [{ key: `${action.object}`, shared: true }];
    case "try-acquire":
    case "wait":
    case "signal":
    case "timer":
      return [{ key: `${action.object}`, shared: false }];
    case "send":
      return action.partner === undefined
        ? [end(action.object, "send")]
        : [end(action.object, "send"), end(action.object, "recv")];
    case "recv":
      return [end(action.object, "recv")];
    case "close":
      return [end(action.object, "send")];
    case "select":
      return action.object === null
        ? witness.objects.flatMap((it, object) =>
            it.kind === "channel" ? [end(object, "send"), end(object, "recv")] : [],
          )
        : [end(action.object, "send"), end(action.object, "recv")];
    case "start":
    case "end":
    case "panic":
    case "yield":
    case "sleep":
    case "spawn":
    case "task":
    case "await":
    case "resume":
      return [];
  }
}

/** Which message is which is decided at each end of a channel; between the ends the clocks say what must be first. */
function end(object: ObjectId, side: "send" | "recv"): Touch {
  return { key: `${object} ${side}`, shared: false };
}

/** Entries of a map by themselves; whoever touches all of it is in the way of everybody. */
function cell(witness: Witness, object: ObjectId, shared: boolean): readonly Touch[] {
  const it = witness.objects[object];
  const own = { key: `${object}`, shared };
  if (it?.kind !== "map") return [own];
  const bracket = it.name.indexOf("[");
  return bracket < 0
    ? [own, { key: `map ${it.name}`, shared: false }]
    : [own, { key: `map ${it.name.slice(0, bracket)}`, shared: true }];
}
