import { describe, expect, it } from "vitest";
import type { CheckResult, Confidence, Finding } from "../../../protocol/finding.js";
import {
  afterAnalysis,
  afterEdit,
  afterExploring,
  emptyView,
  type UnitView,
} from "../../../language-server/server/reconcile.js";

const uri = "file:///a.go";

function finding(name: string, line: number, confidence: Confidence = "possible"): Finding {
  const span = { uri, start: { line, character: 0 }, end: { line, character: 3 } };
  return {
    code: "data-race",
    severity: confidence === "possible" ? "information" : "error",
    confidence,
    message: `${name} ${confidence}`,
    primary: { span, message: "" },
    related: [],
    fingerprint: name,
    witness: null,
  };
}

function result(findings: readonly Finding[], ...gaps: readonly string[]): CheckResult {
  const at = { uri, start: { line: 9, character: 0 }, end: { line: 9, character: 1 } };
  return { findings, explorations: [], gaps: gaps.map((reason) => ({ span: at, reason })) };
}

const typed = (line: number) => ({
  start: { line, character: 0 },
  end: { line, character: 0 },
  text: "x",
});

const shown = (view: UnitView): string[] => view.shown.map((it) => it.finding.message);

/** Opened, analysed and explored. */
function explored(...findings: readonly Finding[]): UnitView {
  const possible = findings.map((it) => finding(it.fingerprint, it.primary.span.start.line));
  return afterExploring(afterAnalysis(emptyView, result(possible)), result(findings));
}

describe("what is shown of a unit", () => {
  it("keeps what exploring confirmed while analysis alone says possible", () => {
    const before = explored(finding("n", 1, "confirmed"));
    const after = afterAnalysis(afterEdit(before, uri, typed(5)), result([finding("n", 1)]));
    expect(shown(after)).toEqual(["n confirmed"]);
    expect(after.current).toBe(false);
  });

  it("drops at once what analysis no longer reports", () => {
    const before = explored(finding("n", 1, "confirmed"));
    expect(shown(afterAnalysis(afterEdit(before, uri, typed(1)), result([])))).toEqual([]);
  });

  it("keeps what only exploring can find until it has looked again", () => {
    const before = afterExploring(
      afterAnalysis(emptyView, result([])),
      result([finding("leak", 1, "confirmed")]),
    );
    const edited = afterAnalysis(afterEdit(before, uri, typed(5)), result([]));
    expect(shown(edited)).toEqual(["leak confirmed"]);
    expect(shown(afterExploring(edited, result([])))).toEqual([]);
  });

  it("does not bring back what exploring refuted", () => {
    const before = afterExploring(afterAnalysis(emptyView, result([finding("n", 1)])), result([]));
    const after = afterAnalysis(afterEdit(before, uri, typed(5)), result([finding("n", 1)]));
    expect(shown(after)).toEqual([]);
  });

  it.each(["syntax error: expected )", "does not type-check: undefined: x", "incomplete code"])(
    "keeps everything on lines that were not edited while some code does not compile: %s",
    (reason) => {
      const before = explored(finding("n", 1, "confirmed"), finding("m", 3, "confirmed"));
      const broken = result([], reason);
      const edited = afterEdit(before, uri, typed(3));
      expect(shown(afterAnalysis(edited, broken))).toEqual(["n confirmed"]);
      expect(shown(afterExploring(afterAnalysis(edited, broken), broken))).toEqual(["n confirmed"]);
    },
  );

  it("believes no new finding elsewhere while some code does not compile", () => {
    const before = explored(finding("n", 1, "confirmed"));
    const edited = afterEdit(before, uri, typed(5));
    const broken = result([finding("other", 2), finding("typed", 5)], "does not type-check: x");
    expect(shown(afterAnalysis(edited, broken))).toEqual(["n confirmed", "typed possible"]);
  });

  it("code that never compiled does not keep findings alive", () => {
    const reason = "does not type-check: could not import missing";
    const opened = afterAnalysis(emptyView, result([finding("n", 1)], reason));
    const before = afterExploring(opened, result([finding("n", 1, "confirmed")], reason));
    expect(shown(before)).toEqual(["n confirmed"]);
    expect(shown(afterAnalysis(afterEdit(before, uri, typed(4)), result([], reason)))).toEqual([]);
  });

  it("is current only when explored and not edited since", () => {
    const view = explored(finding("n", 1, "confirmed"));
    expect([view.current, afterEdit(view, uri, typed(0)).current]).toEqual([true, false]);
  });
});
