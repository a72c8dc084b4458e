import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { FailingTestAnswer } from "../../../protocol/lsp.js";
import type { Witness } from "../../../protocol/witness.js";
import { editedSince, failingTest } from "../../report/failing-test.js";

/** A failing schedule as a test, which is about what is on disk. `open`: the text that an editor has of a file, if one does. */
export function failingTestOf(
  witness: Witness,
  open: (uri: string) => string | null,
): FailingTestAnswer {
  const edited = editedSince(witness, onDisk);
  if (edited !== null) {
    const name = nameOf(edited);
    const unsaved = editedSince(witness, (uri) => open(uri) ?? onDisk(uri)) === null;
    const message = unsaved
      ? `Save ${name} first: the test runs what is on disk.`
      : `The test cannot be written, because ${name} was edited since: show its schedules again.`;
    return { kind: "problem", message };
  }
  const test = failingTest(witness, onDisk);
  return "problem" in test
    ? { kind: "problem", message: `The test cannot be written: ${test.problem}.` }
    : { kind: "test", ...test };
}

function onDisk(uri: string): string | null {
  if (!uri.startsWith("file:")) return null;
  const file = fileURLToPath(uri);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

function nameOf(uri: string): string {
  return decodeURIComponent(path.posix.basename(uri.replace(/^\w+:/, "")));
}
