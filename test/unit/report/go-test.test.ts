import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { neverCancelled } from "../../../language-server/base/cancel.js";
import { GoSources, shortName } from "../../../language-server/report/go-test/go-sources.js";
import { goTest } from "../../../language-server/report/go-test/go-test.js";
import type { Witness } from "../../../protocol/witness.js";
import { goUnit, root, testEngine, testLimits } from "../../harness/engine.js";
import { goIsInstalled } from "../../harness/go-oracle.js";
import { compareGolden } from "../../harness/golden.js";

const { engine } = testEngine();
afterAll(async () => {
  await engine.dispose();
});

async function witnessOf(file: string): Promise<Witness> {
  const options = { explore: true, limits: testLimits };
  const { findings } = await engine.check(goUnit(file), options, neverCancelled);
  const witness = findings
    .map((it) => it.witness)
    .find((it) => it !== null && it.outcome.kind !== "ok");
  if (witness === undefined || witness === null) throw new Error(`${file}: nothing found`);
  return witness;
}

function exported(witness: Witness, file: string): string {
  const source = readFileSync(path.join(root, file), "utf8");
  const test = goTest(witness, () => source);
  return "problem" in test ? test.problem : (test.files[0]?.text ?? "");
}

/** A deadlock, an update that is split inside of a statement, a meeting at a channel, a select. */
const programs = ["ab_ba", "lost_update", "first_result"].map((it) => `explore/${it}`);
const all = [...programs, "promela/select_default"];

describe("the table of an exported test", () => {
  it.each(all)("%s", async (name) => {
    const file = `test/fixtures/${name}.go`;
    const text = exported(await witnessOf(file), file);
    const golden = path.join(root, "test/unit/report/golden", `${path.basename(name)}.go.txt`);
    expect(compareGolden(golden, text)).toBe("");
    if (!goIsInstalled()) return;
    const gofmt = spawnSync("gofmt", ["-d"], { input: text, encoding: "utf8" });
    expect(gofmt.stdout).toBe("");
  });

  it("has a gate where others have the lock before a woken goroutine does", async () => {
    const file = "test/fixtures/kernels/cond/woken-without-test/main.go";
    const text = exported(await witnessOf(path.dirname(file)), file);
    expect(text).toContain('{"queue.take", "q.some.Wait()", 1, 0, "wake", ""},');
    const other = "test/fixtures/explore/ab_ba.go";
    expect(exported(await witnessOf(other), other)).not.toContain("wake");
  });

  it("counts what timers run by when it begins, and no timer that only sends", async () => {
    const lines = async (name: string): Promise<readonly string[]> => {
      const file = `test/fixtures/kernels/timer/${name}/main.go`;
      const text = exported(await witnessOf(path.dirname(file)), file);
      return text.match(/^.*hbTimer.*$/gm) ?? [];
    };
    expect(await lines("callback-drained")).toEqual(['\t\t{"timer", hbTimer, -1, 0},']);
    expect(await lines("drained-after-receive")).toEqual([]);
  });

  it("is not made of a run that does not fail, nor of another language, nor without its source", async () => {
    const file = "test/fixtures/explore/ab_ba.go";
    const witness = await witnessOf(file);
    expect(exported({ ...witness, outcome: { kind: "ok" } }, file)).toBe(
      "this schedule does not fail",
    );
    expect(exported({ ...witness, language: "ts" }, file)).toBe(
      "this schedule is not of a Go program",
    );
    expect(goTest(witness, () => null)).toEqual({ problem: "there is no source of `main.main`" });
  });
});

describe("the files of an exported test", () => {
  it("take no name that a package may have", async () => {
    const file = "test/fixtures/explore/ab_ba.go";
    const source = readFileSync(path.join(root, file), "utf8");
    const test = goTest(await witnessOf(file), () => source);
    const texts = "problem" in test ? [] : test.files.map(({ text }) => text);
    expect(texts.length).toBe(3);
    for (const text of texts) {
      const imported = text.matchAll(/^(?:import |\t)(\w+ )?"[a-z/]+"$/gm);
      const declared = text.matchAll(/^(?:func|type|var|const) (\w+)/gm);
      const names = [...imported, ...declared].map(([, name]) => name ?? "");
      expect(names.filter((it) => !/^(?:hb|TestSchedule_)|^init$/.test(it))).toEqual([]);
      // Packages declare these themselves.
      const code = text.replace(/\/\/.*$|"[^"]*"/gm, "");
      expect(code).not.toMatch(/\b(?:min|max|clear)\(|\bany\b/);
    }
  });
});

describe("places", () => {
  const uri = "file:///p/a.go";
  const text =
    'package p\n\nfunc (q *queue[T]) put(v T) {\n\tq.n++\n\tx := "é"; q.n++\n\tq.n++\n}\n';
  const sources = new GoSources(new Map([[uri, text]]));
  const at = (line: number, character: number): ReturnType<GoSources["placeOf"]> => {
    const position = { line, character };
    return sources.placeOf({ uri, start: position, end: position });
  };

  it("count lines that read alike, and columns in bytes", () => {
    expect(at(5, 1)).toEqual({ func: "queue.put", line: "q.n++", nth: 2, column: 0 });
    expect(at(4, 11)).toMatchObject({ column: 11 });
    expect(at(0, 0)).toBe(null);
  });

  it("are found by the names that the program has for functions", () => {
    const names = ["(*example.com/m.queue[a/b.T]).put", "example.com/m.main", "m.TestX$entry"];
    expect(names.map(shortName)).toEqual(["queue.put", "main", "TestX"]);
    expect(sources.declared("(*example.com/p.queue[int]).put")).toEqual({ uri, line: 2 });
    expect(sources.packageOf(uri)).toBe("p");
  });
});
