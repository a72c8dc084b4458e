import { describe, expect, test } from "vitest";
import type { Check, Fact, Report } from "../../../language-server/analysis/check.js";
import { analyse } from "../../../language-server/analysis/run.js";
import { CancelledError, neverCancelled } from "../../../language-server/base/cancel.js";
import { parseProgram } from "../../../language-server/ir/parse.js";

const program = parseProgram("program go\n");
const options = { cancel: neverCancelled };

function check(code: string, run: Check["run"]): Check {
  const doc = { title: "", text: "", bad: "", good: "", since: "", severity: "error" } as const;
  return { code, language: "go", doc, run };
}

function reportAt(line: number, facts: Partial<Report> = {}): Report {
  const at = { line, character: 0 };
  return {
    message: "m",
    primary: { span: { uri: "file:///a.go", start: at, end: at }, message: "" },
    related: [],
    severity: "error",
    confidence: "proved",
    candidate: null,
    subject: { func: "main.f", path: "x" },
    ...facts,
  };
}

describe("the driver", () => {
  test("goes on when a check fails, and says which", () => {
    const failing = check("failing", () => {
      throw new Error("a bug of ours");
    });
    const good = check("good", (pass) => {
      pass.report(reportAt(1));
    });
    const { findings, failures } = analyse(program, [failing, good], options);
    expect(findings.map((it) => it.finding.code)).toEqual(["good"]);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain("check failing: Error: a bug of ours");
  });

  test("computes a fact once, also when it fails", () => {
    let computed = 0;
    const fact: Fact<number> = {
      name: "broken",
      compute: () => {
        computed++;
        throw new Error("no");
      },
    };
    const user = (code: string): Check => check(code, (pass) => void pass.get(fact));
    const { failures } = analyse(program, [user("one"), user("two")], options);
    expect(computed).toBe(1);
    expect(failures).toHaveLength(2);
  });

  test("names facts that need each other", () => {
    const first: Fact<number> = { name: "first", compute: ({ get }) => get(second) };
    const second: Fact<number> = { name: "second", compute: ({ get }) => get(first) };
    const { failures } = analyse(program, [check("a", (pass) => void pass.get(first))], options);
    expect(failures[0]).toContain("first → second → first");
  });

  test("sorts by place, and never shows what is only possible above information", () => {
    const noisy = check("noisy", (pass) => {
      pass.report(reportAt(5, { confidence: "possible" }));
      pass.report(reportAt(2));
    });
    const { findings } = analyse(program, [noisy], options);
    expect(
      findings.map(({ finding }) => [finding.primary.span.start.line, finding.severity]),
    ).toEqual([
      [2, "error"],
      [5, "information"],
    ]);
  });

  test("gives equal subjects different fingerprints, the same on every run", () => {
    const twice = check("twice", (pass) => {
      pass.report(reportAt(1));
      pass.report(reportAt(2));
    });
    const run = (): string[] =>
      analyse(program, [twice], options).findings.map((it) => it.finding.fingerprint);
    const [first, second] = run();
    expect(first).not.toBe(second);
    expect(run()).toEqual([first, second]);
  });

  test("ends when it is cancelled", () => {
    const any = check("any", () => undefined);
    expect(() => analyse(program, [any], { cancel: { cancelled: true } })).toThrow(CancelledError);
  });

  test("leaves out checks of the other language", () => {
    const other: Check = {
      ...check("other", (pass) => {
        pass.report(reportAt(1));
      }),
      language: "ts",
    };
    expect(analyse(program, [other], options).findings).toEqual([]);
  });
});
