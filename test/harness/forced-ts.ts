// Runs a schedule of an event loop on the real Node: what is asked of the world outside is a deferred promise, and they are
// settled in the order in which the replies arrive in the schedule.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as tsMorph from "ts-morph";
import type { Choice, Witness } from "../../protocol/witness.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { asItRuns, type Halt, type LoopChoice } from "../../language-server/explore/vm/machine.js";
import { createTsMachine } from "../../language-server/explore/vm/ts-machine.js";
import { lowerTs } from "../../language-server/frontend/ts/frontend.js";
import { funcOf } from "../../language-server/ir/access.js";
import type { FuncId, Program } from "../../language-server/ir/ir.js";
import { root, uriOf } from "./engine.js";

/** How an execution ends: what it has printed, and whether an error ended it. */
export interface End {
  readonly output: string;
  readonly failed: boolean;
}

export interface Forced {
  /** In our machine: the schedule, and after its end whoever comes first. */
  readonly machine: End;
  readonly node: End;
}

/** Runs the schedule of a witness of the file in both. The file asks for nothing but replies of declared functions. */
export function forced(file: string, { schedule }: Witness): Forced {
  const readFile = (uri: string): string | null =>
    uri.startsWith("file://") ? textOf(fileURLToPath(uri)) : null;
  const { program } = lowerTs({ uri: uriOf(file), readFile }, tsMorph, neverCancelled);
  const entry = program.entries.find((it) => funcOf(program, it.func).name === schedule.entry);
  if (entry === undefined) throw new Error(`${file}: no entry ${schedule.entry}`);
  const told = runTold(program, entry.func, schedule.visible, schedule.choices);
  return { machine: told.end, node: inNode(file, repliesOf(program, entry.func, told.tasks)) };
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

/** A task by its lane and which of the lane's it is. */
type Told = LoopChoice["told"];

function runTold(
  program: Program,
  entry: FuncId,
  visible: readonly string[],
  choices: readonly Choice[],
): { readonly tasks: readonly Told[]; readonly end: End } {
  const machine = createTsMachine(program);
  machine.configure({ ...asItRuns, visible: new Set(visible) });
  machine.reset(entry);
  const tasks: Told[] = [];
  for (let nth = 0; machine.halted() === undefined; nth++) {
    const choice = choices[nth] ?? machine.enabled()[0];
    if (choice === undefined) throw new Error("stuck");
    const { action } = machine.step(choice);
    if (action.kind === "task") tasks.push({ thread: choice.thread, arm: choice.arm ?? 0 });
  }
  return { tasks, end: { output: machine.output(), failed: failedIn(machine.halted()) } };
}

function failedIn(halt: Halt | undefined): boolean {
  if (halt?.kind !== "finished") throw new Error(`not run to its end: ${JSON.stringify(halt)}`);
  return halt.outcome.kind === "panic" || halt.outcome.kind === "assertion";
}

/** Of each task that runs, the how-manieth reply of all it is, from 0. */
function repliesOf(program: Program, entry: FuncId, tasks: readonly Told[]): readonly number[] {
  const machine = createTsMachine(program);
  machine.configure({ ...asItRuns, wholeTasks: true });
  machine.reset(entry);
  machine.step({ thread: 0 });
  return tasks.map((told) => {
    const choice = (machine.enabled() as readonly LoopChoice[]).find(
      (it) => it.told.thread === told.thread && it.told.arm === told.arm,
    );
    if (choice === undefined) throw new Error("the task is not there");
    machine.step(choice);
    return choice.thread - 1;
  });
}

/** What the machine lets a declared function reply, by the type that it is declared with. */
const values: Readonly<Record<string, unknown>> = {
  void: undefined,
  number: 0,
  string: "",
  boolean: false,
};

function inNode(file: string, order: readonly number[]): End {
  const text = readFileSync(path.join(root, file), "utf8");
  const declared = [...text.matchAll(/^declare function (\w+)\(.*\): Promise<(\w+)>;/gm)];
  const names = declared.map(([, name = "", type = ""]) => {
    if (!Object.hasOwn(values, type)) throw new Error(`${file}: a reply of type ${type}`);
    return `globalThis.${name} = () => reply(${JSON.stringify(values[type])});`;
  });
  const preload = `const waiting = [];
const order = ${JSON.stringify(order)};
const reply = (value) => new Promise((resolve) => {
  waiting.push(() => resolve(value));
  setImmediate(next);
});
function next() {
  if (order.length === 0 || waiting[order[0]] === undefined) return;
  waiting[order.shift()]();
  setImmediate(next);
}
process.on("exit", () => { if (order.length > 0) console.log("schedule: left at reply", order[0]); });
${names.join("\n")}
`;
  const preloadUrl = `data:text/javascript,${encodeURIComponent(preload)}`;
  const { status, stdout } = spawnSync(process.execPath, ["--import", preloadUrl, file], {
    cwd: root,
    encoding: "utf8",
    env: { NO_COLOR: "1", NODE_NO_WARNINGS: "1" },
  });
  return { output: stdout, failed: status !== 0 };
}
