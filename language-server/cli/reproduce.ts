import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Witness } from "../../protocol/witness.js";
import type { ExportedTest } from "../report/exported-test.js";
import { editedSince, failingTest } from "../report/failing-test.js";

/** Lines for people: what was written and how to run it, and what could not be, a sentence each. */
export interface Written {
  readonly written: readonly string[];
  readonly problems: readonly string[];
}

/** Writes a failing test for each witness beside the source it is about. `pathOf`: a `file:` URI as the path to print. */
export function writeTests(
  witnesses: readonly Witness[],
  pathOf: (uri: string) => string,
): Written {
  const written = new Set<string>();
  const problems = new Set<string>();
  for (const witness of witnesses) {
    const edited = editedSince(witness, textOf);
    const test =
      edited === null
        ? failingTest(witness, textOf)
        : { problem: `${pathOf(edited)}: it was edited since; check it again` };
    if ("problem" in test) problems.add(test.problem);
    else written.add(write(test, pathOf));
  }
  return { written: [...written], problems: [...problems] };
}

function write({ folder, files, command }: ExportedTest, pathOf: (uri: string) => string): string {
  for (const { name, text } of files) writeFileSync(path.join(fileURLToPath(folder), name), text);
  const [schedule] = files;
  const dir = pathOf(folder);
  const where = dir === "" ? "" : `cd ${dir} && `;
  return `${pathOf(`${folder}/${schedule?.name ?? ""}`)}: ${where}${command}`;
}

function textOf(uri: string): string | null {
  if (!uri.startsWith("file:")) return null;
  const file = fileURLToPath(uri);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}
