import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { present } from "../../language-server/base/assert.js";
import type { ExploreAnswer, FailingTestAnswer } from "../../protocol/lsp.js";
import type { Witness } from "../../protocol/witness.js";
import { root, testEngine } from "../harness/engine.js";
import { failingPrograms, goFile } from "../harness/failing-programs.js";
import { Editor } from "./client.js";

// A failing schedule as a test, from the editor's side: what is answered about the file on disk and the text of the editor.

const { engine } = testEngine();
afterAll(async () => engine.dispose());
const scratch = mkdtempSync(path.join(tmpdir(), "happens-before-"));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

let editor: Editor;
beforeEach(async () => {
  editor = new Editor(engine);
  await editor.start({ delay: 20, explore: { timeBudgetMs: 3000, maxExecutions: 2000 } });
});
afterEach(() => {
  editor.close();
});

const lostUpdate = goFile(
  present(
    failingPrograms.find((it) => it.name === "a lost update"),
    "program",
  ),
);

interface OnDisk {
  readonly file: string;
  readonly uri: string;
}

/** A package of its own with the text in it. */
function onDisk(name: string, text: string): OnDisk {
  const folder = path.join(scratch, name);
  mkdirSync(folder);
  const file = path.join(folder, "main.go");
  writeFileSync(path.join(folder, "go.mod"), `module ${name}\n\ngo 1.24\n`);
  writeFileSync(file, text);
  return { file, uri: pathToFileURL(file).href };
}

async function witnessesAt(uri: string, line: number): Promise<readonly Witness[]> {
  const params = { uri, position: { line, character: 0 } };
  const answer = await editor.request<ExploreAnswer>("happensBefore/explore", params);
  if (answer.kind !== "explored") throw new Error(answer.message);
  return answer.witnesses;
}

async function failing(uri: string, line: number): Promise<Witness> {
  const witnesses = await witnessesAt(uri, line);
  return present(
    witnesses.find((it) => it.outcome.kind !== "ok"),
    "failing schedule",
  );
}

const testOf = (witness: Witness): Promise<FailingTestAnswer> =>
  editor.request("happensBefore/failingTest", { witness });

const mainLine = lostUpdate.split("\n").findIndex((it) => it.startsWith("func main"));

describe("a failing schedule as a test", () => {
  it("is three files beside the source for Go, which are not written", async () => {
    const { file, uri } = onDisk("lost", lostUpdate);
    await editor.open(uri, lostUpdate);
    const answer = await testOf(await failing(uri, mainLine));
    if (answer.kind !== "test") throw new Error(answer.message);
    expect(answer.folder).toBe(pathToFileURL(path.dirname(file)).href);
    expect(answer.files.map((it) => it.name)).toEqual([
      expect.stringMatching(/^hb_race_[0-9a-f]{8}_test\.go$/),
      "hb_replay_test.go",
      "hb_gates_test.go",
    ]);
    expect(answer.files[0]?.text).toContain("hbReplay(t, ");
    expect(answer.command).toMatch(/^go test -run '\^TestSchedule_race_[0-9a-f]{8}\$' \.$/);
    expect(() => readFileSync(path.join(path.dirname(file), "hb_replay_test.go"))).toThrow();
  });

  it("is two files for a lost update of TypeScript", async () => {
    const file = path.join(root, "samples", "typescript", "bank.ts");
    const text = readFileSync(file, "utf8");
    const uri = pathToFileURL(file).href;
    await editor.open(uri, text, "typescript");
    const answer = await testOf(await failing(uri, 9));
    if (answer.kind !== "test") throw new Error(answer.message);
    expect(answer.files.map((it) => it.name)).toEqual([
      expect.stringMatching(/^hb_race_[0-9a-f]{8}\.test\.mjs$/),
      "hb_replay.mjs",
    ]);
    expect(answer.command).toBe(`node --test ${answer.files[0]?.name ?? ""}`);
  });

  it("waits for a file that is not saved, and says so", async () => {
    const { file, uri } = onDisk("unsaved", "package main\n\nfunc main() {}\n");
    await editor.open(uri, lostUpdate);
    const witness = await failing(uri, mainLine);
    expect(await testOf(witness)).toEqual({
      kind: "problem",
      message: "Save main.go first: the test runs what is on disk.",
    });
    writeFileSync(file, lostUpdate);
    expect(await testOf(witness)).toMatchObject({ kind: "test" });
  });

  it("of a file that was edited since is none", async () => {
    const { file, uri } = onDisk("edited", lostUpdate);
    await editor.open(uri, lostUpdate);
    const witness = await failing(uri, mainLine);
    writeFileSync(file, `// One.\n${lostUpdate}`);
    await editor.edit(uri, { line: 0, from: 0, to: 0, text: "// One.\n" });
    expect(await testOf(witness)).toEqual({
      kind: "problem",
      message:
        "The test cannot be written, because main.go was edited since: show its schedules again.",
    });
  });

  it("of a buffer without a file waits for one", async () => {
    const uri = "untitled:Untitled-1";
    await editor.open(uri, lostUpdate);
    expect(await testOf(await failing(uri, mainLine))).toEqual({
      kind: "problem",
      message: "Save Untitled-1 first: the test runs what is on disk.",
    });
  });

  it("that passes is none, in one sentence", async () => {
    const { uri } = onDisk("fine", "package main\n\nfunc main() { go func() {}() }\n");
    await editor.open(uri, "package main\n\nfunc main() { go func() {}() }\n");
    const passing = present((await witnessesAt(uri, 2))[0], "schedule");
    expect(await testOf(passing)).toEqual({
      kind: "problem",
      message: "The test cannot be written: this schedule does not fail.",
    });
  });
});
