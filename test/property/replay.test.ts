// Schedules replay, always; and they outlive edits that have nothing to do with them.

import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { present } from "../../language-server/base/assert.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import {
  type Exploration,
  type Found,
  uncontrolled,
} from "../../language-server/explore/explorer.js";
import { toPortable } from "../../language-server/explore/portable.js";
import { exploreAgain, retry, type Retried } from "../../language-server/explore/previous.js";
import { walk } from "../../language-server/explore/random.js";
import { replay } from "../../language-server/explore/replay.js";
import { sightings } from "../../language-server/explore/sighting.js";
import { Sites } from "../../language-server/explore/sites.js";
import { execute } from "../../language-server/explore/strategy.js";
import { asItRuns } from "../../language-server/explore/vm/machine.js";
import { makeMachine } from "../../language-server/explore/vm/make-machine.js";
import { lowerTs } from "../../language-server/frontend/ts/frontend.js";
import { createNodeHost } from "../../language-server/host/node.js";
import { funcOf } from "../../language-server/ir/access.js";
import type { Program } from "../../language-server/ir/ir.js";
import type { PortableSchedule } from "../../protocol/witness.js";
import { failingPrograms, goFile } from "../harness/failing-programs.js";
import { previousText } from "../../wording/previous.js";
import { programOf, root, startGo } from "../harness/fixtures.js";
import { uriOf } from "../harness/engine.js";

const go = startGo();
const host = createNodeHost({ dist: path.join(root, "dist"), log: () => undefined });
afterAll(async () => {
  await go.dispose();
  await host.dispose();
});

const limits = { executions: 3_000, depth: 1_000, millis: 100_000 };
const retryLimits = { depth: limits.depth, interrupted: () => false };

interface Source {
  readonly name: string;
  readonly text: string;
  readonly program: (text: string) => Promise<Program>;
}

const goSources = failingPrograms.map(
  (it): Source => ({
    name: it.name,
    text: goFile(it),
    program: (text) => programOf(go, path.join(root, "test/none/main.go"), text),
  }),
);

const bank = "samples/typescript/bank.ts";
const tsFixtures = ["account", "closure", "loop", "map-entry", "module-variable"].map(
  (it) => `test/fixtures/ts/stale-snapshot/${it}.ts`,
);
const tsSources = [bank, ...tsFixtures].map(
  (file): Source => ({
    name: file,
    text: readFileSync(path.join(root, file), "utf8"),
    program: async (text) => {
      const uri = uriOf(file);
      const readFile = (it: string): string | null => (it === uri ? text : host.readFile(it));
      return lowerTs({ uri, readFile }, await host.typescript(), neverCancelled).program;
    },
  }),
);

const sources = [...goSources, ...tsSources];

function explored(program: Program, previous: readonly PortableSchedule[] = []): Exploration {
  const entry = present(program.entries[0], "entry").func;
  return exploreAgain(
    { program, entry, limits, candidates: [], previous },
    makeMachine,
    uncontrolled,
  );
}

function portableOf({ schedule }: Found): PortableSchedule {
  return present(schedule.portable, "portable form");
}

function retried(program: Program, portable: PortableSchedule): Retried {
  return retry(program, new Sites(program), portable, makeMachine(program), retryLimits);
}

/** How often a thread goes on that is not the one of the step before, counting the first. */
function stretches({ schedule: { choices } }: Found): number {
  return choices.filter((it, index) => it.thread !== choices[index - 1]?.thread).length;
}

describe("every schedule found", () => {
  it.each(sources)("replays 100 of 100, also by names: $name", async ({ text, program }) => {
    const made = await program(text);
    const entry = present(made.entries[0], "entry").func;
    const { found } = explored(made);
    expect(found.length).toBeGreaterThan(0);
    const sites = new Sites(made);
    for (const it of found) {
      const stories = new Set<string>();
      const again = new Set<string>();
      for (let time = 0; time < 50; time++) {
        // Each replay is of two machines made anew.
        stories.add(JSON.stringify(replay(made, entry, it.schedule, it.outcome, makeMachine)));
      }
      for (let time = 0; time < 100; time++) {
        const result = retry(made, sites, portableOf(it), makeMachine(made), retryLimits);
        const same = result.kind === "still fails" ? result.found : result;
        again.add(JSON.stringify(same));
      }
      expect(stories.size).toBe(1);
      expect(JSON.parse([...stories][0] ?? "")).toMatchObject({ outcome: { kind: it.kind } });
      expect(again.size).toBe(1);
      expect(portableOf(it).turns.length).toBeLessThanOrEqual(stretches(it));
      const { schedule } = JSON.parse([...again][0] ?? "") as Found;
      expect({ ...schedule, portable: it.schedule.portable }).toEqual(it.schedule);
    }
  });
});

interface Edit {
  readonly name: string;
  /** What is done to the text before the schedule is found. */
  readonly first?: (text: string) => string;
  readonly edit: (text: string) => string;
}

/** Edits that do not touch what goes wrong. */
const edits: readonly Edit[] = [
  { name: "lines above", edit: replacing("package main\n", "package main\n\n// One.\n// Two.\n") },
  {
    name: "another function above",
    edit: replacing(/^(func|type|var)/m, "func other() int { return 1 }\n\n$1"),
  },
  {
    name: "another function below",
    edit: (text) => `${text}\nfunc other(c chan int) { c <- <-c }\n`,
  },
  {
    name: "another function's new name",
    first: (text) => `${inMain("helper()")(text)}\nfunc helper() { println() }\n`,
    edit: (text) => text.replaceAll("helper", "renamed"),
  },
  {
    name: "another comment",
    first: inMain("// One."),
    edit: replacing("// One.", "// Two\n\t// lines."),
  },
  { name: "an unrelated statement before", edit: inMain("unrelated := 1; _ = unrelated") },
  { name: "an unrelated statement after", edit: atEndOfMain("print()") },
  { name: "an unrelated goroutine before", edit: inMain("go func() {}()") },
  {
    name: "an unrelated channel before",
    edit: inMain("unrelated := make(chan int, 1); unrelated <- 1"),
  },
  { name: "blank lines everywhere", edit: (text) => text.replaceAll("\n", "\n\n") },
  { name: "wider indentation", edit: (text) => text.replaceAll("\t", "\t\t") },
  {
    name: "a variable's new name",
    edit: (text) => `${text.replaceAll(/\b(x|c|mu)\b/g, "$1new")}\n// New.\n`,
  },
  { name: "functions in another order", first: withOther, edit: mainFirst },
];

function replacing(before: string | RegExp, after: string): (text: string) => string {
  return (text) => text.replace(before, after);
}

function inMain(statement: string): (text: string) => string {
  return replacing("func main() {\n", `func main() {\n\t${statement}\n`);
}

function atEndOfMain(statement: string): (text: string) => string {
  return replacing(/(func main\(\) \{\n[^]*?\n)\}\n/, `$1\t${statement}\n}\n`);
}

function withOther(text: string): string {
  return text.replace("func main()", "func other() {}\n\nfunc main()");
}

function mainFirst(text: string): string {
  const main = /^func main\(\) \{\n[^]*?\n\}\n/m.exec(text)?.[0] ?? "";
  const at = /^(func|type|var)/m.exec(text)?.index ?? 0;
  return `${text.slice(0, at)}${main}\n${text.slice(at).replace(main, "")}`;
}

const tsEdits: readonly Edit[] = [
  { name: "lines above", edit: (text) => `// One.\n\n// Two.\n${text}` },
  { name: "another function above", edit: (text) => `function other() { return 1; }\n${text}` },
  {
    name: "an unrelated statement before",
    edit: replacing(/^(\s*)(const before)/m, "$1let n = 1; n++;\n$1$2"),
  },
  { name: "blank lines everywhere", edit: (text) => text.replaceAll("\n", "\n\n") },
];

describe("a schedule survives", () => {
  async function lost(among: readonly Source[], it: Edit): Promise<readonly string[]> {
    const result: string[] = [];
    for (const { name, text, program } of among) {
      const before = it.first?.(text) ?? text;
      const after = it.edit(before);
      expect(after).not.toBe(before);
      const edited = await program(after);
      const { found: all } = explored(await program(before));
      expect(all.length).toBeGreaterThan(0);
      for (const found of all) {
        const again = retried(edited, portableOf(found));
        if (again.kind !== "still fails") result.push(`${name}: ${JSON.stringify(again)}`);
      }
    }
    return result;
  }

  it.each(edits)("$name", async (it) => {
    expect(await lost(goSources, it)).toEqual([]);
  });

  it.each(tsEdits)("$name, in TypeScript", async (it) => {
    const some = tsSources.filter(({ name }) => name === bank);
    expect(await lost(some, it)).toEqual([]);
  });
});

describe("a schedule under which timers fire early", () => {
  const early = goFile({
    name: "a timeout that comes early",
    text: `c := make(chan int)
go func() { c <- 1 }()
select {
case <-c:
case <-time.After(time.Second):
	panic("late")
}`,
  });

  /** What walks at random show when timers may fire at any time. */
  function panicOf(program: Program): Found {
    const entry = present(program.entries[0], "entry");
    const machine = makeMachine(program);
    machine.configure({ ...asItRuns, time: "any" });
    for (let seed = 0; seed < 100; seed++) {
      const execution = execute(machine, entry.func, walk(seed, machine, 20), limits.depth);
      const [panic] = sightings(machine, program, execution);
      if (panic === undefined) continue;
      const { name } = funcOf(program, entry.func);
      const { choices } = execution;
      const schedule = { program: "", entry: name, visible: [], choices, time: "any" } as const;
      const size = { preemptions: 0, switches: 0, steps: choices.length, minimal: false };
      return { ...panic, schedule, size, contrast: null, stale: null };
    }
    throw new Error("no walk is late");
  }

  it("says so in its portable form, and is followed that way", async () => {
    const { program: lowered } = present(goSources[0], "source");
    const program = await lowered(early);
    expect(explored(program).found).toEqual([]);
    const late = panicOf(program);
    const portable = toPortable(program, new Sites(program), late, makeMachine(program));
    if ("problem" in portable) throw new Error(portable.problem);
    expect(portable.time).toBe("any");
    const edited = await lowered(early.replace("c := ", "// One.\n\tc := "));
    const again = retried(edited, portable);
    expect(again).toMatchObject({
      kind: "still fails",
      found: { kind: "panic", schedule: { time: "any", choices: late.schedule.choices } },
    });
    const quiet = { ...portable, time: "quiet" } as const;
    expect(retried(edited, quiet).kind).not.toBe("still fails");
  });
});

describe("after a repair", () => {
  const lostUpdate = present(
    goSources.find((it) => it.name === "a lost update"),
    "source",
  );
  const mended = lostUpdate.text
    .replace("\tx := 0\n", "\tx := 0\n\tvar mu sync.Mutex\n")
    .replace("\t\tx++\n", "\t\tmu.Lock()\n\t\tx++\n\t\tmu.Unlock()\n");

  async function after(text: string, executions = limits.executions): Promise<Exploration> {
    const { program } = lostUpdate;
    const before = explored(await program(lostUpdate.text));
    const edited = await program(text);
    const entry = present(edited.entries[0], "entry").func;
    const previous = before.found.map(portableOf);
    const job = {
      program: edited,
      entry,
      limits: { ...limits, executions },
      candidates: [],
      previous,
    };
    return exploreAgain(job, makeMachine, uncontrolled);
  }

  it("no schedule fails", async () => {
    const { summary } = await after(mended);
    const { executions } = summary;
    expect(summary.previous).toEqual([{ kind: "fixed", executions, complete: true }]);
    const [verdict] = summary.previous ?? [];
    expect(previousText(present(verdict, "verdict"), summary)).toBe(
      `fixed: 0 of ${executions} orders fail`,
    );
  });

  it("a search that is cut says how far it looked", async () => {
    const { summary } = await after(mended, 1);
    const { executions } = summary;
    expect(summary.previous).toEqual([{ kind: "fixed", executions, complete: false }]);
  });

  it("a schedule whose statement is gone applies no longer", async () => {
    const gone = lostUpdate.text.replace("\t\tx++\n", "");
    const { summary } = await after(gone);
    expect(summary.previous).toMatchObject([{ kind: "fixed", complete: true }]);
    const before = explored(await lostUpdate.program(lostUpdate.text));
    const edited = await lostUpdate.program(gone);
    expect(before.found.map((it) => retried(edited, portableOf(it)))).toEqual([
      {
        kind: "no longer applies",
        problem: "`main.func1` no longer reaches its write of `x`, which `main.main` had",
      },
    ]);
  });

  it("a run that is cut before its end says nothing", async () => {
    const [found] = explored(await lostUpdate.program(lostUpdate.text)).found;
    const portable = portableOf(present(found, "race"));
    const edited = await lostUpdate.program(mended);
    const passes = retried(edited, portable);
    const steps = passes.kind === "passes" ? passes.schedule.choices.length : 0;
    const sites = new Sites(edited);
    const cut = { ...retryLimits, depth: steps - 1 };
    expect(retry(edited, sites, portable, makeMachine(edited), cut)).toEqual({
      kind: "no longer applies",
      problem: "its execution was stopped before the end",
    });
  });

  it("what still fails is found again though the search finds nothing", async () => {
    const philosophers = present(
      goSources.find((it) => it.name === "three philosophers"),
      "source",
    );
    const program = await philosophers.program(philosophers.text);
    const [deadlock] = explored(program).found;
    const previous = [portableOf(present(deadlock, "deadlock"))];
    const entry = present(program.entries[0], "entry").func;
    const one = { program, entry, limits: { ...limits, executions: 1 }, candidates: [] };
    expect(exploreAgain(one, makeMachine, uncontrolled).found).toEqual([]);
    const again = exploreAgain({ ...one, previous }, makeMachine, uncontrolled);
    // Nobody has looked for smaller ones, or for one that passes.
    const size = { ...present(deadlock, "deadlock").size, minimal: false };
    expect(again.found).toEqual([{ ...deadlock, size, contrast: null }]);
    expect(again.summary.previous).toEqual([{ kind: "still fails", message: deadlock?.message }]);
    expect(again.summary.outcomes).toContainEqual({ kind: "deadlock", executions: 1 });
    expect(again.summary.ends).toMatchObject([{ kind: "deadlock", executions: 1 }, { kind: "ok" }]);
  });
});
