// Channel operations: who else could have met whom, which other case a select could have taken. What a thread is willing
// to do (its offers) is placed before each earlier event that stood in its way, and beside what it did instead.

import type { Machine } from "../vm/machine.js";
import { touches, type OfferCase, type Offers, type Touch } from "../vm/touch.js";
import type { Clock, Done, Execution } from "./execution.js";
import { emptyShape, noArm, noThread, type PlanId, type Plans } from "./plans.js";
import type { Frames } from "./reversal.js";
import { Sequence } from "./sequence.js";
import type { ThreadNames } from "./thread-names.js";

/** An operation on channels, done or waited for. */
interface Instance {
  readonly thread: number;
  /** Where it happened; the length of the execution when it did not. */
  readonly at: number;
  readonly done: Done | null;
  readonly offers: Offers;
  readonly before: Clock;
  /** Its event did more than communicate. */
  readonly open: boolean;
}

/** What has happened to a channel. */
interface ChannelState {
  readonly sent: number;
  readonly received: number;
  readonly closed: boolean;
}

export class Communications {
  readonly #plans: Plans;
  readonly #names: ThreadNames;
  readonly #machine: Machine;
  readonly #execution: Execution;
  readonly #frames: Frames;
  readonly #sequence: Sequence;
  /** Of each thread, in order: its events, whatever they are, and what it waits for. */
  #steps: (Instance | number)[][] = [];
  /** Marks the positions of the gathered events. */
  #inside = new Uint8Array(64);
  #gathered: number[] = [];

  constructor(
    plans: Plans,
    names: ThreadNames,
    machine: Machine,
    execution: Execution,
    frames: Frames,
  ) {
    this.#plans = plans;
    this.#names = names;
    this.#machine = machine;
    this.#execution = execution;
    this.#frames = frames;
    this.#sequence = new Sequence(plans);
  }

  /** At the end of an execution. */
  reverseAll(): void {
    if (!this.#collect()) return;
    if (this.#inside.length < this.#execution.length) {
      this.#inside = new Uint8Array(this.#execution.length * 2);
    }
    for (const steps of this.#steps) {
      for (const it of steps) {
        if (typeof it === "number") continue;
        this.#before(it);
        if (it.done !== null) this.#instead(it, it.done);
      }
    }
  }

  /** Whether there is any communication at all. */
  #collect(): boolean {
    const execution = this.#execution;
    const count = this.#names.count;
    const steps = Array.from({ length: count }, (): (Instance | number)[] => []);
    let any = false;
    const add = (thread: number, step: Instance | number): void => {
      (steps[thread] as (Instance | number)[]).push(step);
      if (typeof step === "number") return;
      any = true;
      if (step.offers.fallback) this.#plans.inexactChannels = true;
    };
    for (let at = 0; at < execution.length; at++) {
      const done = execution.at(at);
      const { thread, partner, offers, partnerOffers, before, partnerBefore } = done;
      const open = done.touches.length > 1;
      if (offers === null && open && done.touches.some(takes)) this.#plans.inexactChannels = true;
      add(thread, offers === null ? at : { thread, at, done, offers, before, open });
      if (partner === noThread || partnerOffers === null) continue;
      add(partner, {
        thread: partner,
        at,
        done,
        offers: partnerOffers,
        before: partnerBefore,
        open,
      });
    }
    for (let id = 0; id < this.#machine.threadCount(); id++) {
      const offers = this.#machine.standing(id)?.offers;
      if (offers === undefined || offers === null) continue;
      const thread = this.#names.ofMachine(id);
      const before = execution.clockOf(thread);
      add(thread, { thread, at: execution.length, done: null, offers, before, open: false });
    }
    this.#steps = steps;
    return any;
  }

  /** The operation before each earlier event that it might have forestalled. */
  #before(instance: Instance): void {
    const execution = this.#execution;
    const { before, thread } = instance;
    let placed: Clock | null = null;
    for (let at = instance.at - 1; at >= 0; at--) {
      const event = execution.at(at);
      if ((before[event.thread] as number) >= event.n) continue;
      if (event.thread === thread || event.partner === thread) continue;
      if (!this.#interferes(event, instance)) continue;
      if (this.#plans.inexactChannels) {
        this.#frames.tryAll(at);
        continue;
      }
      // What comes before an event that it could be placed before is treated when that has been explored.
      const single = instance.offers.cases.length === 1;
      if (single && placed !== null && (placed[event.thread] as number) >= event.n) continue;
      this.#gather(at, instance.done, null);
      if (this.#place(instance, at, null)) placed = joined(placed, event.clock);
    }
  }

  /** Other outcomes at its own place, with and without each later event that competes for them. */
  #instead(instance: Instance, done: Done): void {
    const { at } = instance;
    if (this.#plans.inexactChannels) {
      this.#frames.tryAll(at);
      return;
    }
    this.#gather(at, done, null);
    const competitors = this.#gathered.filter((it) =>
      this.#interferes(this.#execution.at(it), instance),
    );
    this.#place(instance, at, done);
    for (const it of competitors) {
      this.#gather(at, done, this.#execution.at(it));
      this.#place(instance, at, done);
    }
  }

  /** Whether the event could have been in the way of the operation, or made a case of it possible. */
  #interferes(event: Done, { offers }: Instance): boolean {
    for (const it of offers.cases) {
      if (it.cap === 0 && (meets(event.offers, it) || meets(event.partnerOffers, it))) return true;
      for (const touch of event.touches) {
        if (touch.object === it.object && standsInTheWay(touch.kind, it, offers.fallback)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Events from `at` on that happen neither after the event there, nor after `own` or `cut`. */
  #gather(at: number, own: Done | null, cut: Done | null): void {
    const execution = this.#execution;
    const first = execution.at(at);
    for (const it of this.#gathered) this.#inside[it] = 0;
    this.#gathered = [];
    for (let position = at + 1; position < execution.length; position++) {
      if (execution.isAfter(position, first)) continue;
      if (own !== null && execution.isAfter(position, own)) continue;
      if (cut !== null && execution.isAfter(position, cut)) continue;
      this.#gathered.push(position);
      this.#inside[position] = 1;
    }
  }

  /** Every outcome that is possible there and conflicts with the event at `at`, but for `not`'s; whether there was one. */
  #place(instance: Instance, at: number, not: Done | null): boolean {
    const event = this.#execution.at(at);
    let any = false;
    for (const plan of this.#outcomes(instance, at)) {
      if (not !== null && this.#plans.same(plan, not.plan)) continue;
      const shares = this.#plans.shareThread(plan, event.plan);
      if (!shares && !this.#plans.conflict(event.plan, plan)) continue;
      any = true;
      this.#sequence.clear();
      for (const it of this.#gathered) this.#sequence.push(this.#execution.at(it).plan);
      this.#sequence.push(plan);
      this.#frames.insert(at, this.#sequence);
    }
    return any;
  }

  #outcomes(instance: Instance, at: number): readonly PlanId[] {
    const plans: PlanId[] = [];
    for (const it of instance.offers.cases) {
      const state = this.#stateOf(it.object, at);
      const alone = aloneOutcome(it, state);
      if (alone !== null) {
        const prints = [{ object: it.object, cap: it.cap, ...alone }];
        const arm = armOf(it);
        const { thread, open } = instance;
        plans.push(this.#plans.of({ ...emptyShape, thread, arm, prints, open }));
      } else if (it.cap === 0 && !state.closed) plans.push(...this.#meetings(instance, it, at));
    }
    return plans;
  }

  #meetings(instance: Instance, mine: OfferCase, at: number): readonly PlanId[] {
    const plans: PlanId[] = [];
    for (let thread = 0; thread < this.#steps.length; thread++) {
      if (thread === instance.thread) continue;
      const other = this.#nextOf(thread, at);
      if (other === null) continue;
      for (const theirs of other.offers.cases) {
        if (theirs.object !== mine.object || theirs.send === mine.send) continue;
        const [sender, receiver] = mine.send ? [instance, other] : [other, instance];
        const [sends, receives] = mine.send ? [mine, theirs] : [theirs, mine];
        plans.push(
          this.#plans.of({
            thread: sender.thread,
            partner: receiver.thread,
            arm: armOf(sends),
            partnerArm: armOf(receives),
            prints: [{ object: mine.object, kind: touches.rendezvous, n: 0, cap: 0 }],
            open: instance.open || other.open,
          }),
        );
      }
    }
    return plans;
  }

  /** What the thread stands before after the events before `at` and the gathered ones, if that is a communication. */
  #nextOf(thread: number, at: number): Instance | null {
    for (const it of this.#steps[thread] as readonly (Instance | number)[]) {
      const position = typeof it === "number" ? it : it.at;
      if (position < at || (position < this.#execution.length && this.#inside[position] === 1)) {
        continue;
      }
      return typeof it === "number" ? null : it;
    }
    return null;
  }

  #stateOf(object: number, at: number): ChannelState {
    let [sent, received, closed] = [0, 0, false];
    const count = (position: number): void => {
      for (const it of this.#execution.at(position).touches) {
        if (it.object !== object) continue;
        if (it.kind === touches.send) sent++;
        else if (it.kind === touches.recv) received++;
        else if (it.kind === touches.close) closed = true;
      }
    };
    for (const position of this.#execution.touching(object)) {
      if (position >= at) break;
      count(position);
    }
    for (const position of this.#gathered) count(position);
    return { sent, received, closed };
  }
}

/** What the case does without a partner; null when it waits. */
function aloneOutcome(
  { send, cap }: OfferCase,
  { sent, received, closed }: ChannelState,
): {
  readonly kind: (typeof touches)["send" | "recv" | "sendClosed" | "recvClosed"];
  readonly n: number;
} | null {
  if (send) {
    if (closed) return { kind: touches.sendClosed, n: 0 };
    return sent - received < cap ? { kind: touches.send, n: sent } : null;
  }
  if (sent > received) return { kind: touches.recv, n: received };
  return closed ? { kind: touches.recvClosed, n: 0 } : null;
}

function armOf({ arm }: OfferCase): number {
  return arm === -1 ? noArm : arm;
}

/** Whether a channel is emptied or found empty. */
function takes({ kind }: Touch): boolean {
  return kind === touches.recv || kind === touches.poll;
}

function meets(offers: Offers | null, mine: OfferCase): boolean {
  return offers?.cases.some((it) => it.object === mine.object && it.send !== mine.send) === true;
}

function standsInTheWay(kind: number, { send, cap }: OfferCase, fallback: boolean): boolean {
  if (fallback || kind === touches.rendezvous || kind === touches.poll) return true;
  if (send) return kind === touches.send || kind === touches.close;
  if (kind === touches.recv || kind === touches.recvClosed) return true;
  return kind === touches.close && cap === 0;
}

function joined(a: Clock | null, b: Clock): Clock {
  const sum = new Int32Array(b);
  if (a !== null)
    for (let index = 0; index < sum.length; index++) {
      sum[index] = Math.max(sum[index] as number, a[index] as number);
    }
  return sum;
}
