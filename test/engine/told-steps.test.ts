// What a step says of real Go programs: on which line it stands, and by which names and values.

import { afterAll, expect, it } from "vitest";
import { present } from "../../language-server/base/assert.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import type { Witness } from "../../protocol/witness.js";
import { goUnit, testEngine, testLimits, uriOf } from "../harness/engine.js";

const { engine } = testEngine();
afterAll(async () => {
  await engine.dispose();
});

/** The schedule of the only finding with one. */
async function witnessOf(text: string): Promise<Witness> {
  const folder = "test/engine/none";
  const unit = goUnit(folder, [{ uri: `${uriOf(folder)}/main.go`, text }]);
  const options = { explore: true, limits: testLimits };
  const { findings } = await engine.check(unit, options, neverCancelled);
  return present(findings.flatMap((it) => it.witness ?? [])[0], "witness");
}

const line = (text: string, part: string): number =>
  text.slice(0, text.indexOf(part)).split("\n").length;

const gaveUp = `package main

import (
	"fmt"
	"time"
)

func report(text string) {
	fmt.Println(
		text,
	)
}

func main() {
	pages := make(chan string)
	go func() {
		time.Sleep(20 * time.Millisecond)
		pages <- "page"
	}()
	select {
	case page := <-pages:
		fmt.Println(page)
	case <-time.After(10 * time.Millisecond):
		report("gave up")
	}
}
`;

it("says who waited for what time, and prints on the line that prints", async () => {
  const { steps, objects, threads } = await witnessOf(gaveUp);
  const told = steps.flatMap(({ action, span, func, text }) => {
    const at = `L${span.start.line + 1} ${func}: ${text}`;
    if (action.kind === "select") return [at, `L${(action.at?.start.line ?? 0) + 1}`];
    return action.kind === "timer" || action.kind === "output" ? [at] : [];
  });
  expect(told).toEqual([
    `L${line(gaveUp, "<-time.After")} timer: timer goes off at 20ms`,
    `L${line(gaveUp, "select {")} main: main takes case 2 of its select: timer`,
    `L${line(gaveUp, "case <-time.After")}`,
    `L${line(gaveUp, "fmt.Println(\n")} report: main prints "gave up\\n"`,
  ]);
  expect(objects.map((it) => `${it.kind} ${it.name}`)).toEqual([
    "timer timer",
    "channel pages",
    "channel timer",
  ]);
  expect(threads.map((it) => it.name)).toEqual(["main", "main.func1", "timer"]);
});

const shared = `package main

import (
	"sync"
	"time"
)

type account struct {
	mu      sync.Mutex
	balance int
	since   time.Time
}

func main() {
	own := &account{balance: 100}
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		own.balance -= 10
	}()
	own.balance += 5
	wg.Wait()
}
`;

it("has what a thread changes of another's variables, without the insides of locks, and times as times", async () => {
  const { steps } = await witnessOf(shared);
  const told = steps.flatMap(({ changed, thread }) =>
    changed.flatMap((it) =>
      (it.threads ?? [thread]).map((owner) => `${owner} ${it.name} = ${it.value}`),
    ),
  );
  expect(told.filter((it) => / (?:wg|mu) = /.test(it))).toEqual([]);
  const both = told.filter((it) => !it.endsWith("100 0001-01-01 00:00:00}"));
  expect(both.length).toBeGreaterThan(0);
  expect([...new Set(told.map((it) => it.split(" = ")[0]))].sort()).toEqual(["0 own", "1 own"]);
  for (const it of told) expect(it).toMatch(/^\d own = &\{… \d+ 0001-01-01 00:00:00\}$/);
  // Whoever writes, both see it at once.
  const last = new Map<string, string>();
  for (const it of told) last.set(it.slice(0, 1), it.slice(2));
  expect(last.get("0")).toBe(last.get("1"));
});
