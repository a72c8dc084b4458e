import { existsSync, readFileSync, writeFileSync } from "node:fs";

/**
 * Compares text with the file at `path`. UPDATE=1 rewrites it; a missing one is written and the test fails once,
 * so that a new golden is always read by somebody. Gives the difference as text, "" when there is none.
 */
export function compareGolden(path: string, actual: string): string {
  const missing = !existsSync(path);
  if (missing || process.env["UPDATE"] === "1") writeFileSync(path, actual);
  if (missing) return `${path} is new: read it, then run again`;
  const expected = readFileSync(path, "utf8");
  return expected === actual ? "" : `${path} differs; UPDATE=1 rewrites it\n${actual}`;
}
