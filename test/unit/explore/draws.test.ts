// What a program leaves to chance is tried: random numbers and the order of maps, each combination once.

import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { present } from "../../../language-server/base/assert.js";
import { neverCancelled } from "../../../language-server/base/cancel.js";
import { uncontrolled, type Exploration } from "../../../language-server/explore/explorer.js";
import { explore } from "../../../language-server/explore/portfolio.js";
import { replay } from "../../../language-server/explore/replay.js";
import { asItRuns } from "../../../language-server/explore/vm/machine.js";
import { makeMachine } from "../../../language-server/explore/vm/make-machine.js";
import { lowerGo } from "../../../language-server/frontend/go/frontend.js";
import { GoClient } from "../../../language-server/host/go-client.js";
import type { Program } from "../../../language-server/ir/ir.js";
import type { Recording, Schedule } from "../../../protocol/witness.js";
import { sentence } from "../../../language-server/report/sentence.js";
import { verdict } from "../../../wording/verdict.js";
import { root, testLimits, uriOf } from "../../harness/engine.js";

const go = new GoClient(path.join(root, "dist"), () => undefined);

afterAll(() => go.dispose());

async function programOf(imports: readonly string[], body: string): Promise<Program> {
  const uri = uriOf(path.join(root, "test", "unit", "explore", "draws.go"));
  const lines = imports.map((it) => `import "${it}"`).join("\n");
  const overlays = [{ uri, text: `package main\n${lines}\n${body}` }];
  const unit = { language: "go", uri, overlays, edited: null } as const;
  const { images } = await go.images(unit, neverCancelled);
  const { program, gaps } = lowerGo(images, (it) => go.stdImage(it), neverCancelled);
  expect(gaps).toEqual([]);
  return program;
}

function explored(program: Program): Exploration {
  const { func: entry } = present(program.entries[0], "entry");
  const job = { program, entry, limits: testLimits, candidates: [] };
  return explore(job, makeMachine, uncontrolled);
}

function said({ summary }: Exploration): string {
  return verdict(summary, ({ start }) => `line ${start.line + 1}`);
}

function replayed(program: Program, schedule: Schedule): Recording {
  const { func: entry } = present(program.entries[0], "entry");
  const recording = replay(program, entry, schedule, null, makeMachine);
  if ("problem" in recording) throw new Error(recording.problem);
  return recording;
}

function storyOf(program: Program, schedule: Schedule): readonly string[] {
  const recording = replayed(program, schedule);
  return recording.steps.map((it) => sentence(recording, it));
}

describe("random numbers", () => {
  it("show what fails for one of them only, and say which", async () => {
    const program = await programOf(
      ["math/rand"],
      `func main() {
         if rand.Intn(3) == 2 { panic("two") }
       }`,
    );
    const exploration = explored(program);
    expect(said(exploration)).toBe("1 of 3 orders fails");
    const [found] = exploration.found;
    expect(found?.message).toContain("two");
    expect(storyOf(program, present(found, "finding").schedule)).toContain(
      "main gets 2 from rand.Intn(3)",
    );
  });

  it.each([
    ["in one thread", "draw(); draw()", 4],
    ["in two threads", "go draw(); draw(); time.Sleep(1)", 4],
    ["in three threads", "go draw(); go draw(); draw(); time.Sleep(1)", 8],
  ])("are counted exactly %s", async (_where, body, count) => {
    const program = await programOf(
      ["math/rand", "time"],
      `func draw() { _ = rand.Intn(2) }
       func main() { ${body} }`,
    );
    const { summary } = explored(program);
    expect([summary.complete, summary.executions]).toEqual([true, count]);
  });

  it.each([
    [
      "Shuffle",
      "a := []int{1, 2, 3}; rand.Shuffle(3, func(i, j int) { a[i], a[j] = a[j], a[i] })",
      6,
    ],
    ["Perm", "_ = rand.Perm(3)", 6],
    [
      "a generator seeded with the time",
      "r := rand.New(rand.NewSource(time.Now().UnixNano())); _ = r.Intn(4)",
      4,
    ],
    [
      "a generator seeded with a number",
      "r := rand.New(rand.NewSource(42)); _ = r.Intn(4); _ = r.Perm(3)",
      1,
    ],
    ["Seed with a number", "rand.Seed(1); _ = rand.Intn(4)", 1],
  ])("of %s", async (_what, body, count) => {
    const program = await programOf(
      ["math/rand", "time"],
      `func main() { time.Sleep(1); ${body} }`,
    );
    const { summary } = explored(program);
    expect([summary.complete, summary.executions]).toEqual([true, count]);
  });

  it("of the second version of the package", async () => {
    const program = await programOf(
      ["math/rand/v2"],
      `func main() { _ = rand.IntN(3); _ = rand.N(2); r := rand.New(rand.NewPCG(1, 2)); _ = r.IntN(4) }`,
    );
    expect(said(explored(program))).toBe("no failing order among all 6");
  });

  it("of which there are many are not all tried, and the verdict says so", async () => {
    const program = await programOf(
      ["math/rand"],
      `func main() {
         if rand.Intn(100) == 99 { panic("last") }
       }`,
    );
    const exploration = explored(program);
    expect(said(exploration)).toBe(
      "4 orders, not with all values of rand.Intn(100) at line 4; 1 fails",
    );
    expect(exploration.summary.limit).toBe("values");
  });

  it("are no livelock where they are asked for until one suits", async () => {
    const program = await programOf(
      ["math/rand", "sync"],
      `func main() {
         var mu sync.Mutex
         go func() { mu.Lock(); mu.Unlock() }()
         for rand.Intn(2) == 0 { mu.Lock(); mu.Unlock() }
       }`,
    );
    const { summary, found } = explored(program);
    expect(found).toEqual([]);
    expect(summary.outcomes.map((it) => it.kind)).toEqual(["ok"]);
  });

  it("are bounded for each thread", async () => {
    const program = await programOf(
      ["math/rand"],
      `func main() { for range 20 { _ = rand.Intn(2) } }`,
    );
    const { summary } = explored(program);
    expect([summary.limit, summary.executions]).toEqual(["values", 256]);
  });
});

describe("orders of maps", () => {
  const locks = `
    func lock(m map[string]*sync.Mutex) {
      for _, it := range m { it.Lock(); defer it.Unlock() }
    }`;

  it("show a deadlock of one order only", async () => {
    const program = await programOf(
      ["sync"],
      `${locks}
       func main() {
         a, b := &sync.Mutex{}, &sync.Mutex{}
         m := map[string]*sync.Mutex{"a": a, "b": b}
         done := make(chan bool)
         go func() { lock(m); close(done) }()
         a.Lock(); b.Lock(); b.Unlock(); a.Unlock()
         <-done
       }`,
    );
    const exploration = explored(program);
    const deadlock = exploration.found.find((it) => it.kind === "deadlock");
    const { schedule } = present(deadlock, "deadlock");
    expect(storyOf(program, schedule).join("\n")).toContain("ranges over m in reverse order");
    expect(exploration.summary.complete).toBe(true);
  });

  it.each([
    ["two entries", 2, "no failing order among all 2"],
    ["three entries", 3, "3 orders, not with all orders of m at line 4"],
    ["one entry", 1, "1 order only"],
  ])("of %s", async (_what, entries, told) => {
    const program = await programOf(
      [],
      `func main() { m := map[int]int{}; for i := range ${entries} { m[i] = i }
         for k, v := range m { println(k, v) } }`,
    );
    expect(said(explored(program))).toBe(told);
  });

  it("visit every entry once, also when some are deleted on the way", async () => {
    const program = await programOf(
      ["fmt"],
      `func main() { m := map[int]int{1: 1, 2: 2, 3: 3, 4: 4, 5: 5}
         for k := range m { fmt.Print(k, " "); delete(m, 3) } }`,
    );
    const labels = explored(program).summary.ends.map((it) => it.label);
    expect(labels.toSorted()).toEqual(["1 2 4 5", "3 4 5 1 2", "5 4 2 1"]);
  });

  it.each([
    ["sums", "n := 0; for _, v := range m { if v > 1 { n += v } }; println(n)"],
    ["deleting", "for k, v := range m { if v > 1 { delete(m, k) } }"],
    [
      "filling another map",
      "o := map[string]int{}; for k, v := range m { o[k] = v }; println(len(o))",
    ],
    [
      "a set of values",
      "o := map[int]bool{}; for _, v := range m { o[v] = true }; println(len(o))",
    ],
    [
      "a sorted list",
      "var l []string; for k := range m { l = append(l, k) }; sort.Strings(l); println(l[0])",
    ],
  ])("do not matter for %s", async (_what, body) => {
    const program = await programOf(
      ["sort"],
      `var _ = sort.Strings
       func main() { m := map[string]int{"a": 1, "b": 2, "c": 3}; ${body} }`,
    );
    expect(said(explored(program))).toBe("1 order only");
  });

  it.each([
    ["the first entry", "for k := range m { println(k); break }"],
    ["the last entry", 's := ""; for k := range m { s = k }; println(s)'],
    ["text", 's := ""; for k := range m { s += k }; println(s)'],
    ["floating-point sums", "f := 0.0; for _, v := range m { f += float64(v) / 3 }; println(f)"],
    ["a list", "var l []string; for k := range m { l = append(l, k) }; println(l[0])"],
    [
      "values that meet",
      'o := map[bool]string{}; for k := range m { o[k > ""] = k }; println(o[true])',
    ],
    ["differences", "n := 0; for _, v := range m { n = v - n }; println(n)"],
    ["sums that are looked at", "n := 0; for _, v := range m { n += v; println(n) }"],
  ])("matter for %s", async (_what, body) => {
    const program = await programOf(
      [],
      `func main() { m := map[string]int{"a": 1, "b": 2}; ${body} }`,
    );
    expect(said(explored(program))).toBe("no failing order among all 2");
  });
});

describe("schedules", () => {
  const text = `func main() { if rand.Intn(2) == 1 { panic("one") } }`;

  it("without values of draws go on as ever", async () => {
    const program = await programOf(["math/rand"], text);
    const { natural } = explored(program);
    expect(natural.draws).toBe(true);
    const { program: digest, entry, visible } = natural;
    const old: Schedule = { program: digest, entry, visible, choices: [{ thread: 0 }] };
    expect(replayed(program, old).steps.map((it) => it.action.kind)).not.toContain("yield");
  });

  it("of programs that draw nothing do not mention it", async () => {
    const program = await programOf([], "func main() { println(1) }");
    expect(explored(program).natural).not.toHaveProperty("draws");
  });

  it("are taken back with the values", async () => {
    const program = await programOf(["math/rand"], text);
    const machine = makeMachine(program);
    machine.configure(asItRuns);
    machine.reset(present(program.entries[0], "entry").func);
    machine.step({ thread: 0 });
    const mark = machine.mark();
    const before = machine.hash();
    expect(machine.enabled()).toEqual([
      { thread: 0, arm: 0 },
      { thread: 0, arm: 1 },
    ]);
    expect(machine.step({ thread: 0, arm: 1 }).values).toBe(2);
    const [one, failures] = [machine.hash(), machine.failures()];
    expect(failures).toHaveLength(1);
    machine.undoTo(mark);
    expect(machine.hash()).toBe(before);
    machine.step({ thread: 0, arm: 0 });
    expect(machine.failures()).toEqual([]);
    machine.undoTo(mark);
    machine.step({ thread: 0, arm: 1 });
    expect([machine.hash(), machine.failures()]).toEqual([one, failures]);
  });
});
