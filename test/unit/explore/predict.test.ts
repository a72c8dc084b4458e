// One execution and what it lets us expect: its races turned round, the passing run nearest to a failing one, and which of
// its steps what went wrong depends on.

import { describe, expect, it } from "vitest";
import { contrast, type ContrastOptions } from "../../../language-server/explore/contrast.js";
import { otherWays, sharedStarts } from "../../../language-server/explore/other-ways.js";
import { essentialSteps } from "../../../language-server/explore/essential.js";
import { reversals } from "../../../language-server/explore/predict.js";
import { following } from "../../../language-server/explore/shorten.js";
import { execute, natural, type Execution } from "../../../language-server/explore/strategy.js";
import { asItRuns, type Machine } from "../../../language-server/explore/vm/machine.js";
import { makeMachine } from "../../../language-server/explore/vm/make-machine.js";
import type { Program } from "../../../language-server/ir/ir.js";
import { explored, jobOf, threads } from "./programs.js";

interface Run {
  readonly machine: Machine;
  readonly execution: Execution;
}

function run(program: Program, ghosts = false): Run {
  const machine = makeMachine(program);
  machine.configure({ ...asItRuns, telling: false, ghosts });
  return { machine, execution: execute(machine, jobOf(program).entry, natural, 200) };
}

/** The steps of the races that are turned round, and who steps when. */
function predicted(program: Program): readonly (readonly [readonly [number, number], string])[] {
  const { machine, execution } = run(program, true);
  machine.reset(jobOf(program).entry);
  return [...reversals(machine, execution.choices)].map(({ steps, choices }) => [
    steps,
    choices.map((it) => it.thread).join(""),
  ]);
}

describe("predictions", () => {
  it("turn each race round and leave the rest in its order", () => {
    // Main starts both in its last steps; each thread begins, then adds twice.
    const program = threads(["add x; add y", "add x; add y"], { waits: false });
    expect(predicted(program)).toEqual([
      [[5, 8], "000" + "11" + "22" + "2" + "1"],
      [[4, 7], "000" + "1" + "2" + "2" + "112"],
    ]);
  });

  it("have nothing to say where all is independent", () => {
    expect(predicted(threads(["add x", "add y"], { waits: false }))).toEqual([]);
  });

  it("let go first who waits at the end", () => {
    const program = threads(["lock a", "lock a"]);
    const { execution } = run(program, true);
    const length = execution.choices.length;
    const waiting = predicted(program).filter(([[, second]]) => second === length);
    expect(waiting.length).toBeGreaterThan(0);
    for (const [, order] of waiting) expect(order.indexOf("2")).toBeGreaterThan(0);
  });

  it("have room for as many threads as there are", () => {
    const program = threads(Array.from({ length: 40 }, () => "add x"));
    expect(predicted(program).length).toBeGreaterThan(30);
  });
});

describe("the passing run nearest to a failing one", () => {
  const program = threads([
    "lock a; lock b; unlock b; unlock a",
    "lock b; lock a; unlock a; unlock b",
  ]);
  const failing = explored(program).found[0]?.schedule.choices ?? [];
  const options = (machine: Machine): ContrastOptions => ({
    machine,
    entry: jobOf(program).entry,
    depth: 200,
    most: 50,
    passes: ({ halt }) => halt?.kind === "finished" && halt.outcome.kind === "ok",
    interrupted: () => false,
    known: null,
  });

  it("differs in one race", () => {
    const { machine } = run(program);
    const found = contrast(failing, options(machine));
    expect(found).not.toBeNull();
    const [first, second] = found?.steps ?? [0, 0];
    expect(first).toBeLessThan(second);
    const again = execute(machine, jobOf(program).entry, following(found?.choices ?? []), 200);
    expect(again.halt).toMatchObject({ kind: "finished", outcome: { kind: "ok" } });
  });

  it("goes by what is known to pass where no single change does", () => {
    const { machine } = run(program);
    const whole = options(machine);
    const [known] = [contrast(failing, whole)?.choices ?? []];
    const same = (it: Execution): boolean => JSON.stringify(it.choices) === JSON.stringify(known);
    // Whatever else passes does not count: it has to be found by going towards it.
    const found = contrast(failing, { ...whole, known, passes: same });
    expect(found?.choices).toEqual(known);
    const nothing = contrast(failing, { ...whole, known: null, passes: () => false });
    expect(nothing).toBeNull();
  });

  it("is looked for at the latest choice first, with what came before as it was", () => {
    const { machine } = run(program);
    const ways = [...otherWays(machine, jobOf(program).entry, failing)];
    expect(ways.length).toBeGreaterThan(2);
    for (const [index, { at, choices }] of ways.entries()) {
      expect(at).toBeLessThanOrEqual(ways[index - 1]?.at ?? failing.length);
      expect(choices.slice(0, at)).toEqual(failing.slice(0, at));
      expect(choices[at]).not.toEqual(failing[at]);
    }
  });

  it("has what the other schedule has left after a shared start", () => {
    const of = (...threads: readonly number[]): readonly { readonly thread: number }[] =>
      threads.map((thread) => ({ thread }));
    const starts = [...sharedStarts(of(0, 1, 1, 2), of(0, 2, 1, 1))];
    expect(starts.map((it) => it.map(({ thread }) => thread).join(""))).toEqual([
      "0112",
      "0121",
      "0211",
    ]);
  });

  it("is not there when nothing passes, and not looked for beyond the limits", () => {
    const { machine } = run(program);
    const tried = { ...options(machine), passes: () => false };
    expect(contrast(failing, tried)).toBeNull();
    expect(contrast(failing, { ...options(machine), most: 0 })).toBeNull();
    expect(contrast(failing, { ...options(machine), interrupted: () => true })).toBeNull();
  });
});

describe("the steps that a failure depends on", () => {
  function essential(program: Program): {
    readonly kind: string;
    readonly threads: readonly number[];
  } {
    const [found] = explored(program).found;
    if (found === undefined) throw new Error("nothing found");
    const { schedule, outcome, kind } = found;
    const machine = makeMachine(program);
    const marks = essentialSteps(machine, jobOf(program).entry, schedule, outcome);
    expect(marks.length).toBe(schedule.choices.length);
    const its = schedule.choices.filter((_, index) => marks[index] === true).map((it) => it.thread);
    return { kind, threads: [...new Set(its)].sort() };
  }

  it("are not those of threads that have nothing to do with it", () => {
    const bystander = "add z; add z";
    const crash = essential(threads([bystander, "add x; unlock m"], { waits: false }));
    expect(crash).toEqual({ kind: "panic", threads: [0, 2] });
  });

  it("are those of both sides of a race", () => {
    expect(essential(threads(["write x", "write x"]))).toEqual({
      kind: "race",
      threads: [0, 1, 2],
    });
  });

  it("are those of all that wait for each other", () => {
    const texts = ["lock a; lock b; unlock b; unlock a", "lock b; lock a; unlock a; unlock b"];
    const program = threads([...texts, "add z; add z"], { waits: false });
    expect(essential(program)).toEqual({ kind: "deadlock", threads: [0, 1, 2] });
  });

  it("are all of them when nothing failed", () => {
    const program = threads(["add x", "add y"]);
    const { natural: schedule } = explored(program);
    const marks = essentialSteps(makeMachine(program), jobOf(program).entry, schedule, {
      kind: "ok",
    });
    expect(marks.every((it) => it)).toBe(true);
  });
});
