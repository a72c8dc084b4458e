// Every schedule that the fixtures give: what exporting is tried on.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { checks } from "../../language-server/analysis/registry.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import type { Unit } from "../../language-server/engine/engine.js";
import type { SourceText } from "../../export/format.js";
import type { TraceDocument } from "../../protocol/trace.js";
import { root, testEngine, tsUnit, uriOf } from "./engine.js";
import { failingPrograms, goFile } from "./failing-programs.js";
import { checkFixtures } from "./fixtures.js";

export interface FixtureTrace extends TraceDocument {
  readonly name: string;
  readonly source: SourceText;
}

/** Bounded by executions and steps, so that each run gives the same; enough for what the fixtures show. */
const limits = { executions: 300, depth: 2000, millis: 100_000 };

/** Go and TypeScript fixtures of the checks, and the programs that fail each in its own way. */
export async function fixtureTraces(): Promise<readonly FixtureTrace[]> {
  const { engine } = testEngine();
  const traces: FixtureTrace[] = [];
  for (const { name, unit, source } of fixtureUnits()) {
    const options = { explore: true, limits };
    const { findings, explorations } = await engine.check(unit, options, neverCancelled);
    for (const { witness } of findings) {
      if (witness === null) continue;
      const exploration = explorations.find((it) => it.entry === witness.schedule.entry) ?? null;
      traces.push({ name, source, schema: "happens-before-trace/1", witness, exploration });
    }
  }
  await engine.dispose();
  return traces;
}

interface FixtureUnit {
  readonly name: string;
  readonly unit: Unit;
  readonly source: SourceText;
}

function fixtureUnits(): readonly FixtureUnit[] {
  const go = [
    ...checkFixtures().filter(({ file }) => !file.includes("/ts/")),
    ...failingPrograms.map((it, index) => ({
      name: it.name,
      file: path.join(root, "test", "fixtures", "go", "failing", `${index}.go`),
      text: goFile(it),
    })),
  ].map(({ name, file, text }): FixtureUnit => {
    const source = { uri: uriOf(file), text };
    const unit: Unit = { language: "go", uri: source.uri, overlays: [source], edited: null };
    return { name, unit, source };
  });
  const ts = checks
    .filter((it) => it.language === "ts" || it.ts !== undefined)
    .flatMap(({ code }) =>
      readdirSync(path.join(root, "test/fixtures/ts", code)).map((file): FixtureUnit => {
        const name = `test/fixtures/ts/${code}/${file}`;
        const text = readFileSync(path.join(root, name), "utf8");
        return { name: `${code}/${file}`, unit: tsUnit(name), source: { uri: uriOf(name), text } };
      }),
    );
  return [...go, ...ts];
}
