// Makes what was found easier to read: the smallest schedule for it, and the passing run nearest to it.

import type { Choice } from "../../protocol/witness.js";
import { placeOf } from "../ir/access.js";
import type { FuncId, Program } from "../ir/ir.js";
import { contrast, type Contrasting } from "./contrast.js";
import type { Best, Findings } from "./findings.js";
import { sideBySide } from "./side-by-side.js";
import { racePlaces, sightingKey, sightings, tellsOfDelay } from "./sighting.js";
import { smaller, type Size } from "./size.js";
import { smallest } from "./smallest.js";
import { following, shorten } from "./shorten.js";
import { execute, type Execution } from "./strategy.js";
import { asItRuns, type Machine } from "./vm/machine.js";

/** Steps spent on making one schedule smaller by trying. */
const shortenSteps = 30_000;
/** Runs that may fail before a passing one is found. */
const mostContrasts = 200;

export interface ImproverOptions {
  readonly machine: Machine;
  readonly program: Program;
  readonly entry: FuncId;
  readonly depth: number;
  readonly findings: Findings;
  readonly time: "quiet" | "any";
  readonly interrupted: () => boolean;
  /** States that a search for the smallest schedules may look at. */
  readonly states: number;
  /** Told how many states were looked at. */
  readonly looked: (states: number) => void;
}

/** What the search knows of runs that pass. */
export interface Passing {
  /** There are some. */
  readonly any: boolean;
  /** One of them, where one was kept. */
  readonly known: readonly Choice[] | null;
}

/** Of sizes, of which each is known; else null. */
function largest(sizes: readonly (Size | undefined)[]): Size | null {
  let most: Size | null = null;
  for (const it of sizes) {
    if (it === undefined) return null;
    if (most === null || smaller(most, it)) most = it;
  }
  return most;
}

export class Improver {
  readonly #options: ImproverOptions;

  constructor(options: ImproverOptions) {
    this.#options = options;
  }

  /** Looks for the smallest schedule of everything that shows within few preemptions; true findings are kept. */
  search(visible: ReadonlySet<string>): "done" | "restart" {
    const { machine, entry, depth, findings, states, interrupted, looked, time } = this.#options;
    const places = [...visible].sort();
    machine.configure({ ...asItRuns, visible, time, telling: false });
    const better = new Map<string, readonly Choice[]>();
    const sizes = new Map<string, Size>();
    const offer = (key: string, choices: readonly Choice[], size: Size): void => {
      const known = sizes.get(key);
      if (known !== undefined && !smaller(size, known)) return;
      sizes.set(key, size);
      better.set(key, choices);
    };
    const end = smallest({
      machine,
      entry,
      depth,
      states,
      interrupted,
      ended: (execution, size) => {
        for (const it of sightings(machine, this.#options.program, execution)) {
          if (it.kind !== "race") offer(sightingKey(it), execution.choices, size);
        }
      },
      meeting: (choices, size) => {
        offer(sightingKey({ kind: "race", places: this.#meetingPlaces(choices) }), choices, size);
      },
      bound: () => largest(findings.all().map((it) => sizes.get(sightingKey(it)))),
    });
    looked(end.states);
    for (const choices of better.values()) this.#keep(choices, places, end.preemptions);
    return "done";
  }

  /** Where the threads of the last two choices stand. */
  #meetingPlaces(choices: readonly Choice[]): readonly string[] {
    const { machine, program } = this.#options;
    const places = choices.slice(-2).map(({ thread }) => {
      const pending = machine.pending(thread);
      return pending === null ? "" : placeOf(program, pending.span);
    });
    return [...new Set(places)].sort();
  }

  #keep(choices: readonly Choice[], visible: readonly string[], rounds: number): void {
    const { machine, program, findings, entry, time } = this.#options;
    machine.configure({ ...asItRuns, visible: new Set(visible), time });
    const execution = execute(machine, entry, following(choices), choices.length);
    for (const it of sightings(machine, program, execution)) {
      if (time === "any" && !tellsOfDelay(it)) continue;
      const preemptions = it.cost[1] ?? 0;
      // Executions were compared as a whole: of one that is told only in part another part may be smaller.
      const whole = it.kind === "race" || it.length === execution.choices.length;
      const minimal = whole && it.cost[0] === 0 && preemptions < rounds;
      findings.keep({
        ...it,
        choices: execution.choices.slice(0, it.length),
        preempts: execution.preempts.slice(0, it.length),
        visible,
        time,
        minimal,
      });
    }
  }

  improve(best: Best): void {
    const { machine, entry, depth, findings, interrupted } = this.#options;
    machine.configure({ ...asItRuns, visible: new Set(best.visible), time: best.time });
    const shorter = shorten<Best>(this.#closer(best), {
      machine,
      entry,
      depth,
      budget: { left: shortenSteps },
      interrupted,
      better: (execution, known) => this.#again(execution, known),
    });
    findings.replace(shorter);
  }

  /** A race told with its accesses side by side, if that can be. */
  #closer(best: Best): Best {
    if (best.outcome.kind !== "race") return best;
    const { machine, entry } = this.#options;
    const candidate = sideBySide(machine, entry, best.choices, best.outcome.steps);
    const execution = execute(machine, entry, following(candidate), candidate.length);
    return this.#again(execution, best) ?? best;
  }

  /** The same thing shown at less cost, or null. */
  #again(execution: Execution, known: Best): Best | null {
    const { machine, program } = this.#options;
    const key = sightingKey(known);
    const found = sightings(machine, program, execution).find(
      (it) => sightingKey(it) === key && smaller(it.cost, known.cost),
    );
    if (found === undefined) return null;
    return {
      ...known,
      ...found,
      choices: execution.choices.slice(0, found.length),
      preempts: execution.preempts.slice(0, found.length),
    };
  }

  /** The nearest run that ends well, or, where none does, that does not show the same. */
  contrastOf(best: Best, { any, known }: Passing): Contrasting | null {
    const { machine, entry, depth, interrupted } = this.#options;
    machine.configure({
      ...asItRuns,
      visible: new Set(best.visible),
      time: best.time,
      telling: false,
    });
    let races = false as boolean; // set by `passes`
    const found = contrast(best.choices, {
      machine,
      entry,
      depth,
      interrupted,
      known,
      most: mostContrasts,
      passes: ({ halt }) => {
        const raced = machine.races().length > 0;
        const passes = this.#endsWell(halt) && (any ? !raced : !this.#shows(best));
        if (passes) races = raced;
        return passes;
      },
    });
    return found !== null && races ? { ...found, races } : found;
  }

  #endsWell(halt: Execution["halt"]): boolean {
    return (
      halt?.kind === "finished" && (halt.outcome.kind === "ok" || halt.outcome.kind === "race")
    );
  }

  /** Whether the execution that has just ended has the same race. */
  #shows(best: Best): boolean {
    if (best.kind !== "race") return false;
    const { machine, program } = this.#options;
    const key = sightingKey(best);
    return machine
      .races()
      .some((it) => sightingKey({ kind: "race", places: racePlaces(program, it) }) === key);
  }
}
