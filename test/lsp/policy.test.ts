import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { Baselines } from "../../language-server/server/baselines.js";
import { Editor } from "./client.js";

const scratch = mkdtempSync(path.join(tmpdir(), "happens-before-"));
const file = path.join(scratch, "baseline.json");
const finding = { fingerprint: "f1", code: "lost-update", file: "a.go", message: "lost" };
writeFileSync(file, JSON.stringify({ version: 1, findings: [finding] }));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

let editor: Editor;
beforeEach(() => {
  editor = new Editor();
});
afterEach(() => {
  editor.close();
});

it("settings reach the engine; what makes no sense is left out", async () => {
  const rules = { "lost-update": "warning", deadlock: "very loud", panic: 3 };
  await editor.start({ rules, baseline: file });
  await editor.open("file:///w/pkg/main.go", "package main\n");
  await editor.settled();
  const policy = editor.engine.runs[0]?.options.policy;
  expect([...(policy?.rules ?? [])]).toEqual([["lost-update", "warning"]]);
  expect([...(policy?.baseline ?? [])]).toEqual(["f1"]);
});

it("a baseline is found beside the workspace, read anew, and missed once", () => {
  const said: string[] = [];
  const baselines = new Baselines((message) => said.push(message));
  baselines.setFolder(pathToFileURL(scratch).href);
  expect([...baselines.read("baseline.json")]).toEqual(["f1"]);
  writeFileSync(file, JSON.stringify({ version: 1, findings: [] }));
  expect([...baselines.read("baseline.json")]).toEqual([]);
  expect([...baselines.read("")]).toEqual([]);
  for (let time = 0; time < 3; time++) expect(baselines.read("gone.json").size).toBe(0);
  expect(said).toEqual([
    `happensBefore.baseline: ${path.join(scratch, "gone.json")} cannot be read`,
  ]);
});
