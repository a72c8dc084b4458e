import { describe, expect, it } from "vitest";
import type { Witness } from "../../../protocol/witness.js";
import { orderEdges } from "../../../webview/model/order.js";
import { raceWhy } from "../../../webview/model/race-why.js";
import { type Act, deadlock, race, witnessOf } from "./witnesses.js";

const told = (witness: Witness): readonly string[] =>
  raceWhy(witness).map((pieces) =>
    pieces.map((it) => (it.row === null ? it.text : `[${it.text}]`)).join(""),
  );

describe("why nothing orders the two accesses of a race", () => {
  it("what each of the two knows of the other, and which locks they hold", () => {
    expect(told(race)).toEqual([
      "Neither holds a lock.",
      "By then crawl /a knows nothing of crawl /b, not even that it was started.",
      "The last thing crawl /b knows of crawl /a is [step 2], where main starts goroutine crawl /a (L41).",
    ]);
  });

  const acts: readonly Act[] = [
    { thread: 0, line: 1, action: { kind: "spawn", thread: 1 }, text: "main starts w" },
    {
      thread: 0,
      line: 2,
      action: { kind: "acquire", object: 1, shared: false },
      text: "main locks mu",
    },
    {
      thread: 0,
      line: 3,
      action: { kind: "write", object: 0, value: "1" },
      text: "main writes x = 1",
    },
    {
      thread: 0,
      line: 4,
      action: { kind: "release", object: 1, shared: false },
      text: "main unlocks mu",
    },
    { thread: 1, line: 8, action: { kind: "read", object: 0, value: "1" }, text: "w reads x = 1" },
    {
      thread: 0,
      line: 5,
      action: { kind: "write", object: 0, value: "2" },
      text: "main writes x = 2",
    },
  ];
  const script = {
    uri: "file:///x.go",
    language: "go",
    entry: "main.main",
    threads: [{ name: "main" }, { name: "w", line: 1 }],
    objects: [
      { name: "x", kind: "variable" },
      { name: "mu", kind: "mutex" },
    ],
  } as const;

  it("and which lock is held elsewhere for the same thing", () => {
    const witness = witnessOf({
      ...script,
      acts,
      outcome: { kind: "race", object: 0, steps: [4, 5] },
    });
    expect(told(witness)).toEqual([
      "Neither holds a lock.",
      "The last thing main knows of w is [step 1], where main starts w (L1).",
      "The last thing w knows of main is [step 1], where it starts w (L1).",
      "At [step 3], main holds mu for x.",
    ]);
    const inside = witnessOf({
      ...script,
      acts,
      outcome: { kind: "race", object: 0, steps: [2, 4] },
    });
    expect(told(inside)[0]).toBe(
      "At [step 3] main holds mu, at [step 5] w holds no lock. They have no lock in common.",
    );
  });

  it("which awaits stand between reading and writing, in TypeScript", () => {
    const witness = witnessOf({
      ...script,
      language: "ts",
      acts: [
        {
          thread: 0,
          line: 4,
          action: { kind: "read", object: 0, value: "1" },
          text: "main reads x = 1",
        },
        {
          thread: 0,
          line: 5,
          action: { kind: "await", text: "sleep()" },
          text: "main awaits sleep()",
        },
        {
          thread: 1,
          line: 8,
          action: { kind: "write", object: 0, value: "2" },
          text: "w writes x = 2",
        },
        {
          thread: 0,
          line: 6,
          action: { kind: "write", object: 0, value: "2" },
          text: "main writes x = 2",
        },
      ],
      outcome: { kind: "race", object: 0, steps: [2, 3] },
    });
    expect(told(witness)).toEqual([
      "main reads x at [step 1] and writes it at [step 4]; between the two it waits, at [step 2] (awaits sleep() (L5)).",
      "Meanwhile, at [step 3], w writes x = 2 (L8).",
    ]);
  });

  it("is not asked of what is no race", () => {
    expect(told(deadlock)).toEqual([]);
  });
});

describe("arrows", () => {
  it("come from the step that is counted, whatever rows there are besides", () => {
    // Main prints before it unlocks: a row that counts as no step of its own.
    const base = witnessOf({
      uri: "file:///x.go",
      language: "go",
      entry: "main.main",
      threads: [{ name: "main" }, { name: "w", line: 1 }],
      objects: [{ name: "mu", kind: "mutex" }],
      acts: [
        { thread: 0, line: 1, action: { kind: "spawn", thread: 1 }, text: "" },
        { thread: 0, line: 2, action: { kind: "acquire", object: 0, shared: false }, text: "" },
        { thread: 0, line: 3, action: { kind: "output", text: "a" }, text: "" },
        { thread: 0, line: 4, action: { kind: "release", object: 0, shared: false }, text: "" },
        { thread: 1, line: 9, action: { kind: "acquire", object: 0, shared: false }, text: "" },
      ],
      outcome: { kind: "ok" },
    });
    const clocks = [
      [1, 0],
      [2, 0],
      [2, 0],
      [3, 0],
      [3, 1],
    ];
    const steps = base.steps.map((it, row) => ({ ...it, clock: clocks[row] ?? [] }));
    expect(orderEdges({ ...base, steps })).toContainEqual({ from: 3, to: 4 });
  });

  it("of a handover come from what both did before", () => {
    const base = witnessOf({
      uri: "file:///x.go",
      language: "go",
      entry: "main.main",
      threads: [{ name: "main" }, { name: "w", line: 1 }],
      objects: [{ name: "c", kind: "channel" }],
      acts: [
        { thread: 0, line: 1, action: { kind: "spawn", thread: 1 }, text: "" },
        { thread: 0, line: 2, action: { kind: "output", text: "a" }, text: "" },
        { thread: 0, line: 3, action: { kind: "write", object: 0, value: "" }, text: "" },
        {
          thread: 1,
          line: 9,
          action: { kind: "send", object: 0, value: "1", partner: 0 },
          text: "",
        },
        { thread: 0, line: 4, action: { kind: "end" }, text: "" },
      ],
      outcome: { kind: "ok" },
    });
    const clocks = [
      [1, 0],
      [1, 0],
      [2, 0],
      [3, 1],
      [4, 1],
    ];
    const steps = base.steps.map((it, row) => ({ ...it, clock: clocks[row] ?? [] }));
    expect(orderEdges({ ...base, steps })).toEqual([
      { from: 2, to: 3 },
      { from: 3, to: 4 },
    ]);
  });
});
