// Optimal dynamic partial-order reduction with source sets and wakeup trees (Abdulla, Aronis, Jonsson, Sagonas, POPL'14,
// algorithm 2), in sequence form over a machine with an undo log. Each class of executions that differ only in the order
// of steps that commute (Mazurkiewicz trace) is run once. Beyond the paper: operations that wait take part in races with
// what keeps them waiting, two threads may meet in one event, and a thread may have several ways to go on.

import type { Choice, ThreadId } from "../../../protocol/witness.js";
import type { Strictness } from "../dependence.js";
import { sameChoice } from "../strategy.js";
import type { Halt, Machine } from "../vm/machine.js";
import { touches, type Touch } from "../vm/touch.js";
import { Communications } from "./communication.js";
import { Execution, type Done } from "./execution.js";
import { emptyFrame, type Frame } from "./frame.js";
import { Handover } from "./handover.js";
import { emptyShape, noArm, noThread, Plans, standing, type PlanId } from "./plans.js";
import { Reversals, type Frames } from "./reversal.js";
import type { Part, Returned } from "./search-state.js";
import { commutes, notInitial, Sequence } from "./sequence.js";
import { ThreadNames } from "./thread-names.js";
import { WakeupTrees, type NodeId } from "./wakeup-tree.js";

/** What a search has done so far. */
export interface Tally {
  /** Executions that came to their end, each of another trace. */
  readonly traces: number;
  /** Executions that were given up because all that was left had been seen. */
  readonly blocked: number;
  /** Planned steps that turned out not to be possible. */
  readonly aborted: number;
  /** Places where everything that may run is tried, because the reductions are not exact there. */
  readonly conservative: number;
  readonly events: number;
  /** The most nodes that wakeup trees had at a time. */
  readonly nodes: number;
}

export interface SearchOptions {
  readonly machine: Machine;
  /** Steps of one execution. */
  readonly depth: number;
  /** Threads that clocks have room for; `TooManyThreads` is thrown when there are more. */
  readonly threads: number;
  readonly strict: Strictness;
  /** Everything that may run is tried everywhere; only what is asleep is left out. */
  readonly everything: boolean;
}

export class OptimalSearch implements Frames {
  readonly #machine: Machine;
  readonly #depth: number;
  readonly #everything: boolean;
  readonly #plans: Plans;
  readonly #names: ThreadNames;
  readonly #trees = new WakeupTrees();
  readonly #execution: Execution;
  readonly #reversals: Reversals;
  readonly #communications: Communications;
  readonly #frames: Frame[] = [emptyFrame()];
  readonly #handover: Handover;
  readonly #waiting: number[] = [];
  /** There has been an operation on channels. */
  #communicated = false;
  /** Something was tried because no sequence leads to it, or a planned step was not possible. */
  #inexact = false;
  /** The execution has come to its end, and it is still to be seen where the next one branches off. */
  #back = false;
  /** It is at a place where the next branch is explored elsewhere. */
  #waits = false;
  #over = false;
  #traces = 0;
  #blocked = 0;
  #aborted = 0;
  #conservative = 0;
  #events = 0;

  /** The machine has been configured and reset. */
  constructor({ machine, depth, threads, strict, everything }: SearchOptions) {
    this.#machine = machine;
    this.#depth = depth;
    this.#everything = everything;
    this.#plans = new Plans(strict);
    const atStart = machine.threadCount();
    this.#names = new ThreadNames(atStart);
    this.#execution = new Execution(this.#plans, this.#names, Math.max(threads, atStart));
    this.#reversals = new Reversals(this.#plans, this.#execution, this);
    this.#communications = new Communications(
      this.#plans,
      this.#names,
      machine,
      this.#execution,
      this,
    );
    this.#handover = new Handover({
      machine,
      plans: this.#plans,
      names: this.#names,
      trees: this.#trees,
      execution: this.#execution,
      frames: this.#frames,
      planned: (id) => this.#planned(id),
      enter: (choice) => {
        this.#enter(choice);
      },
      insert: (position, plans) => {
        const sequence = new Sequence(this.#plans);
        for (const it of plans) sequence.push(it);
        this.insert(position, sequence);
      },
      free: (list) => {
        this.#freeAll(list);
      },
      failed: () => {
        this.#inexact = true;
      },
    });
  }

  tally(): Tally {
    return {
      traces: this.#traces,
      blocked: this.#blocked,
      aborted: this.#aborted,
      conservative: this.#conservative,
      events: this.#events,
      nodes: this.#trees.peak,
    };
  }

  get machine(): Machine {
    return this.#machine;
  }

  /** The execution that is under way; for `visit`, the one that has just ended. */
  get execution(): Execution {
    return this.#execution;
  }

  /**
   * Goes on until everything is explored ("done"), or there is nothing to do before what was given away comes back
   * ("waiting"), or `pause` (polled before each step) or `visit` asks for an end; then
   * `run` may be called again. `visit` is called at the end of each execution, with the machine still there; `halt` is
   * undefined when the bound on steps cut it.
   */
  run(
    pause: () => boolean,
    visit: (halt: Halt | undefined) => "go on" | "stop",
  ): "done" | "paused" | "waiting" {
    let wish = "go on";
    for (;;) {
      if (this.#back) {
        const found = this.#backtrack();
        if (found === "waiting") return "waiting";
        this.#over = found === "over";
        this.#back = false;
      }
      if (this.#over) return "done";
      if (wish === "stop" || pause()) return "paused";
      const choice = this.#next();
      if (choice !== null) {
        this.#step(choice);
        continue;
      }
      wish = this.#end(visit);
      this.#back = true;
    }
  }

  /** Takes the choices as far as they are possible, for a search that has not begun. Whether all were. */
  follow(choices: readonly Choice[]): boolean {
    for (const it of choices) {
      const choice = this.#machine.choicesOf(it.thread).find((other) => sameChoice(it, other));
      if (choice === undefined) return false;
      this.#frame.kids = this.#trees.add(0);
      this.#enter(choice);
    }
    return true;
  }

  // ── Several searches of one program ───────────────────────────────────────────────────────────

  /** Whether all reductions have been exact so far. Only then may parts of it be given away, and is what they find all. */
  get exact(): boolean {
    return !this.#inexact && this.#plans.exact;
  }

  /** Part of what is left, for another search; null when there is nothing to give yet. */
  give(): Part | null {
    return this.#handover.give();
  }

  /** A search of the part has come to its end: between two calls of `run`. */
  receive(returned: Returned): void {
    this.#handover.receive(returned);
  }

  /** For a search that has not begun: it explores the part that another gave. */
  load(part: Part): void {
    this.#handover.load(part);
  }

  /** What a search that is done has found for the one that gave it its part. */
  returned(): Returned {
    return this.#handover.returned();
  }

  get #frame(): Frame {
    return this.#frames[this.#execution.length] as Frame;
  }

  // ── Forward ───────────────────────────────────────────────────────────────────────────────────

  /** How to go on from here; null at the end of the execution, or where all that may run is asleep. */
  #next(): Choice | null {
    if (this.#execution.length >= this.#depth) return null;
    const frame = this.#frame;
    while (frame.kids !== 0) {
      const choice = this.#planned(this.#trees.planOf(frame.kids));
      if (choice === null) {
        this.#aborted++;
        this.tryAll(this.#execution.length);
      } else if (!this.#isAsleep(frame, choice)) return choice;
      this.#drop(frame);
    }
    return this.#free(frame);
  }

  #planned(id: PlanId): Choice | null {
    const plan = this.#plans.get(id);
    const thread = this.#names.toMachine(plan.thread);
    if (thread < 0) return null;
    const choices = this.#machine.choicesOf(thread);
    for (const it of choices) {
      if (
        (it.arm ?? noArm) === plan.arm &&
        (it.partnerArm ?? noArm) === plan.partnerArm &&
        this.#partnerOf(it) === plan.partner
      ) {
        return it;
      }
    }
    return null;
  }

  #partnerOf({ partner }: Choice): number {
    return partner === undefined ? noThread : this.#names.ofMachine(partner);
  }

  #drop(frame: Frame): void {
    const node = frame.kids;
    frame.kids = this.#trees.next(node);
    this.#freeAll(this.#trees.firstChild(node));
    this.#trees.free(node);
  }

  #freeAll(list: NodeId): void {
    for (let node = list; node !== 0; ) {
      const next = this.#trees.next(node);
      this.#freeAll(this.#trees.firstChild(node));
      this.#trees.free(node);
      node = next;
    }
  }

  /** Any step that is not asleep: the running thread's if it can go on, so that executions have few switches. */
  #free(frame: Frame): Choice | null {
    const { length } = this.#execution;
    const last = length === 0 ? null : this.#execution.at(length - 1);
    const count = this.#machine.threadCount();
    const start = last === null ? 0 : last.choice.thread;
    for (let offset = 0; offset < count; offset++) {
      const thread = (start + offset) % count;
      const choice = this.#awake(frame, thread);
      if (choice === null) continue;
      frame.kids = this.#trees.add(0);
      return choice;
    }
    return null;
  }

  #awake(frame: Frame, thread: ThreadId): Choice | null {
    for (const choice of this.#machine.choicesOf(thread)) {
      if (!this.#isAsleep(frame, choice)) return choice;
    }
    return null;
  }

  #isAsleep({ sleep }: Frame, choice: Choice): boolean {
    for (const it of sleep) if (this.#is(Math.abs(it), choice)) return true;
    return false;
  }

  /** Whether the plan is this choice. */
  #is(id: PlanId, { thread, arm, partner, partnerArm }: Choice): boolean {
    const plan = this.#plans.get(id);
    if (plan.thread !== this.#names.ofMachine(thread)) return false;
    if (plan.arm !== (arm ?? noArm) || plan.partnerArm !== (partnerArm ?? noArm)) return false;
    return plan.partner === (partner === undefined ? noThread : this.#names.ofMachine(partner));
  }

  #step(choice: Choice): void {
    const frame = this.#frame;
    const depth = this.#execution.length;
    const done = this.#enter(choice);
    this.#events++;
    // What a stopped timer would have done is nobody's attempt: it has to be tried before the stop.
    if (this.#everything || done.advanced) this.#takeAll(frame);
    else if (done.touches.some(isTimer)) this.tryAll(depth);
    if (done.values > 1) this.#otherValues(frame, done);
    const node = frame.kids;
    this.#frame.kids = this.#trees.firstChild(node);
    this.#trees.setFirstChild(node, 0);
  }

  #enter(choice: Choice): Done {
    const frame = this.#frame;
    frame.mark = this.#machine.mark();
    const done = this.#execution.push(this.#machine.step(choice), choice);
    this.#trees.setPlan(frame.kids, done.plan);
    if (done.offers !== null) this.#communicated = true;
    const next = (this.#frames[this.#execution.length] ??= emptyFrame());
    this.#open(next, frame, done.plan);
    return done;
  }

  #open(next: Frame, frame: Frame, plan: PlanId): void {
    next.sleep.length = 0;
    next.all = false;
    next.expanded = false;
    next.tried = 0;
    for (const it of frame.sleep) {
      if (!this.#wakes(plan, Math.abs(it))) next.sleep.push(it);
    }
    next.inherited = next.sleep.length;
  }

  /** Whether what is asleep may run again after the plan. */
  #wakes(plan: PlanId, asleep: PlanId): boolean {
    const plans = this.#plans;
    let value = plans.standings(asleep, plan)[plan] as number;
    if (value === standing.unknown) value = plans.stands(asleep, plan);
    return value !== standing.commuting;
  }

  /** The other values of a data choice. */
  #otherValues(frame: Frame, done: Done): void {
    const { thread, partner, partnerArm, prints, open } = this.#plans.get(done.plan);
    for (let arm = 0; arm < done.values; arm++) {
      const plan = this.#plans.of({ thread, partner, arm, partnerArm, prints, open });
      if (!this.#known(frame, plan))
        frame.kids = this.#trees.append(frame.kids, this.#trees.add(plan));
    }
  }

  /** Explored from the frame, or about to be. */
  #known(frame: Frame, plan: PlanId): boolean {
    if (frame.sleep.some((it) => this.#plans.same(Math.abs(it), plan))) return true;
    for (let node = frame.kids; node !== 0; node = this.#trees.next(node)) {
      if (this.#plans.same(this.#trees.planOf(node), plan)) return true;
    }
    return false;
  }

  // ── The end of an execution ───────────────────────────────────────────────────────────────────

  #end(visit: (halt: Halt | undefined) => "go on" | "stop"): "go on" | "stop" {
    const halt = this.#machine.halted();
    const whole = halt !== undefined || this.#execution.length >= this.#depth;
    if (whole) this.#traces++;
    else this.#blocked++;
    this.#reverseAll();
    return whole ? visit(halt) : "go on";
  }

  /** All races of the execution, also those whose events were there before: what may come between them is new. */
  #reverseAll(): void {
    const execution = this.#execution;
    for (let at = 0; at < execution.length; at++) {
      const done = execution.at(at);
      if (done.offers !== null) continue;
      for (const first of done.races) this.#reversals.reverse(first, done);
    }
    const waiting = this.#reverseWaiting();
    if (waiting || this.#communicated) this.#communications.reverseAll();
  }

  /** What still waits takes part in races with what keeps it waiting. True when somebody waits to communicate. */
  #reverseWaiting(): boolean {
    let communicates = false;
    const execution = this.#execution;
    const count = this.#machine.threadCount();
    for (let id = 0; id < count; id++) {
      const standing = this.#machine.standing(id);
      if (standing === null) continue;
      if (standing.offers !== null) communicates = true;
      if (standing.offers !== null || standing.touches.length === 0) continue;
      const thread = this.#names.ofMachine(id);
      const plan = this.#plans.ofStep(thread, standing.touches);
      const before = execution.clockOf(thread);
      const attempt = { thread, plan, touches: standing.touches, before };
      execution.racesOf(attempt, this.#waiting);
      for (const first of this.#waiting) this.#reversals.reverse(first, attempt);
    }
    return communicates;
  }

  // ── Wakeup trees ──────────────────────────────────────────────────────────────────────────────

  insert(position: number, sequence: Sequence): void {
    const frame = this.#frames[position] as Frame;
    let weakly = false;
    for (const it of frame.sleep) {
      if (sequence.initial(Math.abs(it)) === notInitial) continue;
      if (it > 0 && !this.#plans.isInexact(it)) return;
      weakly = true;
    }
    if (weakly) {
      this.tryAll(position);
      return;
    }
    const foreign = position < this.#handover.own;
    const whole = foreign ? Array.from(sequence.plans.subarray(0, sequence.length)) : [];
    // The branch under way begins with the event that the sequence conflicts with.
    const { kids } = frame;
    let list = position < this.#execution.length ? this.#trees.next(kids) : kids;
    let above: NodeId = 0;
    for (;;) {
      let found: NodeId = 0;
      let index = notInitial;
      for (let node = list; node !== 0; node = this.#trees.next(node)) {
        const plan = this.#trees.planOf(node);
        index = sequence.initial(plan);
        if (index === notInitial) continue;
        if (index === commutes && this.#plans.isInexact(plan)) continue;
        found = node;
        break;
      }
      if (found === 0) break;
      if (index !== commutes) sequence.remove(index);
      if (sequence.length === 0) return;
      above = found;
      list = this.#trees.firstChild(found);
      if (list === 0 && !foreign) return;
    }
    const chain = this.#trees.addChain(sequence.plans, sequence.length);
    if (above === 0) frame.kids = this.#trees.append(kids, chain);
    else this.#trees.setFirstChild(above, this.#trees.append(list, chain));
    if (foreign) this.#handover.keep(position, whole);
  }

  tryAll(position: number): void {
    const frame = this.#frames[position] as Frame;
    if (frame.all) return;
    this.#takeAll(frame);
    this.#conservative++;
  }

  #takeAll(frame: Frame): void {
    frame.all = true;
    this.#inexact = true;
  }

  /** Adds what may run and is neither explored nor planned. */
  #expand(frame: Frame): void {
    frame.expanded = true;
    for (const choice of this.#machine.enabled()) {
      const plan = this.#plans.of({
        ...emptyShape,
        thread: this.#names.ofMachine(choice.thread),
        partner: this.#partnerOf(choice),
        arm: choice.arm ?? noArm,
        partnerArm: choice.partnerArm ?? noArm,
        open: true,
      });
      if (!this.#known(frame, plan))
        frame.kids = this.#trees.append(frame.kids, this.#trees.add(plan));
    }
  }

  // ── Back ──────────────────────────────────────────────────────────────────────────────────────

  /** To the last place with something left to explore. */
  #backtrack(): "found" | "waiting" | "over" {
    for (;;) {
      if (!this.#waits) {
        if (this.#execution.length <= this.#handover.own) return "over";
        const done = this.#execution.pop();
        const frame = this.#frame;
        this.#machine.undoTo(frame.mark);
        const node = frame.kids;
        frame.kids = this.#trees.next(node);
        this.#trees.free(node);
        frame.sleep.push(frame.all ? -done.plan : done.plan);
        frame.tried++;
      }
      const frame = this.#frame;
      this.#handover.settle(frame);
      this.#waits = this.#handover.isAway(frame.kids);
      if (this.#waits) return "waiting";
      if (frame.kids === 0 && frame.all && !frame.expanded) this.#expand(frame);
      if (frame.kids !== 0) return "found";
    }
  }

  /** Orders of the whole search, guessed from how often the present one branched (after Knuth, 1975); 0: nothing known. */
  estimate(): number {
    let orders = 1;
    for (let at = 0; at <= this.#execution.length; at++) {
      const frame = this.#frames[at] as Frame;
      let branches = frame.tried;
      for (let node = frame.kids; node !== 0; node = this.#trees.next(node)) branches++;
      orders *= Math.max(1, branches);
    }
    return orders;
  }
}

function isTimer({ kind }: Touch): boolean {
  return kind === touches.timer || kind === touches.timerFire;
}
