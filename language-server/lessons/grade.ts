// Whether an answer to a lesson is right: its program is explored, never run.

import type { CheckResult, End, ExplorationSummary, Finding } from "../../protocol/finding.js";
import type { Find, Grade, Keep, Lesson, Refusal } from "../../protocol/lesson.js";
import type { Witness } from "../../protocol/witness.js";
import { coverage, failureNames, orders } from "../../wording/verdict.js";
import type { Engine, ExploreOptions, Steering, Unit } from "../engine/engine.js";
import { declarationOf } from "./declarations.js";

export interface Answer {
  /** With the answer's text in it. */
  readonly unit: Unit;
  readonly text: string;
}

/**
 * Accepts an answer only when all its orders were looked at and end well, nothing is found at warning or above, and what
 * the lesson keeps is still there.
 * @param original the lesson's text, of which some lines are to stay
 */
export async function grade(
  engine: Engine,
  lesson: Lesson,
  original: string,
  answer: Answer,
  { limits }: ExploreOptions,
  steering: Steering,
): Promise<Grade> {
  const result = await engine.check(answer.unit, { explore: true, limits }, steering);
  const refusals = [...unread(result), ...failures(result, lesson)];
  const ends = await endsOf(engine, answer.unit, result, steering);
  if (refusals.length === 0) refusals.push(...unlooked(result, ends));
  // What a failing program prints is no news.
  if (refusals.length === 0) {
    refusals.push(...lesson.keep.flatMap((it) => endsBroken(it, result, ends)));
  }
  refusals.push(...lesson.keep.flatMap((it) => changed(it, original, answer.text)));
  return {
    number: lesson.number,
    title: lesson.title,
    accepted: refusals.length === 0,
    refusals,
    executions: result.explorations.reduce((sum, it) => sum + it.executions, 0),
    hint: lesson.hint,
  };
}

/** Whether the result shows what a lesson asks to find. */
export function shows(result: CheckResult, find: Find): boolean {
  return find.kind === "finding"
    ? result.findings.some((it) => it.witness !== null && isSame(it, find))
    : result.explorations.some(({ ends }) => ends.some((it) => it.label === find.text.trim()));
}

function isSame(finding: Finding, find: Find): boolean {
  return (
    find.kind === "finding" && finding.code === find.code && finding.message.includes(find.text)
  );
}

function unread({ gaps, suppressed }: CheckResult): Refusal[] {
  const refusals: Refusal[] = gaps.map(({ span, reason }) => ({
    ...nowhere,
    kind: "not read",
    message: `Line ${span.start.line + 1} cannot be read: ${reason}.`,
    span,
  }));
  if ((suppressed?.ignored ?? 0) === 0) return refusals;
  const message = "A comment in it asks to ignore a finding; an answer has to do without.";
  return [...refusals, { ...nowhere, kind: "ignored", message }];
}

const nowhere = { span: null, fingerprint: null, witness: null } as const;

function failures(result: CheckResult, { find }: Lesson): readonly Refusal[] {
  const loud = result.findings.filter((it) => it.severity === "error" || it.severity === "warning");
  const found = loud.map((it) => failure(it, find));
  if (found.length > 0) return found;
  // A search can see an end go wrong that no finding tells of, as when it was cut.
  return result.explorations
    .flatMap(({ ends }) => ends.filter((it) => it.kind !== "ok").slice(0, 1))
    .map((it) => ({
      ...nowhere,
      kind: "fails" as const,
      message: `Some orders end in a ${failureNames[it.kind]}.`,
    }));
}

function failure(finding: Finding, find: readonly Find[]): Refusal {
  const { message, primary, fingerprint, witness, code } = finding;
  const still = find.some((it) => isSame(finding, it));
  const what = `line ${primary.span.start.line + 1}: ${message} (${code})`;
  return {
    kind: still ? "still fails" : "fails",
    message: still ? `It still fails, ${what}.` : `It fails in another way, ${what}.`,
    span: primary.span,
    fingerprint,
    witness,
  };
}

/** A way in which the answer can end, and a run that does. */
interface SeenEnd {
  readonly end: End;
  readonly of: ExplorationSummary;
  readonly witness: Witness | null;
}

async function endsOf(
  engine: Engine,
  unit: Unit,
  { explorations }: CheckResult,
  steering: Steering,
): Promise<readonly SeenEnd[]> {
  const seen: SeenEnd[] = [];
  for (const of of explorations) {
    for (const end of of.ends) {
      const again =
        end.schedule === null ? null : await engine.replay(unit, end.schedule, steering);
      const witness = again !== null && "witness" in again ? again.witness : null;
      seen.push({ end, of, witness });
    }
  }
  return seen;
}

/** What keeps one from saying that all orders are good. */
function unlooked({ explorations }: CheckResult, ends: readonly SeenEnd[]): readonly Refusal[] {
  if (explorations.length === 0) {
    const message =
      "Nothing in it runs side by side any more, so there is nothing left to get right.";
    return [{ ...nowhere, kind: "not kept", message }];
  }
  const cut = explorations.filter((it) => !it.complete || it.limit !== null);
  const refusals = cut.map((it) => ({
    ...nowhere,
    kind: "not complete" as const,
    message: `Not every order could be looked at (${coverage(it)}), so nobody can say that it is right. Try something with fewer steps.`,
  }));
  if (refusals.length > 0) return refusals;
  const kept = ends.reduce((sum, it) => sum + it.end.executions, 0);
  const all = explorations.reduce((sum, it) => sum + it.executions, 0);
  if (kept === all && ends.every((it) => it.witness !== null)) return [];
  const message = "It can end in too many different ways to look at each of them.";
  return [{ ...nowhere, kind: "not complete", message }];
}

/** What the lesson keeps and some order, or every order, does not. */
function endsBroken(
  keep: Keep,
  { explorations }: CheckResult,
  ends: readonly SeenEnd[],
): readonly Refusal[] {
  const not = (message: string, of: SeenEnd | undefined): readonly Refusal[] => [
    { ...nowhere, kind: "not kept", message, witness: of?.witness ?? null },
  ];
  const main = ends.filter((it) => it.of === explorations[0]);
  switch (keep.kind) {
    case "prints": {
      const other = main.find((it) => printed(it) !== keep.text);
      if (other === undefined) return [];
      const share = `${other.end.executions} of ${orders(other.of.executions)}`;
      return not(
        `In ${share} it prints ${quoted(printed(other))}; the lesson wants ${quoted(keep.text)} whatever the order.`,
        other,
      );
    }
    case "can print": {
      if (main.some((it) => printed(it) === keep.text)) return [];
      return not(
        `No order prints ${quoted(keep.text)} any more; the lesson wants that to stay possible.`,
        main[0],
      );
    }
    case "starts": {
      const few = main.find((it) => started(it) < keep.goroutines);
      if (few === undefined) return [];
      return not(
        `It starts ${goroutines(started(few))}; the lesson wants ${goroutines(keep.goroutines)} to stay.`,
        few,
      );
    }
    case "as it is":
      return [];
  }
}

function changed(keep: Keep, original: string, text: string): readonly Refusal[] {
  if (keep.kind !== "as it is") return [];
  const [given, now] = [original, text].map((it) => declarationOf(it, keep.name)?.join("\n"));
  if (given !== undefined && given === now) return [];
  const message = `\`${keep.name}\` is not as it was; the lesson wants it to stay as it is.`;
  return [{ ...nowhere, kind: "not kept", message }];
}

function printed({ witness }: SeenEnd): string {
  return witness?.output.trim() ?? "";
}

/** Without the one that there is anyhow. */
function started({ witness }: SeenEnd): number {
  return (witness?.threads.length ?? 1) - 1;
}

const quoted = (text: string): string => (text === "" ? "nothing" : JSON.stringify(text));

function goroutines(count: number): string {
  if (count === 0) return "no goroutine";
  return count === 1 ? "1 goroutine" : `${count} goroutines`;
}
