import { describe, expect, test } from "vitest";
import {
  bothEffects,
  noEffects,
  seenFrom,
} from "../../../language-server/analysis/facts/effects.js";
import type { SpanId } from "../../../language-server/ir/ir.js";
import { atStart, type State } from "../../../language-server/analysis/facts/state.js";
import { intersection, union } from "../../../language-server/analysis/facts/tokens.js";
import { Random } from "../../harness/random.js";

const lock = { locks: [7], shared: false, span: 0 as SpanId };

/** What two callers bring together: one holds the lock, the other has started goroutine 3 and given token 40. */
const merged: State = {
  held: [],
  live: new Map([
    [-1, []],
    [3, []],
  ]),
  received: [],
  signalled: [40],
};

describe("a call of a function that many call", () => {
  test("leaves its caller the lock and what it received", () => {
    const before: State = { ...atStart, held: [lock], received: [12] };
    const after = seenFrom(before, merged, noEffects);
    expect(after.held).toEqual([lock]);
    expect(after.received).toEqual([12]);
  });

  test("does not tell its caller what only others know", () => {
    const after = seenFrom(atStart, merged, noEffects);
    expect([...after.live.keys()]).toEqual([-1]);
    expect(after.signalled).toEqual([]);
  });

  test("tells what the function itself does", () => {
    const before: State = { ...atStart, held: [lock] };
    const after = seenFrom(before, merged, { gives: [40], releases: [7], starts: [3] });
    expect(after.held).toEqual([]);
    expect([...after.live.keys()].sort()).toEqual([-1, 3]);
    expect(after.signalled).toEqual([40]);
  });

  test("effects that add nothing are the same", () => {
    const effects = { gives: [1, 2], releases: [3], starts: [] };
    expect(bothEffects(effects, { gives: [2], releases: [], starts: [] })).toBe(effects);
  });
});

describe("sets of tokens", () => {
  test("are as sets are, and the same when nothing changes", () => {
    const random = new Random(1);
    const set = (): number[] => {
      const all = new Set(Array.from({ length: random.below(8) }, () => random.below(12) - 4));
      return [...all].sort((a, b) => a - b);
    };
    for (let round = 0; round < 2000; round++) {
      const [left, right] = [set(), set()];
      const both = left.filter((it) => right.includes(it));
      const all = [...new Set([...left, ...right])].sort((a, b) => a - b);
      expect(union(left, right)).toEqual(all);
      expect(intersection(left, right)).toEqual(both);
      if (all.length === left.length) expect(union(left, right)).toBe(left);
      if (both.length === left.length) expect(intersection(left, right)).toBe(left);
    }
  });
});
