// Schedules of an earlier version of the program, tried on this one before anything else: most edits leave a schedule as it
// was, and what the user just mended should be said to be so.

import type {
  Choice,
  PortableSchedule,
  PreviousVerdict,
  Schedule,
} from "../../protocol/witness.js";
import type { ExplorationSummary } from "../../protocol/finding.js";
import { present } from "../base/assert.js";
import type { Program } from "../ir/ir.js";
import type { Control, Exploration, ExploreJob, Found } from "./explorer.js";
import { Follower } from "./follow.js";
import { withInterleavings } from "./interleaved.js";
import { mappings, placesIn, visibleIn, type Mapping } from "./mapping.js";
import { toPortable } from "./portable.js";
import { explore, type MachineMaker } from "./portfolio.js";
import { nothingExplored } from "./nothing-explored.js";
import { digestOf } from "./program-digest.js";
import type { ReplayProblem } from "./replay.js";
import { sightingKey, sightings, type Sighting } from "./sighting.js";
import { Sites } from "./sites.js";
import { smaller } from "./size.js";
import { execute } from "./strategy.js";
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
    const { time, draws } = portable;
    machine.configure({ ...asItRuns, visible, time: time ?? "quiet", draws: draws === true });
    const execution = execute(machine, entry, follower, depth);
    const schedule = (choices: readonly Choice[]): Schedule => ({
      program: digestOf(program),
      entry: portable.entry,
      visible: [...visible].sort(),
      choices,
      ...(time === undefined ? {} : { time }),
      ...(draws === undefined ? {} : { draws }),
    });
    const seen = sightings(machine, program, execution);
    const same = seen.find((it) => isSame(it, aboutOf(it, machine), portable, [mapping]));
    if (same !== undefined) {
      const choices = execution.choices.slice(0, same.length);
      return { kind: "still fails", found: foundOf(same, schedule(choices)) };
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

/** Nothing is known of other schedules for it. */
function foundOf(
  { kind, places, outcome, message, cost, madeUp }: Sighting,
  schedule: Schedule,
): Found {
  const [preemptions = 0, switches = 0, steps = 0] = cost.slice(1);
  const size = { preemptions, switches, steps, minimal: false };
  return { kind, places, schedule, outcome, size, contrast: null, stale: null, message, madeUp };
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
  control: Control,
): Exploration {
  const { program, previous = [], limits } = job;
  if (previous.length === 0) {
    const fresh = explore(job, makeMachine, control);
    const carried =
      fresh.found.length === 0 ? fresh : carrying(program, fresh, makeMachine(program));
    return withInterleavings(carried, job, makeMachine, control);
  }
  const machine = makeMachine(program);
  const sites = new Sites(program);
  const start = Date.now();
  const late = (): boolean => Date.now() - start > limits.millis * share;
  const interrupted = (): boolean => control.cancelled || late();
  const bounds = { depth: limits.depth, interrupted };
  const retried = previous.map((it) => retry(program, sites, it, machine, bounds));
  const kept = retried.flatMap((it) => (it.kind === "still fails" ? [it.found] : []));
  const fresh =
    job.previousOnly === true ? nothingExplored(job, "time") : explore(job, makeMachine, control);
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
  const told = { ...exploration, summary: { ...exploration.summary, previous: verdicts }, again };
  return job.previousOnly === true ? told : withInterleavings(told, job, makeMachine, control);
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

/** What still fails is told, by its own schedule where the search has found none as good. */
function withKept(exploration: Exploration, kept: readonly Found[]): Exploration {
  const found = new Map(exploration.found.map((it) => [sightingKey(it), it]));
  let { summary } = exploration;
  for (const it of kept) {
    const fresh = found.get(sightingKey(it));
    if (fresh === undefined) summary = withExecution(summary, it);
    if (fresh === undefined || isBetter(it, fresh)) found.set(sightingKey(it), it);
  }
  return { ...exploration, summary, found: [...found.values()] };
}

/** Quiet time wins over any, then who sees more places, then the smaller schedule. */
function isBetter(a: Found, b: Found): boolean {
  return smaller(costOf(a), costOf(b));
}

function costOf({ schedule, size }: Found): readonly number[] {
  const { visible, time = "quiet" } = schedule;
  const { preemptions, switches, steps } = size;
  return [time === "quiet" ? 0 : 1, -visible.length, preemptions, switches, steps];
}

/** A search that was cut did not come across what an earlier schedule shows. */
function withExecution(summary: ExplorationSummary, { kind, schedule }: Found): ExplorationSummary {
  const known = summary.outcomes.find((it) => it.kind === kind)?.executions ?? 0;
  const others = summary.outcomes.filter((it) => it.kind !== kind);
  return {
    ...summary,
    executions: summary.executions + 1,
    outcomes: [...others, { kind, executions: known + 1 }],
    ends: [{ kind, label: "", executions: 1, schedule }, ...summary.ends],
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
