// Schedules of an earlier version of the program, tried on this one before anything else: most edits leave a schedule as it
// was, and what the user just mended should be said to be so.

import type { CancelToken } from "../base/cancel.js";
import type {
  Choice,
  PortableSchedule,
  PreviousVerdict,
  Schedule,
} from "../../protocol/witness.js";
import type { ExplorationSummary, OutcomeKind } from "../../protocol/finding.js";
import { present } from "../base/assert.js";
import type { Program } from "../ir/ir.js";
import type { Exploration, ExploreJob, Found } from "./explorer.js";
import { Follower } from "./follow.js";
import { mappings, placesIn, visibleIn, type Mapping } from "./mapping.js";
import { toPortable } from "./portable.js";
import { explore, type MachineMaker } from "./portfolio.js";
import { unexplored } from "./unexplored.js";
import { digestOf } from "./program-digest.js";
import type { ReplayProblem } from "./replay.js";
import { cheaper, sightingKey, sightings, told, type Sighting } from "./sighting.js";
import { Sites } from "./sites.js";
import { execute, switches } from "./strategy.js";
import { asItRuns, type Machine } from "./vm/machine.js";
import { aboutOf, entryNamed, noEntry } from "./walk.js";

/** Of the time for an exploration, what further ways to follow schedules of before may take: a safety net. */
const share = 0.2;

/** What a portable schedule comes to in a program. */
export type Retried =
  | { readonly kind: "still fails"; readonly found: Found }
  /** It runs as it did, and what it showed does not happen. */
  | { readonly kind: "passes"; readonly schedule: Schedule }
  | ({ readonly kind: "no longer applies" } & ReplayProblem);

export interface RetryLimits {
  /** Steps at most. */
  readonly depth: number;
  /** Whether to try no further ways. */
  readonly interrupted: () => boolean;
}

/** Where there are several ways to follow a schedule, what shows the same is believed over what does not. */
export function retry(
  program: Program,
  sites: Sites,
  portable: PortableSchedule,
  machine: Machine,
  { depth, interrupted }: RetryLimits,
): Retried {
  const entry = entryNamed(program, portable.entry);
  if (entry === undefined) return { kind: "no longer applies", ...noEntry(portable.entry) };
  let first: Retried | null = null;
  for (const mapping of mappings(sites, portable)) {
    if (first !== null && interrupted()) break;
    const follower = new Follower(program, sites, portable, mapping, machine);
    const visible = visibleIn(portable, mapping);
    machine.configure({ ...asItRuns, visible });
    const execution = execute(machine, entry, follower, depth);
    const schedule = (choices: readonly Choice[]): Schedule => ({
      program: digestOf(program),
      entry: portable.entry,
      visible: [...visible].sort(),
      choices,
    });
    const seen = sightings(machine, program, execution);
    const same = seen.find((it) => isSame(it, aboutOf(it, machine), portable, [mapping]));
    if (same !== undefined) {
      const { kind, places, outcome, message } = same;
      const choices = told(same, execution.choices);
      const found = { kind, places, schedule: schedule(choices), outcome, message };
      return { kind: "still fails", found };
    }
    const stopped =
      execution.halt?.kind === "finished" ? null : "its execution was stopped before the end";
    const problem = follower.problem() ?? stopped;
    first ??=
      problem === null
        ? { kind: "passes", schedule: schedule(execution.choices) }
        : { kind: "no longer applies", problem };
  }
  return present(first, "a way to follow");
}

/** Whether something that goes wrong is what the schedule showed. */
function isSame(
  { kind, places }: Pick<Sighting, "kind" | "places">,
  about: string,
  portable: PortableSchedule,
  ways: readonly Mapping[],
): boolean {
  const { shows } = portable;
  if (kind !== shows.kind) return false;
  return ways.some((mapping) => {
    const expected = placesIn(portable, mapping);
    if (expected === null || expected.places.join(" ") !== places.join(" ")) return false;
    return expected.sure || about === shows.about;
  });
}

/** `explore`, after the schedules of an earlier version have been tried. Everything found gets its portable form. */
export function exploreAgain(
  job: ExploreJob,
  makeMachine: MachineMaker,
  cancel: CancelToken,
): Exploration {
  const { program, previous = [], limits } = job;
  if (previous.length === 0) {
    const fresh = explore(job, makeMachine, cancel);
    return fresh.found.length === 0 ? fresh : carrying(program, fresh, makeMachine(program));
  }
  const machine = makeMachine(program);
  const sites = new Sites(program);
  const start = Date.now();
  const late = (): boolean => Date.now() - start > limits.millis * share;
  const interrupted = (): boolean => cancel.cancelled || late();
  const bounds = { depth: limits.depth, interrupted };
  const retried = previous.map((it) => retry(program, sites, it, machine, bounds));
  const kept = retried.flatMap((it) => (it.kind === "still fails" ? [it.found] : []));
  const fresh = job.previousOnly === true ? unexplored(job) : explore(job, makeMachine, cancel);
  const exploration = carrying(program, withKept(fresh, kept), machine, sites);
  const verdicts = retried.map((it, index) => {
    const portable = present(previous[index], "schedule");
    const ways = mappings(sites, portable);
    return verdictOf(it, exploration, (found) =>
      isSame(found, found.schedule.portable?.shows.about ?? "", portable, ways),
    );
  });
  const again = retried.map((it) => {
    if (it.kind !== "still fails") return null;
    const key = sightingKey(it.found);
    return exploration.found.find((found) => sightingKey(found) === key) ?? null;
  });
  return { ...exploration, summary: { ...exploration.summary, previous: verdicts }, again };
}

function verdictOf(
  retried: Retried,
  { summary, found }: Exploration,
  shown: (found: Found) => boolean,
): PreviousVerdict {
  const again = retried.kind === "still fails" ? retried.found : found.find(shown);
  if (again !== undefined) return { kind: "still fails", message: again.message };
  const { executions, complete } = summary;
  if (retried.kind === "no longer applies" && !complete) return retried;
  return { kind: "fixed", executions, complete };
}

/** What still fails stays with its schedule, unless a better one was found. */
function withKept(exploration: Exploration, kept: readonly Found[]): Exploration {
  const found = new Map(exploration.found.map((it) => [sightingKey(it), it]));
  let { summary } = exploration;
  for (const it of kept) {
    const fresh = found.get(sightingKey(it));
    if (fresh === undefined) summary = withExecution(summary, it.kind);
    if (fresh === undefined || !isBetter(fresh.schedule, it.schedule)) {
      found.set(sightingKey(it), it);
    }
  }
  return { ...exploration, summary, found: [...found.values()] };
}

/** Sees more places, or changes hands less often, or is shorter. */
function isBetter(a: Schedule, b: Schedule): boolean {
  return cheaper(costOf(a), costOf(b));
}

function costOf({ visible, choices }: Schedule): readonly number[] {
  return [-visible.length, switches(choices), choices.length];
}

/** A search that was cut did not come across what an earlier schedule shows. */
function withExecution(summary: ExplorationSummary, kind: OutcomeKind): ExplorationSummary {
  const known = summary.outcomes.find((it) => it.kind === kind)?.executions ?? 0;
  const others = summary.outcomes.filter((it) => it.kind !== kind);
  return {
    ...summary,
    executions: summary.executions + 1,
    outcomes: [...others, { kind, executions: known + 1 }],
  };
}

/** Everything found with the portable form of its schedule. */
function carrying(
  program: Program,
  exploration: Exploration,
  machine: Machine,
  sites = new Sites(program),
): Exploration {
  const found = exploration.found.map((it) => {
    const { schedule } = it;
    const portable = toPortable(program, sites, it, machine);
    return "problem" in portable ? it : { ...it, schedule: { ...schedule, portable } };
  });
  return { ...exploration, found };
}
