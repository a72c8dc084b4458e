import { describe, expect, it } from "vitest";
import type { CheckResult, ExplorationSummary, Finding } from "../../../protocol/finding.js";
import { baselineText, parseBaseline } from "../../../language-server/report/baseline.js";
import { directivesIn } from "../../../language-server/report/directives.js";
import { applyPolicy, noPolicy, type Policy } from "../../../language-server/report/policy.js";

const uri = "file:///a.go";

function finding(code: string, line: number, more: Partial<Finding> = {}): Finding {
  const span = { uri, start: { line, character: 1 }, end: { line, character: 4 } };
  return {
    code,
    severity: "error",
    confidence: "confirmed",
    message: `${code} there`,
    primary: { span, message: "here" },
    related: [],
    fingerprint: `${code}-${line}`,
    witness: null,
    ...more,
  };
}

function explored(complete: boolean): ExplorationSummary {
  const span = finding("x", 0).primary.span;
  return {
    entry: "main.main",
    span,
    executions: 2,
    complete,
    limit: complete ? null : "time",
    estimate: null,
    sampled: 0,
    depth: 10,
    unsupported: null,
    outcomes: [],
    ends: [],
    search: { blocked: 0, conservative: 0, states: 0 },
  };
}

const codes = new Set(["lost-update", "deadlock", "unused-suppression"]);

interface Case {
  readonly text: string;
  readonly findings?: readonly Finding[];
  readonly policy?: Partial<Policy>;
  readonly complete?: boolean;
  readonly explored?: boolean;
  readonly gaps?: CheckResult["gaps"];
}

/** What is shown, as `code line: message`, and what is left out. */
function shown(it: Case): { readonly lines: readonly string[]; readonly left: string } {
  const { text, findings = [], policy = {}, complete = true, gaps = [] } = it;
  const result = { findings, explorations: [explored(complete)], gaps };
  const { findings: left, suppressed } = applyPolicy(result, {
    policy: { ...noPolicy, ...policy },
    sources: [{ uri, text }],
    codes,
    explored: it.explored ?? true,
  });
  return {
    lines: left.map(
      (of) => `${of.severity} ${of.code} ${of.primary.span.start.line}: ${of.message}`,
    ),
    left: `${suppressed?.ignored} ${suppressed?.baseline}`,
  };
}

const known = "error lost-update 1: lost-update there";

describe("comments for other linters", () => {
  it.each<[string, string, string, number]>([
    ["for all linters", "lost-update", "n++ //nolint", 1],
    ["for vet, which says the same", "lock-copied", "//nolint:govet\nuse(*mu)", 1],
    ["for several", "wg-add-inside", "go f() //nolint:errcheck,staticcheck // fine", 1],
    ["for vet, which knows nothing of it", "lost-update", "n++ //nolint:govet", 0],
    ["for another linter", "lock-copied", "use(*mu) //nolint:errcheck", 0],
    ["in a string", "lost-update", 'n += len("//nolint")', 0],
    ["on another line", "lost-update", "//nolint\n\nm++\nn++", 0],
  ])("%s", (_, code, text, ignored) => {
    const line = text.split("\n").length - 1;
    expect(shown({ text, findings: [finding(code, line)] }).left).toBe(`${ignored} 0`);
  });
});

describe("comments that accept a finding", () => {
  it.each<[string, string, number]>([
    ["above the line", "//hb:ignore lost-update a hint for the log\nn++", 1],
    ["above it, after other comments", "//hb:ignore lost-update a hint\n// counts\n\nn++", 3],
    ["behind the code", "x := 1\nn++ //hb:ignore lost-update a hint", 1],
    ["in the form of TypeScript", "\t// hb-ignore lost-update: a hint\nn++", 1],
    ["for several codes", "//hb:ignore deadlock, lost-update a hint\r\nn++\r\n", 1],
  ])("%s", (_, text, line) => {
    const { lines, left } = shown({ text, findings: [finding("lost-update", line)] });
    expect(lines).toEqual([]);
    expect(left).toBe("1 0");
  });

  it.each<[string, string, readonly string[]]>([
    [
      "another code",
      "//hb:ignore deadlock why\nn++",
      [known, "nothing here is reported as `deadlock` any more"],
    ],
    [
      "another line",
      "\nn++\n//hb:ignore lost-update why\nx",
      [known, "nothing here is reported as `lost-update`"],
    ],
    ["no reason", "//hb:ignore lost-update\nn++", [known, "say why after the code"]],
    ["no code", "//hb:ignore\nn++", [known, "no check is named"]],
    [
      "a code that does not exist",
      "//hb:ignore lost-updates why\nn++",
      [known, "no check is called `lost-updates`"],
    ],
    ["a text that looks like it", 's := "//hb:ignore lost-update why"\nn++', [known]],
  ])("%s does not", (_, text, expected) => {
    const { lines } = shown({ text, findings: [finding("lost-update", 1)] });
    expect(lines).toHaveLength(expected.length);
    for (const [index, it] of expected.entries()) expect(lines[index]).toContain(it);
  });

  it("at either access of a race, and wherever somebody waits", () => {
    const at = (line: number): Finding["primary"]["span"] => finding("x", line).primary.span;
    const race = finding("lost-update", 5, {
      witness: {
        outcome: { kind: "race", object: 0, steps: [0, 1] },
        steps: [{ span: at(1) }, { span: at(5) }],
      } as unknown as Finding["witness"],
    });
    const text = "//hb:ignore lost-update why\nn++\n\n\n\nn++";
    expect(shown({ text, findings: [race] }).left).toBe("1 0");
    const stuck = finding("deadlock", 9, {
      witness: {
        outcome: { kind: "deadlock", blocked: [{ span: at(9) }, { span: at(1) }] },
        steps: [],
      } as unknown as Finding["witness"],
    });
    expect(shown({ text: text.replace("lost-update", "deadlock"), findings: [stuck] }).left).toBe(
      "1 0",
    );
  });

  it("are called unused only of what was looked at whole", () => {
    const text = "//hb:ignore lost-update why\nn++";
    expect(shown({ text }).lines).toHaveLength(1);
    expect(shown({ text, complete: false }).lines).toEqual([]);
    expect(shown({ text, explored: false }).lines).toEqual([]);
    const gaps = [{ span: finding("x", 7).primary.span, reason: "syntax error" }];
    expect(shown({ text, gaps }).lines).toEqual([]);
  });
});

describe("settings", () => {
  const text = "n++\nn++";
  const findings = [finding("lost-update", 1)];
  const rule = (level: "off" | "warning" | "hint" | "error"): Partial<Policy> => ({
    rules: new Map([["lost-update", level]]),
  });

  it("make a code quieter, louder or silent", () => {
    expect(shown({ text, findings, policy: rule("warning") }).lines[0]).toMatch(/^warning /);
    expect(shown({ text, findings, policy: rule("off") })).toEqual({ lines: [], left: "0 0" });
  });

  it("do not make louder what is merely possible", () => {
    const possible = [
      finding("lost-update", 1, { severity: "information", confidence: "possible" }),
    ];
    const levelOf = (level: "hint" | "error"): string =>
      shown({ text, findings: possible, policy: rule(level) }).lines[0]?.split(" ")[0] ?? "";
    expect(levelOf("error")).toBe("information");
    expect(levelOf("hint")).toBe("hint");
  });

  it("silence what is said about comments, too", () => {
    const policy: Partial<Policy> = { rules: new Map([["unused-suppression", "off"]]) };
    expect(shown({ text: "//hb:ignore deadlock\nn++", policy }).lines).toEqual([]);
  });
});

describe("a baseline", () => {
  const findings = [finding("lost-update", 1), finding("deadlock", 2)];

  it("reads what it wrote, in an order that is always the same", () => {
    const written = baselineText(findings, () => "a.go");
    expect(written).toBe(baselineText([...findings].reverse(), () => "a.go"));
    expect(parseBaseline(written)).toEqual(new Set(["lost-update-1", "deadlock-2"]));
    expect(parseBaseline(baselineText([], String))).toEqual(new Set());
  });

  it("leaves out what is in it and nothing else", () => {
    const policy = { baseline: new Set(["lost-update-1", "gone"]) };
    const it = shown({ text: "", findings, policy });
    expect(it.lines).toEqual(["error deadlock 2: deadlock there"]);
    expect(it.left).toBe("0 1");
  });

  it.each([
    ["{", "is not JSON"],
    ["[]", "is not a baseline (version 1)"],
    ['{"version":2,"findings":[]}', "is not a baseline (version 1)"],
    ['{"version":1,"findings":[{"code":"x"}]}', "has a finding without fingerprint"],
  ])("%s: %s", (text, problem) => {
    expect(parseBaseline(text)).toBe(problem);
  });
});

it("directives know where they stand", () => {
  expect(directivesIn(uri, "\tn++ //hb:ignore lost-update why  \n")).toEqual([
    {
      span: { uri, start: { line: 0, character: 5 }, end: { line: 0, character: 32 } },
      line: 0,
      codes: ["lost-update"],
      reason: "why",
    },
  ]);
});
