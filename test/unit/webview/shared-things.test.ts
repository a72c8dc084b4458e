import { describe, expect, it } from "vitest";
import { channelWords, thingsAt } from "../../../webview/model/shared-things.js";
import { type Act, deadlock, witnessOf } from "./witnesses.js";

const acts: readonly Act[] = [
  { thread: 0, line: 1, action: { kind: "acquire", object: 0, shared: true }, text: "" },
  { thread: 1, line: 2, action: { kind: "acquire", object: 0, shared: true }, text: "" },
  {
    thread: 2,
    line: 3,
    action: { kind: "add", object: 2, value: "2" },
    text: "",
    blocks: [
      {
        thread: 2,
        span: { uri: "", start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
        object: 0,
        reason: "lock mu",
        holders: [0, 1],
      },
    ],
  },
  { thread: 0, line: 4, action: { kind: "send", object: 1, value: "a" }, text: "" },
  { thread: 0, line: 5, action: { kind: "release", object: 0, shared: true }, text: "" },
  { thread: 1, line: 6, action: { kind: "close", object: 1 }, text: "" },
  { thread: 1, line: 7, action: { kind: "await", text: "fetch()" }, text: "" },
];

const scripted = witnessOf({
  uri: "file:///x.go",
  language: "go",
  entry: "main.main",
  threads: [{ name: "main" }, { name: "r", line: 1 }, { name: "w", line: 1 }],
  objects: [
    { name: "mu", kind: "rwmutex" },
    { name: "ch", kind: "channel" },
    { name: "wg", kind: "waitgroup" },
  ],
  acts,
  outcome: { kind: "ok" },
});

const witness = {
  ...scripted,
  objects: scripted.objects.map((it) => (it.kind === "channel" ? { ...it, capacity: 2 } : it)),
  steps: scripted.steps.map((it, row) =>
    row === 3 ? { ...it, buffers: [{ object: 1, values: ["a"] }] } : it,
  ),
};

describe("what threads share, at the cursor", () => {
  it("locks say whether they are held for reading, by whom, and who wants them", () => {
    expect(thingsAt(witness, 2).locks).toEqual([
      { object: 0, holders: [0, 1], shared: true, waiters: [2] },
    ]);
    expect(thingsAt(witness, 4).locks).toMatchObject([{ holders: [1], shared: true }]);
    const last = deadlock.steps.length - 1;
    expect(thingsAt(deadlock, last).locks).toEqual([
      { object: 0, holders: [1], shared: false, waiters: [2] },
      { object: 1, holders: [2], shared: false, waiters: [1] },
    ]);
  });

  it("channels say what is in them, out of how many, and whether they are closed", () => {
    const channel = { object: 1, capacity: 2, waiters: [] };
    expect(thingsAt(witness, 0).channels).toEqual([
      { ...channel, values: [], closed: false, changed: false },
    ]);
    expect(thingsAt(witness, 3).channels).toEqual([
      { ...channel, values: ["a"], closed: false, changed: true },
    ]);
    expect(thingsAt(witness, 5).channels).toEqual([
      { ...channel, values: ["a"], closed: true, changed: false },
    ]);
    expect(thingsAt(witness, 5).channels.map(channelWords)).toEqual(["1/2 [a], closed"]);
    const values = "a b c d e f g h i j".split(" ");
    const many = { ...channel, changed: false, closed: false, values, capacity: 12 };
    expect(channelWords(many)).toBe("10/12 [a, b, c, d, e, f, g, h, 2 more]");
    expect(channelWords({ ...many, values: [], capacity: 0 })).toBe("unbuffered");
    // Of a witness that does not tell sizes nothing is made up.
    expect(thingsAt(scripted, 3).channels).toEqual([]);
  });

  it("wait groups say where they stand, once that is known", () => {
    expect(thingsAt(witness, 1).counters).toEqual([]);
    expect(thingsAt(witness, 2).counters).toEqual([
      { object: 2, value: "2", changed: true, waiters: [] },
    ]);
    expect(thingsAt(witness, 3).counters).toMatchObject([{ value: "2", changed: false }]);
  });

  it("tasks say what they await, and since when", () => {
    expect(thingsAt(witness, 5).awaits).toEqual([]);
    expect(thingsAt(witness, 6).awaits).toEqual([{ thread: 1, text: "fetch()", since: 6 }]);
  });
});
