import type { ObjectId, Step, ThreadId, Witness } from "../../../protocol/witness.js";
import { happensBefore } from "../order.js";
import { dependences, isAwakening, partsOf } from "./dependence.js";

/** What a goroutine would do now. */
export type Intent =
  | { readonly kind: "step"; readonly row: number }
  /** It cannot go on: it gives its processor up. */
  | { readonly kind: "park" }
  | { readonly kind: "sleep" }
  /** It could go on, but in this schedule the step `waitsFor` comes first. */
  | { readonly kind: "early"; readonly waitsFor: number }
  /** The schedule has no more of it. */
  | { readonly kind: "over" };

/** The steps of a schedule that are still to be done, and what each thread would do next. */
export class Work {
  readonly #witness: Witness;
  /** By thread: the rows it takes part in, the next one last. */
  readonly #todo: number[][];
  readonly #before: readonly (readonly number[])[];
  readonly #after: number[][];
  readonly #unmet: number[];
  readonly #done: boolean[];
  readonly #held: (readonly ObjectId[])[];
  /** Rows before which their thread waits in the schedule. */
  readonly #waited: ReadonlySet<number>;
  #left: number;

  constructor(witness: Witness) {
    const { steps, threads } = witness;
    this.#witness = witness;
    this.#todo = threads.map(() => []);
    this.#before = dependences(witness);
    this.#after = steps.map(() => []);
    this.#unmet = this.#before.map((it) => it.length);
    this.#done = steps.map(() => false);
    this.#held = threads.map(() => []);
    this.#waited = waitedFor(witness);
    this.#left = steps.length;
    for (let row = steps.length - 1; row >= 0; row--) {
      for (const it of partsOf(this.#step(row))) this.#todo[it]?.push(row);
      for (const it of this.#before[row] ?? []) this.#after[it]?.push(row);
    }
  }

  get left(): number {
    return this.#left;
  }

  /** Marks the step as done; gives the threads for whose next step nothing is missing any more. */
  finish(row: number): readonly ThreadId[] {
    const step = this.#step(row);
    this.#done[row] = true;
    this.#left -= 1;
    this.#held[step.thread] = step.held;
    const [, ...met] = partsOf(step);
    for (const it of partsOf(step)) this.#todo[it]?.pop();
    const free = (this.#after[row] ?? []).flatMap((it) => {
      const unmet = (this.#unmet[it] ?? 0) - 1;
      this.#unmet[it] = unmet;
      return unmet === 0 ? [this.#step(it).thread] : [];
    });
    return [...new Set([...met, ...free])].filter((it) => it !== step.thread);
  }

  intent(thread: ThreadId): Intent {
    const row = this.#todo[thread]?.at(-1);
    if (row === undefined) return { kind: "over" };
    const step = this.#step(row);
    if (step.thread !== thread) return { kind: "park" };
    if (isAwakening(step)) return { kind: "sleep" };
    const missing = this.#missing(row);
    if (missing === undefined) return { kind: "step", row };
    return this.#waited.has(row) || this.#waits(row, step)
      ? { kind: "park" }
      : { kind: "early", waitsFor: missing };
  }

  /** Whether nothing but time keeps the thread's next step from being done. */
  due(thread: ThreadId): boolean {
    const row = this.#todo[thread]?.at(-1);
    return row !== undefined && this.#missing(row) === undefined;
  }

  /** The row that the thread, which sleeps, wakes with. */
  awakening(thread: ThreadId): number {
    return this.#todo[thread]?.at(-1) ?? -1;
  }

  #missing(row: number): number | undefined {
    return (this.#unmet[row] ?? 0) === 0
      ? undefined
      : this.#before[row]?.find((it) => this.#done[it] !== true);
  }

  /** Whether the operation itself would also here make the goroutine wait: the lock is taken, the message not sent, … */
  #waits(row: number, { thread, action }: Step): boolean {
    switch (action.kind) {
      case "acquire":
        return this.#held.some((it, other) => other !== thread && it.includes(action.object));
      case "send":
      case "recv":
      case "select":
      case "wait":
        return (this.#before[row] ?? []).some(
          (it) => this.#done[it] !== true && happensBefore(this.#witness, it, row),
        );
      default:
        return false;
    }
  }

  #step(row: number): Step {
    const step = this.#witness.steps[row];
    if (step === undefined) throw new Error(`there is no step ${row}`);
    return step;
  }
}

function waitedFor({ steps, threads }: Witness): ReadonlySet<number> {
  const waiting = threads.map(() => false);
  const rows = new Set<number>();
  steps.forEach(({ thread, blocked }, row) => {
    if (waiting[thread] === true) rows.add(row);
    waiting[thread] = false;
    for (const it of blocked) waiting[it.thread] = true;
  });
  return rows;
}
