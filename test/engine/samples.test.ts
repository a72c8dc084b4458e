import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { PortableSchedule, PreviousVerdict } from "../../protocol/witness.js";
import type { ExploreResult, Unit } from "../../language-server/engine/engine.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { goUnit, root, testEngine, testLimits, tsUnit, uriOf } from "../harness/engine.js";

const { engine, log } = testEngine();
afterAll(async () => {
  await engine.dispose();
});

async function explore(unit: Unit): Promise<ExploreResult> {
  const answer = await engine.explore(
    unit,
    { kind: "name", name: "main" },
    { limits: testLimits },
    neverCancelled,
  );
  if ("problem" in answer) throw new Error(answer.problem);
  return answer;
}

describe("the bundled crawlers", () => {
  it.each(["serial", "mutex", "pool", "channel"])("%s: every schedule ends well", async (form) => {
    const { check } = await explore(goUnit(`samples/crawler/${form}`));
    expect(check.findings).toEqual([]);
    expect(check.gaps).toEqual([]);
    const [summary] = check.explorations;
    expect(summary?.complete).toBe(true);
    expect(summary?.limit).toBeNull();
    expect(summary?.outcomes.map((it) => it.kind)).toEqual(["ok"]);
  });

  it.each([
    ["unlocked", ["concurrent-map", "panic"]],
    ["lock-around-write", ["concurrent-map", "panic"]],
    ["add-inside", ["concurrent-map", "wg-add-inside"]],
    ["loop-variable", ["loop-variable-capture"]],
    ["never-ends", ["range-never-closed"]],
    ["abandoned-result", ["abandoned-sender"]],
    ["closed-by-receiver", ["send-on-closed"]],
    ["producers-are-consumers", ["deadlock"]],
  ])("%s: fails, and each finding has a schedule", async (bug, codes) => {
    const { check } = await explore(goUnit(`samples/crawler/${bug}`));
    expect(check.findings.map((it) => it.code).sort()).toEqual(codes);
    expect(check.findings.filter((it) => it.witness === null)).toEqual([]);
  });

  it("unlocked: a page is fetched twice, the map races, and each has a schedule", async () => {
    const { check, witnesses } = await explore(goUnit("samples/crawler/unlocked"));
    const twice = witnesses.find(
      (it) => it.outcome.kind === "panic" && it.outcome.message.includes("fetched twice: "),
    );
    expect(twice?.threads.length).toBeGreaterThan(2);
    const race = check.findings.find((it) => it.code === "concurrent-map");
    expect(race?.severity).toBe("error");
    expect(race?.confidence).toBe("confirmed");
    expect(race?.related.length).toBeGreaterThan(1);
    expect(race?.witness?.outcome.kind).toBe("race");
  });

  it("unlocked: with the lock typed in, nothing is found", async () => {
    const file = "samples/crawler/unlocked/main.go";
    const text = readFileSync(path.join(root, file), "utf8");
    const locked = text
      .replace("type state struct {\n", "type state struct {\n\tmu sync.Mutex\n")
      .replace(
        "\tbefore := s.fetched[url]\n",
        "\ts.mu.Lock()\n\tdefer s.mu.Unlock()\n\tbefore := s.fetched[url]\n",
      );
    expect(locked).not.toBe(text);
    const overlay = [{ uri: uriOf(file), text: locked }];
    const { check } = await explore(goUnit("samples/crawler/unlocked", overlay));
    expect(check.findings).toEqual([]);
    expect(check.explorations[0]?.complete).toBe(true);
  });

  it("gives the same answer byte for byte", async () => {
    const once = await explore(goUnit("samples/crawler/unlocked"));
    const again = await explore(goUnit("samples/crawler/unlocked"));
    expect(JSON.stringify(again)).toBe(JSON.stringify(once));
  });
});

describe("the bundled crawlers in TypeScript", () => {
  it.each([
    ["serial", null],
    ["mutex", null],
    ["pool", null],
    ["channel", null],
    ["event-loop", null],
  ])("%s: nothing is found, and every schedule ends well", async (form, limit) => {
    const { findings, gaps, explorations } = await engine.check(
      tsUnit(`samples/typescript/crawler/${form}.ts`),
      { explore: true, limits: testLimits },
      neverCancelled,
    );
    expect([findings, gaps]).toEqual([[], []]);
    const [module] = explorations;
    expect(module?.limit).toBe(limit);
    expect(module?.outcomes.map((it) => it.kind)).toEqual(["ok"]);
  });
});

describe("the bundled bank in TypeScript", () => {
  it("loses an update across await", async () => {
    const result = await engine.check(
      tsUnit("samples/typescript/bank.ts"),
      { explore: true, limits: testLimits },
      neverCancelled,
    );
    const errors = result.findings.filter((it) => it.severity === "error");
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.every((it) => it.witness !== null)).toBe(true);
  });

  it("loses none when it is fixed", async () => {
    const result = await engine.check(
      tsUnit("samples/typescript/bank-fixed.ts"),
      { explore: true, limits: testLimits },
      neverCancelled,
    );
    expect(result.findings).toEqual([]);
    expect(result.explorations.every((it) => it.complete)).toBe(true);
  });
});

describe("every witness of the samples", () => {
  it.each([goUnit("samples/crawler/unlocked"), tsUnit("samples/typescript/bank.ts")])(
    "replays to the same outcome twice: $uri",
    async (unit) => {
      const { findings } = await engine.check(
        unit,
        { explore: true, limits: testLimits },
        neverCancelled,
      );
      const witnesses = findings.flatMap((it) => it.witness ?? []);
      expect(witnesses.length).toBeGreaterThan(0);
      for (const witness of witnesses) {
        const once = await engine.replay(unit, witness.schedule, neverCancelled);
        const again = await engine.replay(unit, witness.schedule, neverCancelled);
        if ("problem" in once) throw new Error(once.problem);
        expect(again).toEqual(once);
        if (once.kind !== "replayed") throw new Error(once.kind);
        expect(once.witness.steps.map((it) => it.text)).toEqual(witness.steps.map((it) => it.text));
      }
    },
  );

  it("needs no failure of ours", () => {
    expect(log).toEqual([]);
  });
});

describe("code that is read in part", () => {
  const file = "samples/crawler/unlocked/main.go";
  const text = readFileSync(path.join(root, file), "utf8");
  const check = (
    broken: string,
    previous: readonly PortableSchedule[] = [],
  ): ReturnType<typeof engine.check> =>
    engine.check(
      goUnit("samples/crawler/unlocked", [{ uri: uriOf(file), text: broken }]),
      { explore: true, limits: testLimits, previous },
      neverCancelled,
    );

  it("leaves findings elsewhere as they were", async () => {
    const whole = await check(text);
    const { findings, gaps } = await check(`${text}\nfunc other() {\n\tx := (\n}\n`);
    expect(gaps.length).toBe(1);
    expect(findings.map((it) => [it.fingerprint, it.severity])).toEqual(
      whole.findings.map((it) => [it.fingerprint, it.severity]),
    );
  });

  it("is no evidence, and a search through it is not complete", async () => {
    const broken = text.replace("\tbefore :=", "\tbefore, x := undefined()\n\tbefore :=");
    const { findings, explorations } = await check(broken);
    expect(explorations[0]).toMatchObject({ complete: false, limit: "unsupported" });
    expect(findings.filter((it) => it.confidence === "confirmed")).toEqual([]);
  });

  it("does not say that what failed before is fixed for good", async () => {
    const { findings } = await check(text);
    const failing = findings.flatMap((it) => it.witness?.schedule.portable ?? []);
    expect(failing.length).toBeGreaterThan(0);
    const locked = text
      .replace("\tbefore :=", "\tmu.Lock()\n\tdefer mu.Unlock()\n\tbefore :=")
      .replace("type state struct", "var mu sync.Mutex\n\ntype state struct");
    const partly = locked.replace("\tmu.Lock()", "\tx := undefined()\n\tmu.Lock()");
    const whole = await check(locked, failing);
    const part = await check(partly, failing);
    const complete = (it: PreviousVerdict): boolean => it.kind === "fixed" && it.complete;
    expect(whole.explorations[0]?.previous?.every(complete)).toBe(true);
    expect(part.explorations[0]?.previous?.some(complete)).toBe(false);
  });
});
