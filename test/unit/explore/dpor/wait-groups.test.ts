import { describe, expect, it } from "vitest";
import type { Program } from "../../../../language-server/ir/ir.js";
import { executed } from "../../../harness/executed.js";
import { spawning, type Operation } from "../../../harness/oracle/program.js";
import { toIr } from "../../../harness/oracle/to-ir.js";

const add: Operation = { kind: "wg-add", group: 0, delta: 1 };
const addTwo: Operation = { kind: "wg-add", group: 0, delta: 2 };
const done: Operation = { kind: "wg-add", group: 0, delta: -1 };

/** Main does `before`, starts the threads, and then nothing. */
function program(
  before: readonly Operation[],
  ...threads: readonly (readonly Operation[])[]
): Program {
  const { threads: all, ...rest } = spawning(threads, { groups: 1 });
  const [main = [], ...others] = all;
  return toIr({ ...rest, threads: [[...before, ...main], ...others] });
}

/** Main is thread 0; the first step of each thread is its beginning. */
function mayRunShort(it: Program, order: readonly number[]): boolean {
  return executed(it, order).execution.mayRunShort();
}

describe("the counter of a wait group", () => {
  it("does not run short when all is added before the threads start", () => {
    expect(mayRunShort(program([addTwo], [done], [done]), [])).toBe(false);
    expect(mayRunShort(program([add, add], [done], [done]), [])).toBe(false);
  });

  it("may run short when another thread adds, in whatever order they ran", () => {
    const it = program([], [add], [done]);
    expect(mayRunShort(it, [0, 0, 0, 1, 1, 2, 2])).toBe(true);
    expect(mayRunShort(program([add], [add], [done], [done]), [0, 0, 0, 0, 0, 1, 1])).toBe(true);
  });

  it("does not run short when a thread takes back what it added itself", () => {
    expect(mayRunShort(program([add], [add, done], [done]), [])).toBe(false);
    // Its own comes first, so that what main added is left for the other.
    const order = [0, 0, 0, 0, 1, 1, 1, 2, 2];
    expect(mayRunShort(program([add], [add, done], [done]), order)).toBe(false);
  });

  it("has run short when it is negative", () => {
    expect(mayRunShort(program([add], [done, done]), [])).toBe(true);
  });

  it("is short of one where two take the same", () => {
    expect(mayRunShort(program([addTwo], [done], [done], [done]), [])).toBe(true);
    expect(mayRunShort(program([addTwo, add], [done], [done], [done]), [])).toBe(false);
  });
});
