import path from "node:path";
import * as tsMorph from "ts-morph";
import { describe, expect, it } from "vitest";
import { neverCancelled } from "../../../language-server/base/cancel.js";
import { uncontrolled } from "../../../language-server/explore/explorer.js";
import { explore } from "../../../language-server/explore/portfolio.js";
import { replay } from "../../../language-server/explore/replay.js";
import { makeMachine } from "../../../language-server/explore/vm/make-machine.js";
import { createTsMachine } from "../../../language-server/explore/vm/ts-machine.js";
import type { Halt, Machine } from "../../../language-server/explore/vm/machine.js";
import { lowerTs } from "../../../language-server/frontend/ts/frontend.js";
import type { Program } from "../../../language-server/ir/ir.js";
import { timelineText } from "../../../export/timeline-text.js";
import { toWitness } from "../../../language-server/report/witness.js";
import { compareGolden } from "../../harness/golden.js";

const uri = "file:///example/main.ts";
const limits = { executions: 2000, depth: 2000, millis: 60_000 };

function programOf(text: string): Program {
  const readFile = (it: string): string | null => (it === uri ? text : null);
  return lowerTs({ uri, readFile }, tsMorph, neverCancelled).program;
}

function mainOf(program: Program): Program["entries"][number]["func"] {
  const [entry] = program.entries;
  if (entry === undefined) throw new Error("no entry");
  return entry.func;
}

/** Every outcome and output that some order of the tasks leads to. */
function allEnds(text: string): { outputs: string[]; ends: string[] } {
  const program = programOf(text);
  const machine = createTsMachine(program);
  const outputs = new Set<string>();
  const ends = new Set<string>();
  machine.reset(mainOf(program));
  const visit = (): void => {
    const halt = machine.halted();
    if (halt !== undefined) {
      outputs.add(machine.output());
      ends.add(endText(halt));
      return;
    }
    const mark = machine.mark();
    for (const choice of machine.enabled()) {
      machine.step(choice);
      visit();
      machine.undoTo(mark);
    }
  };
  visit();
  return { outputs: [...outputs].sort(), ends: [...ends].sort() };
}

function endText(halt: Halt): string {
  if (halt.kind === "unsupported") return `unsupported: ${halt.reason}`;
  if (halt.kind === "depth") return "depth";
  const { outcome } = halt;
  return "message" in outcome ? `${outcome.kind}: ${outcome.message}` : outcome.kind;
}

function runNaturally(machine: Machine, program: Program): void {
  machine.reset(mainOf(program));
  while (machine.halted() === undefined) {
    const [choice] = machine.enabled();
    if (choice === undefined) throw new Error("stuck");
    machine.step(choice);
  }
}

describe("what may come in any order", () => {
  it("replies from outside", () => {
    const { outputs } = allEnds(`
      declare function ask(n: number): Promise<number>;
      ask(1).then(() => console.log("first"));
      ask(2).then(() => console.log("second"));
    `);
    expect(outputs).toEqual(["first\nsecond\n", "second\nfirst\n"]);
  });

  it("a reply against a timer, but not timers against each other", () => {
    const { outputs } = allEnds(`
      fetch("x").then(() => console.log("reply"));
      setTimeout(() => console.log("1"), 1);
      setTimeout(() => console.log("2"), 2);
    `);
    expect(outputs).toEqual(["1\n2\nreply\n", "1\nreply\n2\n", "reply\n1\n2\n"]);
  });

  it("never a settled promise after a timer", () => {
    const { outputs } = allEnds(`
      setTimeout(() => console.log("timer"), 0);
      (async () => { for (let i = 0; i < 3; i++) await null; console.log("awaited"); })();
    `);
    expect(outputs).toEqual(["awaited\ntimer\n"]);
  });

  it("timers that are due together although they were set apart", () => {
    const { outputs } = allEnds(`
      setTimeout(() => console.log("ten"), 10);
      setTimeout(() => setTimeout(() => console.log("five and five"), 5), 5);
    `);
    expect(outputs).toEqual(["five and five\nten\n", "ten\nfive and five\n"]);
  });
});

describe("how programs end", () => {
  it.each([
    ["Promise.reject(new Error('lost'));", "panic: Error: lost"],
    ["throw new TypeError('bad');", "panic: TypeError: bad"],
    ["await new Promise(() => {}); export {};", "leak: an async call waits for ever"],
    [
      "async function f() { await new Promise(() => {}); } void f();",
      "leak: an async call waits for ever",
    ],
    ["Promise.reject(1).catch(() => {});", "ok"],
    ["process.exit(0);", "ok"],
    ["import { readFileSync } from 'node:fs'; readFileSync('x');", "ok"],
    [
      "import { Lock } from 'somewhere'; new Lock();",
      "unsupported: what somewhere.Lock keeps out is not modelled",
    ],
    ["(Math as any).random = 1; Math.random();", "panic: TypeError: Math.random is not a function"],
    [
      "(() => {}).constructor('return process')();",
      "unsupported: the built-in Function is not modelled",
    ],
    ["Array.prototype.first = 1;", "unsupported: a change of a built-in object is not modelled"],
    [
      "Object.assign(Array.prototype, { x: 1 });",
      "unsupported: a change of a built-in object is not modelled",
    ],
    ["function f() { f(); } f();", "unsupported: recursion this deep is not modelled"],
    ["for (;;) {}", "depth"],
    ["const go = () => Promise.resolve().then(go); go();", "depth"],
    ["'x'.repeat(2 ** 29);", "unsupported: a value of 536870912 elements is not modelled"],
    [
      "import assert from 'node:assert'; assert.strictEqual(1, 2);",
      "assertion: AssertionError: Expected values to be strictly equal: 1 !== 2",
    ],
  ])("%s", (text, end) => {
    expect(allEnds(text).ends).toEqual([end]);
  });
});

const lostUpdate = `let total = 0;
declare function price(item: string): Promise<number>;

async function add(item: string): Promise<void> {
  const before = total;
  const cost = await price(item);
  total = before + cost + 1;
}

async function main(): Promise<void> {
  await Promise.all([add("tea"), add("milk")]);
  console.log(total);
}

void main();
`;

/** Of its random numbers some decide whether others are drawn: nine ways to go. */
const branching = `
async function late(n: number): Promise<void> { await null; console.log(n, Math.random() < 0.5); }
if (Math.random() < 0.5) void late(1);
setTimeout(() => { if (Math.random() > 0.5) void late(2); }, 5);
`;

describe("random numbers", () => {
  it("take the values that stand for all, in every combination", () => {
    const { outputs, ends } = allEnds(`
      console.log(Math.random() < 0.5, Math.random() < 0.5);
    `);
    expect(outputs).toEqual(["false false\n", "false true\n", "true false\n", "true true\n"]);
    expect(ends).toEqual(["ok"]);
  });

  it("decide what is started, and when", () => {
    const { outputs } = allEnds(branching);
    expect(outputs).toHaveLength(9);
  });

  it("are told with the value, and nobody says that all were tried", () => {
    const program = programOf(`if (Math.random() > 0.5) throw new Error("large");`);
    const job = { program, entry: mainOf(program), limits, candidates: [] };
    const { summary, found } = explore(job, makeMachine, uncontrolled);
    expect([summary.limit, summary.unsupported?.reason, summary.executions]).toEqual([
      "values",
      "values of Math.random()",
      2,
    ]);
    const schedule = found[0]?.schedule;
    if (schedule === undefined) throw new Error("nothing found");
    const recording = replay(program, mainOf(program), schedule, null, makeMachine);
    if ("problem" in recording) throw new Error(recording.problem);
    expect(recording.steps.map((it) => it.action)).toContainEqual({
      kind: "yield",
      text: "gets 0.9999999999999999 from Math.random()",
    });
  });

  it("are found by the search as by trying everything", () => {
    const program = programOf(branching);
    const job = { program, entry: mainOf(program), limits, candidates: [] };
    const { summary } = explore(job, makeMachine, uncontrolled);
    expect(summary.executions).toBe(9);
  });
});

describe("a lost update across await", () => {
  const program = programOf(lostUpdate);
  const job = { program, entry: mainOf(program), limits, candidates: [] };
  const { found, summary } = explore(job, makeMachine, uncontrolled);

  it("is found in every order of the replies", () => {
    expect(summary.complete).toBe(true);
    expect(found.map((it) => it.kind)).toEqual(["race"]);
    expect(found[0]?.places).toEqual([`${uri}:6:2`]);
  });

  it("has a witness with reads, awaits and writes", () => {
    const [best] = found;
    if (best === undefined) throw new Error("nothing found");
    const recording = replay(program, mainOf(program), best.schedule, best.outcome, makeMachine);
    if ("problem" in recording) throw new Error(recording.problem);
    const witness = toWitness(recording, { finding: "", sources: [] });
    const golden = path.join(import.meta.dirname, "../../fixtures/ts/lost-update.timeline.txt");
    expect(compareGolden(golden, timelineText(witness))).toBe("");
  });

  it("is none when the calls do not overlap", () => {
    const serial = programOf(
      lostUpdate.replace('Promise.all([add("tea"), add("milk")])', "add('tea'); await add('milk')"),
    );
    const result = explore(
      { program: serial, entry: mainOf(serial), limits, candidates: [] },
      makeMachine,
      uncontrolled,
    );
    expect(result.found).toEqual([]);
    expect(result.summary.complete).toBe(true);
  });
});

describe("going back", () => {
  it("leads to the same execution as running again", () => {
    const program = programOf(lostUpdate);
    const straight = createTsMachine(program);
    runNaturally(straight, program);
    const machine = createTsMachine(program);
    machine.reset(mainOf(program));
    for (let undone = 0; machine.halted() === undefined; ) {
      const [choice] = machine.enabled();
      if (choice === undefined) throw new Error("stuck");
      machine.step(choice);
      // Each step is taken back once and taken again.
      if (undone++ % 2 === 0) machine.undoTo(machine.mark() - 1);
    }
    expect(machine.output()).toBe(straight.output());
    expect(machine.halted()).toEqual(straight.halted());
    expect(machine.threads()).toEqual(straight.threads());
  });
});
