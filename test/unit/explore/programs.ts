// Small concurrent programs as IR text. Every line gets a place, so that schedules and findings can name it.

import { parseProgram } from "../../../language-server/ir/parse.js";
import type { ExploreJob, Exploration } from "../../../language-server/explore/explorer.js";
import { explore } from "../../../language-server/explore/portfolio.js";
import { makeMachine } from "../../../language-server/explore/vm/make-machine.js";
import type { Program } from "../../../language-server/ir/ir.js";
import { verify } from "../../../language-server/ir/verify.js";
import { neverCancelled } from "../../../language-server/base/cancel.js";

const header = `program go
type sync.Mutex = struct{state int pkg sync}
type sync.RWMutex = struct{state int pkg sync}
type sync.WaitGroup = struct{state int pkg sync}
`;

/** The program with `file:///p.go`'s own lines as places. */
export function program(text: string): Program {
  const lines = text.trim().split("\n");
  const placed = lines.map((it, index) => {
    const trimmed = it.trim();
    const isCode = /^(?:r\d+:?.* = |store|spawn|acquire|release|send|close|sync|recv|select|call|atomic|map|return|panic|func|global|defer)\b/.test(trimmed);
    if (!isCode && !/^(?:r\d+)/.test(trimmed)) return it;
    const place = `@"file:///p.go" ${index + 1}:1~${index + 1}:${trimmed.length + 1}`;
    return it.endsWith("{") ? it.replace(/\{$/, `${place} {`) : `${it} ${place}`;
  });
  const parsed = parseProgram(header + placed.join("\n") + "\nentry main main.main\n");
  const problems = verify(parsed);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return parsed;
}

export function jobOf(it: Program, executions = 20_000, depth = 400): ExploreJob {
  const entry = it.entries[0];
  if (entry === undefined) throw new Error("no entry");
  return { program: it, entry: entry.func, limits: { executions, depth, millis: 60_000 } };
}

export function explored(text: string, executions?: number): Exploration {
  return explore(jobOf(program(text), executions), makeMachine, neverCancelled);
}

/** `panic 1, ok 3`: what can happen, with counts. */
export function outcomes({ summary }: Exploration): string {
  const each = summary.outcomes.map((it) => `${it.kind} ${it.executions}`).sort();
  return `${summary.complete ? "" : `${summary.limit ?? ""}: `}${each.join(", ")}`;
}

/** Kinds only: the search of today may run a trace more than once. */
export function kinds(exploration: Exploration): string[] {
  const names = exploration.summary.outcomes.map((it) => it.kind).sort();
  return exploration.summary.complete ? names : [...names, `cut: ${exploration.summary.limit ?? ""}`];
}

export const lostUpdate = `
global main.n int
func main.main() pkg main {
b0:
  r0:*sync.WaitGroup = alloc sync.WaitGroup wg
  r1:int = const 2
  sync wg-add r0 [r1]
  spawn main.inc [r0]
  spawn main.inc [r0]
  sync wg-wait r0 []
  return []
}
func main.inc(r0:*sync.WaitGroup) display inc pkg main {
b0:
  r1:*int = global main.n
  r2:int = load r1 int
  r3:int = const 1
  r4:int = prim add [r2 r3] int
  store r1 r4 int
  r5:int = const -1
  sync wg-add r0 [r5]
  return []
}`;
