import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explain } from "../../../language-server/explain/explain.js";
import { explainedText } from "../../../language-server/explain/text.js";
import { explainedDiagrams } from "../../../export/wait-for.js";
import type { Explanation } from "../../../protocol/explanation.js";

// Whatever is in a text, it is told or it is said that there is nothing to tell.

const folder = path.join(import.meta.dirname, "..", "..", "fixtures", "explain", "reports");
const texts = readdirSync(folder)
  .filter((it) => it.endsWith(".txt"))
  .map((it) => readFileSync(path.join(folder, it), "utf8"));

async function explained(text: string): Promise<Explanation | null> {
  const check = async (): Promise<never> => Promise.reject(new Error("no source is here"));
  return explain(text, { uriOf: () => null, check });
}

/** Every way to write it; nothing is empty. */
async function expectTold(text: string): Promise<void> {
  const explanation = await explained(text);
  if (explanation === null) return;
  const told = explainedText(explanation, ({ file }) => file);
  expect(told).not.toContain("undefined");
  expect(told.length).toBeGreaterThan(10);
  expect(explainedDiagrams(explanation)).not.toContain("undefined");
  for (const it of explanation.sections) {
    if (it.kind === "race") expect(it.remarks.length).toBeGreaterThan(0);
    else expect(it.groups.reduce((sum, group) => sum + group.count, 0)).toBe(it.goroutines);
  }
}

type Change = (lines: string[]) => void;

const place = fc.nat(10_000);
const noise = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(
    "==================",
    "WARNING: DATA RACE",
    "goroutine 9 [",
    "goroutine profile: total 3",
  ),
  fc.constantFrom(
    "1 @ 0x1",
    "created by ",
    "created by main.f",
    "...additional frames elided...",
    "\t/a.go:",
  ),
  fc.constantFrom(
    '{"Output":"',
    '{"Output":"goroutine 1 [running]:\\n"}',
    "a | b | c | d",
    "panic: ",
    "(",
  ),
);

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, fc.nat(5)).map(
    ([at, count]): Change =>
      (lines) => {
        lines.splice(at % (lines.length + 1), count);
      },
  ),
  fc.tuple(place, noise).map(
    ([at, text]): Change =>
      (lines) => {
        lines.splice(at % (lines.length + 1), 0, text);
      },
  ),
  fc.tuple(place, place).map(
    ([from, to]): Change =>
      (lines) => {
        const [line = ""] = lines.splice(from % (lines.length + 1), 1);
        lines.splice(to % (lines.length + 1), 0, line);
      },
  ),
  fc.tuple(place, place, noise).map(
    ([at, column, text]): Change =>
      (lines) => {
        const index = at % Math.max(1, lines.length);
        const line = lines[index] ?? "";
        const cut = column % (line.length + 1);
        lines[index] = line.slice(0, cut) + text + line.slice(cut + 1);
      },
  ),
);

describe("malformed texts", { timeout: 60_000 }, () => {
  it("anything", async () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 2000 }),
      fc.array(noise, { maxLength: 60 }).map((it) => it.join("\n")),
    );
    await fc.assert(fc.asyncProperty(text, expectTold), { numRuns: 300, endOnFailure: true });
  });

  it("reports and dumps in which something is changed", async () => {
    const changed = fc.tuple(
      fc.constantFrom(...texts),
      fc.array(change, { minLength: 1, maxLength: 12 }),
    );
    const told = fc.asyncProperty(changed, async ([text, changes]) => {
      const lines = text.split("\n");
      for (const it of changes) it(lines);
      await expectTold(lines.join("\n"));
    });
    await fc.assert(told, { numRuns: 300, endOnFailure: true });
  });

  it("two reports that are shuffled into each other", async () => {
    const both = fc.tuple(fc.constantFrom(...texts), fc.constantFrom(...texts), fc.nat(7));
    const told = fc.asyncProperty(both, async ([one, two, step]) => {
      const [a, b] = [one.split("\n"), two.split("\n")];
      const mixed: string[] = [];
      for (let at = 0; at < a.length || at < b.length; at += step + 1) {
        mixed.push(...a.slice(at, at + step + 1), ...b.slice(at, at + step + 1));
      }
      await expectTold(mixed.join("\n"));
    });
    await fc.assert(told, { numRuns: 100, endOnFailure: true });
  });
});

function much(text: string, bytes: number): string {
  return text.repeat(Math.ceil(bytes / text.length));
}

describe("long texts", { timeout: 300_000 }, () => {
  const goroutine = "goroutine 7 [chan send]:\nmain.f(0x1)\n\t/w/main.go:9 +0x1\n\n";

  it("of goroutines are one group", async () => {
    const text = much(goroutine, 5e6);
    const explanation = await explained(text);
    const [dump] = explanation?.sections ?? [];
    if (dump === undefined || dump.kind === "race") throw new Error("no dump");
    expect(dump.groups.map((it) => it.count)).toEqual([text.length / goroutine.length]);
  });

  it.each([
    ["a log with nothing in it", 50, "2026-01-02T03:04:05Z info: request 12 of /a.go:1 (ok)\n"],
    ["one line", 50, "x"],
    ["one line of spaces", 50, "\t "],
    ["one line of brackets", 50, "f("],
    ["one line of places", 50, "\t/a.go:1 "],
    ["lines of bars", 5, "a | b | c |\n"],
    ["headings alone", 5, "WARNING: DATA RACE\n"],
    ["goroutines without frames", 5, "goroutine 1 [running]:\n"],
  ])("of %s, %i MB", async (_, megabytes, piece) => {
    await expectTold(much(piece, megabytes * 1e6));
  });
});
