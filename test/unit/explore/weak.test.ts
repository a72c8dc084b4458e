import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uncontrolled, type Exploration } from "../../../language-server/explore/explorer.js";
import { explore } from "../../../language-server/explore/portfolio.js";
import { seeded } from "../../../language-server/explore/random.js";
import { replay } from "../../../language-server/explore/replay.js";
import { asItRuns } from "../../../language-server/explore/vm/machine.js";
import { makeMachine } from "../../../language-server/explore/vm/make-machine.js";
import { extentOf } from "../../../language-server/ir/access.js";
import type { FuncId, Program, SpanId } from "../../../language-server/ir/ir.js";
import { toWitness } from "../../../language-server/report/witness.js";
import type { Choice, Schedule, Witness } from "../../../protocol/witness.js";
import { ExplorePrograms, type Loaded } from "../../harness/explore-programs.js";

const root = path.resolve(import.meta.dirname, "../../..");
const programs = new ExplorePrograms(root);
const loaded = new Map<string, Loaded>();

/** Two goroutines; main waits for them and says what they have seen. */
const pair = (declared: string, first: string, second: string, said: string): string => `
package main

import (
	"sync"
	"sync/atomic"
	"time"
)

type page struct{ size int }

var _ atomic.Bool
var _ = time.Second
${declared}

func one(wg *sync.WaitGroup) {
	defer wg.Done()
	${first}
}

func two(wg *sync.WaitGroup) {
	defer wg.Done()
	${second}
}

func main() {
	var wg sync.WaitGroup
	wg.Add(2)
	go one(&wg)
	go two(&wg)
	wg.Wait()
	println(${said})
}
`;

const texts = {
  "store buffering": pair("var x, y, a, b int", "x = 1; a = y", "y = 1; b = x", `"saw", a, b`),
  "store buffering under a lock": pair(
    "var x, y, a, b int; var mu sync.Mutex",
    "mu.Lock(); x = 1; mu.Unlock(); mu.Lock(); a = y; mu.Unlock()",
    "mu.Lock(); y = 1; mu.Unlock(); mu.Lock(); b = x; mu.Unlock()",
    `"saw", a, b`,
  ),
  "atomic store buffering": pair(
    "var x, y atomic.Int32; var a, b int32",
    "x.Store(1); a = y.Load()",
    "y.Store(1); b = x.Load()",
    `"saw", a, b`,
  ),
  "message passing": pair(
    "var data, got int; var done bool",
    "data = 7; done = true",
    "if done { got = data } else { got = -1 }",
    `"got", got`,
  ),
  "message passing under a lock": pair(
    "var data, got int; var done bool; var mu sync.Mutex",
    "mu.Lock(); data = 7; done = true; mu.Unlock()",
    "got = -1; mu.Lock(); if done { got = data }; mu.Unlock()",
    `"got", got`,
  ),
  "message passing with an atomic flag": pair(
    "var data, got int; var done atomic.Bool",
    "data = 7; done.Store(true)",
    "if done.Load() { got = data } else { got = -1 }",
    `"got", got`,
  ),
  "an atomic write read plainly": pair(
    "var x int32; var got int32 = -1; var done bool",
    "atomic.StoreInt32(&x, 7); done = true",
    "if done { got = x }",
    `"got", got`,
  ),
  "what another has seen": pair(
    "var x, a, b int; var told = make(chan bool, 1)",
    "x = 1",
    "go func() { a = x; told <- true }(); <-told; b = x",
    `"saw", a, b`,
  ),
  "one panic or another": pair(
    "var data int; var done bool",
    "data = 7; done = true",
    `if !done { panic("too early") }; if data != 7 { panic("no data") }`,
    `"fine"`,
  ),
  "a page published too early": pair(
    "var published *page; var got int",
    "published = &page{size: 7}",
    "if p := published; p != nil { got = 100 / p.size }",
    `"got", got`,
  ),
  "a flag that is looked at late": pair(
    "var done, seen bool",
    "done = true",
    "time.Sleep(time.Second); for i := 0; i < 3 && !seen; i++ { seen = done }",
    `"seen", seen`,
  ),
  "a flag that is waited for": pair("var done bool", "done = true", "for !done {}", `"seen"`),
  "one variable": pair("var x, a, b int", "x = 1; x = 2", "a = x; b = x", `"saw", a, b`),
} as const;

type Name = keyof typeof texts;

beforeAll(async () => {
  for (const [name, text] of Object.entries(texts)) {
    loaded.set(name, await programs.read(name, path.join(root, "weak.go"), text));
  }
}, 120_000);

afterAll(() => programs.dispose());

function program(name: Name): Loaded {
  const it = loaded.get(name);
  if (it === undefined) throw new Error(`no program ${name}`);
  return it;
}

function exploreOne(name: Name): Exploration {
  const limits = { executions: 20_000, depth: 200, millis: 600_000 };
  return explore({ ...program(name), limits, candidates: [] }, makeMachine, uncontrolled);
}

/** The schedules in which a write is not seen, with what is said of them. */
function staleOf({ found }: Exploration): readonly NonNullable<(typeof found)[number]["stale"]>[] {
  return found.flatMap((it) => (it.stale === null ? [] : [it.stale]));
}

function run(name: Name, schedule: Schedule): Witness {
  const { program: it, entry } = program(name);
  const recording = replay(it, entry, schedule, null, makeMachine);
  if ("problem" in recording) throw new Error(recording.problem);
  return toWitness(recording, { finding: "", sources: [] });
}

/** What the program prints under the smallest of its stale schedules. */
function surprise(name: Name): string {
  const exploration = exploreOne(name);
  const [stale] = staleOf(exploration);
  if (stale === undefined) return "none";
  const printed = run(name, stale.schedule).output.trim();
  // It is no end of an order.
  expect(exploration.summary.ends.map((it) => it.label)).not.toContain(printed);
  return printed;
}

/** Places whose plain accesses are steps: the racy ones, or all. */
function places(name: Name, all: boolean): ReadonlySet<string> {
  if (!all) return new Set(exploreOne(name).natural.visible);
  const { program: it } = program(name);
  return new Set(it.spans.slice(1).map((_, index) => extentOf(it, (index + 1) as SpanId)));
}

/** All ends by trying every choice everywhere, as the program runs by itself, and how often a read had a choice. */
function everyEnd(
  name: Name,
  weak: boolean,
  all = false,
): { readonly ends: readonly string[]; readonly stale: number } {
  const { program: it, entry } = program(name);
  const visible = places(name, all);
  const machine = makeMachine(it);
  machine.configure({ ...asItRuns, visible, telling: false, weak });
  machine.reset(entry);
  const ends = new Set<string>();
  let stale = 0;
  const go = (): void => {
    if (machine.halted() !== undefined) {
      ends.add(machine.output().trim());
      return;
    }
    const mark = machine.mark();
    for (const choice of machine.enabled()) {
      if (choice.arm !== undefined) stale++;
      machine.step(choice);
      go();
      machine.undoTo(mark);
    }
  };
  go();
  return { ends: [...ends].sort(), stale };
}

describe("what a racy read may observe", () => {
  const cases: readonly (readonly [Name, readonly string[], readonly string[]])[] = [
    [
      "store buffering",
      ["saw 0 1", "saw 1 0", "saw 1 1"],
      ["saw 0 0", "saw 0 1", "saw 1 0", "saw 1 1"],
    ],
    ["message passing", ["got -1", "got 7"], ["got -1", "got 0", "got 7"]],
    ["what another has seen", ["saw 0 0", "saw 0 1", "saw 1 1"], ["saw 0 0", "saw 0 1", "saw 1 1"]],
    ["an atomic write read plainly", ["got -1", "got 7"], ["got -1", "got 0", "got 7"]],
    [
      "one variable",
      ["saw 0 0", "saw 0 1", "saw 0 2", "saw 1 1", "saw 1 2", "saw 2 2"],
      ["saw 0 0", "saw 0 1", "saw 0 2", "saw 1 1", "saw 1 2", "saw 2 2"],
    ],
  ];
  it.each(cases)("%s", (name, ordered, weak) => {
    expect(everyEnd(name, false)).toEqual({ ends: ordered, stale: 0 });
    expect(everyEnd(name, true).ends).toEqual(weak);
  });

  it.each<Name>(["message passing under a lock", "message passing with an atomic flag"])(
    "is the newest write where everything is ordered: %s",
    (name) => {
      const { ends, stale } = everyEnd(name, true, true);
      expect(ends).toEqual(["got -1", "got 7"]);
      expect(stale).toBe(0);
    },
  );
});

describe("a run that no order of the steps explains", () => {
  it("of store buffering: neither sees the other", () => {
    expect(surprise("store buffering")).toBe("saw 0 0");
  });

  it("of message passing: the flag without the data", () => {
    expect(surprise("message passing")).toBe("got 0");
    expect(staleOf(exploreOne("message passing")).map((it) => it.message)).toEqual([
      "two still sees data = 0 after one wrote 7: nothing orders the two",
    ]);
  });

  it("of a pointer that is there before what it points to", () => {
    const [stale] = staleOf(exploreOne("a page published too early"));
    const { outcome } = run("a page published too early", stale?.schedule as Schedule);
    expect(outcome.kind).toBe("panic");
  });

  it("of a panic where others are known", () => {
    const exploration = exploreOne("one panic or another");
    expect(exploration.found.filter((it) => it.kind === "panic").length).toBe(1);
    const [stale] = staleOf(exploration);
    const { outcome } = run("one panic or another", stale?.schedule as Schedule);
    expect(outcome).toMatchObject({ kind: "panic", message: "panic: no data" });
  });

  it("of a flag that is waited for: for ever", () => {
    const [stale] = staleOf(exploreOne("a flag that is waited for"));
    expect(stale?.message).toBe(
      "two still sees done = false after one wrote true: nothing orders the two",
    );
  });

  it.each<Name>([
    "store buffering under a lock",
    "atomic store buffering",
    "message passing under a lock",
    "message passing with an atomic flag",
    "one variable",
    // The other may come later than any sleep.
    "a flag that is looked at late",
  ])("is not there for %s", (name) => {
    expect(surprise(name)).toBe("none");
  });
});

describe("a stale schedule", () => {
  it.each<Name>([
    "store buffering",
    "message passing",
    "a page published too early",
    "a flag that is waited for",
  ])("of %s replays, 20 of 20 times", (name) => {
    const [stale] = staleOf(exploreOne(name));
    if (stale === undefined) throw new Error("no stale schedule");
    const { program: digest, entry, visible, choices } = stale.schedule;
    const ordered = { program: digest, entry, visible, choices };
    const first = run(name, stale.schedule);
    for (let time = 1; time < 20; time++) expect(run(name, stale.schedule)).toEqual(first);
    // Without the option it is no schedule.
    expect(() => run(name, ordered)).toThrow("not possible");
  });

  it("says what is read and what was written", () => {
    const [stale] = staleOf(exploreOne("message passing"));
    const { steps } = run("message passing", stale?.schedule as Schedule);
    const read = steps.find((it) => it.action.kind === "read" && it.action.stale !== undefined);
    expect(read?.text).toBe("two reads data = 0, although one has written 7");
  });
});

/** Undo along a random walk, with a detour at every step, against running again. */
function undone(it: Program, entry: FuncId, visible: ReadonlySet<string>, seed: number): number {
  const machine = makeMachine(it);
  machine.configure({ ...asItRuns, visible, weak: true });
  machine.reset(entry);
  const random = seeded(seed);
  const pick = (): Choice => {
    const enabled = machine.enabled();
    return enabled[Math.floor(random() * enabled.length)] as Choice;
  };
  const seen = (): unknown => [
    machine.hash(),
    machine.enabled(),
    machine.races(),
    machine.output(),
  ];
  const choices: Choice[] = [];
  const before: { readonly seen: unknown; readonly mark: number }[] = [];
  while (machine.halted() === undefined && choices.length < 40) {
    const moment = { seen: seen(), mark: machine.mark() };
    for (let step = 0; step < 3 && machine.halted() === undefined; step++) machine.step(pick());
    machine.undoTo(moment.mark);
    expect(seen()).toEqual(moment.seen);
    const choice = pick();
    choices.push(choice);
    before.push({ ...moment, mark: machine.mark() });
    machine.step(choice);
  }
  const end = seen();
  for (const moment of before.toReversed()) {
    machine.undoTo(moment.mark);
    expect(seen()).toEqual(moment.seen);
  }
  for (const choice of choices) machine.step(choice);
  expect(seen()).toEqual(end);
  machine.reset(entry);
  for (const choice of choices) machine.step(choice);
  expect(seen()).toEqual(end);
  return choices.filter((choice) => choice.arm !== undefined).length;
}

describe("undo gives back what may be observed", () => {
  it.each<Name>(["store buffering", "message passing", "one variable"])("%s", (name) => {
    const { program: it, entry } = program(name);
    const visible = new Set(exploreOne(name).natural.visible);
    let stale = 0;
    for (let seed = 1; seed <= 40; seed++) stale += undone(it, entry, visible, seed);
    expect(stale).toBeGreaterThan(0);
  });
});
