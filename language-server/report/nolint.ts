// Comments for other linters, as golangci-lint reads them: `//nolint`, `//nolint:govet,staticcheck // reason`.
// What somebody has silenced there is not told again here under another name.

import { isQuoted, nextCode } from "./comment-lines.js";

export interface NoLint {
  readonly uri: string;
  /** The line, counted from 0, that is silenced. */
  readonly line: number;
  /** Linters; none stands for all. */
  readonly linters: readonly string[];
}

const form = /\/\/nolint(?::([\w-]+(?:,[\w-]+)*))?(?:\s|$)/;

/** What these linters say of the same defects (`go vet`'s copylocks, staticcheck's SA2000 …). */
const sharedCodes: Readonly<Record<string, readonly string[]>> = {
  govet: [
    "lock-copied",
    "loop-variable-capture",
    "lost-cancel",
    "fatal-in-goroutine",
    "atomic-self-assign",
    "wg-add-inside",
  ],
  staticcheck: ["wg-add-inside", "typo-lock", "fatal-in-goroutine"],
};

/** In the order of the lines; none in files that are not Go. */
export function noLintsIn(uri: string, text: string): readonly NoLint[] {
  if (!uri.endsWith(".go") || !text.includes("//nolint")) return [];
  const lines = text.split(/\r?\n/);
  return lines.flatMap((content, at) => {
    const match = form.exec(content);
    if (match === null) return [];
    const before = content.slice(0, match.index);
    if (isQuoted(before)) return [];
    const line = before.trim() === "" ? nextCode(lines, at) : at;
    return [{ uri, line, linters: match[1]?.split(",") ?? [] }];
  });
}

export function silences({ linters }: NoLint, code: string): boolean {
  return (
    linters.length === 0 ||
    linters.some(
      (it) => it === "all" || it === "happens-before" || sharedCodes[it]?.includes(code) === true,
    )
  );
}
