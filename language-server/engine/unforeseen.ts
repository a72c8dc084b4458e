import type { Finding, OutcomeKind, Site } from "../../protocol/finding.js";
import type { Blocked, Witness } from "../../protocol/witness.js";
import { digest } from "../base/digest.js";
import type { Found } from "../explore/explorer.js";
import { withAssumption, type Explored } from "./confirm.js";
import { atMostWarning, severityOfOutcome, type Spread } from "./evidence.js";
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

/** What schedules rest on in which time does not wait until nobody else can run. */
const earlyTimer = "a timer goes off before others have had their turn";

/** A finding for an outcome that no check foresaw; null when its schedule does not replay. */
export function unforeseenFinding(
  found: Found,
  { exploration, assumption }: Explored,
  maker: WitnessMaker,
): Finding | null {
  if (found.kind === "ok") return null;
  // A driver calls with arguments that nobody chose: that it panics or waits says nothing.
  if (assumption !== null && found.kind !== "race") return null;
  const condition = assumption ?? (found.schedule.time === "any" ? earlyTimer : null);
  const { entry, executions, outcomes, complete } = exploration.summary;
  const unnamed = maker.ofFound(found, "");
  if (unnamed === null) return null;
  const code = codeOf(found.kind, unnamed);
  const fingerprint = digest([code, entry, ...aboutOf(unnamed)].join("\n"));
  const witness = { ...unnamed, finding: fingerprint };
  const [primary, ...related] = sitesOf(witness);
  if (primary === undefined) return null;
  const failing = outcomes.find((it) => it.kind === found.kind)?.executions ?? 0;
  const spread = failing === executions ? "every" : "some";
  return {
    code,
    severity: atMostWarning(severityOfOutcome(found.kind, spread), condition),
    confidence: "confirmed",
    message: withAssumption(
      `${found.message} (${spreadWords(spread, complete)} of \`${entry}\`)`,
      condition,
    ),
    primary,
    related,
    fingerprint,
    witness,
  };
}

/** The most special code that can be told from what was run. */
function codeOf(kind: Exclude<OutcomeKind, "ok">, { language, outcome, objects }: Witness): string {
  if (language === "ts") return tsCodes[kind];
  const racing = outcome.kind === "race" ? objects[outcome.object]?.kind : undefined;
  return racing === "map" ? "concurrent-map" : codes[kind];
}

/** "Every" without more is said only of a search that was not cut. */
function spreadWords(spread: Spread, complete: boolean): string {
  if (spread === "some") return "in some schedules";
  return complete ? "in every schedule" : "in every schedule that was run";
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
function sitesOf(witness: Witness): readonly Site[] {
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
      return [...stepSite(second), ...stepSite(first)];
    }
    case "deadlock":
    case "leak":
    case "livelock":
      return outcome.blocked.map((it) => blockedSite(witness, it));
    case "panic":
    case "assertion":
      return stepSite(outcome.step);
  }
}

function blockedSite(witness: Witness, { thread, span, reason }: Blocked): Site {
  const name = witness.threads[thread]?.name ?? `thread ${thread}`;
  const does = witness.outcome.kind === "livelock" ? "goes round here" : "waits here";
  return { span, message: `\`${name}\` ${does}: ${reason}` };
}
