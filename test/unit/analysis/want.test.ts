import { expect, test } from "vitest";
import type { Finding } from "../../../protocol/finding.js";
import { compareWants, parseWants } from "../../harness/want.js";

function at(line: number, message: string, related: number[] = []): Finding {
  const span = (it: number) => ({
    uri: "",
    start: { line: it, character: 0 },
    end: { line: it, character: 1 },
  });
  return {
    code: "lost-update",
    severity: "error",
    confidence: "proved",
    message,
    primary: { span: span(line), message },
    related: related.map((it) => ({ span: span(it), message: "there" })),
    fingerprint: "",
    witness: null,
  };
}

const codes = ["lost-update"];

test("a want matches the finding of its line by a part of the message", () => {
  const wants = parseWants('a\nb // want lost-update "n is"\n', codes);
  expect(compareWants(wants, [at(1, "n is lost")])).toEqual([]);
  expect(compareWants(wants, [at(1, "m is lost")])).toHaveLength(2);
  expect(compareWants(wants, [])).toEqual(['2: no finding for want lost-update "n is"']);
});

test("a miss fails once it is found, a false alarm once it is gone", () => {
  expect(compareWants(parseWants("a // miss lost-update: why", codes), [])).toEqual([]);
  expect(compareWants(parseWants("a // miss lost-update: why", codes), [at(0, "m")])).toHaveLength(
    1,
  );
  expect(compareWants(parseWants("a // false lost-update: why", codes), [at(0, "m")])).toEqual([]);
  expect(compareWants(parseWants("a // false lost-update: why", codes), [])).toHaveLength(1);
});

test("related places count only where some are named", () => {
  expect(compareWants(parseWants("a // want lost-update", codes), [at(0, "m", [3])])).toEqual([]);
  const wants = parseWants("a // want lost-update\nb // also lost-update", codes);
  expect(compareWants(wants, [at(0, "m", [1])])).toEqual([]);
  expect(compareWants(wants, [at(0, "m", [1, 3])])).toHaveLength(1);
});

test("an expectation names a check that exists", () => {
  expect(() => parseWants("a // want lost-updates", codes)).toThrow("no check is called");
});
