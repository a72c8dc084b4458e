// Runs in which a racy read does not see the newest write, and that end as no order of the steps does: what a data race can
// come to beyond interleaving. Each order of the search is run again, and each of its reads that may overlook a write does so
// once: it alone, or the thread from then on wherever it may. That is not every such run, so that none was found proves
// nothing.

import type { OutcomeKind } from "../../protocol/finding.js";
import type { Action, Choice, ThreadId } from "../../protocol/witness.js";
import type { FuncId, Program } from "../ir/ir.js";
import { searchUnder, type Assumptions } from "./dpor/adaptive.js";
import { TooManyThreads } from "./dpor/execution.js";
import type { OptimalSearch } from "./dpor/optimal.js";
import { endLabel, failuresOf, printed } from "./ending.js";
import { racePlaces, sightingKey } from "./sighting.js";
import { sizeOf, smaller } from "./size.js";
import { following } from "./shorten.js";
import { execute, switches, type Execution, type Strategy } from "./strategy.js";
import {
  asItRuns,
  type Event,
  type Machine,
  type MachineOptions,
  type Race,
} from "./vm/machine.js";
import { touches } from "./vm/touch.js";

/** Runs, with and without overlooking, and steps of all of them. */
const mostRuns = 2000;
const mostSteps = 500_000;
/** Orders in a row without a read that may overlook anything (races on maps have none), after which there is none at all. */
const mostIdle = 100;
/** Stale reads in a row, with nobody else left, after which a thread is taken to wait for ever. */
const patience = 10;

export interface WeakOptions {
  readonly program: Program;
  readonly entry: FuncId;
  readonly depth: number;
  readonly visible: ReadonlySet<string>;
  readonly time: MachineOptions["time"];
  readonly assumptions: Assumptions;
  /** Goes through the orders. */
  readonly search: Machine;
  /** Runs them again. */
  readonly runner: Machine;
  /** Executions left. */
  readonly runs: number;
  /** Whether the program never ends so when all see the newest writes; false where that is not known. */
  readonly isNewEnd: (kind: OutcomeKind, label: string) => boolean;
  /** The same of a failure (`sightingKey`). */
  readonly isNewFailure: (key: string) => boolean;
  readonly interrupted: () => boolean;
}

/** A run of the program as it runs by itself. */
export interface StaleRun {
  readonly choices: readonly Choice[];
  readonly message: string;
}

/** The smallest run for each race, by its `sightingKey`. */
export function staleRuns(options: WeakOptions): ReadonlyMap<string, StaleRun> {
  const candidates = new WeakSearch(options).run();
  const best = new Map<string, Shown>();
  for (const candidate of candidates) {
    const shown = asTheProgramRuns(options, candidate);
    const known = shown === null ? undefined : best.get(shown.race);
    if (shown === null || (known !== undefined && !smaller(shown.cost, known.cost))) continue;
    best.set(shown.race, shown);
  }
  return best;
}

/** A run of the searching machine that ends as no other. */
interface Candidate {
  readonly choices: readonly Choice[];
  /** Null: the thread that overlooks the write waits for it for ever. */
  readonly kind: OutcomeKind | null;
  /** What the program has printed. */
  readonly output: string;
  readonly cost: readonly number[];
}

class WeakSearch {
  readonly #options: WeakOptions;
  readonly #machine: Machine;
  /** The smallest by what they come to. */
  readonly #candidates = new Map<string, Candidate>();
  #runs = 0;
  #steps = 0;
  #idle = 0;

  constructor(options: WeakOptions) {
    this.#options = options;
    this.#machine = options.runner;
  }

  run(): Iterable<Candidate> {
    const { visible, time, assumptions } = this.#options;
    this.#machine.configure({
      ...asItRuns,
      visible,
      time,
      writerPreference: !assumptions.writers,
      telling: false,
      ghosts: true,
      overlaps: false,
      weak: true,
    });
    for (const order of this.#orders()) this.#vary(order);
    return this.#candidates.values();
  }

  /** Those of the search, each once. */
  *#orders(): Iterable<readonly Choice[]> {
    const { assumptions, search: machine, entry, depth, visible, time } = this.#options;
    const search = searchUnder(assumptions, { machine, entry, depth, visible, time });
    let over = false;
    while (!over && !this.#isOver()) {
      const order = this.#next(search);
      if (order !== null) yield order;
      over = order === null;
    }
  }

  /** Null: there are no more, or there is no time for them. */
  #next(search: OptimalSearch): readonly Choice[] | null {
    let order: readonly Choice[] | null = null;
    try {
      search.run(
        () => this.#isOver(),
        () => {
          const { execution } = search;
          order = Array.from({ length: execution.length }, (_, at) => execution.at(at).choice);
          return "stop";
        },
      );
    } catch (error) {
      // What was explored before has fewer.
      if (!(error instanceof TooManyThreads)) throw error;
    }
    return order;
  }

  #isOver(): boolean {
    const { runs, interrupted } = this.#options;
    if (this.#runs >= Math.min(mostRuns, runs) || this.#steps >= mostSteps) return true;
    return this.#idle >= mostIdle || interrupted();
  }

  /** Each read of the order overlooks what it may. */
  #vary(order: readonly Choice[]): void {
    const machine = this.#machine;
    const choices: Choice[] = [];
    const events: Event[] = [];
    this.#runs++;
    this.#idle++;
    machine.reset(this.#options.entry);
    for (const [at, choice] of order.entries()) {
      for (const stale of staleOf(machine, choice)) {
        this.#idle = 0;
        for (const insists of [false, true]) {
          if (this.#isOver()) return;
          const mark = machine.mark();
          this.#overlook({ choices: [...choices], events: [...events] }, stale, {
            rest: order.slice(at + 1),
            insists,
          });
          machine.undoTo(mark);
        }
      }
      choices.push(choice);
      events.push(this.#step(choice));
    }
  }

  #step(choice: Choice): Event {
    this.#steps++;
    return this.#machine.step(choice);
  }

  /** From where the machine is to the end; `insists`: the thread looks as far back as it may from now on. */
  #overlook(
    { choices, events }: { readonly choices: Choice[]; readonly events: Event[] },
    stale: Choice,
    { rest, insists }: { readonly rest: readonly Choice[]; readonly insists: boolean },
  ): void {
    const machine = this.#machine;
    const strategy = following(rest);
    this.#runs++;
    let asked = 0;
    let next: Choice | undefined = stale;
    while (next !== undefined) {
      const looks: boolean = next.arm !== undefined && isStale(machine, next);
      const alone = machine.enabled().every((it) => it.thread === stale.thread);
      const event = this.#step(next);
      choices.push(next);
      events.push(event);
      if (!alone || !event.touches.every((it) => it.kind === touches.read)) asked = 0;
      else if (looks) asked++;
      if (asked >= patience && machine.endStep() < 0) {
        this.#offer(
          { choices, kind: null, output: printed(machine), cost: costOf(choices) },
          stale,
          "",
        );
        return;
      }
      next = this.#goesOn(strategy, event, insists ? stale.thread : null, choices.length);
    }
    this.#ended(choices, events, stale);
  }

  #goesOn(
    strategy: Strategy,
    last: Event,
    insisting: ThreadId | null,
    steps: number,
  ): Choice | undefined {
    const machine = this.#machine;
    if (machine.halted() !== undefined || steps >= this.#options.depth) return undefined;
    const choice = strategy.pick(machine.enabled(), last);
    if (choice.thread !== insisting) return choice;
    return staleOf(machine, choice).at(-1) ?? choice;
  }

  #ended(choices: readonly Choice[], events: readonly Event[], stale: Choice): void {
    const { program, isNewEnd, isNewFailure } = this.#options;
    const machine = this.#machine;
    const halt = machine.halted();
    if (halt?.kind !== "finished") return;
    const ended = halt.outcome.kind;
    const kind = ended === "ok" && machine.races().length > 0 ? "race" : ended;
    const label = endLabel(machine, {
      length: events.length,
      at: (index) => events[index] as Event,
    });
    const failed = failuresOf(machine, program, halt).some(
      (it) => it.kind !== "race" && isNewFailure(sightingKey(it)),
    );
    if (!failed && !isNewEnd(kind, label)) return;
    // Nobody waits for main's end.
    const end = machine.endStep();
    const caused = choices.filter((_, at) => at !== end);
    const last = choices[end];
    const all = last === undefined ? caused : [...caused, last];
    const output = printed(machine);
    this.#offer({ choices: all, kind, output, cost: costOf(all) }, stale, label);
  }

  #offer(candidate: Candidate, { thread }: Choice, label: string): void {
    const key = `${thread} ${candidate.kind ?? "waits"} ${label}`;
    const known = this.#candidates.get(key);
    if (known === undefined || smaller(candidate.cost, known.cost)) {
      this.#candidates.set(key, candidate);
    }
  }
}

/** Ways of a plain read to overlook writes, where the choice is the one that does not; the oldest last. */
function staleOf(machine: Machine, choice: Choice): readonly Choice[] {
  if (choice.arm !== undefined || choice.partner !== undefined) return [];
  return machine.choicesOf(choice.thread).filter((it) => it.arm !== undefined);
}

/** Whether the choice is such a way. */
function isStale(machine: Machine, { thread }: Choice): boolean {
  return machine.choicesOf(thread).some((it) => it.arm === undefined && it.partner === undefined);
}

/** Before it is known who is interrupted. */
function costOf(choices: readonly Choice[]): readonly number[] {
  return [switches(choices), choices.length];
}

interface Shown extends StaleRun {
  /** Which race it is about. */
  readonly race: string;
  readonly cost: readonly number[];
}

/** The candidate as the program runs by itself; null when it does not end the same way. */
function asTheProgramRuns(options: WeakOptions, candidate: Candidate): Shown | null {
  const { program, entry, depth, visible, time, runner: machine } = options;
  machine.configure({ ...asItRuns, visible, time, weak: true });
  const { choices, kind } = candidate;
  const most = kind === null ? choices.length : depth;
  const execution = execute(machine, entry, following(choices), most);
  if (!endsAlike(machine, execution, candidate)) return null;
  const read = execution.events.find(
    (it) => it.action.kind === "read" && it.action.stale !== undefined,
  );
  if (read?.action.kind !== "read" || read.action.stale === undefined) return null;
  const race = machine.races().find((it) => isAbout(it, read));
  if (race === undefined) return null;
  return {
    race: sightingKey({ kind: "race", places: racePlaces(program, race) }),
    choices: execution.choices,
    message: overlooked(machine, read.thread, read.action, read.action.stale),
    cost: sizeOf(execution.choices, execution.preempts),
  };
}

function endsAlike(machine: Machine, { halt }: Execution, { kind, output }: Candidate): boolean {
  if (kind === null) return halt === undefined;
  if (halt?.kind !== "finished" || halt.outcome.kind !== kind) return false;
  // A program that dies prints no more.
  return kind === "panic" || kind === "assertion" || printed(machine) === output;
}

/** The race of the read with the write that it does not see. */
function isAbout({ first, second }: Race, { span, action }: Event): boolean {
  const by = action.kind === "read" ? action.stale?.by : undefined;
  const [write, other] = first.span === span && !first.write ? [second, first] : [first, second];
  return write.write && write.thread === by && other.span === span;
}

function overlooked(
  machine: Machine,
  thread: ThreadId,
  { object, value }: Extract<Action, { kind: "read" }>,
  newest: { readonly by: ThreadId; readonly value: string },
): string {
  const name = (id: ThreadId): string => machine.threads()[id]?.name ?? `thread ${id}`;
  const what = machine.objects()[object]?.name ?? "it";
  const missed = `after ${name(newest.by)} wrote ${newest.value}`;
  return `${name(thread)} still sees ${what} = ${value} ${missed}: nothing orders the two`;
}
