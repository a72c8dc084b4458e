import type { CheckResult, ExplorationSummary, Finding, Gap } from "../../protocol/finding.js";
import type { PortableSchedule } from "../../protocol/witness.js";
import type { Span } from "../../protocol/span.js";
import { type Edit, endOfEdit, shiftFinding, shiftSpan, touchesLines } from "./shift.js";

// What the user sees of a unit is not the last result but a fold over all of them, because results
// come at two speeds and half of them are about half-typed code:
//
//  - analysis alone (each pause in typing) says "possible"; exploring (later) says "confirmed" or
//    nothing. A finding must not fall back to "possible", or come back after exploring refuted it,
//    only because the user typed a comment;
//  - while some function does not compile, what depends on it (a whole goroutine, say) is unknown.
//    Findings elsewhere are kept as they were, and only edited lines can lose or gain one.

export interface Shown {
  readonly finding: Finding;
  /** One of its lines was edited since a result last reported it. */
  readonly touched: boolean;
  /** Its witness was replayed on the text as it stands, though the rest was not explored again. */
  readonly replayed?: boolean;
}

/** A schedule that failed when the unit was last explored. */
interface Failing {
  readonly fingerprint: string;
  readonly schedule: PortableSchedule;
}

export interface UnitView {
  readonly shown: readonly Shown[];
  readonly explorations: readonly ExplorationSummary[];
  readonly gaps: readonly Gap[];
  /** Fingerprints the last analysis reported: the others were found by exploring alone. */
  readonly analysed: ReadonlySet<string>;
  /** Fingerprints that analysis reports and exploring refuted. */
  readonly refuted: ReadonlySet<string>;
  /** What was edited since the unit last compiled. */
  readonly edited: readonly Span[];
  /** What did not compile when the unit was opened; null before the first result. */
  readonly alwaysBroken: ReadonlySet<string> | null;
  /** What the next run tries first. */
  readonly failing: readonly Failing[];
  /** Explored, and not edited since: its witnesses are about the text as it stands. */
  readonly current: boolean;
}

export const emptyView: UnitView = {
  shown: [],
  explorations: [],
  gaps: [],
  analysed: new Set(),
  refuted: new Set(),
  edited: [],
  alwaysBroken: null,
  failing: [],
  current: false,
};

/** How the front ends name code that does not compile, as against code they cannot model. */
const brokenCode = /syntax error|incomplete code|does not (parse|compile|type-check)/i;

/**
 * Whether more of the unit is unreadable than when it was opened, as by a half-typed line. What was
 * broken from the start (a package that is not there) is no reason to keep what is gone.
 */
function isBroken(view: UnitView, result: CheckResult): boolean {
  return brokenIn(result).some((it) => view.alwaysBroken?.has(it) !== true);
}

function brokenIn(result: CheckResult): string[] {
  return result.gaps.map((it) => it.reason).filter((it) => brokenCode.test(it));
}

export function afterEdit(view: UnitView, uri: string, edit: Edit): UnitView {
  const touched = (finding: Finding): boolean =>
    [finding.primary, ...finding.related].some((it) => touchesLines(it.span, uri, edit));
  return {
    ...view,
    shown: view.shown.map((it) => ({
      finding: shiftFinding(it.finding, uri, edit),
      touched: it.touched || touched(it.finding),
    })),
    explorations: view.explorations.map((it) => ({ ...it, span: shiftSpan(it.span, uri, edit) })),
    gaps: view.gaps.map((it) => ({ ...it, span: shiftSpan(it.span, uri, edit) })),
    edited: [
      ...view.edited.map((it) => shiftSpan(it, uri, edit)),
      { uri, start: edit.start, end: endOfEdit(edit) },
    ],
    current: false,
  };
}

/** The view after analysis alone. */
export function afterAnalysis(view: UnitView, result: CheckResult): UnitView {
  const broken = view.alwaysBroken !== null && isBroken(view, result);
  const fresh = byFingerprint(result.findings);
  const foundByExploring = (it: Finding): boolean => !view.analysed.has(it.fingerprint);
  const kept = view.shown.flatMap((old): Shown[] => {
    const now = fresh.get(old.finding.fingerprint);
    if (now === undefined) {
      return (broken && !old.touched) || foundByExploring(old.finding) ? [old] : [];
    }
    return [{ finding: broken ? old.finding : upgrade(now, old.finding), touched: false }];
  });
  const added = result.findings
    .filter((it) => !view.refuted.has(it.fingerprint))
    .filter((it) => !broken || isOn(it, view.edited) || view.shown.length === 0);
  const seen = result.findings.map((it) => it.fingerprint);
  return {
    ...view,
    shown: merge(kept, added).map((it) => replayed(it, view.failing, result)),
    explorations: result.explorations.length > 0 ? result.explorations : view.explorations,
    gaps: result.gaps,
    alwaysBroken: view.alwaysBroken ?? new Set(brokenIn(result)),
    analysed: new Set(broken ? [...view.analysed, ...seen] : seen),
    edited: broken ? view.edited : [],
  };
}

/** The view after analysis and exploring. */
export function afterExploring(view: UnitView, result: CheckResult): UnitView {
  const fresh = byFingerprint(result.findings);
  if (isBroken(view, result)) {
    // What compiles was explored without the rest: it can add to what is known, not take away.
    const added = result.findings.filter((it) => isOn(it, view.edited) || view.shown.length === 0);
    const kept = view.shown.map((old): Shown => {
      const now = fresh.get(old.finding.fingerprint);
      return now === undefined || old.finding.confidence !== "possible"
        ? old
        : { finding: now, touched: false };
    });
    return { ...view, shown: merge(kept, added), gaps: result.gaps };
  }
  return {
    shown: merge([], result.findings),
    explorations: result.explorations,
    gaps: result.gaps,
    analysed: view.analysed,
    refuted: new Set([...view.analysed].filter((it) => !fresh.has(it))),
    edited: [],
    alwaysBroken: view.alwaysBroken ?? new Set(brokenIn(result)),
    failing: result.findings.flatMap(({ fingerprint, witness }) => {
      const schedule = witness?.schedule.portable;
      return schedule === undefined ? [] : [{ fingerprint, schedule }];
    }),
    current: true,
  };
}

/** With the witness of before as it is in the edited text, if it still shows the same. */
function replayed(shown: Shown, failing: readonly Failing[], { again }: CheckResult): Shown {
  const { fingerprint } = shown.finding;
  const witness = again?.[failing.findIndex((it) => it.fingerprint === fingerprint)] ?? null;
  if (witness === null || shown.finding.confidence !== "confirmed") return shown;
  const finding = { ...shown.finding, witness: { ...witness, finding: fingerprint } };
  return { ...shown, finding, replayed: true };
}

/** `now` with what exploring found out about it before. */
function upgrade(now: Finding, old: Finding): Finding {
  if (old.confidence === "possible" || now.confidence !== "possible") return now;
  return { ...old, primary: { ...old.primary, span: now.primary.span } };
}

function byFingerprint(findings: readonly Finding[]): Map<string, Finding> {
  return new Map(findings.map((it) => [it.fingerprint, it]));
}

function merge(kept: readonly Shown[], added: readonly Finding[]): Shown[] {
  const known = new Set(kept.map((it) => it.finding.fingerprint));
  const all = [...kept];
  for (const finding of added) {
    if (known.has(finding.fingerprint)) continue;
    known.add(finding.fingerprint);
    all.push({ finding, touched: false });
  }
  return all;
}

function isOn(finding: Finding, edited: readonly Span[]): boolean {
  return [finding.primary, ...finding.related].some(({ span }) =>
    edited.some(
      (it) =>
        it.uri === span.uri && it.start.line <= span.end.line && it.end.line >= span.start.line,
    ),
  );
}
