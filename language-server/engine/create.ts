import type { CheckResult, Finding, Severity } from "../../protocol/finding.js";
import type { Span } from "../../protocol/span.js";
import type { PlayAnswer, PlayAsk } from "../../protocol/play.js";
import type { PortableSchedule, Schedule, Witness } from "../../protocol/witness.js";
import { checks } from "../analysis/registry.js";
import { analyse, type Analysed } from "../analysis/run.js";
import { throwIfCancelled, type CancelToken } from "../base/cancel.js";
import type { ExploreJob } from "../explore/explorer.js";
import { nothingExplored } from "../explore/nothing-explored.js";
import type { Lowered } from "../frontend/frontend.js";
import { funcOf } from "../ir/access.js";
import type { Entry, Program } from "../ir/ir.js";
import { printProgram } from "../ir/print.js";
import { join, type Explored } from "./confirm.js";
import { Coverage, worthExploring } from "./coverage.js";
import type {
  CheckOptions,
  Engine,
  EntryChoice,
  EntryProblem,
  ExploreOptions,
  ExploreResult,
  Host,
  Replayed,
  Steering,
  Unit,
} from "./engine.js";
import { chooseEntry } from "./entries.js";
import { Lowering } from "./lowering.js";
import { oneOfEachCause, oneOfEachInstance } from "./one-cause.js";
import { Partial } from "./partial.js";
import { answerPlay } from "./play.js";
import { oneRaceEach } from "./agent-codes.js";
import { betweens, orders, suspects } from "./suspects.js";
import { unforeseenCodes, unforeseenFinding } from "./unforeseen.js";
import { applyPolicy, noPolicy, suppressionCode } from "../report/policy.js";
import { sourcesOf, userFiles, WitnessMaker } from "./witness-maker.js";

/** How many times the limit of one entry all entries of a unit may take together. */
const unitBudget = 3;

/** Everything that can be named in a setting or in a comment that says to ignore it. */
const allCodes: ReadonlySet<string> = new Set([
  ...checks.map((it) => it.code),
  ...unforeseenCodes,
  suppressionCode,
]);

/** The engine over a host; see `Engine`. */
export function createEngine(host: Host): Engine {
  return new HostedEngine(host);
}

/** What is explored, and how. */
interface Exploring {
  readonly entries: readonly Entry[];
  readonly suspected: readonly Analysed[];
  readonly options: ExploreOptions;
  readonly steering: Steering;
}

/** What the static half says of a program. */
interface Looked {
  readonly findings: readonly Analysed[];
  readonly gaps: CheckResult["gaps"];
}

class HostedEngine implements Engine {
  readonly codes = allCodes;
  readonly #host: Host;
  readonly #lowering: Lowering;
  /** What the static half says, as long as the program is kept: the same text is looked at again when it is explored. */
  readonly #looked = new WeakMap<Lowered, Looked>();

  constructor(host: Host) {
    this.#host = host;
    this.#lowering = new Lowering(host);
  }

  async check(unit: Unit, options: CheckOptions, cancel: CancelToken): Promise<CheckResult> {
    const lowered = await this.#lowering.lower(unit, cancel);
    const { findings, gaps } = this.#analyse(lowered, cancel);
    const shown = (result: CheckResult): CheckResult => this.#shown(unit, lowered, options, result);
    if (!options.explore) {
      const again = await this.#retry(unit, lowered, options, cancel);
      const told = findings.filter((it) => !it.assumed).map((it) => it.finding);
      return shown({ findings: told, explorations: [], gaps, again });
    }
    const entries = worthExploring(lowered.program);
    const explorations = await this.#exploreAll(unit, lowered, {
      entries,
      suspected: findings,
      options,
      steering: cancel,
    });
    throwIfCancelled(cancel);
    const joined = this.#join(lowered, unit, findings, explorations);
    return shown({
      findings: joined.findings,
      explorations: explorations.map((it) => it.exploration.summary),
      gaps,
    });
  }

  async explore(
    unit: Unit,
    choice: EntryChoice,
    options: ExploreOptions,
    steering: Steering,
  ): Promise<ExploreResult | EntryProblem> {
    const lowered = await this.#lowering.lower(unit, steering);
    const entry = chooseEntry(lowered.program, choice);
    if ("problem" in entry) return entry;
    const { program } = lowered;
    const { findings, gaps } = this.#analyse(lowered, steering);
    const explorations = await this.#exploreAll(unit, lowered, {
      entries: [entry],
      suspected: findings,
      options,
      steering,
    });
    const joined = this.#join(lowered, unit, findings, explorations);
    const isOk = ({ outcome }: Witness): number => (outcome.kind === "ok" ? 1 : 0);
    // What fails comes first.
    const witnesses = joined.findings
      .flatMap((it) => it.witness ?? [])
      .sort((a, b) => isOk(a) - isOk(b));
    const natural = explorations.map((it) => it.exploration.natural);
    const maker = this.#witnesses(program, unit);
    return {
      check: {
        findings: joined.findings,
        explorations: explorations.map((it) => it.exploration.summary),
        gaps,
      },
      witnesses: [...witnesses, ...natural.flatMap((it) => goodWitness(maker.make(it, null)))],
    };
  }

  async replay(
    unit: Unit,
    schedule: Schedule,
    cancel: CancelToken,
  ): Promise<Replayed | EntryProblem> {
    const { program } = await this.#lowering.lower(unit, cancel);
    const entries = program.entries.map((it) => funcOf(program, it.func).name);
    const again = this.#witnesses(program, unit).again(schedule);
    if (typeof again !== "string") return again;
    return { problem: `the schedule does not fit the program: ${again}`, entries };
  }

  async play(
    unit: Unit,
    schedule: Schedule,
    ask: PlayAsk,
    cancel: CancelToken,
  ): Promise<PlayAnswer> {
    const { program, gaps } = await this.#lowering.lower(unit, cancel);
    const textOf = (uri: string): string => this.#textOf(unit, uri);
    const partial = new Partial(program, gaps, textOf);
    const sources = sourcesOf(program, textOf);
    const context = { program, partial, sources, host: this.#host, steering: cancel };
    return answerPlay(context, schedule, ask);
  }

  async ir(unit: Unit, cancel: CancelToken): Promise<string> {
    return printProgram((await this.#lowering.lower(unit, cancel)).program);
  }

  async dispose(): Promise<void> {
    await this.#host.dispose();
  }

  /** As the project wants to see it. */
  #shown(
    unit: Unit,
    { program }: Lowered,
    { policy = noPolicy, explore: explored }: CheckOptions,
    result: CheckResult,
  ): CheckResult {
    const sources = userFiles(program).map((uri) => ({ uri, text: this.#textOf(unit, uri) }));
    const shown = applyPolicy(result, { policy, sources, codes: allCodes, explored });
    return { ...shown, findings: sorted(shown.findings) };
  }

  #analyse(lowered: Lowered, cancel: CancelToken): Looked {
    const known = this.#looked.get(lowered);
    if (known !== undefined) return known;
    const { program, gaps } = lowered;
    const analysis = analyse(program, checks, { cancel, now: () => this.#host.now() });
    for (const it of analysis.failures) this.#host.log(it);
    const looked = { findings: analysis.findings, gaps: [...gaps, ...analysis.gaps] };
    this.#looked.set(lowered, looked);
    return looked;
  }

  /**
   * One after the other, in the order of the program; what the unit's budget leaves out is said. Cancelling ends it early,
   * with what was explored by then.
   */
  async #exploreAll(
    unit: Unit,
    { program, gaps }: Lowered,
    { entries, suspected, options: { limits, previous = [] }, steering }: Exploring,
  ): Promise<Explored[]> {
    const coverage = new Coverage(program);
    const partial = new Partial(program, gaps, (it) => this.#textOf(unit, it));
    const start = this.#host.now();
    const explored: Explored[] = [];
    for (const { func, assumption = null, rehearsed = false } of entries) {
      if (steering.cancelled) break;
      const covers = (it: Span): boolean => coverage.covers(func, it);
      const left = limits.millis * unitBudget - (this.#host.now() - start);
      const job = (): ExploreJob => ({
        program,
        entry: func,
        limits: { ...limits, millis: Math.min(limits.millis, left) },
        candidates: suspects(suspected, covers),
        between: betweens(suspected, covers),
        orders: orders(suspected, covers),
        previous: previous.filter((it) => it.entry === funcOf(program, func).name),
      });
      const whole =
        left > 0
          ? await this.#host.explore(job(), steering)
          : nothingExplored({ program, entry: func, limits }, "time");
      const exploration =
        program.workers === undefined ? whole : { ...whole, found: oneRaceEach(whole.found) };
      const summary = partial.honest(func, exploration.summary);
      explored.push({
        exploration: { ...exploration, summary },
        assumption,
        rehearsed,
        covers,
      });
    }
    return explored;
  }

  /** What became of schedules that failed before the last edit, each by itself: too little to say that one is fixed. */
  async #retry(
    unit: Unit,
    { program, gaps }: Lowered,
    { limits, previous = [] }: CheckOptions,
    cancel: CancelToken,
  ): Promise<readonly (Witness | null)[]> {
    const again = new Map<PortableSchedule, Witness | null>();
    const partial = new Partial(program, gaps, (it) => this.#textOf(unit, it));
    const maker = this.#witnesses(program, unit, (it) => !partial.isOnPath(it));
    for (const { func: entry } of program.entries) {
      const { name } = funcOf(program, entry);
      const mine = previous.filter((it) => it.entry === name);
      if (mine.length === 0) continue;
      const job: ExploreJob = {
        program,
        entry,
        limits,
        candidates: [],
        previous: mine,
        previousOnly: true,
      };
      const exploration = await this.#host.explore(job, cancel);
      throwIfCancelled(cancel);
      for (const [index, it] of mine.entries()) {
        const found = exploration.again?.[index] ?? null;
        again.set(it, found === null ? null : maker.ofFound(found, ""));
      }
    }
    return previous.map((it) => again.get(it) ?? null);
  }

  #join(
    { program, gaps }: Lowered,
    unit: Unit,
    analysed: readonly Analysed[],
    explored: readonly Explored[],
  ): { readonly findings: readonly Finding[] } {
    const partial = new Partial(program, gaps, (it) => this.#textOf(unit, it));
    const maker = this.#witnesses(program, unit, (it) => !partial.isOnPath(it));
    const { findings, unforeseen } = join(
      analysed,
      explored,
      severityOfCheck,
      (found, fingerprint) => maker.ofFound(found, fingerprint),
    );
    const more = unforeseen.flatMap((it) => unforeseenFinding(it.found, it.explored, maker) ?? []);
    const all = sorted([...findings, ...oneOfEachCause(findings, more)]);
    return { findings: oneOfEachInstance(all) };
  }

  /** `isEvidence`: whether a witness may stand behind a finding. */
  #witnesses(
    program: Program,
    unit: Unit,
    isEvidence: (witness: Witness) => boolean = () => true,
  ): WitnessMaker {
    return new WitnessMaker(program, (it) => this.#textOf(unit, it), isEvidence);
  }

  #textOf({ overlays }: Unit, uri: string): string {
    return overlays.find((it) => it.uri === uri)?.text ?? this.#host.readFile(uri) ?? "";
  }
}

/** A run that ends well is worth showing beside those that do not; one that fails is among them already. */
function goodWitness(made: Witness | string): readonly Witness[] {
  return typeof made === "string" || made.outcome.kind !== "ok" ? [] : [made];
}

function severityOfCheck(code: string): Severity {
  return checks.find((it) => it.code === code)?.doc.severity ?? "warning";
}

function sorted(findings: readonly Finding[]): readonly Finding[] {
  const key = ({ primary: { span }, code }: Finding): string =>
    [span.uri, padded(span.start.line), padded(span.start.character), code].join("\0");
  return [...findings].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

function padded(n: number): string {
  return String(n).padStart(8, "0");
}
