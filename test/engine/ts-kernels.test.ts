// Small programs with one bug each, and the same ones put right: the bug is shown by a schedule that the real Node follows to
// the same end, and of its twin nothing is said after all its orders.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checks } from "../../language-server/analysis/registry.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { unforeseenCodes } from "../../language-server/engine/unforeseen.js";
import type { CheckResult, Finding } from "../../protocol/finding.js";
import { root, testEngine, testLimits, tsUnit } from "../harness/engine.js";
import { forcedAgents } from "../harness/forced-agents.js";
import { forced } from "../harness/forced-ts.js";
import { compareWants, parseWants } from "../harness/want.js";

const { engine, log } = testEngine();
afterAll(async () => {
  await engine.dispose();
  expect(log).toEqual([]);
});

const folder = "test/fixtures/kernels-ts";
const kernels = readdirSync(path.join(root, folder)).flatMap((family) =>
  readdirSync(path.join(root, folder, family)).map((name) => `${family}/${name}`),
);
const codes = [...checks.map((it) => it.code), ...unforeseenCodes];

/** How a witness of a code may end. */
const outcomes: Readonly<Record<string, string>> = {
  "async-listener": "panic",
  "await-needs-my-lock": "leak",
  "await-split-rmw": "race",
  "broken-spinlock": "race",
  "check-await-act": "ok",
  deadlock: "deadlock",
  "event-before-listener": "leak or panic",
  "listener-too-late": "leak",
  "lock-not-released-on-throw": "leak",
  "lock-order-cycle": "leak",
  "lock-per-call": "race",
  "mixed-atomics": "race",
  "mutate-while-iterating": "ok",
  "never-settles": "leak",
  "once-await-missed": "leak",
  "outside-lock": "race",
  panic: "panic",
  "plain-shared-access": "race",
  "promise-wait-cycle": "leak",
  "race-loser-continues": "race",
  "reacquire-nonreentrant": "leak",
  "release-misuse": "leak",
  "request-state-in-singleton": "ok",
  "stale-snapshot": "race",
  "test-failure": "assertion",
  "use-after-transfer": "panic",
  "wait-notify-misuse": "deadlock",
  "wait-on-main": "deadlock",
};

function check(file: string): Promise<CheckResult> {
  return engine.check(tsUnit(file), { explore: true, limits: testLimits }, neverCancelled);
}

function loud({ findings }: CheckResult): readonly Finding[] {
  return findings.filter((it) => it.severity === "error" || it.severity === "warning");
}

describe("kernels", () => {
  it.each(kernels)("%s", async (name) => {
    const file = `${folder}/${name}/bad.ts`;
    const result = await check(file);
    const wants = parseWants(readFileSync(path.join(root, file), "utf8"), codes);
    expect(wants).not.toEqual([]);
    expect(result.gaps).toEqual([]);
    expect(compareWants(wants, loud(result))).toEqual([]);
    for (const { code, witness } of loud(result)) {
      if (witness === null) throw new Error(`${code} has no witness`);
      expect(outcomes[code]?.split(" or ")).toContain(witness.outcome.kind);
      const force = name.startsWith("workers/") ? forcedAgents : forced;
      const { machine, node } = force(file, witness);
      expect(node).toEqual(machine);
    }
  });

  it.each(kernels)("%s, put right", async (name) => {
    const result = await check(`${folder}/${name}/fixed.ts`);
    expect(result.gaps).toEqual([]);
    expect(loud(result)).toEqual([]);
    const incomplete = result.explorations.filter((it) => !it.complete);
    expect(incomplete).toEqual([]);
  });
});
