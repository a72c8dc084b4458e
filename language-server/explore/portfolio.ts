// The search as a whole: the natural run first, then everything if that is little, else walks and as much as fits.
// Plain accesses are no scheduling points until they race; a race makes its two places visible and starts the round again.

import { present } from "../base/assert.js";
import type { CancelToken } from "../base/cancel.js";
import type { ExplorationSummary, Gap, Limit, OutcomeKind } from "../../protocol/finding.js";
import type { Choice, Schedule } from "../../protocol/witness.js";
import { extentOf, funcOf, spanOf } from "../ir/access.js";
import type { FuncId, Program } from "../ir/ir.js";
import { depthFirst, type Verdict } from "./dfs.js";
import type { Exploration, ExploreJob, Found, Limits } from "./explorer.js";
import { digestOf } from "./program-digest.js";
import { walk } from "./random.js";
import { following, shorten } from "./shorten.js";
import { sideBySide } from "./side-by-side.js";
import { cheaper, sightingKey, sightings, told, type Sighting } from "./sighting.js";
import { execute, fair, type Execution } from "./strategy.js";
import { asItRuns, type Machine } from "./vm/machine.js";

export type MachineMaker = (program: Program) => Machine;

/** A search this small is tried before walks. */
const small = 500;
/** Of the executions that are left, this share goes to walks when the search is not small. */
const walkShare = 0.2;
const mostWalks = 1000;
/** Races beyond these are told, but no longer make places visible. */
const mostVisible = 64;
/** Ends in what is asleep are short: so many of them cost as much as one execution. */
const wastedPerExecution = 20;
/** The rest of the time goes to making schedules shorter. */
const searchShare = 0.8;
/** Steps spent on making one schedule shorter. */
const shortenSteps = 30_000;

interface Best extends Sighting {
  readonly choices: readonly Choice[];
  readonly visible: readonly string[];
}

interface Tally {
  readonly executions: number;
  readonly outcomes: ReadonlyMap<OutcomeKind, number>;
}

/** Why a phase ended. */
type PhaseEnd = "done" | "budget" | "restart";

/** Explores one entry of a program within limits. Deterministic unless the time limit cuts it. */
export function explore(
  job: ExploreJob,
  makeMachine: MachineMaker,
  cancel: CancelToken,
): Exploration {
  return new Portfolio(job, makeMachine(job.program), cancel).run();
}

class Portfolio {
  readonly #program: Program;
  readonly #entry: FuncId;
  readonly #limits: Limits;
  readonly #machine: Machine;
  readonly #cancel: CancelToken;
  readonly #started = Date.now();
  readonly #best = new Map<string, Best>();
  readonly #visible = new Set<string>();
  /** Executions of all rounds. */
  #spent = 0;
  // Of the running phase.
  #executions = 0;
  #outcomes = new Map<OutcomeKind, number>();
  #cut = false;
  #limit: Limit | null = null;
  #unsupported: Gap | null = null;
  #natural: readonly Choice[] = [];

  constructor(job: ExploreJob, machine: Machine, cancel: CancelToken) {
    this.#program = job.program;
    this.#entry = job.entry;
    this.#limits = job.limits;
    this.#machine = machine;
    this.#cancel = cancel;
  }

  run(): Exploration {
    let end: PhaseEnd;
    do end = this.#round();
    while (end === "restart");
    this.#shortenAll();
    const complete =
      end === "done" && !this.#cut && this.#unsupported === null && this.#limit === null;
    const { program, entry, visible } = this.#schedule([], [...this.#visible]);
    return {
      summary: this.#summary(complete),
      found: [...this.#best.values()].map((it) => this.#found(it)),
      natural: { program, entry, visible, choices: this.#natural },
    };
  }

  /** All phases with the places that are visible now. */
  #round(): PhaseEnd {
    this.#machine.configure({ ...asItRuns, visible: this.#visible });
    this.#resetTally();
    const first = execute(this.#machine, this.#entry, fair(), this.#limits.depth);
    this.#natural = first.choices;
    if (this.#note(first)) return "restart";
    this.#resetTally();
    const little = this.#search(Math.min(small, this.#left()));
    if (little !== "budget" || this.#stopped() || this.#left() === 0) return little;
    this.#resetTally();
    const walks = this.#walks(Math.min(mostWalks, Math.floor(this.#left() * walkShare)));
    if (walks !== "done") return walks;
    const walked = { executions: this.#executions, outcomes: this.#outcomes };
    this.#resetTally();
    const all = this.#search(this.#left());
    // A search that was completed counts every order once; else the walks are part of what was looked at.
    if (all === "budget") this.#addTally(walked);
    return all;
  }

  #addTally({ executions, outcomes }: Tally): void {
    this.#executions += executions;
    for (const [kind, count] of outcomes) {
      this.#outcomes.set(kind, (this.#outcomes.get(kind) ?? 0) + count);
    }
  }

  #resetTally(): void {
    this.#executions = 0;
    this.#outcomes = new Map();
    this.#cut = false;
  }

  #left(): number {
    return Math.max(0, this.#limits.executions - this.#spent);
  }

  #search(executions: number): PhaseEnd {
    let ran = 0;
    let wasted = 0;
    const spend = (): Verdict => (++ran > executions ? "stop" : "go on");
    let restart = false as boolean; // set by `visit`
    const end = depthFirst({
      machine: this.#machine,
      entry: this.#entry,
      depth: this.#limits.depth,
      interrupted: () => this.#stopped(),
      visit: (execution): Verdict => {
        if (spend() === "stop") return "stop";
        restart = this.#note(execution);
        return restart || this.#stopped() ? "stop" : "go on";
      },
      wasted: () => {
        if (++wasted % wastedPerExecution !== 0) return "go on";
        this.#spent++;
        return spend();
      },
    });
    if (restart) return "restart";
    if (end === "done") return "done";
    if (this.#left() === 0) this.#limit ??= "executions";
    return "budget";
  }

  #walks(count: number): PhaseEnd {
    for (let seed = 0; seed < count && !this.#stopped(); seed++) {
      const execution = execute(this.#machine, this.#entry, walk(seed), this.#limits.depth);
      if (this.#note(execution)) return "restart";
    }
    return this.#stopped() ? "budget" : "done";
  }

  /** Whether to end at once, and notes why. */
  #stopped(): boolean {
    if (this.#cancel.cancelled) {
      this.#limit = "cancelled";
      return true;
    }
    if (Date.now() - this.#started > this.#limits.millis * searchShare) this.#limit ??= "time";
    return this.#limit === "time";
  }

  /** Counts an execution and keeps what it shows; true when it made a place visible. */
  #note(execution: Execution): boolean {
    this.#spent++;
    this.#executions++;
    const { halt } = execution;
    if (halt === undefined || halt.kind === "depth") this.#cut = true;
    if (halt?.kind === "unsupported") {
      this.#unsupported ??= { span: spanOf(this.#program, halt.span), reason: halt.reason };
    }
    if (halt?.kind === "finished") {
      const raced = halt.outcome.kind === "ok" && this.#machine.races().length > 0;
      const kind = raced ? "race" : halt.outcome.kind;
      this.#outcomes.set(kind, (this.#outcomes.get(kind) ?? 0) + 1);
    }
    const visible = [...this.#visible].sort();
    for (const it of sightings(this.#machine, this.#program, execution)) {
      this.#keep({ ...it, choices: told(it, execution.choices), visible });
    }
    return this.#promote();
  }

  /** Schedules that see more places win over those that see fewer: their steps show the accesses. */
  #keep(candidate: Best): void {
    const key = sightingKey(candidate);
    const known = this.#best.get(key);
    const wins =
      known === undefined ||
      candidate.visible.length > known.visible.length ||
      (candidate.visible.length === known.visible.length && cheaper(candidate.cost, known.cost));
    if (wins) this.#best.set(key, candidate);
  }

  #promote(): boolean {
    const { size } = this.#visible;
    for (const { first, second } of this.#machine.races()) {
      for (const { span } of [first, second]) {
        if (span !== 0 && this.#visible.size < mostVisible) {
          this.#visible.add(extentOf(this.#program, span));
        }
      }
    }
    return this.#visible.size > size;
  }

  #shortenAll(): void {
    const late = (): boolean =>
      this.#cancel.cancelled || Date.now() - this.#started > this.#limits.millis;
    for (const [key, best] of this.#best) {
      if (late()) return;
      this.#machine.configure({ ...asItRuns, visible: new Set(best.visible) });
      const shorter = shorten<Best>(this.#closer(best), {
        machine: this.#machine,
        entry: this.#entry,
        depth: this.#limits.depth,
        budget: { left: shortenSteps },
        interrupted: late,
        better: (execution, known) => this.#again(execution, known),
      });
      this.#best.set(key, shorter);
    }
  }

  /** A race told with its accesses side by side, if that can be. */
  #closer(best: Best): Best {
    if (best.outcome.kind !== "race") return best;
    const { steps } = best.outcome;
    const candidate = sideBySide(this.#machine, this.#entry, best.choices, steps);
    const execution = execute(this.#machine, this.#entry, following(candidate), candidate.length);
    return this.#again(execution, best) ?? best;
  }

  /** The same thing shown at less cost, or null. */
  #again(execution: Execution, known: Best): Best | null {
    const key = sightingKey(known);
    const found = sightings(this.#machine, this.#program, execution).find(
      (it) => sightingKey(it) === key && cheaper(it.cost, known.cost),
    );
    if (found === undefined) return null;
    const choices = told(found, execution.choices);
    return { ...found, choices, visible: known.visible };
  }

  #schedule(choices: readonly Choice[], visible: readonly string[]): Schedule {
    const entry = funcOf(this.#program, this.#entry).name;
    return { program: digestOf(this.#program), entry, visible: [...visible].sort(), choices };
  }

  #found({ kind, places, outcome, message, choices, visible }: Best): Found {
    return { kind, places, schedule: this.#schedule(choices, visible), outcome, message };
  }

  #summary(complete: boolean): ExplorationSummary {
    const func = funcOf(this.#program, this.#entry);
    const limit = this.#limitReached(complete);
    return {
      entry: nameForPeople(func.name),
      span: spanOf(this.#program, func.span),
      executions: this.#executions,
      complete,
      limit,
      unsupported: limit === "unsupported" ? this.#unsupported : null,
      outcomes: outcomeOrder.flatMap((kind) => {
        const executions = this.#outcomes.get(kind) ?? 0;
        return executions === 0 ? [] : [{ kind, executions }];
      }),
    };
  }

  #limitReached(complete: boolean): Limit | null {
    if (complete) return null;
    if (this.#unsupported !== null) return "unsupported";
    return this.#limit ?? (this.#cut ? "depth" : "executions");
  }
}

const outcomeOrder: readonly OutcomeKind[] = [
  "ok",
  "race",
  "deadlock",
  "leak",
  "panic",
  "assertion",
];

/** `example.com/store.TestPut$entry` → `store.TestPut`. */
function nameForPeople(name: string): string {
  const short = present(name.split("/").at(-1), "last part of a name");
  return short.replace(/\$entry$/, "");
}
