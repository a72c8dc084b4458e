// A baseline: the findings that a project had when it began to use the tool. They are not shown; whatever is new is.

import type { Finding } from "../../protocol/finding.js";

/** The text of a baseline file: version 1, one finding a line, in the order of their fingerprints. */
export function baselineText(
  findings: readonly Finding[],
  pathOf: (uri: string) => string,
): string {
  const rows = findings
    .map(({ fingerprint, code, primary, message }) => ({
      fingerprint,
      code,
      file: pathOf(primary.span.uri).replaceAll("\\", "/"),
      message,
    }))
    .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1))
    .map((it) => `    ${JSON.stringify(it)}`);
  const list = rows.length === 0 ? "[]" : `[\n${rows.join(",\n")}\n  ]`;
  return `{\n  "version": 1,\n  "findings": ${list}\n}\n`;
}

/** The fingerprints in it; or what is wrong with it, as the end of a sentence. */
export function parseBaseline(text: string): ReadonlySet<string> | string {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return "is not JSON";
  }
  if (!isRecord(file) || file["version"] !== 1 || !Array.isArray(file["findings"])) {
    return "is not a baseline (version 1)";
  }
  const fingerprints = file["findings"].map((it: unknown) =>
    isRecord(it) ? it["fingerprint"] : undefined,
  );
  if (!fingerprints.every((it) => typeof it === "string"))
    return "has a finding without fingerprint";
  return new Set(fingerprints);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
