import { describe, expect, test } from "vitest";
import { LocationSet } from "../../../language-server/analysis/facts/locations.js";
import { TokenSets } from "../../../language-server/analysis/facts/token-sets.js";
import { intersection, union, without } from "../../../language-server/analysis/facts/tokens.js";
import { Random } from "../../harness/random.js";

function sorted(random: Random, most: number): readonly number[] {
  const all = Array.from({ length: random.below(most) }, () => random.below(3 * most) - most);
  return [...new Set(all)].sort((a, b) => a - b);
}

describe("sets that are made once", () => {
  test("are as those that are made again", () => {
    const random = new Random(7);
    const sets = new TokenSets();
    const known = Array.from({ length: 40 }, () => sorted(random, 30));
    for (let round = 0; round < 3000; round++) {
      const [left, right] = [random.pick(known), random.pick(known)];
      for (const [once, again] of [
        [sets.union, union],
        [sets.intersection, intersection],
        [sets.without, without],
      ] as const) {
        const made = once(left, right);
        expect(made).toEqual(again(left, right));
        expect(made === left).toBe(again(left, right) === left);
        if (round % 50 === 0) known[random.below(known.length)] = made;
      }
    }
  });

  test("are identical when they are equal, and only then", () => {
    const random = new Random(11);
    const sets = new TokenSets();
    for (let round = 0; round < 1000; round++) {
      const [left, right] = [sorted(random, 4), sorted(random, 4)];
      const isEqual = left.join() === right.join();
      expect(sets.only(left) === sets.only(right)).toBe(isEqual);
      expect(sets.number(left) === sets.number(right)).toBe(isEqual);
    }
  });
});

test("locations are a set that keeps its order", () => {
  const random = new Random(3);
  for (const bound of [6, 20, 5000]) {
    const [ours, theirs] = [new LocationSet(), new Set<number>()];
    for (let round = 0; round < bound; round++) {
      const it = random.below(bound);
      expect(ours.has(it)).toBe(theirs.has(it));
      if (!ours.has(it)) ours.append(it);
      theirs.add(it);
    }
    expect([...ours]).toEqual([...theirs]);
    expect(ours.size).toBe(theirs.size);
  }
});
