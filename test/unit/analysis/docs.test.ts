import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { checks } from "../../../language-server/analysis/registry.js";
import { root } from "../../harness/fixtures.js";

test("the pages of the checks and the accuracy page are up to date", () => {
  const script = path.join(root, "scripts", "gen-docs.mjs");
  const run = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  expect(run.stderr).toBe("");
  expect(run.status).toBe(0);
});

test.each(checks)("the page of $code keeps to the style", ({ code, doc }) => {
  expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(doc.title.length).toBeLessThanOrEqual(60);
  expect(doc.title).toMatch(/^[a-z].*[^.]$/);
  expect(doc.text.split("\n").every((it) => it.endsWith("."))).toBe(true);
  expect(doc.since).toMatch(/^\d+\.\d+\.\d+$/);
});

test("no two checks have one code", () => {
  const codes = checks.map((it) => it.code);
  expect(new Set(codes).size).toBe(codes.length);
});
