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
import { Follower, visibleIn } from "./follow.js";
import { toPortable } from "./portable.js";
import { explore, type MachineMaker } from "./portfolio.js";
import { digestOf } from "./program-digest.js";
import type { ReplayProblem } from "./replay.js";
import { cheaper, sightingKey, sightings, told, type Sighting } from "./sighting.js";
import { Sites } from "./sites.js";
import { execute, switches } from "./strategy.js";
import { asItRuns, type Machine } from "./vm/machine.js";
import { entryNamed, noEntry } from "./walk.js";

/** What a portable schedule comes to in a program. */
export type Retried =
  | { readonly kind: "still fails"; readonly found: Found }
  /** It runs as it did, and what it showed does not happen. */
  | { readonly kind: "passes"; readonly schedule: Schedule }
  | ({ readonly kind: "no longer applies" } & ReplayProblem);

/** `depth`: steps at most. */
export function retry(
  program: Program,
  sites: Sites,
  portable: PortableSchedule,
  machine: Machine,
  depth: number,
): Retried {
  const entry = entryNamed(program, portable.entry);
  if (entry === undefined) return { kind: "no longer applies", ...noEntry(portable.entry) };
  const visible = visibleIn(sites, portable);
  machine.configure({ ...asItRuns, visible });
  const follower = new Follower(program, sites, portable, machine);
  const execution = execute(machine, entry, follower, depth);
  const schedule = (choices: readonly Choice[]): Schedule => ({
    program: digestOf(program),
    entry: portable.entry,
    visible: [...visible].sort(),
    choices,
  });
  const same = sightings(machine, program, execution).find((it) => isSame(it, sites, portable));
  if (same !== undefined) {
    const found: Found = {
      kind: same.kind,
      places: same.places,
      schedule: schedule(told(same, execution.choices)),
      outcome: same.outcome,
      message: same.message,
    };
    return { kind: "still fails", found };
  }
  const { problem } = follower;
  if (problem !== null) return { kind: "no longer applies", problem };
  return { kind: "passes", schedule: schedule(execution.choices) };
}

/** Whether something that goes wrong is what the schedule showed. */
function isSame(
  { kind, places, message }: Pick<Sighting, "kind" | "places" | "message">,
  sites: Sites,
  { shows, sites: table }: PortableSchedule,
): boolean {
  if (kind !== shows.kind) return false;
  let sure = true as boolean; // set below
  const expected = shows.sites.flatMap((index) => {
    const site = table[index];
    const resolved = site === undefined ? null : sites.resolve(site);
    if (resolved === null) return [];
    sure &&= resolved.sure;
    return [resolved.extent.replace(/-\d+:\d+$/, "")];
  });
  if (expected.length < shows.sites.length) return false;
  const same = [...new Set(expected)].sort().join(" ") === places.join(" ");
  return same && (sure || message === shows.message);
}

/** `explore`, after the schedules of an earlier version have been tried. Everything found gets its portable form. */
export function exploreAgain(
  job: ExploreJob,
  makeMachine: MachineMaker,
  cancel: CancelToken,
): Exploration {
  const { program, previous = [], limits } = job;
  const machine = makeMachine(program);
  const sites = new Sites(program);
  const retried = previous.map((it) => retry(program, sites, it, machine, limits.depth));
  const fresh = explore(job, makeMachine, cancel);
  const kept = retried.flatMap((it) => (it.kind === "still fails" ? [it.found] : []));
  const exploration = withKept(fresh, kept);
  const verdicts = retried.map((it, index) => {
    const shown = (found: Found): boolean =>
      isSame(found, sites, present(previous[index], "schedule"));
    return verdictOf(it, exploration, shown);
  });
  return {
    ...exploration,
    summary: { ...exploration.summary, ...(verdicts.length === 0 ? {} : { previous: verdicts }) },
    found: exploration.found.map((it) => carrying(program, sites, it, machine)),
  };
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

/** With the portable form of its schedule. */
function carrying(program: Program, sites: Sites, found: Found, machine: Machine): Found {
  const { kind, places, message, schedule } = found;
  if (kind === "ok") return found;
  const portable = toPortable(program, sites, schedule, { kind, places, message }, machine);
  return "problem" in portable ? found : { ...found, schedule: { ...schedule, portable } };
}
