// What is in a channel's buffer after each step, as a witness tells it.

import { afterAll, describe, expect, it } from "vitest";
import type { Recording } from "../../../protocol/witness.js";
import { replay } from "../../../language-server/explore/replay.js";
import { explore } from "../../../language-server/explore/portfolio.js";
import { uncontrolled } from "../../../language-server/explore/explorer.js";
import { makeMachine } from "../../../language-server/explore/vm/make-machine.js";
import { programOf, startGo } from "../../harness/fixtures.js";

const go = startGo();
afterAll(async () => {
  await go.dispose();
});

/** The natural run of a `main`. */
async function recorded(body: string): Promise<Recording> {
  const text = `package main\n\nfunc main() {\n${body}\n}\n`;
  const program = await programOf(go, "/buffers/main.go", text);
  const entry = program.entries[0]?.func;
  if (entry === undefined) throw new Error("no entry");
  const limits = { executions: 50, depth: 200, millis: 60_000 };
  const { natural } = explore(
    { program, entry, limits, candidates: [] },
    makeMachine,
    uncontrolled,
  );
  const recording = replay(program, entry, natural, null, makeMachine);
  if ("problem" in recording) throw new Error(recording.problem);
  return recording;
}

/** After each step that changes one: the channel, and what is in it. */
function told({ steps, objects }: Recording): readonly string[] {
  return steps.flatMap(({ buffers = [] }) =>
    buffers.map((it) => `${objects[it.object]?.name ?? "?"} [${it.values.join(" ")}]`),
  );
}

describe("buffered channels", () => {
  it("fill and empty, the oldest first", async () => {
    const run = await recorded(`c := make(chan int, 2)
c <- 1
c <- 2
println(<-c)
c <- 3
close(c)
for v := range c {
	println(v)
}`);
    expect(told(run)).toEqual(["c [1]", "c [1 2]", "c [2]", "c [2 3]", "c [3]", "c []"]);
    expect(run.objects.find((it) => it.name === "c")?.capacity).toBe(2);
  });

  it("are filled and emptied by selects, whichever way the case goes", async () => {
    const run = await recorded(`c := make(chan string, 1)
select {
case c <- "a":
default:
}
select {
case s := <-c:
	println(s)
default:
}`);
    expect(told(run)).toEqual(["c [a]", "c []"]);
  });

  it("keep nothing that is handed over from one to the other", async () => {
    const run = await recorded(`c := make(chan int)
go func() { c <- 1 }()
println(<-c)`);
    expect(told(run)).toEqual([]);
    expect(run.objects.find((it) => it.name === "c")?.capacity).toBe(0);
  });
});
