// Where the two halves meet: a candidate of the static half is raised by an execution that shows it, dropped when a
// complete exploration refutes it, and kept quiet otherwise. What the explorer found by itself is added.

import type { Finding, Severity } from "../../protocol/finding.js";
import type { Span } from "../../protocol/span.js";
import type { Witness } from "../../protocol/witness.js";
import type { Candidate, Reading } from "../analysis/check.js";
import type { Analysed } from "../analysis/run.js";
import type { Exploration, Found } from "../explore/explorer.js";
import { isEcho, isEchoOfDeadlock } from "./echoes.js";
import { severityOf, severityOfShown } from "./evidence.js";
import { severityOfTimed } from "./timed-tests.js";

/** One exploration, and whether it ran the code that a finding is about. */
export interface Explored {
  readonly exploration: Exploration;
  /** What the entry rests on, when it is a driver that nobody wrote. */
  readonly assumption: string | null;
  /** Whether that driver has made its calls one after the other before. */
  readonly rehearsed: boolean;
  /** Whether the entry can reach the function around a place. */
  covers(place: Span): boolean;
}

export interface Joined {
  readonly findings: readonly Finding[];
  /** What the explorer found and no candidate foresaw, with where it came from. */
  readonly unforeseen: readonly { readonly found: Found; readonly explored: Explored }[];
}

export function join(
  analysed: readonly Analysed[],
  explored: readonly Explored[],
  severity: (code: string) => Severity,
  witness: (found: Found, fingerprint: string) => Witness | null,
): Joined {
  const foreseen = new Set<Found>();
  const told = new Set<Found>();
  const judged = new Map<Analysed, Finding | null>();
  for (const it of [...analysed].sort((a, b) => turnOf(a) - turnOf(b))) {
    const { finding, candidate } = it;
    const matches = matchesOf(candidate, explored);
    const free = renames(it) === 0 ? matches : matches.filter(({ found }) => !told.has(found));
    if (matches.length > 0 && free.length === 0) {
      judged.set(it, null);
      continue;
    }
    for (const { found } of free) foreseen.add(found);
    const best = free.find(({ assumption }) => assumption === null) ?? free[0];
    const shown = best === undefined ? null : witness(best.found, finding.fingerprint);
    if (candidate === null || best === undefined || shown === null) {
      judged.set(it, leftOf(it, explored));
      continue;
    }
    for (const { found } of matches) told.add(found);
    for (const run of explored) for (const found of followers(run, candidate)) foreseen.add(found);
    judged.set(it, confirmed(finding, severity(finding.code), shown, best));
  }
  const findings = analysed.flatMap((it) => judged.get(it) ?? []);
  const races = explored.flatMap((it) =>
    it.exploration.found.filter(({ kind }) => kind === "race"),
  );
  const unforeseen = explored.flatMap((it) =>
    it.exploration.found
      .filter((found) => !foreseen.has(found) && !isEcho(found, it.exploration.found, races))
      .filter((found) => !isShownBefore(found, it, explored))
      .map((found) => ({ found, explored: it })),
  );
  return { findings, unforeseen };
}

/** Whether what an assumption shows is shown without it, or by an entry before. */
function isShownBefore(
  found: Found,
  { assumption, exploration }: Explored,
  all: readonly Explored[],
): boolean {
  if (assumption === null) return false;
  const key = (it: Found): string => `${it.kind} ${it.places.join(" ")}`;
  const own = all.findIndex((it) => it.exploration === exploration);
  return all.some(
    (it, at) =>
      (it.assumption === null || at < own) &&
      it.exploration.found.some((other) => key(other) === key(found)),
  );
}

/** What is another name of an outcome is judged when the others are, and silent where they say it already. */
function renames({ candidate }: Analysed): number {
  if (candidate?.renames === undefined) return 0;
  return candidate.renames === "defect" ? 1 : 2;
}

/** Of other names for one thing those that name more of its places come first. */
function turnOf(it: Analysed): number {
  const most = Math.max(0, ...(it.candidate?.places ?? []).map((group) => group.length));
  return renames(it) === 0 ? 0 : renames(it) + 1 / (2 + most);
}

/** An execution that shows a candidate, and what that rests on. */
interface Match {
  readonly found: Found;
  readonly assumption: string | null;
  readonly rank: number;
  /** How the finding says what was shown; null: as it was reported. */
  readonly reading: Reading | null;
}

/** The most telling first. */
function matchesOf(candidate: Candidate | null, explored: readonly Explored[]): readonly Match[] {
  if (candidate === null) return [];
  return explored
    .filter(({ exploration }) => candidate.sometimes !== true || maySucceed(exploration))
    .flatMap((run) =>
      run.exploration.found.flatMap((found): Match[] => {
        const { assumption, exploration } = run;
        const isOwn = assumption === null || candidate.renames === undefined;
        if (!isOwn && !isDueToOverlap(found, run)) return [];
        const shown = shownBy(found, candidate);
        if (shown === null || isMadeUp(found)) return [];
        // Where fewer are stuck as well, their end is the one to tell.
        if (candidate.renames === "end" && isEchoOfDeadlock(found, exploration.found)) return [];
        const whole = candidate.renames !== undefined;
        const condition = whole ? conditionOf(found, assumption) : outsideOf(found, assumption);
        return [{ found, assumption: condition, ...shown }];
      }),
    )
    .sort((a, b) => a.rank - b.rank || leftBehind(b.found) - leftBehind(a.found));
}

/** Whether a driver panics over a closed channel only where its calls overlap: one after the other they were fine. */
export function isDueToOverlap(found: Found, { exploration, rehearsed }: Explored): boolean {
  return (
    rehearsed &&
    found.kind === "panic" &&
    /closed channel/.test(found.message) &&
    maySucceed(exploration)
  );
}

/** Whether executions were seen that end well. */
function maySucceed({ summary }: Exploration): boolean {
  return summary.outcomes.some(({ kind, executions }) => kind === "ok" && executions > 0);
}

/** How many goroutines a leak leaves behind: the execution with most of them tells the most. */
function leftBehind({ kind, places }: Found): number {
  return kind === "leak" ? places.length : 0;
}

/** What becomes of a finding that no execution shows. */
function leftOf(
  { finding, candidate, assumed }: Analysed,
  explored: readonly Explored[],
): Finding | null {
  if (candidate === null || finding.confidence === "proved") return finding;
  // That something was not shown in the few executions that looked for it refutes nothing.
  const refutes = candidate.outcome !== "ok" && refuted(finding, candidate, explored);
  return assumed || refutes ? null : finding;
}

/**
 * Whether an outcome is what the candidate said: the same kind, at all places of one of its groups. Less is more telling;
 * null: it is something else.
 */
function shownBy(found: Found, candidate: Candidate): Pick<Match, "rank" | "reading"> | null {
  const places = new Set(found.places);
  let before = 0;
  for (let it: Candidate | undefined = candidate; it !== undefined; it = it.or) {
    const group =
      found.kind === it.outcome &&
      !(it.unheld === true && isHeldUp(found)) &&
      waitingAt(found, it) >= (it.waiting ?? 0)
        ? it.places.findIndex((all) => all.every((place) => places.has(placeKey(place))))
        : -1;
    if (group >= 0) return { rank: before + group, reading: it.readings?.[group] ?? null };
    before += it.places.length;
  }
  return null;
}

/** How many wait at the places of a candidate. */
function waitingAt({ outcome }: Found, { places }: Candidate): number {
  if (!("blocked" in outcome)) return 0;
  const keys = new Set(places.flat().map(placeKey));
  return outcome.blocked.filter(({ span }) => keys.has(placeKey(span))).length;
}

/** Whether somebody waits for a lock that somebody has. */
function isHeldUp({ outcome }: Found): boolean {
  return "blocked" in outcome && outcome.blocked.some((it) => it.holders.length > 0);
}

/** What goes wrong at the candidate's places because of what it says. */
function followers({ exploration }: Explored, { leadsTo = [], places }: Candidate): Found[] {
  const own = new Set(places.flat().map(placeKey));
  return exploration.found.filter(
    (it) => leadsTo.includes(it.kind) && it.places.every((place) => own.has(place)),
  );
}

/** `uri:line:column` of a span's start, as `Found.places` has it. */
export function placeKey({ uri, start }: Span): string {
  return `${uri}:${start.line}:${start.character}`;
}

function confirmed(
  finding: Finding,
  severity: Severity,
  witness: Witness,
  { found, assumption, reading }: Match,
): Finding {
  const told = { ...finding, ...reading };
  // Locks that are taken in the wrong order are so at any pace: sleeps only make it come about.
  const atAnyPace = found.kind === "deadlock" && assumption === null;
  const shown = severityOf("confirmed", severityOfShown(found.kind, severity), assumption);
  return {
    ...told,
    confidence: "confirmed",
    severity: atAnyPace ? shown : severityOfTimed(shown, witness),
    message: withAssumption(told.message, assumption),
    witness,
  };
}

/** What schedules rest on in which time does not wait until nobody else can run. */
const earlyTimer = "a timer goes off before others have had their turn";

/** What a found outcome rests on beside what was written. */
export function conditionOf(found: Found, assumption: string | null): string | null {
  return outsideOf(found, assumption ?? (found.schedule.time === "any" ? earlyTimer : null));
}

/** The same where what came from outside has a part in it. */
function outsideOf({ madeUp }: Found, assumption: string | null): string | null {
  if (madeUp === null || (madeUp.of.length === 0 && assumption !== null)) return assumption;
  if (madeUp.of.length === 0) return "values from outside are as they are made up here";
  const named = madeUp.of.slice(0, mostNamed).map((it) => `\`${it}\``);
  const others = madeUp.of.length - named.length;
  const of = others > 0 ? [...named, `${others} more`] : named;
  const replies = `replies of ${listed(of)} come in any order`;
  const whole = madeUp.decides ? `${replies} and lead this way` : replies;
  return assumption === null ? whole : `${assumption} and that ${whole}`;
}

const mostNamed = 3;

function listed(names: readonly string[]): string {
  const [last = "", ...before] = [...names].reverse();
  return before.length === 0 ? last : `${before.reverse().join(", ")} and ${last}`;
}

/** Nobody knows whether the program comes to that: values nobody gave it lead it there, or the wrong functions were called. */
export function isMadeUp({ kind, madeUp }: Found): boolean {
  return madeUp?.decides === true && kind !== "race" && kind !== "ok";
}

/** A message that says what it rests on. */
export function withAssumption(message: string, assumption: string | null): string {
  return assumption === null ? message : `${message} (assumes that ${assumption})`;
}

/** How a gap ends where somebody outside may keep others out, so that what is suspected may well not happen. */
const keepsOut = "keeps out is not modelled";

/**
 * Every entry that runs the code was explored to the end, and none showed it. In TypeScript made-up replies are as good as any
 * against what is only possible, if calls have run into each other at all.
 */
function refuted(
  { primary: { span } }: Finding,
  { fails }: Candidate,
  explored: readonly Explored[],
): boolean {
  const byReplies = !span.uri.endsWith(".go") && fails !== true;
  const covers = (it: Explored): boolean => it.covers(span);
  const isWhole = ({ exploration: { summary } }: Explored): boolean =>
    summary.complete || (fails !== true && summary.unsupported?.reason.endsWith(keepsOut) === true);
  const isOpen = (it: Explored): boolean =>
    !isWhole(it) && !(byReplies && it.exploration.summary.limit === "values");
  const tells = (it: Explored): boolean => isWhole(it) || it.exploration.summary.executions > 1;
  // Those that were cut decide alone, and mostly the first of them does.
  return (
    !explored.some((it) => isOpen(it) && covers(it)) &&
    explored.some((it) => tells(it) && covers(it))
  );
}
