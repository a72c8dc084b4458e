// The crawler in TypeScript: its forms are explored to the end, and each of its bug twins has a schedule that fails.

import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { neverCancelled } from "../../language-server/base/cancel.js";
import type { CheckResult } from "../../protocol/finding.js";
import { verdict } from "../../wording/verdict.js";
import { root, testEngine, testLimits, tsUnit, uriOf } from "../harness/engine.js";

const folder = "samples/typescript/crawler";

const { engine, log } = testEngine();
afterAll(async () => {
  await engine.dispose();
});

function check(file: string, text?: string): Promise<CheckResult> {
  const overlays = text === undefined ? [] : [{ uri: uriOf(file), text }];
  const options = { explore: true, limits: testLimits };
  return engine.check(tsUnit(file, overlays), options, neverCancelled);
}

describe("forms", () => {
  it.each([
    ["serial", undefined],
    ["event-loop", undefined],
    ["mutex", "anywhere"],
    ["pool", "anywhere"],
    ["channel", "anywhere"],
    ["tasks", "at await"],
  ])("%s", async (form, switches) => {
    const { findings, gaps, explorations } = await check(`${folder}/${form}.ts`);
    expect(findings).toEqual([]);
    expect(gaps).toEqual([]);
    // What others may call is explored too; the module itself is first.
    expect(explorations.map((it) => it.complete)).toEqual(explorations.map(() => true));
    expect(explorations[0]?.outcomes.map((it) => it.kind)).toEqual(["ok"]);
    expect(explorations[0]?.switches).toBe(switches);
  });
});

describe("twins", () => {
  it.each([
    ["unlocked", "concurrent-map", 10],
    ["lock-around-write", "concurrent-map", 12],
    ["add-inside", "wg-add-inside", 11],
    ["never-ends", "range-never-closed", 10],
  ])("%s", async (bug, code, line) => {
    const file = `${folder}/${bug}.ts`;
    const { findings, gaps, explorations } = await check(file);
    expect(gaps).toEqual([]);
    expect(findings.map((it) => [it.code, it.primary.span.start.line + 1, it.confidence])).toEqual([
      [code, line, "confirmed"],
    ]);
    const schedule = findings[0]?.witness?.schedule;
    if (schedule === undefined) throw new Error("no schedule");
    const again = await engine.replay(tsUnit(file), schedule, neverCancelled);
    expect("kind" in again ? again.kind : again.problem).toBe("replayed");
    expect(explorations.every((it) => it.complete)).toBe(true);
  });
});

describe("what the comment at the head decides", () => {
  const file = `${folder}/unlocked.ts`;
  const text = readFileSync(path.join(root, file), "utf8");

  it("says where tasks may switch", async () => {
    const anywhere = (await check(file)).explorations.map((it) => verdict(it));
    expect(anywhere).toEqual([
      expect.stringMatching(/^goroutines that may switch anywhere: all \d+ orders fail$/),
    ]);
    const atAwait = await check(file, `// hb:tasks\n${text}`);
    expect(atAwait.findings).toEqual([]);
    expect(atAwait.explorations.map((it) => verdict(it))).toEqual([
      "tasks that switch only at await: 1 order only",
    ]);
  });

  it("finds what tasks lose across an await", async () => {
    const { findings } = await check(
      "example/tasks.ts",
      `// hb:tasks
import { WaitGroup, sleep } from "happens-before/go";
let n = 0;
const done = new WaitGroup();
for (let i = 0; i < 2; i++) {
  done.go(async () => {
    const before = n;
    await sleep(1);
    n = before + 1;
  });
}
await done.wait();
`,
    );
    expect(findings.map((it) => [it.code, it.primary.span.start.line + 1, it.confidence])).toEqual([
      ["stale-snapshot", 9, "confirmed"],
    ]);
  });

  it("finds tasks that wait for each other, at their own lines", async () => {
    const { findings } = await check(
      "example/stuck.ts",
      `// hb:tasks
import { Mutex, WaitGroup, sleep } from "happens-before/go";
const [a, b] = [new Mutex(), new Mutex()];
async function both(first: Mutex, second: Mutex): Promise<void> {
  await first.lock();
  await sleep(1);
  await second.lock();
}
const done = new WaitGroup();
done.go(() => both(a, b));
done.go(() => both(b, a));
await done.wait();
`,
    );
    expect(findings.map((it) => [it.code, it.primary.span.start.line + 1])).toEqual([
      ["never-settles", 7],
    ]);
  });

  it("stands before the first line of code", async () => {
    const late = await check(file, `${text}\n// hb:tasks\n`);
    expect(late.explorations[0]?.switches).toBe("anywhere");
  });
});

it("says with its line what is not modelled", async () => {
  const text = `import { go } from "happens-before/go";
async function page() { return 1; }
go(() => undefined);
const late = page();
console.log(JSON.stringify(await late));
`;
  const { gaps, explorations } = await check("example/gaps.ts", text);
  expect(gaps.map((it) => [it.span.start.line + 1, it.reason])).toEqual([
    [4, "a promise that is not awaited at once"],
    [5, "JSON.stringify() in a snippet of goroutines"],
  ]);
  expect(explorations.map((it) => [it.complete, it.limit])).toEqual([[false, "unsupported"]]);
});

it("needs no failure of ours", () => {
  expect(log).toEqual([]);
});
