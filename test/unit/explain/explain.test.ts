import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { tracesIn } from "../../../language-server/explain/explain.js";
import { sectionsOf } from "../../../language-server/explain/sections.js";
import { explainedText } from "../../../language-server/explain/text.js";
import type { ExplainedPlace } from "../../../protocol/explanation.js";

// The texts are outputs of one program under the real toolchain, with other folders and addresses.

const folder = path.join(import.meta.dirname, "..", "..", "fixtures", "explain");
const read = (name: string): string => readFileSync(path.join(folder, `${name}.txt`), "utf8");

function told(text: string): string {
  const sections = sectionsOf(tracesIn(text), () => null);
  const explanation = { version: 1, sections, findings: [], remarks: [] } as const;
  return explainedText(explanation, ({ file }) => file.replace("/w/bank/", ""));
}

/** Lines of the places that the text is about. */
function linesIn(text: string): readonly number[] {
  const places = sectionsOf(tracesIn(text), () => null).flatMap(
    (it): readonly (ExplainedPlace | null)[] =>
      it.kind === "race"
        ? it.accesses.map(({ place }) => place)
        : it.groups.filter(({ waits }) => waits).map(({ place }) => place),
  );
  return places.flatMap((it) => it?.line ?? []);
}

const deadlock = `deadlock: every goroutine waits (line 3 of the text)
  3 goroutines, 3 kinds
  1 × waits for a WaitGroup in \`main.main\` (main.go:39)
  1 × waits to lock a mutex in \`main.one\` (main.go:7)
        started by \`main.main\` (main.go:37)
  1 × waits to lock a mutex in \`main.two\` (main.go:8)
        started by \`main.main\` (main.go:38)
`;

const race = `data race (line 2 of the text)
  main goroutine writes in \`main.main\` (main.go:14)
  goroutine 8 reads in \`main.main.func1\` (main.go:13)
  goroutine 8 is started by \`main.main\` (main.go:13)
  Nothing orders the two: no lock that both hold, no message between them.
`;

describe("what the run-time said", () => {
  it("a deadlock", () => {
    expect(told(read("deadlock"))).toContain(deadlock);
    expect(told(read("deadlock"))).toContain("waits for 0x614228, at main.go:7: owner unknown");
    expect(linesIn(read("deadlock"))).toEqual([39, 7, 8]);
  });

  it("a race", () => {
    expect(told(read("race"))).toBe(race);
    expect(linesIn(read("race"))).toEqual([14, 13]);
  });

  it("a goroutine profile, with counts", () => {
    const { dumps } = tracesIn(read("profile"));
    expect(dumps.map((it) => it.kind)).toEqual(["profile"]);
    expect(told(read("profile"))).toContain("3 × stands in `main.main.func2` (main.go:20)");
    expect(told(read("profile"))).toContain("1 × waits to lock a RWMutex in `main.main.func6`");
  });

  it.each<[string, (text: string) => string]>([
    ["with Windows' line ends", (it) => it.replaceAll("\n", "\r\n")],
    ["with times before the lines", (it) => it.replace(/^/gm, "2026-01-02T03:04:05.678Z ")],
    ["with the name of a service before the lines", (it) => it.replace(/^/gm, "web-1  | ")],
    [
      "deep in the output of tests",
      (it) => `=== RUN TestA\n    a_test.go:3: hi\n${it}\n--- PASS: TestA\nok\n`,
    ],
  ])("%s", (_, change) => {
    const ofDeadlock = told(change(read("deadlock"))).replace(/line \d+ of/, "line 3 of");
    expect(ofDeadlock).toContain(deadlock);
    expect(told(change(read("race"))).replace(/line \d+ of/, "line 2 of")).toBe(race);
  });

  it("several in one text, in its order", () => {
    const { races, dumps } = tracesIn(`${read("race")}${read("deadlock")}${read("race")}`);
    expect(races).toHaveLength(2);
    expect(dumps.map((it) => it.kind)).toEqual(["deadlock"]);
  });

  it("cut anywhere, it is read as far as it goes", () => {
    for (const name of ["race", "deadlock", "profile"]) {
      const text = read(name);
      for (let length = 0; length < text.length; length += 7) told(text.slice(0, length));
    }
    const half = read("race").slice(0, read("race").indexOf("Previous"));
    expect(told(half)).toContain("The report breaks off: only part of it can be told.");
  });

  it.each([
    ["nothing of the kind", "ok  \texample.org/a\t0.3s\n"],
    ["only a heading", "goroutine 1 [running]:\n"],
    ["a heading in a sentence", "see WARNING: DATA RACE in the log\n"],
    ["noise", "\u0000\u0001goroutine x [\n==================\n"],
  ])("%s is no report", (_, text) => {
    const { races, dumps } = tracesIn(text);
    expect(races).toEqual([]);
    expect(dumps.flatMap((it) => it.goroutines.flatMap(({ frames }) => frames))).toEqual([]);
  });
});

describe("states of goroutines", () => {
  const dump = (state: string, frames: string): string =>
    `goroutine 7 [${state}]:\n${frames}main.f(0x1)\n\t/w/bank/main.go:9 +0x1\n\ngoroutine 8 [${state}]:\n${frames}main.f(0x1)\n\t/w/bank/main.go:9 +0x1\n`;
  const semaphore = (of: string): string =>
    `sync.runtime_Semacquire(0xc000)\n\t/usr/local/go/src/runtime/sema.go:62 +0x1\nsync.(*${of}(0xc000012345)\n\t/usr/local/go/src/sync/x.go:1 +0x1\n`;

  it.each([
    ["chan send, 5 minutes", "", "waits to send on a channel for 5 minutes"],
    [
      "chan receive, 1 minutes, locked to thread",
      "",
      "waits to receive from a channel for 1 minute",
    ],
    ["chan receive (nil chan)", "", "receives from a nil channel"],
    ["select (no cases)", "", "is in a select without cases"],
    ["select", "", "waits in a select"],
    ["semacquire", semaphore("WaitGroup).Wait"), "waits for a WaitGroup"],
    [
      "semacquire, 2 minutes",
      semaphore("RWMutex).RLock"),
      "waits to lock a RWMutex for reading for 2 minutes",
    ],
    ["sync.Mutex.Lock", semaphore("Mutex).lockSlow"), "waits to lock a mutex"],
    ["IO wait", "", "waits for input or output"],
    ["sleep", "", "sleeps"],
    ["running", "", "runs"],
    ["something new", "", 'is in state "something new"'],
  ])("%s", (state, frames, words) => {
    expect(told(dump(state, frames))).toContain(`  2 × ${words} in \`main.f\` (main.go:9)\n`);
  });

  it("of crashes with more in the heading", () => {
    const text = dump("chan send", "").replace(
      "goroutine 7 [",
      "goroutine 7 gp=0xc000 m=3 mp=0xc111 [",
    );
    expect(told(text)).toContain("2 × waits to send");
  });
});
