import type { Finding, OutcomeKind, Severity, Site } from "../../protocol/finding.js";
import type { Span } from "../../protocol/span.js";
import type { Blocked, Witness } from "../../protocol/witness.js";
import { digest } from "../base/digest.js";
import type { Found } from "../explore/explorer.js";
import {
  conditionOf,
  isDueToOverlap,
  isMadeUp,
  placeKey,
  withAssumption,
  type Explored,
} from "./confirm.js";
import { agentCode } from "./agent-codes.js";
import { atMostWarning, severityOfOutcome, type Spread } from "./evidence.js";
import { severityOfTimed } from "./timed-tests.js";
import type { WitnessMaker } from "./witness-maker.js";

/** Codes of what only running shows; their pages stand beside those of the checks. */
const codes: Readonly<Record<Exclude<OutcomeKind, "ok">, string>> = {
  race: "data-race",
  deadlock: "deadlock",
  leak: "goroutine-leak",
  livelock: "livelock",
  panic: "panic",
  assertion: "test-failure",
};

/** In TypeScript a race is an update across an await, and what stays behind is a call. */
const tsCodes: typeof codes = { ...codes, race: "stale-snapshot", leak: "never-settles" };

export const unforeseenCodes: readonly string[] = [
  ...Object.values(codes),
  ...Object.values(tsCodes),
];

/** A finding for an outcome that no check foresaw; null when its schedule does not replay. */
export function unforeseenFinding(
  found: Found,
  explored: Explored,
  maker: WitnessMaker,
): Finding | null {
  if (found.kind === "ok" || !saysSomething(found, explored)) return null;
  const { exploration, assumption } = explored;
  const condition = conditionOf(found, assumption);
  const { entry, executions, outcomes, complete } = exploration.summary;
  const unnamed = maker.ofFound(found, "");
  if (unnamed === null) return null;
  const code = codeOf(found.kind, found.message, unnamed);
  const fingerprint = digest([code, entry, ...aboutOf(unnamed)].join("\n"));
  const witness = { ...unnamed, finding: fingerprint };
  const [primary, ...related] = sitesOf(witness, found.places);
  if (primary === undefined) return null;
  const failing = outcomes.find((it) => it.kind === found.kind)?.executions ?? 0;
  const spread = failing === executions ? "every" : "some";
  const isAlone = witness.language === "go" && witness.threads.length === 1;
  const severity = (): Severity => {
    if (found.kind === "panic" && code !== codes.panic) return "error";
    if (found.kind === "leak" && maker.leavesRunning(unnamed, exploration.natural)) {
      return "information";
    }
    return severityOfOutcome(found.kind, isAlone ? "every" : spread, found.message);
  };
  // A plain bug that a made-up reply leads to is nobody's.
  const isPlain = spread === "every" && (found.kind === "panic" || found.kind === "assertion");
  if (isPlain && found.madeUp !== null) return null;
  return {
    code,
    severity: severityOfTimed(atMostWarning(severity(), condition), witness),
    confidence: "confirmed",
    message: withAssumption(
      `${found.message} (${spreadWords(spread, { complete, isAlone })} of \`${entry}\`)`,
      condition,
    ),
    primary,
    related,
    fingerprint,
    witness,
  };
}

/**
 * A driver calls with arguments that nobody chose: that it panics or waits says nothing, unless the same calls were fine
 * one after the other.
 */
function saysSomething(found: Found, explored: Explored): boolean {
  if (isMadeUp(found)) return false;
  return explored.assumption === null || found.kind === "race" || isDueToOverlap(found, explored);
}

/** The most special code that can be told from what was run. */
function codeOf(
  kind: Exclude<OutcomeKind, "ok">,
  message: string,
  { language, outcome, objects }: Witness,
): string {
  if (language === "ts") return agentCode(kind, message) ?? tsCodes[kind];
  const racing = outcome.kind === "race" ? objects[outcome.object]?.kind : undefined;
  return racing === "map" ? "concurrent-map" : codes[kind];
}

/** "Every" without more is said only of a search that was not cut; what one goroutine does alone has nothing to do with orders. */
function spreadWords(
  spread: Spread,
  { complete, isAlone }: { readonly complete: boolean; readonly isAlone: boolean },
): string {
  const what = isAlone ? "execution" : "schedule";
  if (spread === "some") return `in some ${what}s`;
  return complete ? `in every ${what}` : `in every ${what} that was run`;
}

/** Names that stay when lines move: of the functions and the object an outcome is about. */
function aboutOf({ outcome, steps, objects, threads }: Witness): readonly string[] {
  const func = (step: number): string => steps[step]?.func ?? "";
  switch (outcome.kind) {
    case "ok":
      return [];
    case "race":
      return [objects[outcome.object]?.name ?? "", ...outcome.steps.map(func)];
    case "deadlock":
    case "leak":
    case "livelock":
      return outcome.blocked.flatMap(({ thread, object }) => [
        threads[thread]?.name ?? "",
        object === null ? "" : (objects[object]?.name ?? ""),
      ]);
    case "panic":
    case "assertion":
      return [outcome.message, func(outcome.step)];
  }
}

/** The places an outcome is about, most telling first. */
function sitesOf(witness: Witness, places: readonly string[]): readonly Site[] {
  const { outcome, steps } = witness;
  const stepSite = (index: number): readonly Site[] => {
    const step = steps[index];
    return step === undefined ? [] : [{ span: step.span, message: step.text }];
  };
  switch (outcome.kind) {
    case "ok":
      return [];
    case "race": {
      const [first, second] = outcome.steps;
      return accessSites([...stepSite(second), ...stepSite(first)], places);
    }
    case "deadlock":
    case "leak":
    case "livelock":
      return waitingLast(witness, outcome.blocked).map((it) => blockedSite(witness, it));
    case "panic":
    case "assertion":
      return stepSite(outcome.step);
  }
}

/**
 * An access that is no step of its own (inside a library's function, or of many elements at once) is part of one that stands
 * somewhere else: then its own place is told.
 */
function accessSites(steps: readonly Site[], places: readonly string[]): readonly Site[] {
  const known = new Set(steps.map(({ span }) => placeKey(span)));
  const others = places.filter((it) => !known.has(it));
  return steps.map((site) => {
    const place = places.includes(placeKey(site.span)) ? undefined : others.shift();
    const span = place === undefined ? null : spanAt(place);
    return span === null ? site : { span, message: "the access is made here" };
  });
}

/** The first character at a place, as `placeKey` writes it. */
function spanAt(place: string): Span | null {
  const [, uri, line, character] = /^(.*):(\d+):(\d+)$/.exec(place) ?? [];
  if (uri === undefined) return null;
  const start = { line: Number(line), character: Number(character) };
  return { uri, start, end: { ...start, character: start.character + 1 } };
}

/** Calls that wait for the calls they have made come after those. */
function waitingLast({ threads, language }: Witness, blocked: readonly Blocked[]): Blocked[] {
  if (language === "go") return [...blocked];
  const parents = new Set<number>();
  for (const { thread } of blocked) {
    let parent = threads[thread]?.spawnedBy ?? null;
    while (parent !== null && !parents.has(parent)) {
      parents.add(parent);
      parent = threads[parent]?.spawnedBy ?? null;
    }
  }
  const waits = (it: Blocked): number => (parents.has(it.thread) ? 1 : 0);
  return [...blocked].sort((a, b) => waits(a) - waits(b));
}

function blockedSite(witness: Witness, { thread, span, reason }: Blocked): Site {
  const name = witness.threads[thread]?.name ?? `thread ${thread}`;
  const does = reason.endsWith("asking again and again") ? "goes round here" : "waits here";
  return { span, message: `\`${name}\` ${does}: ${reason}` };
}
