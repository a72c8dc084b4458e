// Snippets that have one order only print in our machine, as goroutines, what they print in Node with the real library.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { transformSync } from "esbuild";
import { afterAll, expect, it } from "vitest";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { root, testEngine, testLimits, tsUnit } from "../harness/engine.js";

const folder = "test/fixtures/snippets-run";
const { engine } = testEngine();
afterAll(async () => {
  await engine.dispose();
});

function inNode(file: string): string {
  const source = readFileSync(path.join(root, file), "utf8");
  const { code } = transformSync(source, { loader: "ts", format: "esm", target: "es2022" });
  return execFileSync(process.execPath, ["--input-type=module", "-e", code], {
    cwd: root,
  }).toString();
}

it.each(readdirSync(path.join(root, folder)).map((it) => `${folder}/${it}`))("%s", async (file) => {
  const entry = { kind: "name", name: "main" } as const;
  const options = { limits: testLimits };
  const explored = await engine.explore(tsUnit(file), entry, options, neverCancelled);
  if ("problem" in explored) throw new Error(explored.problem);
  expect(explored.check.gaps).toEqual([]);
  expect(explored.check.explorations.map((it) => [it.executions, it.unsupported])).toEqual([
    [1, null],
  ]);
  expect(explored.witnesses[0]?.output).toBe(inNode(file));
});
