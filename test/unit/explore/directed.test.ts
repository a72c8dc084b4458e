// Executions in the order that somebody asks for.

import { describe, expect, it } from "vitest";
import { present } from "../../../language-server/base/assert.js";
import { inOrder } from "../../../language-server/explore/directed.js";
import { execute, natural } from "../../../language-server/explore/strategy.js";
import { asItRuns, type Halt, type Machine } from "../../../language-server/explore/vm/machine.js";
import { makeMachine } from "../../../language-server/explore/vm/make-machine.js";
import { placeOf } from "../../../language-server/ir/access.js";
import type { Program } from "../../../language-server/ir/ir.js";
import { jobOf, threads } from "./programs.js";

const crossed = threads([
  "lock a; lock b; unlock b; unlock a",
  "lock b; lock a; unlock a; unlock b",
]);

/** Two threads of one function. */
function twice(text: string, channels: Readonly<Record<string, number>>): Program {
  const program = threads([text, text], { channels });
  const [only] = program.funcs.filter((it) => it.name === "main.t0");
  const funcs = program.funcs.map((func) => ({
    ...func,
    blocks: func.blocks.map((block) => ({
      ...block,
      instrs: block.instrs.map((it) =>
        it.op === "spawn" && only !== undefined
          ? { ...it, callee: { kind: "static", func: only.id } as const }
          : it,
      ),
    })),
  }));
  return { ...program, funcs };
}

function machineOf(program: Program): Machine {
  const machine = makeMachine(program);
  machine.configure({ ...asItRuns, telling: false });
  return machine;
}

type Step = readonly [thread: number, place: string];

/** Where the locks are taken, by function. */
function acquires(program: Program): ReadonlyMap<string, readonly string[]> {
  return new Map(
    program.funcs.map((func) => {
      const taken = func.blocks.flatMap((it) => it.instrs).filter((it) => it.op === "acquire");
      return [func.name, taken.map((it) => placeOf(program, it.span))] as const;
    }),
  );
}

/** `order`: threads and places by turns. */
function endOf(program: Program, order: readonly (readonly [number, string])[]): string {
  const machine = machineOf(program);
  const strategy = inOrder(
    machine,
    program,
    order.map(([thread, place]) => ({ thread, place })),
  );
  const { halt } = execute(machine, jobOf(program).entry, strategy, 200);
  return kindOf(halt);
}

function kindOf(halt: Halt | undefined): string {
  return halt?.kind === "finished" ? halt.outcome.kind : "cut";
}

describe("an order of events", () => {
  const places = acquires(crossed);
  const of = (name: string, thread: number): readonly (readonly [number, string])[] =>
    present(places.get(name), name).map((it) => [thread, it] as const);
  const [first, firstWaits] = of("main.t0", 1) as [Step, Step];
  const [second, secondWaits] = of("main.t1", 2) as [Step, Step];
  const waits = [firstWaits, secondWaits];

  it("is followed: who comes too early waits", () => {
    expect(kindOf(execute(machineOf(crossed), jobOf(crossed).entry, natural, 200).halt)).toBe("ok");
    expect(endOf(crossed, [first, second, ...waits])).toBe("deadlock");
    expect(endOf(crossed, [second, first, ...waits])).toBe("deadlock");
  });

  it("leaves out what nobody comes to, and holds nobody back for ever", () => {
    const nowhere: Step = [3, "file:///p.go:99:0"];
    expect(endOf(crossed, [nowhere, first, second, ...waits])).toBe("deadlock");
    expect(endOf(crossed, [second, secondWaits, first, firstWaits])).toBe("ok");
    expect(endOf(crossed, [])).toBe("ok");
  });

  it("tells those apart who do the same", () => {
    const program = twice("send c; send c; recv c; recv c", { c: 2 });
    const [one = "", two = ""] = program.funcs
      .flatMap(({ blocks }) => blocks.flatMap((it) => it.instrs))
      .flatMap((it) => (it.op === "send" ? [placeOf(program, it.span)] : []));
    expect(kindOf(execute(machineOf(program), jobOf(program).entry, natural, 200).halt)).toBe("ok");
    const each: readonly Step[] = [
      [1, one],
      [2, one],
      [1, two],
      [2, two],
    ];
    expect(endOf(program, each)).toBe("deadlock");
  });
});
