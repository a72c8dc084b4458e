// Several agents of a TypeScript program: threads with an event loop each, that share memory and send each other messages. A step
// is an operation of `ops.ts`; plain accesses are steps only where they race, as in the machine of Go.

import type {
  Blocked,
  Buffer,
  Choice,
  Outcome,
  ThreadId,
  WitnessObject,
  WitnessThread,
} from "../../../../protocol/witness.js";
import { present } from "../../../base/assert.js";
import { extentOf, spanOf } from "../../../ir/access.js";
import type { FuncId, Program, SpanId } from "../../../ir/ir.js";
import { Numbers } from "../js-numbers.js";
import {
  type Drawn,
  type Event,
  type Failure,
  type Halt,
  type Machine,
  type MachineOptions,
  type Race,
} from "../machine.js";
import { type Standing, touch, touches, type Touch } from "../touch.js";
import { available, type Context, type Effect, effectOf } from "./effects.js";
import { encode } from "./clone.js";
import { History } from "./history.js";
import { brokenLock, type Conflict, conflictsOf, keyOf, overwrites, valueOf } from "./memory.js";
import type { Element, Told } from "./ops.js";
import { agentWords } from "./words.js";
import { type Agent, withAgent, type World, worldOf } from "./world.js";
import { whyAsleep } from "./asleep.js";
import { digestOf, numberOf } from "./digest.js";

/** Plain accesses that an agent does between two steps, beyond which it is given up. */
const mostBetween = 5000;

export function createAgentMachine(program: Program): Machine {
  return new AgentMachine(program);
}

/** A world, and the races that the step to it has shown. */
interface Moment {
  readonly world: World;
  readonly conflicts: Conflicts | null;
}

interface Conflicts {
  readonly it: Conflict;
  readonly before: Conflicts | null;
}

class AgentMachine implements Machine {
  readonly #program: Program;
  readonly #context: Context;
  readonly #extents = new Map<SpanId, string>();
  #visible: ReadonlySet<string> = new Set();
  #anyTime = false;
  /** The present last. */
  #moments: Moment[] = [];
  #drawn: Drawn = { any: false, within: false, examples: null };

  constructor(program: Program) {
    this.#program = program;
    const ends = mentions(program, ["exit", "terminate", "close"]);
    this.#context = { program, history: new History(program), numbers: new Numbers(), ends };
  }

  configure({ visible, time }: MachineOptions): void {
    this.#visible = visible;
    this.#anyTime = time === "any";
  }

  reset(entry: FuncId): void {
    const { inits } = this.#program;
    const start = {
      key: "main",
      worker: null,
      bodies: [...inits.filter((it) => it !== entry), entry],
      entry,
      data: encode(null, [], refusing),
      thread: 0,
    };
    const main: Agent = {
      place: this.#context.history.root(start),
      label: "main",
      by: null,
      spawnedAt: 0 as SpanId,
      clock: [],
      state: { kind: "runs" },
    };
    this.#moments = [{ world: worldOf(main), conflicts: null }];
  }

  get #world(): World {
    return present(this.#moments.at(-1), "moment").world;
  }

  // What may run

  enabled(): readonly Choice[] {
    const { agents } = this.#world;
    const awake = agents.flatMap((_, thread) => this.#awake(thread));
    if (awake.length > 0 && !this.#anyTime) return awake;
    return [...awake, ...agents.flatMap((_, thread) => this.#late(thread))];
  }

  choicesOf(thread: ThreadId): readonly Choice[] {
    return this.enabled().filter((it) => it.thread === thread);
  }

  #awake(thread: ThreadId): readonly Choice[] {
    const world = this.#world;
    if (world.over !== null || this.#stuck() !== undefined) return [];
    const { state, place } = present(world.agents[thread], "agent");
    if (state.kind === "woken") return [{ thread }];
    if (state.kind !== "runs") return [];
    if (place.op.kind !== "take") return this.#goesRound(thread) ? [] : [{ thread }];
    const ways = available(world, place.op);
    return ways.length === 1 ? [{ thread }] : ways.map((_, arm) => ({ thread, arm }));
  }

  /** A wait that may be given up. */
  #late(thread: ThreadId): readonly Choice[] {
    const { state, place } = present(this.#world.agents[thread], "agent");
    const { op } = place;
    const finite = state.kind === "waits" && op.kind === "wait" && op.timeout !== null;
    return finite && this.#world.over === null ? [{ thread, arm: 0 }] : [];
  }

  /** It would only look again at what it has seen. */
  #goesRound(thread: ThreadId): boolean {
    return isSame(this.#world, present(this.#world.agents[thread], "agent"));
  }

  #stuck(): Agent | undefined {
    return this.#world.agents.find(
      ({ place, state }) => state.kind !== "ended" && place.op.kind === "stuck",
    );
  }

  threadCount(): number {
    return this.#world.agents.length;
  }

  // Steps

  step(choice: Choice): Event {
    const before = this.#world;
    const { thread, arm = 0 } = choice;
    const agent = present(before.agents[thread], "agent");
    const { op } = agent.place;
    const isLate = agent.state.kind === "waits";
    const ways = op.kind === "take" ? available(before, op).length : 0;
    const ticked = withAgent(before, thread, { clock: plusOne(agent.clock, thread) });
    const effect = effectOf(this.#context, ticked, thread, arm);
    const conflicts = this.#conflictsAfter(effect.world, ticked);
    const told: Told[] = [];
    const { world, more } = this.#advance(effect, thread, told);
    this.#moments.push({
      world: { ...world, steps: world.steps + 1 },
      conflicts: [...conflicts, ...more].reduce<Conflicts | null>(
        (rest, it) => ({ it, before: rest }),
        present(this.#moments.at(-1), "moment").conflicts,
      ),
    });
    this.#noteDraws(world);
    return {
      thread,
      partner: null,
      touches: this.#touchesOf(agent, effect),
      offers: null,
      partnerOffers: null,
      spawned: effect.spawned.map((it) => ({ thread: it, by: thread })),
      advanced: isLate && !this.#anyTime,
      timed: isLate,
      yielded: false,
      values: ways > 1 ? ways : 0,
      action: effect.action,
      span: effect.span ?? op.span,
      func: op.func,
      asides: told.map((it) => ({ thread, ...it })),
    };
  }

  /** Runs the agent on to its next step. */
  #advance(
    effect: Effect,
    thread: number,
    told: Told[],
  ): { readonly world: World; readonly more: readonly Conflict[] } {
    let { world, result } = effect;
    const more: Conflict[] = [];
    for (let count = 0; result !== null; count++) {
      const { place } = present(world.agents[thread], "agent");
      const next = this.#context.history.after(place, result);
      const { stop } = next;
      told.push(...stop.told);
      world = withAgent(world, thread, { place: next });
      if (stop.output !== "") {
        world = {
          ...world,
          output: world.output + stop.output,
          printers: [...new Set([...world.printers, thread])],
        };
      }
      if (!this.#isHidden(world, thread) || count > mostBetween) break;
      // What comes after a step is ordered only before what its next step makes known.
      const { clock } = present(world.agents[thread], "agent");
      const ahead = withAgent(world, thread, { clock: plusOne(clock, thread) });
      const access = effectOf(this.#context, ahead, thread, 0);
      more.push(...this.#conflictsAfter(access.world, ahead));
      world = withAgent(access.world, thread, { clock });
      ({ result } = access);
    }
    return { world, more };
  }

  /** A plain access at a place that has not been seen to race. */
  #isHidden(world: World, thread: number): boolean {
    const agent = present(world.agents[thread], "agent");
    const { op } = agent.place;
    if (op.kind !== "access" || (op.what !== "get" && op.what !== "set")) return false;
    return !isSame(world, agent) && !this.#visible.has(this.#extentOf(op.span));
  }

  #extentOf(span: SpanId): string {
    let extent = this.#extents.get(span);
    if (extent === undefined) this.#extents.set(span, (extent = extentOf(this.#program, span)));
    return extent;
  }

  #conflictsAfter({ memory, agents }: World, before: World): readonly Conflict[] {
    const past = memory.accesses;
    if (past === null || past === before.memory.accesses) return [];
    const { clock } = present(agents[past.it.thread], "agent");
    return conflictsOf({ ...memory, accesses: past.before }, past.it, clock);
  }

  #touchesOf({ place }: Agent, { touches: touched }: Effect): readonly Touch[] {
    const { key, worker } = place.start;
    if (worker === null || !this.#context.ends) return touched;
    // It may be ended before any of its steps.
    return [...touched, touch(this.#context.numbers.of(`life ${key}`), touches.read)];
  }

  #noteDraws({ agents }: World): void {
    for (const { place } of agents) {
      if (place.stop.random === null || this.#drawn.examples !== null) continue;
      const examples = { what: "values of Math.random()", span: place.stop.random };
      this.#drawn = { any: false, within: false, examples };
    }
  }

  // Ends

  halted(): Halt | undefined {
    const stuck = this.#stuck()?.place.op;
    if (stuck?.kind === "stuck") {
      const { span, limit, reason } = stuck;
      return limit ? { kind: "depth", span } : { kind: "unsupported", reason, span };
    }
    if (this.enabled().length > 0) return undefined;
    return { kind: "finished", outcome: this.#outcome() };
  }

  #outcome(): Outcome {
    const { over, agents } = this.#world;
    if (over !== null) {
      if (over.crash === null) return { kind: "ok" };
      const { message, assertion } = over.crash;
      return { kind: assertion ? "assertion" : "panic", step: this.#lastStep, message };
    }
    const blocked = this.#blocked(true);
    if (blocked.length === 0) return { kind: "ok" };
    if (agents.some((it) => it.state.kind === "waits")) {
      const spins = agents.some((_, thread) => this.#spins(thread));
      return { kind: "deadlock", blocked, message: whyAsleep(this.#world, spins) };
    }
    if (agents.some((_, thread) => this.#spins(thread))) {
      return { kind: "livelock", blocked, message: agentWords.round };
    }
    if (agents.some((it) => it.place.stop.unheard)) {
      return { kind: "leak", blocked, message: agentWords.unheard };
    }
    const message =
      blocked.length === 1 ? "an async call waits for ever" : "async calls wait for ever";
    return { kind: "leak", blocked, message };
  }

  get #lastStep(): number {
    return this.#world.steps - 1;
  }

  #spins(thread: number): boolean {
    const { state, place } = present(this.#world.agents[thread], "agent");
    return state.kind === "runs" && place.op.kind !== "take" && this.#goesRound(thread);
  }

  /** `idle`: also async calls of agents with nothing to do. */
  #blocked(idle: boolean): readonly Blocked[] {
    return this.#world.agents.flatMap(({ state, place }, thread): readonly Blocked[] => {
      const { op, stop } = place;
      const at = { thread, span: spanOf(this.#program, op.span), holders: [] };
      if (state.kind === "waits") {
        const object = this.#objectOf(state.element);
        return [{ ...at, object, reason: `a notify of ${state.element.name}` }];
      }
      if (this.#spins(thread) && stop.rounds !== null) {
        const names = [...new Set(stop.rounds.map((it) => it.element.name))].join(" or ");
        const [first] = stop.rounds;
        const object = first === undefined ? null : this.#objectOf(first.element);
        return [{ ...at, object, reason: `${names} to change, asking again and again` }];
      }
      if (!idle || state.kind !== "runs" || op.kind !== "take") return [];
      return op.waiting.slice(0, 1).map(({ span, reason }) => ({
        ...at,
        span: spanOf(this.#program, span),
        object: null,
        reason,
      }));
    });
  }

  #objectOf({
    buffer,
    offset,
  }: {
    readonly buffer: string;
    readonly offset: number;
  }): number | null {
    const index = this.#world.objects.findIndex((it) => it.key === `${buffer}+${offset}`);
    return index < 0 ? null : index;
  }

  failures(): readonly Failure[] {
    const { over } = this.#world;
    if (over?.crash === undefined || over.crash === null) return [];
    const { message, assertion } = over.crash;
    const kind = assertion ? "assertion" : "panic";
    return [{ kind, thread: over.thread, step: this.#lastStep, span: over.span, message }];
  }

  races(): readonly Race[] {
    const all: Conflict[] = [];
    const { world, conflicts } = present(this.#moments.at(-1), "moment");
    for (let it = conflicts; it !== null; it = it.before) all.unshift(it.it);
    return all
      .filter((it) => !isCarried(it, all))
      .map((it) => ({
        object: this.#objectOf(it.first.element) ?? 0,
        name: it.first.element.name,
        first: it.first,
        second: it.second,
        loses: overwrites(world.memory, it),
        because: whyUnordered(brokenLock(world.memory, it)),
      }));
  }

  // Before a step

  standing(thread: ThreadId): Standing | null {
    const { state, place } = present(this.#world.agents[thread], "agent");
    const { op } = place;
    const has = state.kind === "woken" || (state.kind === "runs" && op.kind !== "stuck");
    if (!has || (op.kind === "take" && available(this.#world, op).length === 0)) return null;
    const effect = effectOf(this.#context, this.#world, thread, 0);
    const plain = op.kind === "access" && (op.what === "get" || op.what === "set");
    const touched = this.#touchesOf(present(this.#world.agents[thread], "agent"), effect);
    return { touches: touched, offers: null, access: plain ? op.span : 0 };
  }

  pending(thread: ThreadId): ReturnType<Machine["pending"]> {
    const agent = this.#world.agents[thread];
    if (agent === undefined || agent.state.kind === "ended") return null;
    const { op } = agent.place;
    if (op.kind === "take" && available(this.#world, op).length === 0) return null;
    return { span: op.span, text: op.kind };
  }

  // Going back

  mark(): number {
    return this.#moments.length;
  }

  undoTo(mark: number): void {
    this.#moments.length = mark;
  }

  hash(): string {
    return digestOf(this.#world, true);
  }

  hashNumber(ordered = false): number {
    return numberOf(digestOf(this.#world, ordered));
  }

  // What machines of other kinds have

  endStep(): number {
    return -1;
  }

  circle(): null {
    return null;
  }

  forsaken(): null {
    return null;
  }

  rereads(): boolean {
    return false;
  }

  drawn(): Drawn {
    return this.#drawn;
  }

  madeUp(): null {
    return null;
  }

  // For drawing

  blocked(): readonly Blocked[] {
    return this.#blocked(false);
  }

  threads(): readonly WitnessThread[] {
    const { agents } = this.#world;
    return agents.map(({ label, by, spawnedAt }, thread) => {
      const same = agents.flatMap((it, index) => (it.label === label ? [index] : []));
      const name = same.length === 1 ? label : `${label} #${same.indexOf(thread) + 1}`;
      return {
        name,
        spawnedAt: by === null ? null : spanOf(this.#program, spawnedAt),
        spawnedBy: by,
        agent: true,
      };
    });
  }

  objects(): readonly WitnessObject[] {
    return this.#world.objects.map(({ name, kind }) => ({ name, kind, span: null }));
  }

  nameOf(object: number): string {
    return this.#context.numbers.nameOf(object);
  }

  clock(thread: ThreadId): readonly number[] {
    const { clock } = present(this.#world.agents[thread], "agent");
    return clock;
  }

  held(): readonly number[] {
    return [];
  }

  variables(thread: ThreadId): ReturnType<Machine["variables"]> {
    return this.#world.agents[thread]?.place.stop.variables ?? [];
  }

  buffers(): readonly Buffer[] {
    return [];
  }

  output(): string {
    return this.#world.output;
  }

  manyPrint(): boolean {
    return this.#world.printers.length > 1;
  }
}

function whyUnordered(lock: Element | null): string {
  return lock === null ? "" : agentWords.brokenLock(lock.name);
}

const refusing = {
  keyOf: () => undefined,
  portOf: () => undefined,
  refuse: (what: string) => new Error(what),
};

/** Whether the agent goes round, and all is as it was when it last looked. */
function isSame({ memory, waiters }: World, { place }: Agent): boolean {
  return (
    place.stop.rounds?.every(({ element, value }) =>
      value === null
        ? (waiters.get(keyOf(element)) ?? []).length === 0
        : String(valueOf(memory, element)) === value,
    ) === true
  );
}

function plusOne(clock: Agent["clock"], thread: number): Agent["clock"] {
  const copy = Array.from(
    { length: Math.max(clock.length, thread + 1) },
    (_, it) => clock[it] ?? 0,
  );
  copy[thread] = (copy[thread] ?? 0) + 1;
  return copy;
}

/** Whether the reader has learned of the writer through another race: then that one is what is wrong. */
function isCarried({ first, second }: Conflict, all: readonly Conflict[]): boolean {
  return all.some(
    ({ first: sent, second: seen }) =>
      sent.thread === first.thread &&
      seen.thread === second.thread &&
      sent.write &&
      !seen.write &&
      first.seq < sent.seq &&
      seen.seq < second.seq &&
      (sent.element.buffer !== first.element.buffer ||
        sent.element.offset !== first.element.offset),
  );
}

/** Whether the program has any of these words, for instance as names of methods. */
function mentions(program: Program, words: readonly string[]): boolean {
  return program.funcs.some(
    (func) =>
      !func.library &&
      !func.name.startsWith("worker-threads.ts") &&
      func.blocks.some(({ instrs }) =>
        instrs.some((it) => it.op === "const" && words.includes(String(it.value))),
      ),
  );
}
