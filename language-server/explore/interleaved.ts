// Executions in which one goroutine acts on what it has seen before, and another one has changed it meanwhile. Each of the
// steps is ordered by locks, so nothing fails by itself; that it happens is what is shown (Lu et al.: AVIO, ASPLOS'06: the
// access in between makes the two others unserialisable).

import { extentOf, funcOf } from "../ir/access.js";
import type { FuncId, Program, SpanId } from "../ir/ir.js";
import type { Choice } from "../../protocol/witness.js";
import type { Between, Control, Exploration, ExploreJob, Found } from "./explorer.js";
import type { MachineMaker } from "./portfolio.js";
import { digestOf } from "./program-digest.js";
import { walk } from "./random.js";
import { shorten } from "./shorten.js";
import { sizeOf, smaller } from "./size.js";
import { execute, fair, type Execution, type Strategy } from "./strategy.js";
import { asItRuns, type Event, type Machine } from "./vm/machine.js";

const mostTries = 6;
const mostWalks = 40;
const shortenSteps = 10_000;

/** With a schedule for each group of `job.between` that happens, as an execution that ends with the act. */
export function withInterleavings(
  exploration: Exploration,
  job: ExploreJob,
  makeMachine: MachineMaker,
  control: Control,
): Exploration {
  const { between = [] } = job;
  if (between.length === 0) return exploration;
  const machine = makeMachine(job.program);
  const shown = between.flatMap(
    (it) => new Shower(job, machine, it, () => control.cancelled).show() ?? [],
  );
  return { ...exploration, found: [...exploration.found, ...shown] };
}

/** An execution up to the act, and its steps that show it. */
interface Shown {
  readonly choices: readonly Choice[];
  readonly cost: readonly number[];
}

class Shower {
  readonly #program: Program;
  readonly #entry: FuncId;
  readonly #depth: number;
  readonly #machine: Machine;
  readonly #between: Between["places"];
  readonly #looksByWriting: boolean;
  readonly #actsByReading: boolean;
  readonly #interrupted: () => boolean;
  readonly #extents = new Map<SpanId, string>();

  constructor(
    { program, entry, limits }: ExploreJob,
    machine: Machine,
    between: Between,
    interrupted: () => boolean,
  ) {
    this.#program = program;
    this.#entry = entry;
    this.#depth = limits.depth;
    this.#machine = machine;
    this.#between = between.places;
    this.#looksByWriting = between.accesses === "write write read";
    this.#actsByReading = between.accesses !== "read write write";
    this.#interrupted = interrupted;
  }

  show(): Found | null {
    this.#machine.configure({ ...asItRuns, visible: new Set(this.#between) });
    const first = this.#search();
    if (first === null) return null;
    const { choices, cost } = shorten<Shown>(first, {
      machine: this.#machine,
      entry: this.#entry,
      depth: this.#depth,
      budget: { left: shortenSteps },
      interrupted: this.#interrupted,
      better: (execution, best) => {
        const shown = this.#shownBy(execution);
        return shown !== null && smaller(shown.cost, best.cost) ? shown : null;
      },
    });
    return this.#found(choices, cost);
  }

  #found(choices: readonly Choice[], cost: readonly number[]): Found {
    const [preemptions = 0, switches = 0, steps = 0] = cost;
    const drawn = this.#machine.drawn().any;
    return {
      kind: "ok",
      places: [...new Set(this.#between.map(placeOfExtent))].sort(),
      schedule: {
        program: digestOf(this.#program),
        entry: funcOf(this.#program, this.#entry).name,
        visible: [...new Set(this.#between)].sort(),
        choices,
        ...(drawn ? { draws: true } : {}),
      },
      outcome: { kind: "ok" },
      size: { preemptions, switches, steps, minimal: false },
      contrast: null,
      stale: null,
      message: "another goroutine writes between the look and the act",
      madeUp: this.#machine.madeUp(),
    };
  }

  #search(): Shown | null {
    let steps = 0;
    for (let nth = 0; nth < mostTries + mostWalks && !this.#interrupted(); nth++) {
      const strategy =
        nth < mostTries ? this.#parting(nth) : walk(nth - mostTries, this.#machine, steps);
      const execution = execute(
        this.#machine,
        this.#entry,
        strategy,
        this.#depth,
        this.#interrupted,
      );
      steps = execution.choices.length;
      const shown = this.#shownBy(execution);
      if (shown !== null) return shown;
    }
    return null;
  }

  /** Holds the thread of the n-th look back until another one has written the same, then lets it go on alone. */
  #parting(nth: number): Strategy {
    const otherwise = fair();
    const [look, other] = this.#between;
    let looks = 0;
    let held: Event | null = null;
    let isBetween = false;
    return {
      pick: (enabled, last) => {
        if (last !== undefined && held === null && this.#at(last, look) && this.#isLook(last)) {
          if (looks++ === nth) held = last;
        } else if (last !== undefined && held !== null && last.thread !== held.thread) {
          const same = sameObject(last, held) || held.action.kind === "acquire";
          isBetween ||= this.#at(last, other) && isWrite(last) && same;
        }
        if (held === null) return otherwise.pick(enabled, last);
        const { thread } = held;
        const wanted = enabled.filter((it) => (it.thread === thread) === isBetween);
        return otherwise.pick(wanted.length > 0 ? wanted : enabled, last);
      },
    };
  }

  #isLook(event: Event): boolean {
    return this.#looksByWriting ? isWrite(event) : isLook(event);
  }

  #isAct(event: Event): boolean {
    return this.#actsByReading ? event.action.kind === "read" : isWrite(event);
  }

  #at(event: Event, extent: string): boolean {
    let own = this.#extents.get(event.span);
    if (own === undefined)
      this.#extents.set(event.span, (own = extentOf(this.#program, event.span)));
    return own === extent;
  }

  /** The first time that it happens in an execution. */
  #shownBy({ choices, events, preempts }: Execution): Shown | null {
    const [look, other, act] = this.#between;
    for (const [end, event] of events.entries()) {
      if (!this.#at(event, act) || !this.#isAct(event)) continue;
      const mine = (it: Event, extent: string): boolean =>
        it.thread === event.thread && this.#at(it, extent);
      // An empty sync.Map has no entries to be seen: that it is the same one is known by its lock.
      const acts = events.slice(0, end + 1).filter((it) => mine(it, act));
      const begin = events
        .slice(0, end)
        .findLastIndex(
          (it) => mine(it, look) && this.#isLook(it) && acts.some((same) => sameObject(same, it)),
        );
      if (begin < 0) continue;
      const isBetween = events
        .slice(begin + 1, end)
        .some(
          (it) =>
            it.thread !== event.thread &&
            this.#at(it, other) &&
            isWrite(it) &&
            sameObject(it, event),
        );
      if (!isBetween) continue;
      const line = choices.slice(0, end + 1);
      return { choices: line, cost: sizeOf(line, preempts) };
    }
    return null;
  }
}

function isLook({ action }: Event): boolean {
  return action.kind === "read" || action.kind === "atomic" || action.kind === "acquire";
}

function isWrite({ action }: Event): boolean {
  return action.kind === "write" || action.kind === "atomic";
}

function sameObject({ action: a }: Event, { action: b }: Event): boolean {
  return "object" in a && "object" in b && a.object === b.object;
}

/** `uri:line:column` of `uri:line:column-line:column`. */
function placeOfExtent(extent: string): string {
  return extent.slice(0, extent.lastIndexOf("-"));
}
