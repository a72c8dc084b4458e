// How a search gives branches of its tree to other searches, and takes back what these have found for it.
//
// Why each trace is run once still, and none in vain. The wakeup trees of a search are one ordered tree that only grows:
// new branches come last at their place. What sleeps at a node is what stands left of the way to it and commutes with it.
// A sequence is inserted where nothing that sleeps or stands there could begin it, so it conflicts with all of that and
// wakes it, whenever it is run. Hence the order in which branches are explored does not matter for what each of them has to
// cover, only that a branch comes to know of all sequences that lead into it. These come from what is explored left of it,
// and a search needs them only for what still sleeps: where w commutes with a sleeping s but not with what comes later,
// it is left to the races of s's branch to say so. A branch at which nothing sleeps but what is explored to its end needs
// no word from anybody: it is explored completely by itself, as POPL'14 shows of every place whose sleepers were explored
// before, and a sequence that leads into it is covered. Only such branches are given away: those that conflict with all
// that stands left of them at their place.
// Branches right of one that was given away wait until it has come back, or are given away on the same condition.
// What is asleep is therefore always explored to its end.
//
// Sequences that the other search finds for places above its branch are kept for the one who gave it. They are left out
// only where they are part of one that is kept: that something else covers them can be said only by who knows all of it.

import type { Choice } from "../../../protocol/witness.js";
import type { Machine } from "../vm/machine.js";
import type { Execution } from "./execution.js";
import type { Frame } from "./frame.js";
import { emptyShape, noThread, type PlanId, type Plans } from "./plans.js";
import type { Branch, Part, Returned, Turn } from "./search-state.js";
import type { ThreadNames } from "./thread-names.js";
import type { NodeId, WakeupTrees } from "./wakeup-tree.js";

/** What of a search is handed over. */
export interface Parts {
  readonly machine: Machine;
  readonly plans: Plans;
  readonly names: ThreadNames;
  readonly trees: WakeupTrees;
  readonly execution: Execution;
  readonly frames: Frame[];
  /** The choice by which the machine would do what is planned; null when it cannot. */
  readonly planned: (id: PlanId) => Choice | null;
  /** Goes on by the choice, for which the frame has a first kid. */
  readonly enter: (choice: Choice) => void;
  readonly insert: (position: number, plans: readonly PlanId[]) => void;
  readonly free: (list: NodeId) => void;
  /** A planned step was not possible. */
  readonly failed: () => void;
}

interface Found {
  readonly position: number;
  readonly plans: readonly PlanId[];
}

/** What is to be explored below a branch travels with it, and costs about as much as exploring it. */
const mostNodes = 500;
/** Branches at one place that are looked at. */
const mostLeft = 64;

export class Handover {
  readonly #parts: Parts;
  /** The first frame that is the search's own. */
  own = 0;
  /** Where the one who gave it keeps the branch. */
  #node: NodeId = 0;
  readonly #away = new Set<NodeId>();
  readonly #done = new Set<NodeId>();
  /** For places that are not its own. */
  readonly #above: Found[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  // ── Giving ────────────────────────────────────────────────────────────────────────────────────

  isAway(node: NodeId): boolean {
    return this.#away.has(node);
  }

  /** Puts to sleep what was explored elsewhere and has nothing left of it any more. */
  settle(frame: Frame): void {
    const { trees } = this.#parts;
    while (this.#done.delete(frame.kids)) {
      const node = frame.kids;
      frame.kids = trees.next(node);
      frame.sleep.push(trees.planOf(node));
      frame.tried++;
      trees.free(node);
    }
  }

  /** A branch of the first place that has one to give; null when there is none. */
  give(): Part | null {
    const { frames, execution } = this.#parts;
    for (let at = this.own; at <= execution.length; at++) {
      const node = this.#candidate(frames[at] as Frame);
      const part = node === 0 ? null : this.#giveAt(at, node);
      if (part !== null) return part;
    }
    return null;
  }

  /** The first branch that conflicts with all that stand left of it; 0 when there is none among the first ones. */
  #candidate(frame: Frame): NodeId {
    const { trees, plans } = this.#parts;
    const left: PlanId[] = [trees.planOf(frame.kids)];
    for (let node = trees.next(frame.kids); node !== 0; node = trees.next(node)) {
      const plan = trees.planOf(node);
      const stays = this.#away.has(node) || this.#done.has(node);
      if (!stays && left.every((it) => plans.apart(it, plan)) && this.#isSmall(node)) return node;
      if (left.push(plan) > mostLeft) return 0;
    }
    return 0;
  }

  #isSmall(node: NodeId): boolean {
    return this.#countBelow(node, mostNodes) <= mostNodes;
  }

  /** Nodes below the node; counts no further than past `enough`. */
  #countBelow(node: NodeId, enough: number): number {
    const { trees } = this.#parts;
    let count = 0;
    for (let it = trees.firstChild(node); it !== 0 && count <= enough; it = trees.next(it)) {
      count += 1 + this.#countBelow(it, enough - count);
    }
    return count;
  }

  /** Plans of the branches at the frame that stand left of the node. */
  #leftOf(frame: Frame, node: NodeId): readonly PlanId[] {
    const { trees } = this.#parts;
    const left: PlanId[] = [];
    for (let it = frame.kids; it !== node; it = trees.next(it)) left.push(trees.planOf(it));
    return left;
  }

  #giveAt(at: number, node: NodeId): Part | null {
    const { frames, trees, planned, failed, free, execution, plans } = this.#parts;
    const frame = frames[at] as Frame;
    const later = this.#rewind(at);
    const choice = planned(trees.planOf(node));
    let part: Part | null = null;
    if (choice === null) failed();
    else {
      const left = this.#leftOf(frame, node);
      this.#trial(choice, () => {
        trees.setPlan(node, execution.at(at).plan);
      });
      if (left.every((it) => plans.apart(it, trees.planOf(node)))) {
        const slept = Array.from({ length: at + 1 }, (_, position) => this.#slept(position));
        slept[at] = [...(slept[at] ?? []), ...left.map((it) => this.#turnOf(it))];
        const kids = this.#branches(trees.firstChild(node));
        free(trees.firstChild(node));
        trees.setFirstChild(node, 0);
        this.#away.add(node);
        part = { node, prefix: [...this.#prefix(), choice], slept, kids };
      }
    }
    this.#replay(later);
    return part;
  }

  #prefix(): readonly Choice[] {
    const { execution } = this.#parts;
    return Array.from({ length: execution.length }, (_, at) => execution.at(at).choice);
  }

  #slept(at: number): readonly Turn[] {
    const { sleep, inherited } = this.#parts.frames[at] as Frame;
    return sleep.slice(inherited).map((it) => this.#turnOf(it));
  }

  #branches(list: NodeId): readonly Branch[] {
    const { trees } = this.#parts;
    const branches: Branch[] = [];
    for (let node = list; node !== 0; node = trees.next(node)) {
      const turn = this.#turnOf(trees.planOf(node));
      branches.push({ turn, below: this.#branches(trees.firstChild(node)) });
    }
    return branches;
  }

  #turnOf(id: PlanId): Turn {
    const { plans, names } = this.#parts;
    const { thread, partner, arm, partnerArm } = plans.get(id);
    return {
      thread: names.pathOf(thread),
      partner: partner === noThread ? null : names.pathOf(partner),
      arm,
      partnerArm,
    };
  }

  // ── Exploring what was given ──────────────────────────────────────────────────────────────────

  /** For a search that has just begun. */
  load({ node, prefix, slept, kids }: Part): void {
    const { frames, trees, enter } = this.#parts;
    this.#node = node;
    prefix.forEach((choice, at) => {
      const frame = frames[at] as Frame;
      frame.sleep.push(...this.#plansOf(slept[at] ?? []));
      frame.kids = trees.add(0);
      enter(choice);
    });
    this.own = prefix.length;
    (frames[this.own] as Frame).kids = this.#nodes(kids);
  }

  #plansOf(turns: readonly Turn[]): readonly PlanId[] {
    const { execution } = this.#parts;
    const plans: PlanId[] = [];
    for (const turn of turns) {
      this.#tryTurn(turn, () => plans.push(execution.at(execution.length - 1).plan));
    }
    return plans;
  }

  /** Wakeup trees for the branches. */
  #nodes(branches: readonly Branch[]): NodeId {
    const { trees, execution } = this.#parts;
    let list: NodeId = 0;
    for (const { turn, below } of branches) {
      this.#tryTurn(turn, () => {
        const node = trees.add(execution.at(execution.length - 1).plan);
        trees.setFirstChild(node, this.#nodes(below));
        list = trees.append(list, node);
      });
    }
    return list;
  }

  /** Keeps a sequence for who gave the branch. */
  keep(position: number, plans: readonly PlanId[]): void {
    this.#above.push({ position, plans });
  }

  returned(): Returned {
    const above = Array.from({ length: this.own }, (_, at) => {
      const found = this.#above.filter(({ position }) => position === at);
      return this.#merged(found.map(({ plans }) => plans));
    });
    return { node: this.#node, above };
  }

  /** The sequences as trees, those that begin alike together. */
  #merged(sequences: readonly (readonly PlanId[])[]): readonly Branch[] {
    const groups = new Map<PlanId, (readonly PlanId[])[]>();
    for (const [first, ...rest] of sequences) {
      if (first === undefined) continue;
      const group = groups.get(first);
      if (group === undefined) groups.set(first, [rest]);
      else group.push(rest);
    }
    return [...groups].map(([plan, rest]) => ({
      turn: this.#turnOf(plan),
      below: this.#merged(rest),
    }));
  }

  // ── Taking back ───────────────────────────────────────────────────────────────────────────────

  /** Between two executions, or where the search waits. */
  receive({ node, above }: Returned): void {
    const found: Found[] = [];
    let later: readonly Choice[] = [];
    for (let at = above.length - 1; at >= 0; at--) {
      const branches = above[at] ?? [];
      if (branches.length === 0) continue;
      later = [...this.#rewind(at), ...later];
      for (const it of branches) {
        for (const plans of this.#sequences(it)) found.push({ position: at, plans });
      }
    }
    this.#replay(later);
    for (const { position, plans } of found) this.#parts.insert(position, plans);
    this.#away.delete(node);
    this.#done.add(node);
  }

  /** The ways from the root to the leaves, with the machine where the root starts. */
  #sequences({ turn, below }: Branch): readonly (readonly PlanId[])[] {
    const { execution } = this.#parts;
    let found: readonly (readonly PlanId[])[] = [];
    this.#tryTurn(turn, () => {
      const { plan } = execution.at(execution.length - 1);
      if (below.length === 0) found = [[plan]];
      else found = below.flatMap((it) => this.#sequences(it)).map((it) => [plan, ...it]);
    });
    return found;
  }

  // ── The machine elsewhere ─────────────────────────────────────────────────────────────────────

  /** To the place before the event at `position`; the choices from there on. */
  #rewind(position: number): readonly Choice[] {
    const { machine, execution, frames } = this.#parts;
    const choices: Choice[] = [];
    while (execution.length > position) choices.push(execution.pop().choice);
    if (choices.length > 0) machine.undoTo((frames[position] as Frame).mark);
    return choices.reverse();
  }

  #replay(choices: readonly Choice[]): void {
    const { machine, execution, frames } = this.#parts;
    for (const choice of choices) {
      (frames[execution.length] as Frame).mark = machine.mark();
      execution.push(machine.step(choice), choice);
    }
  }

  /** Takes the turn, looks, and takes it back. */
  #tryTurn({ thread, partner, arm, partnerArm }: Turn, look: () => unknown): void {
    const { plans, names, planned, failed } = this.#parts;
    const plan = plans.of({
      ...emptyShape,
      thread: names.atPath(thread),
      partner: partner === null ? noThread : names.atPath(partner),
      arm,
      partnerArm,
      open: true,
    });
    const choice = planned(plan);
    if (choice === null) failed();
    else this.#trial(choice, look);
  }

  #trial(choice: Choice, look: () => unknown): void {
    const { machine, execution } = this.#parts;
    const mark = machine.mark();
    execution.push(machine.step(choice), choice);
    look();
    execution.pop();
    machine.undoTo(mark);
  }
}
