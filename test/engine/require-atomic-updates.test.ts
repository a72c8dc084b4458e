// ESLint's `require-atomic-updates` beside our checks, on cases after its documentation: what is a defect is found by both, and
// what the rule is known to report without one is not reported by ours.

import { Linter } from "eslint";
import { afterAll, describe, expect, it } from "vitest";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { testEngine, testLimits, tsUnit, uriOf } from "../harness/engine.js";

const { engine } = testEngine();
afterAll(async () => {
  await engine.dispose();
});

interface Case {
  readonly title: string;
  /** What is called twice at once is `work`. */
  readonly code: string;
  readonly rule: "reports" | "silent";
  readonly ours: "reports" | "silent";
}

const start = `const ask = () => new Promise((resolve) => setTimeout(() => resolve(1), 5));
const state = { n: 0, done: false, owner: "" };
let result = 0;
`;
const end = `
Promise.all([work(state), work(state)]);
`;

const defects: readonly Case[] = [
  {
    title: "adds to a variable what is awaited on the right",
    code: "async function work() { result += await ask(); }",
    rule: "reports",
    ours: "reports",
  },
  {
    title: "reads a variable on the left of an await, and writes it",
    code: "async function work() { result = result + (await ask()); }",
    rule: "reports",
    ours: "reports",
  },
  {
    title: "reads a variable on the left of an await in a call",
    code: "async function work() { result = Math.max(result + 1, await ask()); }",
    rule: "reports",
    ours: "reports",
  },
  {
    title: "looks whether a variable is set and sets it after a wait",
    code: "async function work() { if (!result) { result = await ask(); } }",
    rule: "reports",
    ours: "reports",
  },
  {
    title: "adds to a property what is awaited on the right",
    code: "async function work(it) { it.n += await ask(); }",
    rule: "reports",
    ours: "reports",
  },
  {
    title: "looks at a property and writes it after a wait",
    code: "async function work(it) { if (!it.done) { it.done = (await ask()) === 1; } }",
    rule: "reports",
    ours: "reports",
  },
  {
    title: "adds to a variable what a generator is resumed with",
    code: "function* steps() { result += yield; }\nasync function work() { for (const it of steps()) await it; }",
    rule: "reports",
    ours: "reports",
  },
];

/** Not a defect, and the rule knows it. */
const sound: readonly Case[] = [
  {
    title: "reads the variable after the wait",
    code: "async function work() { result = (await ask()) + result; }",
    rule: "silent",
    ours: "silent",
  },
  {
    title: "waits first and updates in one go",
    code: "async function work() { const n = await ask(); result += n; }",
    rule: "silent",
    ours: "silent",
  },
  {
    title: "looks again after the wait",
    code: "async function work() { if (!result) { const n = await ask(); if (!result) { result = n; } } }",
    rule: "silent",
    ours: "silent",
  },
  {
    title: "updates a variable of its own",
    code: "async function work() { let own = 0; own += await ask(); return own; }",
    rule: "silent",
    ours: "silent",
  },
];

/** Not a defect, or none that the value has to do with, and the rule reports it. */
const falseAlarms: readonly Case[] = [
  {
    title: "an object that was looked at gets something else after a wait",
    code: "async function work(it) { if (it.n === 0) { await ask(); } it.owner = 'x'; }",
    rule: "reports",
    ours: "silent",
  },
  {
    title: "a property is set from what was asked for with another one",
    code: "async function work(it) { const found = await ask(it.n); it.owner = String(found); }",
    rule: "reports",
    ours: "silent",
  },
  {
    title: "an object of the call alone is filled",
    code: `async function work() {
  const own = fill({ n: 0 });
  return own;
}
async function fill(it) { it.n = it.n + 1; it.n = await ask(); return it; }`,
    rule: "reports",
    ours: "silent",
  },
  {
    title: "a parameter that a closure sees is replaced by what it stands for",
    code: `async function work(it) {
  it = await it;
  return () => it;
}`,
    rule: "reports",
    ours: "silent",
  },
  {
    title: "calls one after the other under a flag",
    code: `async function work(it) {
  if (it.done) return;
  it.done = true;
  await ask();
  it.done = false;
}`,
    rule: "reports",
    ours: "silent",
  },
];

/** Only ours sees these: the rule does not follow values through variables, nor fields of `this`. */
const ours: readonly Case[] = [
  {
    title: "goes through a variable",
    code: "async function work() { const before = result; await ask(); result = before + 1; }",
    rule: "reports",
    ours: "reports",
  },
  {
    title: "is a field of the own object",
    code: `class Counter {
  n = 0;
  async add() { this.n += await ask(); }
}
const counter = new Counter();
const work = () => counter.add();`,
    rule: "silent",
    ours: "reports",
  },
  {
    title: "is an entry of a map",
    code: `const counts = new Map();
async function work() {
  const before = counts.get("a") ?? 0;
  await ask();
  counts.set("a", before + 1);
}`,
    rule: "silent",
    ours: "reports",
  },
];

const linter = new Linter();

function byRule(text: string): Case["rule"] {
  const messages = linter.verify(text, {
    languageOptions: { ecmaVersion: 2024, sourceType: "module" },
    rules: { "require-atomic-updates": "error" },
  });
  expect(messages.filter((it) => it.ruleId !== "require-atomic-updates")).toEqual([]);
  return messages.length > 0 ? "reports" : "silent";
}

async function byOurs(text: string): Promise<Case["ours"]> {
  const file = "example/atomic.js";
  const unit = tsUnit(file, [{ uri: uriOf(file), text }]);
  const { findings } = await engine.check(
    unit,
    { explore: true, limits: testLimits },
    neverCancelled,
  );
  return findings.some((it) => it.severity === "error" || it.severity === "warning")
    ? "reports"
    : "silent";
}

describe.each([
  ["defects", defects],
  ["sound code", sound],
  ["false alarms of the rule", falseAlarms],
  ["defects of values that travel", ours],
])("%s", (_, cases) => {
  it.each(cases)("$title", async ({ code, rule, ours: own }) => {
    const text = `${start}${code}${end}`;
    expect({ rule: byRule(text), ours: await byOurs(text) }).toEqual({ rule, ours: own });
  });
});
