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
