// A search that takes long is split: other threads explore branches of its tree. What is split is only the counting of
// what is known: as soon as anybody comes upon something that a search alone would act upon (a race that makes places visible, an assumption that does not hold, anything that is cut), all that was done
// together is dropped and the search does it alone, from its start. So what is found does not depend on how many threads
// there are, or which of them was faster.

import type { Choice } from "../../protocol/witness.js";
import { present } from "../base/assert.js";
import { extentOf } from "../ir/access.js";
import type { FuncId, Program } from "../ir/ir.js";
import { holds, kept, searchUnder, type Assumptions } from "./dpor/adaptive.js";
import { lineOf } from "./dpor/canonical.js";
import { TooManyThreads } from "./dpor/execution.js";
import { Hand } from "./dpor/hand.js";
import type { OptimalSearch } from "./dpor/optimal.js";
import type { Branch, Part, Returned } from "./dpor/search-state.js";
import { firstShare, Sharing, type Share } from "./dpor/sharing.js";
import { endKind, endLabel, failuresOf } from "./ending.js";
import { Ends, type EndCounts } from "./findings.js";
import { asRanked, Lines, ranked, type Line } from "./least.js";
import { sightingKey } from "./sighting.js";
import type { Halt, Machine } from "./vm/machine.js";

/** What the threads of a crew are to do, as plain data. */
export interface CrewTask {
  readonly entry: FuncId;
  readonly depth: number;
  readonly visible: readonly string[];
  readonly assumptions: Assumptions;
  /** Keys of ends and of failures that are known. */
  readonly ends: readonly string[];
  readonly failures: readonly string[];
}

/** Leader → member. */
export type CrewOrder =
  | { readonly kind: "share"; readonly share: Share }
  | { readonly kind: "returned"; readonly giver: number; readonly returned: Returned }
  /** To tell what it has counted, and go. */
  | { readonly kind: "end" };

/** Member → leader. */
export type CrewAnswer =
  /** It has nothing to do, after so many orders. */
  | { readonly kind: "idle"; readonly heard: number }
  | { readonly kind: "given"; readonly by: number; readonly part: Part }
  | { readonly kind: "finished"; readonly id: number; readonly returned: Returned }
  /** With what shows it, where that is an execution. */
  | { readonly kind: "spoilt"; readonly line: readonly Choice[] | null }
  | { readonly kind: "counted"; readonly counts: Counts };

/** What a member has counted. */
export interface Counts {
  readonly ends: EndCounts;
  readonly failures: readonly (readonly [key: string, line: Line])[];
  readonly timed: boolean;
}

/** Numbers that all threads of a crew can read at any time. */
export interface Board {
  /** Threads with nothing to do, less the shares that wait. Negative: nobody is to give. */
  wanted: number;
  /** Executions of a member so far. */
  executions(member: number): number;
}

/** The leader's end of a crew: members may join at any time, and are numbered as they come. */
export interface Crew {
  /** How long a search is at it alone before it is split. */
  readonly aloneMillis: number;
  readonly board: Board;
  /** Asks for as many threads as there are idle; they come when they come. */
  gather(task: CrewTask): void;
  /** The members that have come. */
  members(): number;
  /** There may be something to hear, or somebody has come. */
  readonly called: boolean;
  /** The next that one of them has said; null: nothing at present. */
  hear(): { readonly from: number; readonly answer: CrewAnswer } | null;
  tell(member: number, order: CrewOrder): void;
  /** Waits until there is something to hear, or a moment. */
  rest(): void;
  /** They have all been told to end; or are not needed any more. */
  dismiss(): void;
}

/** A member's end. */
export interface Membership {
  /** Nothing to do at present for somebody else: whether to give. */
  readonly asked: boolean;
  /** The crew is dismissed, or the exploration cancelled. Waits inside while it is paused. */
  readonly over: boolean;
  /** There is something to hear. */
  readonly called: boolean;
  /** Null: nothing at present; waits a moment for it if `wait`. */
  hear(wait: boolean): CrewOrder | null;
  tell(answer: CrewAnswer): void;
  /** It has given away a part: one less is asked for. */
  gave(): void;
  ran(executions: number): void;
}

// ── What an execution comes to ──────────────────────────────────────────────────────────────────

/** Counts executions of a search that is split, and sees when there is more to them. */
export class Audit {
  readonly ends: Ends;
  /** By key: those that are not known. */
  readonly failures: Lines;
  /** There is something that a search alone has to see to. */
  spoilt = false;
  /** The execution that shows it, as `lineOf`; null where none does. */
  spoiler: readonly Choice[] | null = null;
  /** Somebody waited for time. */
  timed = false;
  executions = 0;
  readonly #program: Program;
  readonly #assumptions: Assumptions;
  readonly #visible: ReadonlySet<string>;
  readonly #known: ReadonlySet<string>;

  constructor(
    program: Program,
    { assumptions, visible, failures: known }: CrewTask,
    ends: Ends,
    failures: Lines,
  ) {
    this.#program = program;
    this.#assumptions = assumptions;
    this.#visible = new Set(visible);
    this.#known = new Set(known);
    this.ends = ends;
    this.failures = failures;
  }

  visit(search: OptimalSearch, halt: Halt | undefined): "go on" | "stop" {
    this.executions++;
    this.timed ||= search.execution.hasTime;
    const { machine, execution } = search;
    const kind = endKind(machine, halt);
    if (halt?.kind !== "finished" || kind === null || this.#isSpoilt(search)) {
      this.spoilt = true;
      this.spoiler = lineOf(execution);
      return "stop";
    }
    this.ends.countLater(kind, endLabel(machine, execution), ranked(execution));
    for (const it of failuresOf(machine, this.#program, halt)) {
      const key = sightingKey(it);
      if (!this.#known.has(key)) this.failures.keep(key, ranked(execution));
    }
    return "go on";
  }

  counts(): Counts {
    const { ends, failures, timed } = this;
    return { ends: ends.counts(), failures: failures.sorted(), timed };
  }

  add({ ends, failures, timed }: Counts): void {
    this.ends.addCounts(ends);
    for (const [key, line] of failures) this.failures.keep(key, asRanked(line));
    this.timed ||= timed;
  }

  #isSpoilt(search: OptimalSearch): boolean {
    const { machine } = search;
    if (!search.exact || !isPlain(machine)) return true;
    if (!holds(this.#assumptions, kept(this.#assumptions, search, machine))) return true;
    return this.#makesVisible(machine);
  }

  #makesVisible(machine: Machine): boolean {
    return machine
      .races()
      .some(({ first, second }) =>
        [first, second].some(
          ({ span }) => span !== 0 && !this.#visible.has(extentOf(this.#program, span)),
        ),
      );
  }
}

/** Whether it ends in the same way however its independent steps are ordered. */
export function isPlain(machine: Machine): boolean {
  return !machine.manyPrint() && machine.failures().length <= 1;
}

/** A search of the task that has not begun. */
function searchOf(
  { assumptions, entry, depth, visible }: CrewTask,
  machine: Machine,
): OptimalSearch {
  const options = { machine, entry, depth, visible: new Set(visible), time: "quiet" } as const;
  return searchUnder(assumptions, options);
}

function blockedIn(search: OptimalSearch): boolean {
  return search.tally().blocked > 0;
}

/** Steps of sequences that may come back, besides so many for each execution of a member. */
const mostTurns = 5000;
const mostTurnsEach = 3;

// ── The leader ──────────────────────────────────────────────────────────────────────────────────

export interface LeaderOptions {
  readonly task: CrewTask;
  readonly audit: Audit;
  readonly makeMachine: () => Machine;
  readonly crew: Crew;
  /** Polled before each step. */
  readonly stopped: () => boolean;
  /** Executions that may be run, of all together. */
  readonly most: number;
}

/** "spoilt": nothing of it counts. */
export type Together = "done" | "stopped" | "spoilt";

/** Goes on with a search that has begun, together with who has come and whoever joins. */
export class Leader {
  readonly #options: LeaderOptions;
  readonly #sharing = new Sharing();
  readonly #hand: Hand;
  /** By share: who works on it; the leader itself is -1. */
  readonly #workers = new Map<number, number>([[firstShare, leader]]);
  readonly #idle = new Set<number>();
  /** By member: orders it was given. */
  readonly #told: number[] = [];
  #met = 0;
  /** Steps of sequences that came back. */
  #turns = 0;

  constructor(options: LeaderOptions, search: OptimalSearch) {
    this.#options = options;
    const { task, audit, makeMachine, crew, stopped } = options;
    this.#hand = new Hand({
      begin: () => searchOf(task, makeMachine()),
      pause: () => audit.spoilt || crew.called || stopped(),
      visit: (it, halt) => {
        const wish = audit.visit(it, halt);
        audit.spoilt ||= this.#isTooMuch();
        return audit.spoilt ? "stop" : wish;
      },
      asked: () => crew.board.wanted > 0,
      given: (by, part) => {
        this.#given(by, part);
      },
      finished: (id, returned, it) => {
        audit.spoilt ||= blockedIn(it);
        this.#finished(id, returned);
      },
    });
    this.#hand.adopt(firstShare, search);
  }

  /** Executions of the members so far. */
  get executions(): number {
    const { board } = this.#options.crew;
    let sum = 0;
    for (let member = 0; member < this.#met; member++) sum += board.executions(member);
    return sum;
  }

  run(): Together {
    const { audit } = this.#options;
    let end: Together;
    try {
      end = this.#work();
    } catch (error) {
      if (!(error instanceof TooManyThreads)) throw error;
      end = "spoilt";
    }
    if (end !== "spoilt") this.#collect();
    return audit.spoilt ? "spoilt" : end;
  }

  #work(): Together {
    const { audit, crew, stopped } = this.#options;
    while (!this.#sharing.over) {
      this.#hearAll();
      if (audit.spoilt) return "spoilt";
      audit.spoilt ||= this.#isTooMuch();
      if (stopped()) return "stopped";
      if (this.#hand.idle) {
        const share = this.#sharing.next();
        if (share === null) crew.rest();
        else {
          this.#workers.set(share.id, leader);
          this.#hand.take(share);
        }
      }
      this.#dispatch();
      this.#hand.work();
    }
    return "done";
  }

  /** Which executions come first within the limit only a search alone can say. */
  #isTooMuch(): boolean {
    const { audit, most } = this.#options;
    return audit.executions + this.executions > most;
  }

  #hearAll(): void {
    const { crew } = this.#options;
    for (; this.#met < crew.members(); this.#met++) {
      this.#told.push(0);
      this.#idle.add(this.#met);
    }
    for (let it = crew.hear(); it !== null; it = crew.hear()) this.#hear(it.from, it.answer);
    this.#dispatch();
  }

  #hear(from: number, answer: CrewAnswer): void {
    switch (answer.kind) {
      case "idle":
        if (answer.heard === this.#told[from]) this.#idle.add(from);
        return;
      case "given":
        this.#given(answer.by, answer.part);
        return;
      case "finished":
        this.#finished(answer.id, answer.returned);
        return;
      case "spoilt":
        this.#options.audit.spoilt = true;
        this.#options.audit.spoiler ??= answer.line;
        return;
      case "counted":
        this.#options.audit.add(answer.counts);
        return;
    }
  }

  #given(by: number, part: Part): void {
    this.#sharing.given(by, part);
    this.#dispatch();
  }

  #finished(id: number, returned: Returned): void {
    const giver = this.#sharing.finished(id);
    for (const it of returned.above) this.#turns += turnsIn(it);
    this.#workers.delete(id);
    if (id === firstShare) return;
    const worker = present(this.#workers.get(giver), "a giver's worker");
    if (worker === leader) this.#hand.receive(giver, returned);
    else this.#tell(worker, { kind: "returned", giver, returned });
  }

  #dispatch(): void {
    for (const member of this.#idle) {
      const share = this.#sharing.next();
      if (share === null) break;
      this.#workers.set(share.id, member);
      this.#tell(member, { kind: "share", share });
    }
    const idle = this.#idle.size + (this.#hand.idle ? 1 : 0);
    this.#options.crew.board.wanted = this.#isCostly() ? 0 : idle - this.#sharing.ready;
  }

  /** What comes back costs more than to explore it would: nothing is given any more. */
  #isCostly(): boolean {
    return this.#turns > mostTurns + mostTurnsEach * this.executions;
  }

  #tell(member: number, order: CrewOrder): void {
    this.#idle.delete(member);
    this.#told[member] = (this.#told[member] ?? 0) + 1;
    this.#options.crew.tell(member, order);
  }

  /** What those have counted who were told anything. */
  #collect(): void {
    const { crew, audit } = this.#options;
    crew.board.wanted = 0;
    const waited = new Set([...this.#told.keys()].filter((it) => (this.#told[it] ?? 0) > 0));
    for (const it of waited) this.#tell(it, { kind: "end" });
    while (waited.size > 0 && !audit.spoilt) {
      const heard = crew.hear();
      if (heard === null) crew.rest();
      else if (heard.answer.kind === "counted" || heard.answer.kind === "spoilt") {
        this.#hear(heard.from, heard.answer);
        waited.delete(heard.from);
      }
    }
  }
}

const leader = -1;

function turnsIn(branches: readonly Branch[]): number {
  let sum = 0;
  for (const { below } of branches) sum += 1 + turnsIn(below);
  return sum;
}

// ── A member ────────────────────────────────────────────────────────────────────────────────────

/** Takes part in a crew until it is dismissed. */
export function takePart(
  program: Program,
  task: CrewTask,
  makeMachine: (program: Program) => Machine,
  membership: Membership,
): void {
  const audit = new Audit(program, task, Ends.knowing(task.ends), new Lines());
  const hand = new Hand({
    begin: () => searchOf(task, makeMachine(program)),
    pause: () => membership.over || membership.called,
    visit: (search, halt) => {
      const wish = audit.visit(search, halt);
      membership.ran(audit.executions);
      return wish;
    },
    asked: () => membership.asked,
    given: (by, part) => {
      membership.gave();
      membership.tell({ kind: "given", by, part });
    },
    finished: (id, returned, search) => {
      audit.spoilt ||= blockedIn(search);
      membership.tell({ kind: "finished", id, returned });
    },
  });
  try {
    work(audit, hand, membership);
  } catch (error) {
    if (!(error instanceof TooManyThreads)) throw error;
    audit.spoilt = true;
  }
  if (audit.spoilt) membership.tell({ kind: "spoilt", line: audit.spoiler });
}

function work(audit: Audit, hand: Hand, membership: Membership): void {
  let heard = 0;
  let told = 0;
  while (!membership.over && !audit.spoilt) {
    const order = membership.hear(hand.idle && told === heard);
    if (order !== null) {
      heard++;
      switch (order.kind) {
        case "share":
          hand.take(order.share);
          break;
        case "returned":
          hand.receive(order.giver, order.returned);
          break;
        case "end":
          membership.tell({ kind: "counted", counts: audit.counts() });
          return;
      }
    } else if (!hand.idle) hand.work();
    else if (told !== heard) {
      membership.tell({ kind: "idle", heard });
      told = heard;
    }
  }
}
