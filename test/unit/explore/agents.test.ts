// The machine of several agents: going back is exact, and what the search leaves out ends like something that it runs.

import * as tsMorph from "ts-morph";
import { describe, expect, it } from "vitest";
import { neverCancelled } from "../../../language-server/base/cancel.js";
import { searchAll } from "../../../language-server/explore/dpor/adaptive.js";
import { endKind } from "../../../language-server/explore/ending.js";
import { uncontrolled } from "../../../language-server/explore/explorer.js";
import { explore } from "../../../language-server/explore/portfolio.js";
import { createAgentMachine } from "../../../language-server/explore/vm/agents/machine.js";
import { asItRuns, type Machine } from "../../../language-server/explore/vm/machine.js";
import { lowerTs } from "../../../language-server/frontend/ts/frontend.js";
import { parseProgram } from "../../../language-server/ir/parse.js";
import { printProgram } from "../../../language-server/ir/print.js";
import type { FuncId, Program } from "../../../language-server/ir/ir.js";
import { Random } from "../../harness/random.js";

const uri = "file:///agents/main.ts";

function lowered(text: string): { readonly program: Program; readonly entry: FuncId } {
  const readFile = (it: string): string | null => (it === uri ? text : null);
  const { program, gaps } = lowerTs({ uri, readFile }, tsMorph, neverCancelled);
  expect(gaps).toEqual([]);
  const [entry] = program.entries;
  if (entry === undefined) throw new Error("no entry");
  return { program, entry: entry.func };
}

/** Two or three workers with a few operations each; what they saw is printed by the one who started them. */
function randomProgram(random: Random): string {
  const index = (): number => random.below(2);
  const value = (): number => random.below(3);
  const operations: readonly (() => string)[] = [
    () => `Atomics.store(c, ${index()}, ${value()});`,
    () => `saw.push(Atomics.load(c, ${index()}));`,
    () => `saw.push(Atomics.add(c, ${index()}, 1));`,
    () => `saw.push(Atomics.compareExchange(c, ${index()}, ${value()}, ${value()}));`,
    () => `saw.push(c[${index()}]);`,
    () => `c[${index()}] = ${value()};`,
    () => `saw.push(Atomics.wait(c, ${index()}, ${value()}));`,
    () => `saw.push(Atomics.notify(c, ${index()}));`,
    () => `parentPort.postMessage("${"xyz"[value()] ?? ""}");`,
    () => `while (Atomics.load(c, ${index()}) === 2);`,
  ];
  const workers = Array.from({ length: 2 + random.below(2) }, () =>
    Array.from({ length: 1 + random.below(3) }, () =>
      operations[random.below(operations.length)]?.(),
    ).join(" "),
  );
  return `import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
if (isMainThread) {
  const c = new Int32Array(new SharedArrayBuffer(8));
  for (let n = 0; n < ${workers.length}; n++) {
    new Worker(__filename, { workerData: { c, n } }).on("message", (it) => console.log(n, it));
  }
} else {
  const { c, n } = workerData;
  const saw = [];
  switch (n) {
${workers.map((it, at) => `    case ${at}: ${it} break;`).join("\n")}
  }
  parentPort.postMessage(saw.join());
}
`;
}

function endOf(machine: Machine): string {
  return `${endKind(machine, machine.halted()) ?? "cut"} ${machine.output()}`;
}

const mostStates = 20_000;

/** All ends, by going through all states; null when there are too many. */
function everyEnd(
  program: Program,
  entry: FuncId,
  visible: ReadonlySet<string>,
): Set<string> | null {
  const machine = createAgentMachine(program);
  machine.configure({ ...asItRuns, visible });
  machine.reset(entry);
  const ends = new Set<string>();
  const seen = new Set<string>();
  const visit = (): void => {
    const key = `${machine.hash()} ${machine.races().length > 0} ${machine.output()}`;
    if (seen.has(key) || seen.size > mostStates) return;
    seen.add(key);
    if (machine.halted() !== undefined) {
      ends.add(endOf(machine));
      return;
    }
    for (const choice of machine.enabled()) {
      const mark = machine.mark();
      machine.step(choice);
      visit();
      machine.undoTo(mark);
      expect(`${machine.hash()} ${machine.races().length > 0} ${machine.output()}`).toBe(key);
    }
  };
  visit();
  return seen.size > mostStates ? null : ends;
}

describe("random programs", () => {
  let compared = 0;

  it.each(Array.from({ length: 40 }, (_, seed) => seed))("%d: all ends are found", (seed) => {
    const text = randomProgram(new Random(seed));
    const { program, entry } = lowered(text);
    const limits = { executions: 20_000, depth: 400, millis: 60_000 };
    const job = { program, entry, limits, candidates: [] };
    const { natural } = explore(job, createAgentMachine, uncontrolled);
    const visible = new Set(natural.visible);
    const expected = everyEnd(program, entry, visible);
    if (expected === null) return;
    compared++;
    const ends = new Set<string>();
    const machine = createAgentMachine(program);
    searchAll(
      { machine, entry, depth: 400, visible, time: "quiet" },
      () => {
        ends.clear();
      },
      () => {
        ends.add(endOf(machine));
        return "go on";
      },
    );
    expect([...ends].sort(), text).toEqual([...expected].sort());
  });

  it("are mostly small enough to go through all their states", () => {
    expect(compared).toBeGreaterThanOrEqual(30);
  });
});

it("what is in shared memory is not told of a variable, whose value is kept elsewhere", () => {
  const { program, entry } = lowered(
    "{\nconst c = new Int32Array(new SharedArrayBuffer(8));\nAtomics.store(c, 1, 7);\nconsole.log(c);\n}\n",
  );
  const machine = createAgentMachine(program);
  machine.configure({ ...asItRuns, visible: new Set() });
  machine.reset(entry);
  const told = new Set<string>();
  for (let next = machine.enabled()[0]; next !== undefined; next = machine.enabled()[0]) {
    machine.step(next);
    for (const { name, value } of machine.variables(0)) told.add(`${name} = ${value}`);
  }
  expect(machine.output()).toBe("Int32Array(2) [ 0, 7 ]\n");
  expect([...told]).toContain("c = Int32Array(2) [ <shared memory> ]");
});

it("workers are part of the text of a program", () => {
  const { program } = lowered(randomProgram(new Random(1)));
  const told = (it: Program): readonly string[] =>
    printProgram(it)
      .split("\n")
      .filter((line) => line.startsWith("worker"));
  expect(told(program)).toMatchObject(["workers node", expect.stringContaining(`"${uri}"`)]);
  expect(told(parseProgram(printProgram(program)))).toEqual(told(program));
});
