import { describe, expect, it } from "vitest";
import { toJson } from "../../../language-server/report/json.js";
import type { Finding } from "../../../protocol/finding.js";
import { schemaErrors } from "../../harness/schemas.js";
import { explored, threads } from "../explore/programs.js";
import { witnessOf } from "./witnesses.js";

const program = threads(["inc x", "inc x"]);
const witness = witnessOf(program, "race");
const span = {
  uri: "file:///p.go",
  start: { line: 6, character: 1 },
  end: { line: 6, character: 4 },
};

const finding: Finding = {
  code: "data-race",
  severity: "error",
  confidence: "confirmed",
  message: "x is written twice",
  primary: { span, message: "here" },
  related: [{ span, message: "and here" }],
  fingerprint: "0123456789abcdef",
  witness,
};

function json(): unknown {
  const { summary } = explored(program);
  const gaps = [{ span, reason: "package c is not there" }];
  const result = {
    findings: [finding, { ...finding, witness: null }],
    explorations: [summary],
    gaps,
  };
  // As it leaves the program.
  return JSON.parse(JSON.stringify(toJson(result, (uri) => uri.replace("file://", ""))));
}

describe("the command line's JSON", () => {
  it("is what the schema says", () => {
    expect(schemaErrors("check", json())).toBe("");
  });

  it("counts lines and columns from 1 and names files by path", () => {
    const { findings, gaps } = json() as { findings: { primary: unknown }[]; gaps: unknown[] };
    expect(findings[0]?.primary).toEqual({
      file: "/p.go",
      startLine: 7,
      startColumn: 2,
      endLine: 7,
      endColumn: 5,
      message: "here",
    });
    expect(gaps).toEqual([{ file: "/p.go", line: 7, reason: "package c is not there" }]);
  });

  it("is refused by the schema when a field is missing or unknown", () => {
    const good = json() as Record<string, unknown>;
    expect(schemaErrors("check", { ...good, gaps: undefined })).not.toBe("");
    expect(schemaErrors("check", { ...good, more: 1 })).not.toBe("");
    const bad = { ...finding, severity: "fatal", witness: null };
    expect(schemaErrors("check", { ...good, findings: [bad] })).not.toBe("");
  });
});
