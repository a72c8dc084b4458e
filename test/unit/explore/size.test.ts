import { describe, expect, it } from "vitest";
import { sizeOf, smaller } from "../../../language-server/explore/size.js";

describe("the size of a schedule", () => {
  it("is its preemptions, then its switches, then its steps", () => {
    const order = [0, 1, 1, 0, 2].map((thread) => ({ thread }));
    expect(sizeOf(order, [false, true, false, false, true])).toEqual([2, 3, 5]);
    expect(sizeOf([], [])).toEqual([0, 0, 0]);
  });

  it("counts no switch between two that meet", () => {
    const order = [{ thread: 0 }, { thread: 1, partner: 0 }, { thread: 0 }, { thread: 1 }];
    expect(sizeOf(order, [false, false, false, false])).toEqual([0, 1, 4]);
  });

  it("counts preemptions only of the steps there are", () => {
    expect(sizeOf([{ thread: 0 }], [false, true, true])).toEqual([0, 0, 1]);
  });
});

describe("a smaller list", () => {
  it.each([
    [[1, 9, 9], [2, 0, 0], true],
    [[1, 2, 9], [1, 3, 0], true],
    [[1, 2, 3], [1, 2, 3], false],
    [[2, 0, 0], [1, 9, 9], false],
  ] as const)("%j before %j: %s", (a, b, expected) => {
    expect(smaller(a, b)).toBe(expected);
  });
});
