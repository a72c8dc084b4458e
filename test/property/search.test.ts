// The search leaves out what its independence relation says is the same. Here every interleaving of random programs is run
// without it, and nothing that can happen may be missing.

import { describe, expect, it } from "vitest";
import { depthFirst } from "../../language-server/explore/dfs.js";
import { asItRuns, type Machine } from "../../language-server/explore/vm/machine.js";
import { makeMachine } from "../../language-server/explore/vm/make-machine.js";
import { extentOf, typeOf } from "../../language-server/ir/access.js";
import type { Program } from "../../language-server/ir/ir.js";
import type { TypeId } from "../../language-server/ir/types.js";
import { threads } from "../unit/explore/programs.js";
import { Random } from "../harness/random.js";

interface Feature {
  readonly name: string;
  readonly ops: readonly string[];
  readonly channels?: Readonly<Record<string, number>>;
  readonly programs: number;
}

const features: readonly Feature[] = [
  { name: "memory", ops: ["read x", "write x", "inc x", "read y", "write y"], programs: 37 },
  {
    name: "atomics and memory",
    ops: ["add a", "add b", "read x", "write x", "inc y"],
    programs: 25,
  },
  {
    name: "locks",
    ops: ["lock m", "unlock m", "lock n", "unlock n", "trylock m", "write x"],
    programs: 50,
  },
  {
    name: "reader and writer locks",
    ops: ["rlock m", "runlock m", "rwlock m", "rwunlock m", "read x", "write x"],
    programs: 50,
  },
  {
    name: "channels",
    ops: ["send c", "recv c", "send d", "recv d", "close c", "write x"],
    channels: { c: 0, d: 1 },
    programs: 50,
  },
  {
    name: "select",
    ops: ["send c", "send d", "select c d", "poll c", "recv d", "close d"],
    channels: { c: 0, d: 1 },
    programs: 50,
  },
  {
    name: "once, conditions, wait groups",
    ops: [
      "once o",
      "onceend o",
      "signal v",
      "broadcast v",
      "enqueue v",
      "wgdone",
      "yield",
      "write x",
    ],
    programs: 25,
  },
  {
    name: "everything",
    ops: [
      "lock m",
      "unlock m",
      "send c",
      "recv c",
      "select c d",
      "poll d",
      "close d",
      "add a",
      "write x",
      "read x",
      "rlock r",
      "runlock r",
      "rwlock r",
      "rwunlock r",
      "goexit",
    ],
    channels: { c: 0, d: 1 },
    programs: 50,
  },
];

/** Executions of one program beyond which it is left for another. */
const most = 1500;

function randomProgram(feature: Feature, random: Random): Program {
  const count = 2 + random.below(2);
  const texts = Array.from({ length: count }, () => {
    const length = 1 + random.below(count === 2 ? 4 : 3);
    return Array.from({ length }, () => random.pick(feature.ops)).join("; ");
  });
  const waits = random.below(4) > 0;
  return threads(texts, { channels: feature.channels ?? {}, waits });
}

function machineOf(program: Program): Machine {
  const machine = makeMachine(program);
  const accesses = program.funcs
    .flatMap((func) => func.blocks.flatMap((block) => block.instrs))
    .filter((it) => (it.op === "load" || it.op === "store") && isInt(program, it.type));
  const spans = accesses.map((it) => it.span);
  const visible = new Set(spans.map((it) => extentOf(program, it)));
  machine.configure({ ...asItRuns, visible });
  return machine;
}

/** Accesses of the shared integers; that threads also load their channels is not of interest. */
function isInt(program: Program, id: TypeId): boolean {
  return typeOf(program, id).kind === "basic";
}

/** How an execution ended: enough to tell behaviours apart that the search must not merge. */
function ending(machine: Machine): string {
  const halt = machine.halted();
  const outcome = halt?.kind === "finished" ? halt.outcome.kind : (halt?.kind ?? "running");
  return `${outcome} ${machine.hash()}`;
}

/** Every interleaving, without any reduction; null when there are too many. */
function everyEnding(program: Program): Set<string> | null {
  const machine = machineOf(program);
  const [entry] = program.entries;
  if (entry === undefined) throw new Error("no entry");
  machine.reset(entry.func);
  const endings = new Set<string>();
  let executions = 0;
  const visit = (): boolean => {
    if (machine.halted() !== undefined) {
      endings.add(ending(machine));
      executions++;
      return executions <= most;
    }
    return machine.enabled().every((choice) => {
      const mark = machine.mark();
      machine.step(choice);
      const goOn = visit();
      machine.undoTo(mark);
      return goOn;
    });
  };
  return visit() ? endings : null;
}

function searchedEndings(program: Program): Set<string> {
  const machine = machineOf(program);
  const [entry] = program.entries;
  if (entry === undefined) throw new Error("no entry");
  const endings = new Set<string>();
  depthFirst({
    machine,
    entry: entry.func,
    depth: 1000,
    interrupted: () => false,
    wasted: () => "go on",
    visit: () => {
      endings.add(ending(machine));
      return "go on";
    },
  });
  return endings;
}

describe("the search misses nothing that can happen", () => {
  it.each(features)("$name", (feature) => {
    let compared = 0;
    for (let seed = 1; compared < feature.programs && seed < feature.programs * 20; seed++) {
      const program = randomProgram(feature, new Random(seed));
      const all = everyEnding(program);
      if (all === null) continue;
      const searched = searchedEndings(program);
      const missing = [...all].filter((it) => !searched.has(it));
      expect({ seed, missing }).toEqual({ seed, missing: [] });
      expect([...searched].filter((it) => !all.has(it))).toEqual([]);
      compared++;
    }
    expect(compared).toBe(feature.programs);
  });
});
