// Every failing fixture has a passing run beside it and names the switch, or says truthfully why there is none.

import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Witness } from "../../protocol/witness.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import type { Unit } from "../../language-server/engine/engine.js";
import { compare, splitSentences } from "../../webview/model/compare.js";
import { noPassing } from "../../webview/model/compare-target.js";
import { goUnit, root, testEngine, tsUnit, uriOf } from "../harness/engine.js";
import { failingPrograms, goFile } from "../harness/failing-programs.js";
import { compareGolden } from "../harness/golden.js";

const { engine } = testEngine();
afterAll(async () => {
  await engine.dispose();
});

/** Bounded by executions and steps only, so that the answer is the same on every machine. */
const limits = { executions: 600, depth: 3000, millis: 600_000 };

function filesBelow(folder: string, ending: string): readonly string[] {
  return readdirSync(path.join(root, folder))
    .sort()
    .flatMap((name) => {
      const file = `${folder}/${name}`;
      if (statSync(path.join(root, file)).isDirectory()) return filesBelow(file, ending);
      return name.endsWith(ending) ? [file] : [];
    });
}

const folders = ["test/fixtures/explore", "test/fixtures/go", "test/fixtures/promela"];
const fixtures: readonly (readonly [name: string, unit: Unit])[] = [
  ...failingPrograms.map((it) => {
    const file = `test/fixtures/small/${it.name.replaceAll(/\W+/g, "-")}/main.go`;
    return [it.name, goUnit(file, [{ uri: uriOf(file), text: goFile(it) }])] as const;
  }),
  ...folders
    .flatMap((it) => filesBelow(it, ".go"))
    .map((it) => [it.replace("test/fixtures/", ""), goUnit(it)] as const),
  ["samples/crawler/unlocked", goUnit("samples/crawler/unlocked")],
  ...[...filesBelow("test/fixtures/ts", ".ts"), ...filesBelow("samples/typescript", ".ts")].map(
    (it) => [it.replace("test/fixtures/", ""), tsUnit(it)] as const,
  ),
];

type Kind = "switch named" | "every order fails" | "none passes so far";

interface Told {
  readonly kind: Kind;
  readonly lines: readonly string[];
}

async function toldOf(unit: Unit, witness: Witness, summaries: Summaries): Promise<Told> {
  if (witness.contrast === null) {
    const words = noPassing(witness, summaries);
    const complete = /^(?:Every order fails|There is only one order)/.test(words);
    if (!complete) expect(words).toMatch(/^None of the [\d,]+ orders looked at so far passes\.$/);
    return { kind: complete ? "every order fails" : "none passes so far", lines: [words] };
  }
  const answer = await engine.replay(unit, witness.contrast.schedule, neverCancelled);
  if ("problem" in answer) throw new Error(answer.problem);
  if (answer.kind !== "replayed") throw new Error(answer.kind);
  const other = answer.witness;
  const same =
    other.outcome.kind === witness.outcome.kind && other.outcome.kind !== "race"
      ? other.outcome.kind
      : "";
  expect(same).toBe("");
  const lines = splitSentences(witness, other, compare(witness, other));
  // Who runs in each, and on which line.
  expect(lines[0]).toMatch(/^At step \d+, .*\(L\d+\).*\(L\d+\)(?: in B)?\.$/);
  return { kind: "switch named", lines: [...lines, `B: ${other.outcome.kind}`] };
}

type Summaries = Awaited<ReturnType<typeof engine.check>>["explorations"];

describe("failing fixtures", () => {
  const counts = new Map<Kind, number>();
  const told: string[] = [];

  it.each(fixtures)("%s", async (name, unit) => {
    const options = { explore: true, limits };
    const { findings, explorations } = await engine.check(unit, options, neverCancelled);
    for (const { witness, code } of findings) {
      if (witness === null || witness.outcome.kind === "ok") continue;
      const { kind, lines } = await toldOf(unit, witness, explorations);
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      // Of what is cut off, the sentences change with the order of the search.
      if (explorations.some((it) => !it.complete)) continue;
      told.push([`${name}: ${code}: ${kind}`, ...lines.map((it) => `  ${it}`)].join("\n"));
    }
  });

  it("name the switch, or say why there is none", () => {
    const all = [...counts.values()].reduce((sum, it) => sum + it, 0);
    const parts = [...counts].map(([kind, count]) => `${count} ${kind}`).join(", ");
    console.log(`compare: ${all} failing witnesses: ${parts}`);
    const golden = path.join(root, "test", "fixtures", "compare.txt");
    expect(compareGolden(golden, `${told.join("\n")}\n`)).toBe("");
    expect(counts.get("switch named")).toBeGreaterThan(25);
  });
});
