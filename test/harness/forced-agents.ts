// Runs a schedule of several threads on the real Node: each thread's operations on shared memory, messages and workers wait for
// their turn, in the order of the schedule (`gate.mjs`).

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as tsMorph from "ts-morph";
import type { Choice, Witness } from "../../protocol/witness.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { createAgentMachine } from "../../language-server/explore/vm/agents/machine.js";
import { asItRuns, type Event, type Machine } from "../../language-server/explore/vm/machine.js";
import { lowerTs } from "../../language-server/frontend/ts/frontend.js";
import { funcOf, spanOf } from "../../language-server/ir/access.js";
import type { FuncId, Program } from "../../language-server/ir/ir.js";
import { root, uriOf } from "./engine.js";
import { instrumented } from "./instrumented.js";

/** How an execution ends: what it has printed, whether an error ended it, and whether it goes on for ever without doing anything. */
export interface End {
  readonly output: string;
  readonly failed: boolean;
  readonly hung: boolean;
}

export interface Forced {
  /** In our machine: the schedule, and after its end whoever comes first. */
  readonly machine: End;
  readonly node: End;
}

/** Runs the schedule of a witness of the file in both. */
export function forcedAgents(file: string, { schedule }: Witness): Forced {
  const program = lowered(file);
  const entry = program.entries.find((it) => funcOf(program, it.func).name === schedule.entry);
  if (entry === undefined) throw new Error(`${file}: no entry ${schedule.entry}`);
  const { steps, end } = runTold(program, entry.func, schedule.visible, schedule.choices);
  return { machine: end, node: inNode(file, steps) };
}

function lowered(file: string): Program {
  const readFile = (uri: string): string | null =>
    uri.startsWith("file://") ? textOf(fileURLToPath(uri)) : null;
  return lowerTs({ uri: uriOf(file), readFile }, tsMorph, neverCancelled).program;
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

/** A step as `gate.mjs` knows it. */
interface GateStep {
  readonly thread: number;
  readonly kind: "start" | "end" | "op" | "spawn" | "wait" | "woken" | "take";
  readonly site: string;
  /** Of a take: what is taken. */
  readonly source?: string;
  /** Of a notify: how many it wakes. */
  readonly wakes?: number;
  /** Of a spawn: the thread. */
  readonly starts?: number;
}

function runTold(
  program: Program,
  entry: FuncId,
  visible: readonly string[],
  choices: readonly Choice[],
): { readonly steps: readonly GateStep[]; readonly end: End } {
  const machine = createAgentMachine(program);
  machine.configure({ ...asItRuns, visible: new Set(visible) });
  machine.reset(entry);
  const steps: GateStep[] = [];
  for (let nth = 0; machine.halted() === undefined; nth++) {
    const choice = choices[nth] ?? machine.enabled()[0];
    if (choice === undefined) throw new Error("stuck");
    const step = gateStep(program, machine.step(choice));
    if (step !== null) steps.push(step);
  }
  return { steps, end: endOf(machine) };
}

function endOf(machine: Machine): End {
  const halt = machine.halted();
  if (halt?.kind !== "finished") throw new Error(`not run to its end: ${JSON.stringify(halt)}`);
  const { kind } = halt.outcome;
  return {
    output: machine.output(),
    failed: kind === "panic" || kind === "assertion",
    hung: kind === "deadlock" || kind === "livelock",
  };
}

function gateStep(program: Program, { thread, action, span }: Event): GateStep | null {
  const { line, character } = spanOf(program, span).start;
  const at = { thread, site: `${line}:${character}` };
  switch (action.kind) {
    case "start":
      return { ...at, kind: "start" };
    case "end":
      return action.text === undefined ? { ...at, kind: "end" } : null;
    case "panic":
      return thread === 0 ? null : { ...at, kind: "end" };
    case "spawn":
      return { ...at, kind: "spawn", starts: action.thread };
    case "wait":
      return { ...at, kind: action.value === "woken" ? "woken" : "wait" };
    case "signal":
      return { ...at, kind: "op", wakes: Number(action.value) };
    case "task":
      return { ...at, kind: "take", source: sourceOf(action.text) };
    default:
      return { ...at, kind: "op", wakes: 0 };
  }
}

/** `message 2`, `exit 1`, `timer 5`, `message up`. */
function sourceOf(text: string): string {
  const timer = /^when the timer of (\d+) ms fires$/.exec(text)?.[1];
  if (timer !== undefined) return `timer ${timer}`;
  if (text.startsWith("a message of the one who started it")) return "message up";
  const [, what = "", nth = "1"] =
    /^(a message|the end|the error) of [^ :]+(?: #(\d+))?/.exec(text) ?? [];
  const events: Readonly<Record<string, string>> = {
    "a message": "message",
    "the end": "exit",
    "the error": "error",
  };
  const event = events[what];
  if (event === undefined) throw new Error(`a task that cannot be forced: ${text}`);
  return `${event} ${nth}`;
}

const gate = pathToFileURL(path.join(root, "test", "harness", "gate.mjs")).href;
const longest = 90_000;

function inNode(file: string, steps: readonly GateStep[]): End {
  const folder = path.join(root, ".cache", "forced");
  mkdirSync(folder, { recursive: true });
  const target = path.join(folder, file.replaceAll(/[/\\]/g, "-"));
  writeFileSync(target, instrumented(target, readFileSync(path.join(root, file), "utf8")));
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", gate, target], {
    encoding: "utf8",
    env: { NO_COLOR: "1", NODE_NO_WARNINGS: "1", HB_STEPS: JSON.stringify(steps) },
    timeout: longest,
  });
  const left = /^left at step \d+/m.exec(stderr)?.[0];
  if (left !== undefined) throw new Error(`${file}: ${left} of ${JSON.stringify(steps)}`);
  const hung = /^hung$/m.test(stderr);
  return { output: stdout, failed: status !== 0 && !hung, hung };
}
