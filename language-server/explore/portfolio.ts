// The search as a whole. One natural run first; then what it lets us expect, and what static analysis suspects; then
// everything, if that is little; else walks, the smallest schedules, and as much of everything as fits. Plain accesses are
// no scheduling points until they race; a race makes its two places visible and starts the round again.

import type { ExplorationProgress, Gap, OutcomeKind } from "../../protocol/finding.js";
import type { Choice, Schedule } from "../../protocol/witness.js";
import { extentOf, funcOf, spanOf } from "../ir/access.js";
import type { FuncId, Program } from "../ir/ir.js";
import { ranked } from "./least.js";
import { holding, inOrder } from "./directed.js";
import { cheapest, holds, kept, searchUnder, type Assumptions } from "./dpor/adaptive.js";
import { TooManyThreads } from "./dpor/execution.js";
import type { OptimalSearch, Tally } from "./dpor/optimal.js";
import type { Contrasting } from "./contrast.js";
import { causeOf, decisiveSteps, endKind, endLabel, failuresOf, printed } from "./ending.js";
import { Estimates } from "./estimates.js";
import type { Control, Exploration, ExploreJob, Found, Limits } from "./explorer.js";
import { foundOf } from "./found.js";
import { Ends, Findings, type Best } from "./findings.js";
import { Improver } from "./improve.js";
import { reversals } from "./predict.js";
import { digestOf } from "./program-digest.js";
import { walk } from "./random.js";
import { following } from "./shorten.js";
import { sightingKey, sightings, tellsOfDelay } from "./sighting.js";
import { Splitting } from "./splitting.js";
import { execute, fair, type Execution, type Strategy } from "./strategy.js";
import { summaryOf } from "./summary.js";
import { Watch } from "./watch.js";
import { asItRuns, type Halt, type Machine } from "./vm/machine.js";
import { staleRuns, type StaleRun } from "./weak.js";

export type MachineMaker = (program: Program) => Machine;

/** A search this small is tried before walks. */
const small = 1000;
/** Walks of a search that is not small. */
const mostWalks = 200;
/** Predictions of the natural run that are tried. */
const mostPredictions = 60;
/** Races beyond these are told, but no longer make places visible. */
const mostVisible = 64;
/** States that all searches for the smallest schedules may look at together. */
const mostStates = 200_000;
/** Executions in which timers go off at any moment. */
const mostDelayed = 2000;
const mostDelayRounds = 6;
/** How schedules are explored at present; each may be found too simple, which starts the round again. */
interface Mode {
  readonly visible: Set<string>;
  assumptions: Assumptions;
  time: "quiet" | "any";
}

/** Why a phase ended. */
type PhaseEnd = "done" | "budget" | "restart";

/** Explores one entry of a program within limits. Deterministic unless the time limit cuts it. */
export function explore(job: ExploreJob, makeMachine: MachineMaker, control: Control): Exploration {
  return new Portfolio(job, makeMachine, control).run();
}

class Portfolio {
  readonly #program: Program;
  readonly #entry: FuncId;
  readonly #limits: Limits;
  readonly #candidates: ExploreJob["candidates"];
  readonly #orders: NonNullable<ExploreJob["orders"]>;
  /** Explores; its executions go on as ghosts. */
  readonly #search: Machine;
  /** Runs as the program does, and tells. */
  readonly #runner: Machine;
  readonly #splitting: Splitting;
  readonly #watch: Watch;
  readonly #digest: string;
  readonly #findings = new Findings();
  readonly #mode: Mode = { visible: new Set(), assumptions: cheapest, time: "quiet" };
  /** Executions of all rounds. */
  #spent = 0;
  /** Somebody waited for time. */
  #timed = false;
  // Of the running round.
  #ends = new Ends();
  #sampled = 0;
  #cut = false;
  /** There are races at more places than become visible. */
  #unseen = false;
  #unsupported: Gap | null = null;
  #natural: Execution | null = null;
  #tally: Tally | null = null;
  readonly #estimates = new Estimates();
  #states = 0;
  #phase: ExplorationProgress["phase"] = "natural";
  /** As it was at the start of the round. */
  #before = { spent: 0, states: 0, timed: false };

  constructor(job: ExploreJob, makeMachine: MachineMaker, control: Control) {
    this.#program = job.program;
    this.#entry = job.entry;
    this.#limits = job.limits;
    this.#candidates = job.candidates;
    this.#orders = job.orders ?? [];
    this.#search = makeMachine(job.program);
    this.#runner = makeMachine(job.program);
    this.#splitting = new Splitting(job, makeMachine, control.crew, () => this.#stopped());
    this.#watch = new Watch(control, job.limits.millis, () => this.#progress());
    this.#digest = digestOf(job.program);
  }

  run(): Exploration {
    const end = this.#rounds();
    const complete = end === "done" && this.#isWhole();
    const natural = this.#schedule(this.#natural?.choices ?? [], [...this.#mode.visible], "quiet");
    const summary = this.#summary(complete);
    if (!complete) this.#fails(this.#splitting.spoiler);
    if (end === "done" && this.#timed) this.#anyDelay();
    this.#mode.time = "quiet";
    this.#improveAll();
    const stale = this.#overlooked(complete);
    return {
      summary: { ...summary, search: { ...summary.search, states: this.#states } },
      found: this.#findings
        .all()
        .map((it) => this.#found(it, stale.get(sightingKey(it)), this.#contrast(it, summary))),
      natural,
    };
  }

  /**
   * The same program when goroutines may be as slow as it takes for timers to go off at any moment. Only what goes wrong
   * counts, in as many executions as are left: the verdict is that of quiet time.
   */
  #anyDelay(): void {
    this.#mode.time = "any";
    for (let round = 0; round < mostDelayRounds && !this.#stopped(); round++) {
      this.#spent = Math.max(this.#spent, this.#limits.executions - mostDelayed);
      if (this.#all() !== "restart") return;
    }
  }

  #rounds(): PhaseEnd {
    let end: PhaseEnd;
    do end = this.#round();
    while (end === "restart");
    return end;
  }

  #isWhole(): boolean {
    const open =
      this.#cut || this.#unseen || this.#unsupported !== null || this.#watch.limit !== null;
    return !open && this.#examples() === null;
  }

  /** What is left to chance and has more values than were tried. */
  #examples(): Gap | null {
    const found = this.#search.drawn().examples ?? this.#runner.drawn().examples;
    if (found === null) return null;
    return { span: spanOf(this.#program, found.span), reason: found.what };
  }

  /** All phases in the present mode. */
  #round(): PhaseEnd {
    this.#ends = new Ends();
    this.#sampled = 0;
    this.#cut = false;
    this.#tally = null;
    this.#estimates.clear();
    this.#splitting.begin();
    this.#before = { spent: this.#spent, states: this.#states, timed: this.#timed };
    this.#phase = "natural";
    this.#runs(true);
    const first = this.#execute(fair());
    this.#natural = first;
    if (this.#note(first)) return "restart";
    const ordered = this.#orders.map((it) => inOrder(this.#runner, this.#program, it));
    if (this.#tries(ordered) || this.#predict(first) || this.#suspicions()) return "restart";
    return this.#all();
  }

  // ── Phases ────────────────────────────────────────────────────────────────────────────────────

  /** Each race of the natural run the other way round. */
  #predict(first: Execution): boolean {
    this.#phase = "predict";
    this.#newSearch();
    let predictions = 0;
    for (const { choices } of reversals(this.#search, this.#inGhosts(first.choices))) {
      if (predictions++ >= mostPredictions || this.#stopped()) return false;
      if (this.#try(following(choices))) return true;
    }
    return false;
  }

  /** The natural run as far as the searching machine can follow it: announcements are no steps there. */
  #inGhosts(choices: readonly Choice[]): readonly Choice[] {
    const followed = execute(this.#search, this.#entry, following(choices), choices.length, () =>
      this.#stopped(),
    );
    this.#search.reset(this.#entry);
    return followed.choices;
  }

  /** Pairs of places that static analysis suspects, brought together in either order. */
  #suspicions(): boolean {
    const hold = (held: string, other: string): Strategy =>
      holding(this.#runner, this.#program, held, other);
    return this.#tries(this.#candidates.flatMap(([a, b]) => [hold(a, b), hold(b, a)]));
  }

  #tries(strategies: readonly Strategy[]): boolean {
    return strategies.some((it) => !this.#stopped() && this.#try(it));
  }

  /** Runs one schedule for what it shows; true when that asks for another round. */
  #try(strategy: Strategy): boolean {
    return this.#note(this.#execute(strategy));
  }

  /** One execution of the program; without an end when it is time to stop. */
  #execute(strategy: Strategy): Execution {
    const { depth } = this.#limits;
    return execute(this.#runner, this.#entry, strategy, depth, () => this.#stopped());
  }

  /** Everything; with walks and the smallest schedules in between when that takes long. */
  #all(): PhaseEnd {
    const search = this.#newSearch();
    this.#phase = "all";
    try {
      const little = this.#explore(search, Math.min(small, this.#left()));
      if (little !== "budget" || this.#stopped() || this.#left() === 0) return little;
      const walked = new Ends();
      if (this.#walks(walked)) return "restart";
      if (this.#smallest()) return "restart";
      this.#phase = "all";
      this.#ends.late = true;
      const all = this.#rest(search);
      if (this.#settle() || all === "restart") return "restart";
      // A search that was completed counts every order once; else the walks are part of what was looked at.
      if (all === "budget") {
        this.#ends.add(walked);
        this.#sampled = walked.executions;
      }
      return all;
    } catch (error) {
      if (!(error instanceof TooManyThreads)) throw error;
      const { assumptions } = this.#mode;
      const threads = Math.max(error.count, assumptions.threads * 2);
      this.#mode.assumptions = { ...assumptions, threads };
      return "restart";
    }
  }

  #newSearch(): OptimalSearch {
    const { assumptions, visible, time } = this.#mode;
    const { depth } = this.#limits;
    const options = { machine: this.#search, entry: this.#entry, depth, visible, time };
    return searchUnder(assumptions, options);
  }

  /** What is left of a search that is not small: alone for a while, then with all who have nothing to do. */
  #rest(search: OptimalSearch): PhaseEnd {
    const due = this.#splitting.due(search, this.#mode, () => ({
      ends: this.#ends,
      failures: this.#findings.all().map(sightingKey),
      left: this.#left(),
      orders: this.#estimate(),
    }));
    const alone = this.#explore(search, this.#left(), due ?? undefined);
    if (alone === "budget" && this.#left() > 0 && !this.#stopped()) return this.#together(search);
    this.#splitting.dismiss();
    return alone;
  }

  #together(search: OptimalSearch): PhaseEnd {
    const { end, executions, timed } = this.#splitting.run(search, this.#ends, this.#left());
    if (end === "spoilt" && !this.#stopped()) {
      this.#spent = this.#before.spent;
      this.#states = this.#before.states;
      this.#timed = this.#before.timed;
      return "restart";
    }
    this.#spent += executions;
    this.#timed ||= timed;
    return end === "done" ? "done" : "budget";
  }

  /** What has come since the search was long, each shown by its least execution. True when that asks for another round. */
  #settle(): boolean {
    this.#ends.settle((line, kind) => this.#leadBy(line, kind));
    let restart = false;
    for (const [, { line }] of this.#splitting.failures.sorted())
      restart = this.#fails(line) || restart;
    return restart;
  }

  /** Shows what goes wrong in an execution of the search. */
  #fails(line: readonly Choice[]): boolean {
    const search = this.#newSearch();
    return search.follow(line) && this.#failing(search, this.#search.halted());
  }

  /** What leads a program to the end of an execution of the search. */
  #leadBy(line: readonly Choice[], kind: OutcomeKind): readonly Choice[] {
    const search = this.#newSearch();
    return search.follow(line) ? this.#leading(search, kind) : line;
  }

  /** What leads a program to the end that the search has just seen. */
  #leading({ execution }: OptimalSearch, kind: OutcomeKind): readonly Choice[] {
    return causeOf(this.#search, execution, decisiveSteps(this.#search, kind));
  }

  #explore(
    search: OptimalSearch,
    executions: number,
    enough: () => boolean = () => false,
  ): PhaseEnd {
    let ran = 0;
    let restart = false as boolean; // set by `visit`
    const over = search.run(
      () => this.#stopped(),
      (halt) => {
        ran++;
        if (this.#visit(search, halt)) {
          restart = true;
          return "stop";
        }
        return ran >= executions || enough() ? "stop" : "go on";
      },
    );
    this.#tally = search.tally();
    if (restart) return "restart";
    if (over === "done") return "done";
    if (this.#left() === 0) this.#watch.limit ??= "executions";
    return "budget";
  }

  #walks(walked: Ends): boolean {
    this.#phase = "walks";
    this.#runs(false);
    const steps = this.#natural?.choices.length ?? 0;
    const count = Math.min(mostWalks, Math.floor(this.#left() / 2));
    for (let seed = 0; seed < count && !this.#stopped(); seed++) {
      const execution = this.#execute(walk(seed, this.#runner, steps));
      const kind = endKind(this.#runner, execution.halt);
      if (kind === null) walked.countCut();
      else walked.count(kind, printed(this.#runner), () => execution.choices);
      if (this.#note(execution)) return true;
    }
    return false;
  }

  /** With a few preemptions everything small is found at once, however many schedules there are. */
  #smallest(): boolean {
    this.#phase = "smallest";
    return this.#improver().search(this.#mode.visible) === "restart";
  }

  // ── What an execution shows ───────────────────────────────────────────────────────────────────

  /** The end of an execution of the search; true when the round has to begin again. */
  #visit(search: OptimalSearch, halt: Halt | undefined): boolean {
    this.#spent++;
    this.#timed ||= search.execution.hasTime;
    const kind = endKind(this.#search, halt);
    if (halt?.kind === "finished" && kind !== null) {
      const label = endLabel(this.#search, search.execution);
      this.#splitting.saw(this.#search);
      if (this.#ends.late) this.#ends.countLater(kind, label, ranked(search.execution));
      else this.#ends.count(kind, label, () => this.#leading(search, kind));
    } else {
      this.#ends.countCut();
      this.#cutBy(halt);
    }
    if (this.#failing(search, halt)) return true;
    if (this.#spent % 16 === 0) this.#estimates.add(search.estimate());
    return this.#escalate(search) || this.#promote(this.#search);
  }

  /** Whether the execution shows that the mode is too simple for the program. */
  #escalate(search: OptimalSearch): boolean {
    const before = this.#mode.assumptions;
    this.#mode.assumptions = kept(before, search, this.#search);
    return !holds(before, this.#mode.assumptions);
  }

  /** Runs what has gone wrong for the first time as the program would. */
  #failing(search: OptimalSearch, halt: Halt | undefined): boolean {
    let restart = false;
    for (const it of failuresOf(this.#search, this.#program, halt)) {
      const key = sightingKey(it);
      if (this.#findings.knows(key)) continue;
      if (this.#ends.late) {
        this.#splitting.keep(key, search.execution);
        continue;
      }
      const choices = causeOf(this.#search, search.execution, it.steps);
      restart = this.#show(choices) || restart;
    }
    return restart;
  }

  /** Runs the choices, however late it is. True when the round has to begin again. */
  #show(choices: readonly Choice[]): boolean {
    this.#runs(true);
    const { depth } = this.#limits;
    return this.#note(execute(this.#runner, this.#entry, following(choices), depth, () => false));
  }

  /** Keeps what an execution of the runner shows; true when it made a place visible. */
  #note(execution: Execution): boolean {
    this.#cutBy(execution.halt);
    const visible = [...this.#mode.visible].sort();
    for (const it of sightings(this.#runner, this.#program, execution)) {
      if (this.#mode.time === "any" && !tellsOfDelay(it)) continue;
      this.#findings.keep({
        ...it,
        choices: execution.choices.slice(0, it.length),
        preempts: execution.preempts.slice(0, it.length),
        visible,
        time: this.#mode.time,
        minimal: false,
      });
    }
    return this.#promote(this.#runner);
  }

  #cutBy(halt: Halt | undefined): void {
    if (halt === undefined || halt.kind === "depth") this.#cut = true;
    if (halt?.kind !== "unsupported") return;
    this.#unsupported ??= { span: spanOf(this.#program, halt.span), reason: halt.reason };
  }

  #promote(machine: Machine): boolean {
    const { visible } = this.#mode;
    const { size } = visible;
    for (const { first, second } of machine.races()) {
      for (const { span } of [first, second]) {
        if (span === 0) continue;
        const place = extentOf(this.#program, span);
        if (visible.size < mostVisible) visible.add(place);
        else if (!visible.has(place)) this.#unseen = true;
      }
    }
    return visible.size > size;
  }

  // ── Limits ────────────────────────────────────────────────────────────────────────────────────

  #left(): number {
    return Math.max(0, this.#limits.executions - this.#spent);
  }

  #stopped(): boolean {
    return this.#watch.stopped();
  }

  #late(): boolean {
    return this.#watch.late();
  }

  #estimate(): number | null {
    return this.#estimates.beyond(this.#ends.executions);
  }

  #progress(): ExplorationProgress {
    return {
      entry: funcOf(this.#program, this.#entry).name,
      phase: this.#phase,
      executions: this.#ends.executions + this.#splitting.executions,
      failing: this.#ends.failing,
      estimate: this.#estimate(),
    };
  }

  // ── What is handed out ────────────────────────────────────────────────────────────────────────

  #runs(telling: boolean): void {
    const { visible, time } = this.#mode;
    this.#runner.configure({ ...asItRuns, visible, time, telling });
  }

  #improver(): Improver {
    return new Improver({
      machine: this.#runner,
      program: this.#program,
      entry: this.#entry,
      depth: this.#limits.depth,
      findings: this.#findings,
      time: this.#mode.time,
      states: mostStates - this.#states,
      interrupted: () => this.#late(),
      looked: (states) => {
        this.#states += states;
      },
    });
  }

  #improveAll(): void {
    this.#phase = "shorten";
    const improver = this.#improver();
    const found = this.#findings.all();
    if (found.some((it) => !it.minimal)) improver.search(this.#mode.visible);
    for (const best of this.#findings.all()) {
      if (this.#late()) return;
      if (!best.minimal) improver.improve(best);
    }
  }

  /** Where a race was found: what it can come to when a write is not seen. New ends can be told only when all are known. */
  #overlooked(complete: boolean): ReadonlyMap<string, StaleRun> {
    const found = this.#findings.all();
    const races = found.some((it) => it.kind === "race");
    if (!races || this.#program.language !== "go" || this.#late()) return new Map();
    const { visible, time, assumptions } = this.#mode;
    const known = new Set(found.map(sightingKey));
    return staleRuns({
      program: this.#program,
      entry: this.#entry,
      depth: this.#limits.depth,
      visible,
      time,
      assumptions,
      search: this.#search,
      runner: this.#runner,
      runs: this.#left(),
      isNewEnd: (kind, label) => complete && this.#ends.lacks(kind, label),
      isNewFailure: (key) => complete && !known.has(key),
      interrupted: () => this.#late(),
    });
  }

  /** Null also where every order fails and in the same way, so that there is nothing to look for. */
  #contrast(best: Best, { complete, outcomes, ends }: Exploration["summary"]): Contrasting | null {
    const any = outcomes.some((it) => it.kind === "ok");
    const hopeless = complete && !any && this.#findings.all().length === 1;
    if (hopeless || this.#late()) return null;
    const known = ends.find((it) => it.kind === "ok")?.schedule?.choices ?? null;
    return this.#improver().contrastOf(best, { any, known });
  }

  #found(best: Best, stale: StaleRun | undefined, contrast: Contrasting | null): Found {
    const { visible, time } = this.#mode;
    const schedule = (choices: readonly Choice[]): Schedule =>
      this.#schedule(choices, best.visible, best.time);
    const unseen = stale === undefined ? null : this.#schedule(stale.choices, [...visible], time);
    return foundOf(best, contrast, unseen, stale?.message ?? "", schedule);
  }

  /** What the program does when it follows the choices; null when it does not end so, or there is no time to see. */
  #endingIn(kind: OutcomeKind, choices: readonly Choice[]): readonly Choice[] | null {
    if (this.#late()) return null;
    this.#runs(false);
    const late = (): boolean => this.#late();
    const run = execute(this.#runner, this.#entry, following(choices), this.#limits.depth, late);
    return endKind(this.#runner, run.halt) === kind ? run.choices : null;
  }

  #schedule(
    choices: readonly Choice[],
    visible: readonly string[],
    time: "quiet" | "any",
  ): Schedule {
    const entry = funcOf(this.#program, this.#entry).name;
    const drawn = this.#search.drawn().any || this.#runner.drawn().any;
    return {
      program: this.#digest,
      entry,
      visible: [...visible].sort(),
      choices,
      ...(time === "quiet" ? {} : { time }),
      ...(drawn ? { draws: true } : {}),
    };
  }

  #summary(complete: boolean): Exploration["summary"] {
    const { visible, time } = this.#mode;
    return summaryOf({
      program: this.#program,
      entry: this.#entry,
      ends: this.#ends,
      complete,
      limit: this.#watch.limit,
      cut: this.#cut,
      unsupported: this.#unsupported,
      examples: this.#examples(),
      estimate: complete ? null : this.#estimate(),
      sampled: this.#sampled,
      depth: this.#limits.depth,
      tally: this.#tally,
      states: this.#states,
      schedule: (kind, choices) => {
        const run = this.#endingIn(kind, choices);
        return run === null ? null : this.#schedule(run, [...visible], time);
      },
    });
  }
}
