// A failing schedule as a Go test: which statements goroutines stop before, in a table that people can read, and beside it
// the files that put gates there and keep the order (`runner/`).

import type { ThreadId, Witness } from "../../../protocol/witness.js";
import { unreachable } from "../../base/assert.js";
import { digest } from "../../base/digest.js";
import type { ExportedFile, ExportedTest, ExportProblem } from "../exported-test.js";
import { GoSources, shortName, type Place } from "./go-sources.js";
import gates from "./runner/hb_gates_test.go";
import replay from "./runner/hb_replay_test.go";
import {
  timedThreads,
  turnsOf,
  wakings,
  type Move,
  type Stand,
  type Stop,
  type Turn,
} from "./turns.js";

/** `textOf`: a source of the witness as it was when the witness was made. */
export function goTest(
  witness: Witness,
  textOf: (uri: string) => string | null,
): ExportedTest | ExportProblem {
  if (witness.language !== "go") return { problem: "this schedule is not of a Go program" };
  if (witness.outcome.kind === "ok") return { problem: "this schedule does not fail" };
  const texts = new Map(
    witness.sources.flatMap(({ uri }) => {
      const text = textOf(uri);
      return text === null ? [] : [[uri, text] as const];
    }),
  );
  const everything = new GoSources(texts);
  const entry = everything.declared(witness.schedule.entry);
  if (entry === null) return { problem: `there is no source of \`${witness.schedule.entry}\`` };
  const folder = folderOf(entry.uri);
  const own = everything.packageOf(entry.uri);
  const sources = new GoSources(
    new Map(
      [...texts].filter(([uri]) => folderOf(uri) === folder && everything.packageOf(uri) === own),
    ),
  );
  const name = own ?? "main";
  const schedule = new Table(witness, sources);
  const file = (it: string, text: string): ExportedFile => ({
    name: it,
    text: text.replace(/^package \w+$/m, `package ${name}`),
  });
  return {
    folder,
    files: [
      { name: `hb_${schedule.slug}_test.go`, text: schedule.text(name) },
      file("hb_replay_test.go", replay),
      file("hb_gates_test.go", gates),
    ],
    command: `go test -run '^${schedule.test}$' .`,
    remarks: schedule.remarks(),
  };
}

function folderOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf("/"));
}

interface Gate extends Place {
  readonly kind: "stop" | "spawn" | "next" | "wake";
  readonly after: string;
}

/** The schedule in Go. Gates get their numbers as they are first named. */
class Table {
  readonly #witness: Witness;
  readonly #sources: GoSources;
  readonly #gates: Gate[] = [];
  #unplaced = 0;
  readonly slug: string;
  readonly test: string;

  constructor(witness: Witness, sources: GoSources) {
    this.#witness = witness;
    this.#sources = sources;
    const { kind } = witness.outcome;
    const known =
      witness.finding === "" ? digest(JSON.stringify(witness.schedule)) : witness.finding;
    const id = known.slice(0, 8);
    this.slug = `${kind}_${id}`;
    this.test = `TestSchedule_${kind}_${id}`;
  }

  text(packageName: string): string {
    const { outcome, schedule } = this.#witness;
    const turns = turnsOf(this.#witness, this.#sources).map((it) => this.#turn(it));
    const threads = this.#threads();
    for (const span of wakings(this.#witness)) {
      this.#gate({ span, nth: 0, after: null, receives: false }, "wake");
    }
    const blocked = "blocked" in outcome ? outcome.blocked.map((it) => it.thread) : [];
    const timers = this.#witness.steps.some(({ action: { kind } }) =>
      ["timer", "sleep"].includes(kind),
    );
    const fields: readonly (readonly [string, string])[] = [
      ...this.#entry(shortName(schedule.entry)),
      ["Shows", quoted(outcome.kind)],
      ...(blocked.length === 0 ? [] : [["Blocked", `[]int{${blocked.join(", ")}}`] as const]),
      ...(timers ? [["Timers", "true"] as const] : []),
    ];
    return `${this.#head()}
package ${packageName}

import hbtesting "testing"

func ${this.test}(t *hbtesting.T) { hbReplay(t, ${this.#variable}) }

var ${this.#variable} = hbKnown("${this.test}", hbSchedule{
${aligned(fields)}	Gates: []hbGate{
${this.#gates.map((it) => `\t\t${gateText(it)},\n`).join("")}	},
	Threads: []hbThread{
${threads.join("")}	},
	Turns: []hbTurn{
${turns.join("")}	},
})
`;
  }

  get #variable(): string {
    return this.test.replace(/^Test/, "hb");
  }

  #entry(name: string): readonly (readonly [string, string])[] {
    const entry = ["Entry", quoted(name)] as const;
    if (name.startsWith("Test")) return [["Test", quoted(name)], entry];
    const isBenchmark = name.startsWith("Benchmark");
    return [["Main", isBenchmark ? `func() { hbtesting.Benchmark(${name}) }` : name], entry];
  }

  #head(): string {
    const entry = shortName(this.#witness.schedule.entry);
    const lines = [
      `${this.test} runs ${entry} in an order of goroutines in which it fails: ${told(this.#witness)}.`,
      "Exported by Happens Before.",
      "",
      `\tgo test -run '^${this.test}$' .`,
      "",
      "It fails while the program does, and passes once that is fixed. It builds a copy of this package in which goroutines",
      "stop at the gates below and go on as the turns below say; the files of the package stay as they are.",
      ...this.remarks(),
    ];
    return lines.map((it) => `//${it === "" || it.startsWith("\t") ? it : ` ${it}`}\n`).join("");
  }

  /** What the test leaves to others, a sentence each. */
  remarks(): readonly string[] {
    const { outcome, schedule, steps } = this.#witness;
    const selects = steps.some(
      ({ thread, action, enabled }) =>
        action.kind === "select" && enabled.filter((it) => it.thread === thread).length > 1,
    );
    const remarks: readonly (readonly [boolean, string])[] = [
      [outcome.kind === "race", "The race detector tells: the gates order nothing in its eyes."],
      [selects, "Which of its ready cases a select takes is left to chance."],
      [schedule.draws === true, "Random numbers and the orders of maps are left to chance."],
      [this.#unplaced > 0, "Nobody is stopped outside of this package."],
    ];
    return remarks.flatMap(([applies, text]) => (applies ? [text] : []));
  }

  #threads(): readonly string[] {
    const { threads } = this.#witness;
    const timed = timedThreads(this.#witness, this.#sources);
    return threads.map(({ name, spawnedAt, spawnedBy }, index) => {
      const before = timed.indexOf(index);
      if (before >= 0) return `\t\t{${quoted(name)}, hbTimer, -1, ${before}},\n`;
      if (spawnedBy === null || spawnedAt === null) return `\t\t{${quoted(name)}, -1, -1, 0},\n`;
      const spawn = this.#gate({ span: spawnedAt, nth: 0, after: null, receives: false }, "spawn");
      const others = threads
        .slice(0, index)
        .filter((it) => it.spawnedBy === spawnedBy && sameSpan(it.spawnedAt, spawnedAt));
      return `\t\t{${quoted(name)}, ${spawnedBy}, ${spawn}, ${others.length}},\n`;
    });
  }

  #turn(turn: Turn): string {
    const told = turn.map((it) => this.#told(it)).join(", ");
    const moves = turn.map(({ thread, until }) => {
      const [gate, nth] = this.#target(until);
      return `{${thread}, ${gate}, ${nth}}`;
    });
    return `\t\t// ${told}.\n\t\t{${moves.join(", ")}},\n`;
  }

  #told({ thread, until }: Move): string {
    const name = this.#name(thread);
    if (until === "end") return `${name} goes on to its end`;
    if (until === "blocked") return `${name} goes on until it waits`;
    const place = until === "any" ? null : this.#sources.placeOf(until.span);
    if (until === "any" || place === null) return `${name} goes on to its next gate`;
    const line = `\`${place.line}\``;
    const again = until.nth > 1 ? ` (time ${until.nth})` : "";
    if (until.after === null) return `${name} goes on until it stands before ${line}${again}`;
    return `${name} goes on into ${line}, after \`${this.#sources.textOf(until.after) ?? ""}\`${again}`;
  }

  #name(thread: ThreadId): string {
    return this.#witness.threads[thread]?.name ?? `thread ${thread}`;
  }

  #target(until: Stand): readonly [gate: string, nth: number] {
    switch (until) {
      case "end":
        return ["hbEnd", 0];
      case "blocked":
        return ["hbBlocked", 0];
      case "any":
        return ["hbAny", 0];
      default: {
        const gate = this.#gate(until, until.receives ? "next" : "stop");
        return gate < 0 ? ["hbAny", 0] : [String(gate), until.nth];
      }
    }
  }

  /** -1: outside of the package. */
  #gate(stop: Stop, kind: Gate["kind"]): number {
    const place = this.#sources.placeOf(stop.span);
    if (place === null) {
      this.#unplaced++;
      return -1;
    }
    const after = stop.after === null ? "" : (this.#sources.textOf(stop.after) ?? "");
    const gate: Gate = { ...place, kind, after };
    const known = this.#gates.findIndex((it) => gateText(it) === gateText(gate));
    return known >= 0 ? known : this.#gates.push(gate) - 1;
  }
}

function sameSpan(a: Witness["threads"][number]["spawnedAt"], b: typeof a): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function gateText({ func, line, nth, column, kind, after }: Gate): string {
  return `{${quoted(func)}, ${quoted(line)}, ${nth}, ${column}, ${quoted(kind)}, ${quoted(after)}}`;
}

/** What goes wrong, in a few words. */
function told({ outcome, objects }: Witness): string {
  switch (outcome.kind) {
    case "race":
      return `nothing orders two accesses of ${objects[outcome.object]?.name ?? "a variable"}`;
    case "deadlock":
    case "leak":
    case "livelock":
    case "panic":
    case "assertion":
      return outcome.message.split("\n")[0] ?? "";
    case "ok":
      return "";
    default:
      return unreachable(outcome);
  }
}

/** Fields of a composite literal as gofmt has them. */
function aligned(fields: readonly (readonly [string, string])[]): string {
  const widest = Math.max(...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => `\t${`${name}:`.padEnd(widest + 2)}${value},\n`).join("");
}

/** A string of Go. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(/\\u([0-9a-f]{4})/g, "\\u$1");
}
