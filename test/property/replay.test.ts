// Schedules replay, always; and they outlive edits that have nothing to do with them.

import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { present } from "../../language-server/base/assert.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import type { Exploration, Found } from "../../language-server/explore/explorer.js";
import { exploreAgain, retry, type Retried } from "../../language-server/explore/previous.js";
import { replay } from "../../language-server/explore/replay.js";
import { Sites } from "../../language-server/explore/sites.js";
import { makeMachine } from "../../language-server/explore/vm/make-machine.js";
import { lowerTs } from "../../language-server/frontend/ts/frontend.js";
import { createNodeHost } from "../../language-server/host/node.js";
import type { Program } from "../../language-server/ir/ir.js";
import type { PortableSchedule } from "../../protocol/witness.js";
import { failingPrograms, goFile } from "../harness/failing-programs.js";
import { programOf, root, startGo } from "../harness/fixtures.js";
import { uriOf } from "../harness/engine.js";

const go = startGo();
const host = createNodeHost({ dist: path.join(root, "dist"), log: () => undefined });
afterAll(async () => {
  go.dispose();
  await host.dispose();
});

const limits = { executions: 3_000, depth: 1_000, millis: 100_000 };

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

const tsSources = ["samples/typescript/bank.ts"].map(
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
  return exploreAgain({ program, entry, limits, previous }, makeMachine, neverCancelled);
}

function portableOf({ schedule }: Found): PortableSchedule {
  return present(schedule.portable, "portable form");
}

function retried(program: Program, portable: PortableSchedule): Retried {
  return retry(program, new Sites(program), portable, makeMachine(program), limits.depth);
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
        const result = retry(made, sites, portableOf(it), makeMachine(made), limits.depth);
        const same = result.kind === "still fails" ? result.found : result;
        again.add(JSON.stringify(same));
      }
      expect(stories.size).toBe(1);
      expect(JSON.parse([...stories][0] ?? "")).toMatchObject({ outcome: { kind: it.kind } });
      const { portable: _, ...schedule } = it.schedule;
      expect([...again].map((json) => JSON.parse(json) as unknown)).toEqual([
        { ...it, outcome: expect.objectContaining({ kind: it.kind }) as unknown, schedule },
      ]);
    }
  });
});

/** Edits that do not touch what goes wrong. */
const edits: readonly (readonly [string, (text: string) => string])[] = [
  ["lines above", (text) => text.replace("package main\n", "package main\n\n// One.\n// Two.\n")],
  [
    "another function above",
    (text) => text.replace(/^(func|type|var)/m, "func other() int { return 1 }\n\n$1"),
  ],
  ["another function below", (text) => `${text}\nfunc other(c chan int) { c <- <-c }\n`],
  ["a comment in the first line of main", inMain("// Says nothing.")],
  ["an unrelated statement before", inMain("unrelated := 1; _ = unrelated")],
  ["an unrelated statement after", atEndOfMain("print()")],
  ["an unrelated goroutine before", inMain("go func() {}()")],
  ["an unrelated channel before", inMain("unrelated := make(chan int, 1); unrelated <- 1")],
  ["blank lines everywhere", (text) => text.replaceAll("\n", "\n\n")],
  ["wider indentation", (text) => text.replaceAll("\t", "\t\t")],
  ["functions in another order", mainFirst],
];

function inMain(statement: string): (text: string) => string {
  return (text) => text.replace("func main() {\n", `func main() {\n\t${statement}\n`);
}

function atEndOfMain(statement: string): (text: string) => string {
  return (text) => text.replace(/(func main\(\) \{\n[^]*?\n)\}\n/, `$1\t${statement}\n}\n`);
}

function mainFirst(text: string): string {
  const main = /^func main\(\) \{\n[^]*?\n\}\n/m.exec(text)?.[0] ?? "";
  const at = /^(func|type|var)/m.exec(text)?.index ?? 0;
  return text.slice(0, at) + main + "\n" + text.slice(at).replace(main, "");
}

describe("a schedule survives", () => {
  it.each(edits)("%s", async (_, edit) => {
    const lost: string[] = [];
    for (const { name, text, program } of goSources) {
      const before = explored(await program(text));
      const after = await program(edit(text));
      for (const it of before.found) {
        const result = retried(after, portableOf(it));
        if (result.kind !== "still fails") lost.push(`${name}: ${JSON.stringify(result)}`);
      }
    }
    expect(lost).toEqual([]);
  });
});
