import { describe, expect, it } from "vitest";
import type { Candidate } from "../../../language-server/analysis/check.js";
import type { Analysed } from "../../../language-server/analysis/run.js";
import { betweens, orders, suspects } from "../../../language-server/engine/suspects.js";
import type { Finding } from "../../../protocol/finding.js";
import { at } from "../webview/witnesses.js";

const place = (line: number): ReturnType<typeof at> => at("file:///a.go", line);

const finding: Finding = {
  code: "lost-update",
  severity: "information",
  confidence: "possible",
  message: "x may be lost",
  primary: { span: place(1), message: "" },
  related: [],
  fingerprint: "f",
  witness: null,
};

const suspected = (...places: Candidate["places"]): Analysed => ({
  finding,
  candidate: { outcome: "race", places },
  assumed: false,
});

const everything = (): boolean => true;

describe("what static analysis suspects", () => {
  it("is handed on as pairs of places, each once", () => {
    const analysed = [
      suspected([place(1), place(2)]),
      suspected([place(1), place(2)], [place(3), place(4), place(5)]),
      { finding, candidate: null, assumed: false },
    ];
    expect(suspects(analysed, everything)).toEqual([
      ["file:///a.go:0:1", "file:///a.go:1:1"],
      ["file:///a.go:2:1", "file:///a.go:3:1"],
      ["file:///a.go:3:1", "file:///a.go:4:1"],
    ]);
  });

  it("may be one place, which two threads run", () => {
    expect(suspects([suspected([place(1)])], everything)).toEqual([
      ["file:///a.go:0:1", "file:///a.go:0:1"],
    ]);
  });

  it("is left out where the entry does not run all of it", () => {
    const analysed = [suspected([place(1), place(2)], [place(3), place(4)])];
    const covers = (it: ReturnType<typeof at>): boolean => it.start.line !== 1;
    expect(suspects(analysed, covers)).toEqual([["file:///a.go:2:1", "file:///a.go:3:1"]]);
  });

  it("goes on with what else the same defect may come to", () => {
    const or: Candidate = { outcome: "panic", places: [[place(3)]] };
    const candidate: Candidate = { outcome: "race", places: [[place(1), place(2)]], or };
    expect(suspects([{ finding, candidate, assumed: false }], everything)).toEqual([
      ["file:///a.go:0:1", "file:///a.go:1:1"],
      ["file:///a.go:2:1", "file:///a.go:2:1"],
    ]);
  });
});

describe("what is to happen in an order in which nothing fails", () => {
  const groups = [[place(1), place(2), place(3)]];
  const asked: Analysed = { finding, candidate: { outcome: "ok", places: groups }, assumed: false };

  it("is a look, another goroutine's write and the act, as extents, each once", () => {
    const [found, ...others] = betweens([asked, asked], everything);
    expect(others).toEqual([]);
    expect(found?.places.map((it) => it.replace(/-.*/, ""))).toEqual([
      "file:///a.go:0:1",
      "file:///a.go:1:1",
      "file:///a.go:2:1",
    ]);
  });

  it("is not asked of what fails, nor where the entry does not run all of it", () => {
    expect(betweens([suspected(...groups)], everything)).toEqual([]);
    expect(betweens([asked], (it) => it.start.line !== 1)).toEqual([]);
  });
});

describe("orders in which a model goes wrong", () => {
  const candidate: Candidate = {
    outcome: "deadlock",
    places: [[place(3), place(4)]],
    orders: [
      [
        { thread: 1, place: place(1) },
        { thread: 2, place: place(1) },
      ],
      [],
    ],
  };
  const asked: Analysed = { finding, candidate, assumed: true };

  it("are handed on as places, each order once, where the entry runs all of it", () => {
    expect(orders([asked, suspected([place(1)]), asked], everything)).toEqual([
      [
        { thread: 1, place: "file:///a.go:0:1" },
        { thread: 2, place: "file:///a.go:0:1" },
      ],
    ]);
    expect(orders([asked], (it) => it.start.line !== 0)).toEqual([]);
  });
});
