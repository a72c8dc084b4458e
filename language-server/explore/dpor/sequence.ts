// A sequence of plans that might be inserted in a wakeup tree, and whether a plan could come first in it.

import { standing, type PlanId, type Plans } from "./plans.js";

/** What `Sequence.initial` says of a plan besides the index where it is. */
export const notInitial = -1;
/** Not in the sequence, but it commutes with all of it. */
export const commutes = -2;

export class Sequence {
  plans = new Int32Array(64);
  length = 0;
  /** The largest of the numbers it has had. */
  #last = 0;
  readonly #plans: Plans;

  constructor(plans: Plans) {
    this.#plans = plans;
  }

  clear(): void {
    this.length = 0;
  }

  push(plan: PlanId): void {
    if (this.length === this.plans.length) {
      const wider = new Int32Array(this.length * 2);
      wider.set(this.plans);
      this.plans = wider;
    }
    this.plans[this.length++] = plan;
    if (plan > this.#last) this.#last = plan;
  }

  remove(index: number): void {
    this.plans.copyWithin(index, index + 1, this.length);
    this.length--;
  }

  /**
   * Whether the plan is a weak initial of the sequence (POPL'14, §3.1): its index in it when nothing before it conflicts
   * with it, `commutes`, or `notInitial`.
   */
  initial(plan: PlanId): number {
    const { plans, length } = this;
    const row = this.#plans.standings(plan, this.#last);
    for (let index = 0; index < length; index++) {
      const other = plans[index] as PlanId;
      let value = row[other] as number;
      if (value === standing.unknown) value = this.#plans.stands(plan, other);
      if (value !== standing.commuting) return value === standing.same ? index : notInitial;
    }
    return commutes;
  }
}
