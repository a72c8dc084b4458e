import { describe, expect, it } from "vitest";
import { ThreadNames } from "../../../../language-server/explore/dpor/thread-names.js";

describe("names of threads", () => {
  it("do not depend on who started somebody first", () => {
    const names = new ThreadNames();
    const [a, b] = [names.started(0), names.started(0)];
    const ofA = names.started(a);
    const ofB = names.started(b);
    names.takeBack(b);
    names.takeBack(a);
    expect([names.started(b), names.started(a)]).toEqual([ofB, ofA]);
    // The machine counts in the order of time.
    expect([names.toMachine(ofB), names.toMachine(ofA)]).toEqual([3, 4]);
    expect([names.ofMachine(3), names.ofMachine(4)]).toEqual([ofB, ofA]);
    expect(names.count).toBe(5);
  });

  it("are nobody's while their thread is not there", () => {
    const names = new ThreadNames();
    const first = names.started(0);
    const second = names.started(0);
    names.takeBack(0);
    expect([names.toMachine(first), names.toMachine(second)]).toEqual([1, -1]);
    expect(names.toMachine(99)).toBe(-1);
    expect(names.started(0)).toBe(second);
  });

  it("tell the n-th thread of one from the n-th of another", () => {
    const names = new ThreadNames();
    const a = names.started(0);
    const inner = names.started(a);
    expect(new Set([0, a, inner, names.started(0), names.started(a)]).size).toBe(5);
  });
});
