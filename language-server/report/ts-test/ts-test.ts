// A lost update across `await` as a test for Node's own runner: calls overlap, replies from outside arrive in the order of
// the schedule, and hooks see whether a call writes what it computed from a value that another one has replaced.

import type { Step, ThreadId, Witness } from "../../../protocol/witness.js";
import { digest } from "../../base/digest.js";
import type { ExportedTest, ExportProblem } from "../exported-test.js";
import replay from "./runner/hb_replay.mjs.txt";

/** A line of the module by what it says, and which of the lines that say so it is. */
interface Line {
  readonly line: string;
  readonly nth: number;
}

/** `textOf`: a source of the witness as it was when the witness was made. */
export function tsTest(
  witness: Witness,
  textOf: (uri: string) => string | null,
): ExportedTest | ExportProblem {
  const { outcome, steps, schedule } = witness;
  if (witness.language !== "ts") return { problem: "this schedule is not of a TypeScript program" };
  if (outcome.kind !== "race") return { problem: "only lost updates of TypeScript become tests" };
  if (witness.threads.some((it) => it.agent === true)) {
    return { problem: "a test of one thread cannot order the steps of several" };
  }
  const last = steps[outcome.steps[1]];
  const other = steps[outcome.steps[0]];
  const read = last === undefined ? undefined : readBefore(steps, outcome.steps[1], outcome.object);
  const text = last === undefined ? null : textOf(last.span.uri);
  if (last === undefined || other === undefined || read === undefined || text === null) {
    return { problem: "the schedule does not tell where the value was read" };
  }
  const { uri } = last.span;
  const call = overlapping(schedule.entry, text);
  if (call !== null && "problem" in call) return call;
  const lines = text.split(/\r?\n/);
  const table = {
    begins: [lineAt(lines, beginOf(lines, read.span.start.line))],
    reads: [lineAt(lines, read.span.start.line)],
    writes: unique([last, other].map((it) => lineAt(lines, endOf(lines, it.span.start.line)))),
    replies: { names: outside(text), order: repliesOf(steps) },
    call,
  };
  const known = witness.finding === "" ? digest(JSON.stringify(schedule)) : witness.finding;
  const name = `hb_race_${known.slice(0, 8)}.test.mjs`;
  const module = uri.slice(uri.lastIndexOf("/") + 1);
  return {
    folder: uri.slice(0, uri.lastIndexOf("/")),
    files: [
      { name, text: testText(witness, name, module, table) },
      { name: "hb_replay.mjs", text: replay },
    ],
    command: `node --test ${name}`,
    remarks: [],
  };
}

function testText(witness: Witness, name: string, module: string, table: object): string {
  const { outcome, objects } = witness;
  const what = outcome.kind === "race" ? (objects[outcome.object]?.name ?? "a variable") : "";
  const rows = Object.entries(table).map(
    ([key, value]) => `    ${key}: ${JSON.stringify(value)},\n`,
  );
  return `// Two calls overlap, and one overwrites what the other has done to ${what}.
// Exported by Happens Before.
//
//   node --test ${name}
//
// It fails while the module loses the update, and passes once that is fixed. Hooks are put into a copy of the module as it
// is loaded: where a call begins, before it reads and after it writes. Replies from outside arrive in the order given
// (0 is the first that is asked for); timers run on the real clock. Needs Node 22.18 or newer.
${steps(witness)}
import test from "node:test";
import { replay } from "./hb_replay.mjs";

test(${JSON.stringify(`no update of ${what} is lost`)}, (t) => {
  replay(t, {
    module: new URL(${JSON.stringify(`./${module}`)}, import.meta.url).href,
${rows.join("")}  });
});
`;
}

/** What happens, for people. */
function steps(witness: Witness): string {
  const told = witness.steps.filter((it) => it.essential).map((it) => `//   ${it.text}\n`);
  return `//\n${told.join("").replaceAll("\r", "")}`;
}

function readBefore(steps: readonly Step[], index: number, object: number): Step | undefined {
  const thread = steps[index]?.thread;
  return steps
    .slice(0, index)
    .findLast(
      ({ thread: by, action }) =>
        by === thread && action.kind === "read" && action.object === object,
    );
}

function lineAt(lines: readonly string[], index: number): Line {
  const line = (lines[index] ?? "").trim();
  return { line, nth: lines.slice(0, index + 1).filter((it) => it.trim() === line).length };
}

/** The line in which the asynchronous function around another line begins. */
function beginOf(lines: readonly string[], line: number): number {
  for (let at = line; at >= 0; at--) {
    if (/\basync\b.*\{\s*(\/\/.*)?$/.test(lines[at] ?? "")) return at;
  }
  return line;
}

/** The line in which a statement ends. */
function endOf(lines: readonly string[], line: number): number {
  const end = lines.findIndex((it, index) => index >= line && /;\s*(\/\/.*)?$/.test(it));
  return end < 0 ? line : end;
}

/** Functions that are declared and defined elsewhere. */
function outside(text: string): readonly string[] {
  return [...text.matchAll(/^\s*declare function (\w+)/gm)].map((it) => it[1] ?? "");
}

/** The order in which replies arrive, by the order in which they were asked for. */
function repliesOf(steps: readonly Step[]): readonly number[] {
  const asked: ThreadId[] = [];
  const arrived: number[] = [];
  for (const { thread, action } of steps) {
    if (action.kind === "await") asked.push(thread);
    if (action.kind !== "task" || !action.text.includes("the reply to")) continue;
    const waiting = [...new Set(asked.filter((it) => isReplied(steps, it)))];
    arrived.push(waiting.indexOf(thread));
  }
  const next = [...new Set(asked)].filter((it) => isReplied(steps, it)).length;
  const rest = Array.from({ length: next }, (_, index) => index);
  return [...arrived, ...rest.filter((it) => !arrived.includes(it))];
}

function isReplied(steps: readonly Step[], thread: ThreadId): boolean {
  return steps.some(
    (it) =>
      it.thread === thread && it.action.kind === "task" && it.action.text.includes("the reply to"),
  );
}

/** What is called twice where nobody calls it, as the module exports it; null: the module itself does. */
function overlapping(entry: string, text: string): readonly string[] | null | ExportProblem {
  const called = /two calls of (.+)$/.exec(entry)?.[1];
  if (called === undefined) return null;
  const [known = "", ...method] = called.split(".");
  const name = exportedName(text, known);
  if (name === null) return { problem: `the module does not export \`${known}\`` };
  return [name, ...method];
}

/** By what name a module exports what it knows by another; null: not at all. */
function exportedName(text: string, known: string): string | null {
  const lists = [...text.matchAll(/\bexport\s*\{([^}]*)\}/g)];
  for (const item of lists.flatMap(([, list = ""]) => list.split(","))) {
    const [from, as = from] = item.trim().split(/\s+as\s+/);
    if (from === known) return as ?? null;
  }
  const head = /\bexport\s+(default\s+)?(?:(?:async|abstract|function|class|const)\s+)*([\w$]+)/g;
  const found = [...text.matchAll(head)].find(([, , name]) => name === known);
  if (found === undefined) return null;
  return found[1] === undefined ? known : "default";
}

function unique(lines: readonly Line[]): readonly Line[] {
  return lines.filter(
    (it, index) => lines.findIndex((at) => at.line === it.line && at.nth === it.nth) === index,
  );
}
