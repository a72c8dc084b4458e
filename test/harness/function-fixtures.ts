// Functions of check fixtures, each run by itself: `…Bad` must be shown by a schedule, `…Ok` explored to its end.

import path from "node:path";
import { pathToFileURL } from "node:url";
import { checks } from "../../language-server/analysis/registry.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import type { Engine, Unit } from "../../language-server/engine/engine.js";
import { testLimits } from "./engine.js";
import { checkFixtures } from "./fixtures.js";

export interface FunctionCase {
  readonly name: string;
  readonly file: string;
  /** `main` calls only the one. */
  readonly text: string;
  readonly entry: string;
  readonly bad: boolean;
}

/** The functions in the fixtures of some checks. */
export function functionCases(codes: readonly string[]): readonly FunctionCase[] {
  return checkFixtures()
    .filter(({ name }) => codes.some((code) => name.startsWith(`${code}/`)))
    .flatMap(({ name, file, text }) => {
      const functions = [...text.matchAll(/^func (\w+(?:Bad|Ok))\((t \*testing\.T)?\)/gm)];
      return functions.map(([, func = "", test]): FunctionCase => {
        const alone = text.replace(/^func main\(\) \{[^]*?^\}/m, `func main() {\n\t${func}()\n}`);
        const entry = test === undefined ? "main" : func;
        const title = `${path.basename(name)} ${func}`;
        return { name: title, file, text: alone, entry, bad: func.endsWith("Bad") };
      });
    });
}

export function unitOf(file: string, text: string): Unit {
  const uri = pathToFileURL(file).href;
  return { language: "go", uri, overlays: [{ uri, text }], edited: null };
}

/** What is wrong with what the engine says of a case; empty when nothing is. */
export async function problemsOf(
  engine: Engine,
  { file, text, entry, bad }: FunctionCase,
): Promise<readonly string[]> {
  const choice = { kind: "name", name: entry } as const;
  const unit = unitOf(file, text);
  const answer = await engine.explore(unit, choice, { limits: testLimits }, neverCancelled);
  if ("problem" in answer) return [answer.problem];
  const { findings, explorations } = answer.check;
  // Of functions that do not run here nothing is known.
  const shown = findings.filter((it) => it.confidence === "confirmed");
  const said = shown.map(
    ({ primary, severity, code, message }) =>
      `${primary.span.start.line + 1}: ${severity} ${code}: ${message}`,
  );
  if (!bad) {
    const open = explorations.filter((it) => !it.complete).map((it) => `cut: ${String(it.limit)}`);
    return [...said, ...open];
  }
  const lines = text.split("\n");
  const wrong = shown.flatMap(({ primary, severity, code }, index) => {
    const wanted = lines[primary.span.start.line]?.includes(`want ${code}`) === true;
    return wanted && severity === severityOf(code) ? [] : [said[index] ?? ""];
  });
  return shown.length === 0 ? ["not shown"] : wrong;
}

function severityOf(code: string): string | undefined {
  return checks.find((it) => it.code === code)?.doc.severity;
}
