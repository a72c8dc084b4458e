import { describe, expect, it } from "vitest";
import { present } from "../../../language-server/base/assert.js";
import type { Witness } from "../../../protocol/witness.js";
import { accountOf, codeAt } from "../../../webview/model/account.js";
import { failing } from "./compared-witnesses.js";
import { at, deadlock, race, witnessOf } from "./witnesses.js";

const told = (witness: Witness): readonly string[] => {
  const { places, more, missing } = present(accountOf(witness), "account");
  const lines = places.map(({ words, row, more: also, span }) =>
    `L${span.start.line + 1} ${words}${row === null ? "" : ` @${row + 1}`} ${also}`.trimEnd(),
  );
  return [...lines, ...(more > 0 ? [`+${more}`] : []), missing];
};

describe("what goes wrong, line by line", () => {
  it("is nothing in a schedule that passes", () => {
    expect(accountOf({ ...race, outcome: { kind: "ok" } })).toBe(null);
  });

  it("of a race: both accesses, and that nothing orders them", () => {
    expect(told(race)).toMatchInlineSnapshot(`
      [
        "L22 reads fetched["/c"] → false @7",
        "L23 writes fetched["/c"] = true @12",
        "An order between steps 7 and 12: neither holds a lock, and no message or wait makes one come first.",
      ]
    `);
  });

  it("of a circle of locks: who takes what first, who waits for what, and the two orders", () => {
    expect(told(deadlock)).toMatchInlineSnapshot(`
      [
        "L9 locks a.mu @4",
        "L9 locks b.mu @5",
        "L10 waits for lock b.mu",
        "L10 waits for lock a.mu",
        "One order in which everybody takes the locks: transfer a→b takes a.mu before b.mu, but transfer b→a takes b.mu before a.mu.",
      ]
    `);
  });

  it("of a failed check: the step, whose message is told elsewhere", () => {
    expect(told(failing)).toMatchInlineSnapshot(`
      [
        "L18 panics lost @12",
        "",
      ]
    `);
  });

  it("of an update that is lost across an await: read, write and what overwrites it", () => {
    const read = { kind: "read", object: 0, value: "100" } as const;
    const write = { kind: "write", object: 0, value: "130" } as const;
    const lost = witnessOf({
      uri: "file:///bank.ts",
      language: "ts",
      entry: "module",
      threads: [{ name: "deposit 1" }, { name: "deposit 2", line: 3 }],
      objects: [{ name: "balance", kind: "variable" }],
      acts: [
        { thread: 0, line: 4, action: read, text: "deposit 1 reads balance" },
        { thread: 0, line: 5, action: { kind: "await", text: "save()" }, text: "deposit 1 awaits" },
        { thread: 1, line: 4, action: read, text: "deposit 2 reads balance" },
        { thread: 1, line: 6, action: write, text: "deposit 2 writes balance" },
        { thread: 0, line: 6, action: write, text: "deposit 1 writes balance" },
      ],
      outcome: { kind: "race", object: 0, steps: [3, 4] },
    });
    expect(told(lost)).toMatchInlineSnapshot(`
      [
        "L4 reads balance → 100 @1",
        "L6 writes balance = 130 @4",
        "L6 writes balance = 130 @5",
        "Sole access to balance between steps 1 and 5: step 4 writes it meanwhile, and step 5 overwrites that.",
      ]
    `);
  });

  it.each([
    ["to send on c", "channel", [], "Somebody who receives from c: nobody is left who does."],
    [
      "to receive from c",
      "channel",
      [],
      "Somebody who sends on c or closes it: nobody is left who does.",
    ],
    ["wait group c (1 to go)", "waitgroup", [], "A Done for each Add: c never gets to zero."],
    ["lock c", "mutex", [1], "The unlock of c, which worker still holds."],
    ["condition c", "cond", [], "What main waits for: nobody is left who could do it."],
  ] as const)("of one left behind that waits %s", (reason, kind, holders, missing) => {
    const leak = witnessOf({
      uri: "file:///a.go",
      language: "go",
      entry: "main.main",
      threads: [{ name: "main" }, { name: "worker", line: 3 }],
      objects: [{ name: "c", kind }],
      acts: [{ thread: 0, line: 2, action: { kind: "start" }, text: "main begins" }],
      outcome: {
        kind: "leak",
        message: "",
        blocked: [{ thread: 0, span: at("file:///a.go", 7), object: 0, reason, holders }],
      },
    });
    expect(told(leak).at(-1)).toBe(missing);
  });

  it("counts places beyond the first few", () => {
    const blocked = Array.from({ length: 8 }, (_, thread) => ({
      thread,
      span: at("file:///a.go", thread),
      object: null,
      reason: "a nil channel",
      holders: [],
    }));
    const many = { ...deadlock, outcome: { kind: "deadlock", message: "", blocked } } as const;
    expect(told(many)).toHaveLength(5 + 2);
    expect(told(many)).toContain("+3");
  });
});

describe("the source of a place", () => {
  const code = [{ uri: "file:///a.go", line: 3, text: "\t\tx++ // counted" }];
  const span = (from: number, to: number, line = 3, endLine = line) => ({
    uri: "file:///a.go",
    start: { line, character: from },
    end: { line: endLine, character: to },
  });

  it.each([
    ["what is spoken of", span(2, 3), { before: "", here: "x", after: "++ // counted" }],
    ["not its indentation", span(0, 5), { before: "", here: "x++", after: " // counted" }],
    [
      "a statement of several lines as far as the line goes",
      span(2, 1, 3, 4),
      { before: "", here: "x++ // counted", after: "" },
    ],
    ["nothing where the line is not known", span(0, 1, 9), null],
  ] as const)("marks %s", (_, place, parts) => {
    expect(codeAt({ code }, place)).toEqual(parts);
    expect(codeAt({}, place)).toBe(null);
  });
});
