import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { present } from "../../language-server/base/assert.js";
import type { ExploreAnswer, ReplayAnswer } from "../../protocol/lsp.js";
import type { PlayAnswer, PlayAsk, PlayState, Reach, Way } from "../../protocol/play.js";
import type { Schedule } from "../../protocol/witness.js";
import { root, testEngine } from "../harness/engine.js";
import { Editor } from "./client.js";

// Being the scheduler from the editor's side, over streams and with the real engine, on text that was never saved.

const { engine } = testEngine();
afterAll(async () => engine.dispose());

let editor: Editor;
beforeEach(async () => {
  editor = new Editor(engine);
  await editor.start({ delay: 20, explore: { timeBudgetMs: 3000, maxExecutions: 2000 } });
});
afterEach(() => {
  editor.close();
});

const counter = `package main

import "sync"

func main() {
	var wg sync.WaitGroup
	n := 0
	for range 2 {
		wg.Add(1)
		go func() {
			n++
			wg.Done()
		}()
	}
	wg.Wait()
	println(n)
}
`;

const uri = pathToFileURL(path.join(root, "test/none/main.go")).href;

/** The schedule that has no choices yet, with what an exploration of the entry made visible. */
async function begun(of = uri, line = 4): Promise<Schedule> {
  const answer = await editor.request<ExploreAnswer>("happensBefore/explore", {
    uri: of,
    position: { line, character: 0 },
  });
  if (answer.kind !== "explored") throw new Error(answer.message);
  const { schedule } = present(answer.witnesses[0], "witness");
  const visible = new Set(answer.witnesses.flatMap((it) => it.schedule.visible));
  return { ...schedule, visible: [...visible].sort(), choices: [] };
}

const asked = (schedule: Schedule, ask: PlayAsk, of = uri): Promise<PlayAnswer> =>
  editor.request("happensBefore/play", { uri: of, schedule, ask });

async function stateOf(schedule: Schedule, finish = false, of = uri): Promise<PlayState> {
  const answer = await asked(schedule, { kind: "state", finish }, of);
  if (answer.kind !== "state") throw new Error(JSON.stringify(answer));
  return answer.state;
}

async function reachOf(schedule: Schedule, of = uri): Promise<Reach> {
  const answer = await asked(schedule, { kind: "reach", raceFree: false }, of);
  if (answer.kind !== "reach") throw new Error(JSON.stringify(answer));
  return answer.reach;
}

describe("being the scheduler of a lost update", () => {
  it("goes on until there is something to choose, and tells what each would do", async () => {
    await editor.open(uri, counter);
    const { witness, moves, blocked, end } = await stateOf(await begun());
    expect(end).toBe(null);
    expect(blocked).toEqual([]);
    expect(witness.outcome).toEqual({ kind: "ok" });
    expect(witness.steps.length).toBeGreaterThan(0);
    expect(moves.length).toBeGreaterThan(1);
    expect(moves.filter((it) => !it.switches)).toHaveLength(1);
    for (const it of moves) expect(it.text).toMatch(/^(starts|adds|begins|reads)/);
  });

  it("shows a way to the lost update that leads there, and that leaves nothing else possible", async () => {
    await editor.open(uri, counter);
    const start = await begun();
    const { ends, limit, natural } = await reachOf(start);
    expect(limit).toBe(null);
    expect(ends.map((it) => it.label).sort()).toEqual(["1", "2"]);
    expect(natural).toEqual({ kind: "race", label: "2" });
    const lost = present(
      ends.find((it) => it.label === "1"),
      "lost update",
    );
    const answer = await asked(start, { kind: "way", raceFree: false, end: lost });
    if (answer.kind !== "way") throw new Error(JSON.stringify(answer));
    const way: Way = present(answer.way, "way");
    expect(answer.complete).toBe(true);
    expect(way.preemptions).toBe(1);
    expect(way.turns.length).toBeGreaterThan(2);
    const { end, witness } = await stateOf({ ...start, choices: way.choices });
    expect(end).toEqual({ kind: "race", label: "1" });
    expect(witness.size).toMatchObject({ preemptions: 1, switches: way.switches });
    expect((await reachOf({ ...start, choices: way.choices })).ends).toEqual([
      { kind: "race", label: "1", ways: 1 },
    ]);
  });

  it("adds up: what may be reached by each choice is what may be reached", async () => {
    await editor.open(uri, counter);
    const { witness, moves } = await stateOf(await begun());
    const total = ({ ends }: Reach): number => ends.reduce((sum, it) => sum + it.ways, 0);
    const here = total(await reachOf(witness.schedule));
    let sum = 0;
    for (const { choice } of moves) {
      const choices = [...witness.schedule.choices, choice];
      sum += total(await reachOf({ ...witness.schedule, choices }));
    }
    expect(sum).toBe(here);
  });

  it("finishes from anywhere, and what was played replays", async () => {
    await editor.open(uri, counter);
    const { witness, moves } = await stateOf(await begun());
    const { choice } = present(moves.at(-1), "move");
    const schedule = {
      ...witness.schedule,
      choices: [...witness.schedule.choices, choice],
    };
    const finished = await stateOf(schedule, true);
    expect(finished.end?.kind).toBe("race");
    expect(finished.moves).toEqual([]);
    expect(finished.witness.schedule.choices.slice(0, schedule.choices.length)).toEqual(
      schedule.choices,
    );
    const answer = await editor.request<ReplayAnswer>("happensBefore/replay", {
      uri,
      schedule: finished.witness.schedule,
    });
    if (answer.kind !== "replayed") throw new Error(answer.message);
    expect(answer.witness.steps).toEqual(finished.witness.steps);
  });

  it("says so when the program was edited, and when a choice is not possible", async () => {
    await editor.open(uri, counter);
    const start = await begun();
    const impossible = { ...start, choices: [{ thread: 7 }] };
    expect(await asked(impossible, { kind: "state", finish: false })).toEqual({
      kind: "problem",
      message: "step 1 is not possible in this program",
    });
    expect((await asked(impossible, { kind: "reach", raceFree: false })).kind).toBe("problem");
    await editor.edit(uri, { line: 10, from: 3, to: 6, text: "n += 2" });
    expect((await asked(start, { kind: "state", finish: false })).kind).toBe("changed");
  });

  it("has no answer for what is not open", async () => {
    await editor.open(uri, counter);
    const start = await begun();
    const answer = await asked(start, { kind: "state", finish: false }, "file:///none.go");
    expect(answer.kind).toBe("problem");
  });
});

const tasks = `let balance = 100;

async function deposit(amount: number): Promise<void> {
  const before = balance;
  await fetch("https://example.org/ledger");
  balance = before + amount;
}

async function main(): Promise<void> {
  await Promise.all([deposit(10), deposit(20)]);
  console.log(balance);
}

void main();
`;

describe("being the scheduler of TypeScript", () => {
  const file = pathToFileURL(path.join(root, "test/none/tasks.ts")).href;

  it("picks which task runs next, and knows how it may end", async () => {
    await editor.open(file, tasks, "typescript");
    const start = await begun(file, 8);
    const reach = await reachOf(start, file);
    expect(reach).toMatchObject({ limit: null });
    expect(reach.ends.map((it) => it.label).sort()).toEqual(["110", "120"]);
    const { witness, moves } = await stateOf(start, false, file);
    expect(moves.length).toBe(2);
    const finished = await stateOf(witness.schedule, true, file);
    expect(finished.end).toEqual(reach.natural);
  });
});
