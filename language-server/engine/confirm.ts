// Where the two halves meet: a candidate of the static half is raised by an execution that shows it, dropped when a
// complete exploration refutes it, and kept quiet otherwise. What the explorer found by itself is added.

import type { Finding, Severity } from "../../protocol/finding.js";
import type { Span } from "../../protocol/span.js";
import type { Witness } from "../../protocol/witness.js";
import type { Candidate } from "../analysis/check.js";
import type { Analysed } from "../analysis/run.js";
import type { Exploration, Found } from "../explore/explorer.js";
import { severityOf } from "./evidence.js";

/** One exploration, and whether it ran the code that a finding is about. */
export interface Explored {
  readonly exploration: Exploration;
  /** What the entry rests on, when it is a driver that nobody wrote. */
  readonly assumption: string | null;
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
  const findings = analysed.flatMap(({ finding, candidate, assumed }) => {
    if (candidate === null) return [finding];
    const matches = explored
      .flatMap(({ exploration, assumption }) =>
        exploration.found.flatMap((found) => {
          const rank = rankOf(found, candidate);
          return rank === null ? [] : [{ found, assumption, rank }];
        }),
      )
      .sort((a, b) => a.rank - b.rank);
    for (const it of matches) foreseen.add(it.found);
    const best = matches.find((it) => it.assumption === null) ?? matches[0];
    if (best !== undefined) {
      const shown = witness(best.found, finding.fingerprint);
      if (shown !== null) {
        for (const it of explored)
          for (const found of followers(it, candidate)) foreseen.add(found);
        return [confirmed(finding, severity(finding.code), shown, best.assumption)];
      }
    }
    if (finding.confidence === "proved") return [finding];
    // That something was not shown in the few executions that looked for it refutes nothing.
    const refutes = candidate.outcome !== "ok" && refuted(finding, explored);
    return assumed || refutes ? [] : [finding];
  });
  const races = explored.flatMap((it) =>
    it.exploration.found.filter(({ kind }) => kind === "race"),
  );
  const unforeseen = explored.flatMap((it) =>
    it.exploration.found
      .filter((found) => !foreseen.has(found) && !isEchoOfRace(found, races))
      .filter((found) => !isEchoOfPanic(found, it.exploration.found))
      .map((found) => ({ found, explored: it })),
  );
  return { findings, unforeseen };
}

/**
 * The runtime's abort on an unsynchronised map is the race on that map over again; and so is going round for ever until
 * something changes that another thread writes with nothing that orders the two.
 */
function isEchoOfRace({ kind, message, places }: Found, races: readonly Found[]): boolean {
  if (kind === "livelock") {
    return races.some((it) => message.includes(` waits for ${nameOf(it)} to change`));
  }
  if (kind !== "panic" || !/fatal error: concurrent map/.test(message)) return false;
  return places.every((it) => races.some((race) => race.places.includes(it)));
}

/** What a race is about. */
function nameOf({ message }: Found): string {
  return message.slice(0, message.indexOf(" is "));
}

/** That a close and a send are not ordered is what a panic says more plainly, where one can happen. */
function isEchoOfPanic({ kind, message, places }: Found, all: readonly Found[]): boolean {
  if (kind !== "race" || !/ is closed by /.test(message)) return false;
  return all.some(
    (it) =>
      it.kind === "panic" &&
      /send on closed channel|close of closed channel/.test(it.message) &&
      it.places.some((place) => places.includes(place)),
  );
}

/**
 * Whether an outcome is what the candidate said: the same kind, at all places of one of its groups. Less is more telling;
 * null: it is something else.
 */
function rankOf(found: Found, candidate: Candidate): number | null {
  const places = new Set(found.places);
  let before = 0;
  for (let it: Candidate | undefined = candidate; it !== undefined; it = it.or) {
    const group =
      found.kind === it.outcome
        ? it.places.findIndex((all) => all.every((place) => places.has(placeKey(place))))
        : -1;
    if (group >= 0) return before + group;
    before += it.places.length;
  }
  return null;
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
  assumption: string | null,
): Finding {
  return {
    ...finding,
    confidence: "confirmed",
    severity: severityOf("confirmed", severity, assumption),
    message: withAssumption(finding.message, assumption),
    witness,
  };
}

/** A message that says what it rests on. */
export function withAssumption(message: string, assumption: string | null): string {
  return assumption === null ? message : `${message} (assumes that ${assumption})`;
}

/** Every entry that runs the code was explored to the end, and none showed it. */
function refuted(finding: Finding, explored: readonly Explored[]): boolean {
  const covering = explored.filter((it) => it.covers(finding.primary.span));
  return covering.length > 0 && covering.every((it) => it.exploration.summary.complete);
}
