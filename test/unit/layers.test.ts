// The canary of the layer check: a rule that matches nothing looks just like a project that obeys.
// Every file of `test/fixtures/layers` stands in for a file of the layer it lies under and says in
// its first line which rule it breaks.
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const folder = "test/fixtures/layers";
const fixtures = readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
  .filter((it) => it.endsWith(".ts"))
  .map((it) => `${folder}/${it}`)
  .sort();

/** The part of dependency-cruiser's report that this test reads. */
interface Report {
  readonly summary: { readonly violations: readonly Violation[] };
}

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

describe("the layer check", () => {
  let violations: readonly Violation[];

  beforeAll(() => {
    violations = cruise();
  });

  it.each(fixtures)("%s", (file) => {
    const expected = /^\/\/ breaks ([a-z-]+):/.exec(readFileSync(path.join(root, file), "utf8"));
    const found = violations.filter((it) => it.from === file).map((it) => it.rule.name);
    expect(found).toEqual(expected === null ? [] : [expected[1]]);
  });

  it("is broken in every way that it has a rule for", () => {
    const rules = new Set(violations.map((it) => it.rule.name));
    expect([...rules].sort()).toEqual(ruleNames());
  });
});

function cruise(): readonly Violation[] {
  const script = path.join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const { stdout } = spawnSync(process.execPath, [script, "--output-type", "json", folder], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  return (JSON.parse(stdout) as Report).summary.violations;
}

function ruleNames(): string[] {
  const script = `const { forbidden } = require("./.dependency-cruiser.cjs");
    console.log(JSON.stringify([...forbidden.map((it) => it.name), "not-in-allowed"].sort()))`;
  const names = execFileSync(process.execPath, ["-e", script], { cwd: root, encoding: "utf8" });
  return JSON.parse(names) as string[];
}
