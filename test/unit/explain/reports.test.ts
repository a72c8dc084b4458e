import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { tracesIn } from "../../../language-server/explain/explain.js";
import { sectionsOf } from "../../../language-server/explain/sections.js";
import type {
  ExplainedDump,
  ExplainedGroup,
  ExplainedRace,
} from "../../../protocol/explanation.js";

// What the real toolchains, of several versions, say of kernels (`scripts/gen-explain-reports.mjs`). What must be read
// from a text stands as marks in the kernels' sources.

const fixtures = path.join(import.meta.dirname, "..", "..", "fixtures", "explain");

interface Report {
  readonly file: string;
  readonly how: string;
  readonly kernel: string;
  readonly go: string;
}

const reports = JSON.parse(
  readFileSync(path.join(fixtures, "reports", "reports.json"), "utf8"),
) as readonly Report[];

function textOf({ file }: Report): string {
  return readFileSync(path.join(fixtures, "reports", file), "utf8");
}

interface Mark {
  readonly kernel: string;
  readonly line: number;
  readonly words: string;
  readonly count: number;
}

function marksIn(source: string): readonly Mark[] {
  const lines = readFileSync(path.join(fixtures, "kernels", source), "utf8").split("\n");
  return lines.flatMap((text, index) => {
    const [, access, stuck, count, words] =
      /\/\/ (?:access (\S+)|stuck (\S+) (\d+): (.*))$/.exec(text) ?? [];
    const kernel = access ?? stuck;
    if (kernel === undefined) return [];
    return [{ kernel, line: index + 1, words: words ?? "", count: Number(count ?? 1) }];
  });
}

const marks = ["races/main.go", "waits/main.go", "tests/kernels_test.go"].flatMap(marksIn);
const marked = (kernel: string): readonly Mark[] => marks.filter((it) => it.kernel === kernel);

interface ReadText {
  readonly races: readonly ExplainedRace[];
  readonly dumps: readonly ExplainedDump[];
}

function read(text: string): ReadText {
  const sections = sectionsOf(tracesIn(text), () => null);
  const isRace = (it: (typeof sections)[number]): it is ExplainedRace => it.kind === "race";
  const isDump = (it: (typeof sections)[number]): it is ExplainedDump => it.kind !== "race";
  return { races: sections.filter(isRace), dumps: sections.filter(isDump) };
}

/** What each of a number of goroutines does in the user's code, as a set. */
function stuckIn(
  groups: readonly ExplainedGroup[],
  isWanted: (it: ExplainedGroup) => boolean,
): readonly string[] {
  const counts = new Map<string, number>();
  for (const it of groups.filter(isWanted)) {
    const what = `${it.place?.line ?? 0}: ${it.does}`;
    counts.set(what, (counts.get(what) ?? 0) + it.count);
  }
  return [...counts].map(([what, count]) => `${count} at ${what}`).sort();
}

function wanted(kernel: string): readonly string[] {
  return marked(kernel)
    .map(({ line, words, count }) => `${count} at ${line}: ${words}`)
    .sort();
}

const occurrences = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

const isRace = ({ how }: Report): boolean => how === "race" || how.startsWith("test");
const isProfile = ({ how }: Report): boolean => how.endsWith("-1");

/** A race that is told by accesses inside of Go's library alone is not of the user's code. */
function checkRaces(text: string, kernel: string): void {
  const { races } = read(text);
  expect(races).toHaveLength(occurrences(text, /WARNING: DATA RACE/g));
  expect(races.length).toBeGreaterThan(0);
  const lines = new Set(marked(kernel).map((it) => it.line));
  for (const { accesses, started, remarks } of races) {
    expect(accesses).toHaveLength(2);
    expect(accesses.map((it) => lines.has(it.place?.line ?? 0))).toEqual([true, true]);
    expect(started.length).toBeGreaterThan(0);
    expect(remarks).toHaveLength(1);
  }
}

describe("reports of races under the real toolchain", () => {
  const some = reports.filter(isRace);

  it("are at least 30", () => {
    expect(some.length).toBeGreaterThanOrEqual(30);
    expect(new Set(some.map((it) => it.go)).size).toBeGreaterThanOrEqual(4);
  });

  it.each(some)("$file", (report) => {
    checkRaces(textOf(report), report.kernel);
  });
});

function checkDump(text: string, kernel: string): void {
  const { dumps } = read(text);
  const [dump] = dumps;
  expect(dumps).toHaveLength(1);
  expect(stuckIn(dump?.groups ?? [], (it) => it.waits)).toEqual(wanted(kernel));
}

describe("dumps of goroutines under the real toolchain", () => {
  const some = reports.filter((it) => !isRace(it));

  it("are at least 20", () => {
    expect(some.length).toBeGreaterThanOrEqual(20);
    expect(new Set(some.map((it) => it.go)).size).toBeGreaterThanOrEqual(4);
  });

  it.each(some.filter((it) => !isProfile(it)))("$file", (report) => {
    const text = textOf(report);
    checkDump(text, report.kernel);
    const all = tracesIn(text).dumps.flatMap((it) => it.goroutines);
    expect(all).toHaveLength(occurrences(text, /(?<=^|"Output":")goroutine \d+ [^\n]*\[/gm));
  });

  it.each(some.filter(isProfile))("$file, which has no states of goroutines", (report) => {
    const text = textOf(report);
    const [dump] = read(text).dumps;
    const total = /profile: total (\d+)/.exec(text)?.[1];
    expect((dump?.goroutines ?? 0) + (dump?.besides ?? 0)).toBe(Number(total));
    const places = (dump?.groups ?? []).map((it) => `${it.count} at ${it.place?.line ?? 0}`);
    for (const { line, count } of marked(report.kernel)) {
      expect(places).toContain(`${count} at ${line}`);
    }
  });
});

/** What tools and copying make of a text. */
const changes: readonly (readonly [string, (text: string) => string])[] = [
  ["line ends of Windows", (it) => it.replaceAll("\n", "\r\n")],
  ["times before the lines", (it) => it.replace(/^/gm, "2026-01-02T03:04:05.678Z ")],
  ["times of Go's log", (it) => it.replace(/^/gm, "2026/01/02 03:04:05 ")],
  ["a service's name before the lines", (it) => it.replace(/^/gm, "web-1  | ")],
  [
    "a container's stream before the lines",
    (it) => it.replace(/^/gm, "2026-01-02T03:04:05.6Z stderr F "),
  ],
  ["colours", (it) => it.replace(/^(.+)$/gm, "\x1b[31m$1\x1b[0m")],
  ["an indentation", (it) => it.replace(/^(?=.)/gm, "        ")],
  [
    "other output around it",
    (it) => `=== RUN   TestA\n    a_test.go:3: hi\n${it}\n--- PASS: TestA\nok\n`,
  ],
];

describe.each(changes)("with %s, the same is read", (_, change) => {
  const [race, dump] = [
    reports.filter((it) => it.how === "race"),
    reports.filter((it) => it.how === "deadlock" || it.how === "signal"),
  ];
  const isNewest = (it: Report): boolean => it.go === "1.26";

  it.each(race.filter(isNewest))("$file", (report) => {
    checkRaces(change(textOf(report)), report.kernel);
  });

  it.each(dump.filter(isNewest))("$file", (report) => {
    checkDump(change(textOf(report)), report.kernel);
  });
});

describe("several at once", () => {
  const find = (file: string): Report => {
    const found = reports.find((it) => it.file === file);
    if (found === undefined) throw new Error(`no ${file}`);
    return found;
  };
  const race = textOf(find("race-counter-go1.26.txt"));
  const deadlock = textOf(find("deadlock-lock-order-go1.26.txt"));

  it("one after the other are told in the order of the text", () => {
    const sections = sectionsOf(tracesIn(deadlock + race + deadlock), () => null);
    expect(sections.map((it) => it.kind)).toEqual(["deadlock", "race", "deadlock"]);
  });

  it("lines of services that are mixed are taken apart", () => {
    const [one, two] = [race, deadlock].map((it) => it.split("\n"));
    const mixed: string[] = [];
    for (let at = 0; at < Math.max(one?.length ?? 0, two?.length ?? 0); at++) {
      mixed.push(`web-1 | ${one?.[at] ?? ""}`, `db-1  | ${two?.[at] ?? ""}`);
    }
    checkRaces(mixed.join("\n"), "counter");
    checkDump(mixed.join("\n"), "lock-order");
  });
});

describe("cut after any line", () => {
  const some = reports.filter(
    (it) => it.go === "1.26" && /counter|lock-order|serving/.test(it.kernel),
  );

  it.each(some)("$file is read as far as it goes", (report) => {
    const lines = textOf(report).split("\n");
    let [before, known] = [0, 0];
    for (let end = 0; end <= lines.length; end++) {
      const { races, dumps } = read(lines.slice(0, end).join("\n"));
      const goroutines = dumps.reduce((sum, it) => sum + it.goroutines + it.besides, 0);
      const seen = races.length + goroutines;
      expect(seen).toBeGreaterThanOrEqual(before);
      before = seen;
      known = Math.max(known, seen);
      for (const it of races) {
        const told = it.remarks.join(" ");
        if (it.accesses.length < 2) expect(told).toContain("breaks off");
      }
    }
    expect(known).toBeGreaterThan(0);
  });
});
