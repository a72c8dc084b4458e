// What Go's memory model orders and what it does not, in real Go programs through the whole chain.

import { afterAll, describe, expect, it } from "vitest";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { goUnit, testEngine, testLimits, uriOf } from "../harness/engine.js";

const { engine } = testEngine();
afterAll(async () => {
  await engine.dispose();
});

/** Kinds of the outcomes of a main with this body; the search must be complete. */
async function outcomes(body: string): Promise<readonly string[]> {
  const imports = ["sync", "sync/atomic", "time", "context"].filter((it) =>
    body.includes(`${it.split("/").at(-1) ?? ""}.`),
  );
  const text = `package main\n\nimport (\n${imports.map((it) => `\t"${it}"\n`).join("")})\n\nfunc main() {\n${body}\n}\n`;
  const overlay = { uri: uriOf("test/engine/none/main.go"), text };
  const answer = await engine.explore(
    goUnit("test/engine/none", [overlay]),
    { kind: "name", name: "main" },
    { limits: testLimits },
    neverCancelled,
  );
  if ("problem" in answer) throw new Error(answer.problem);
  const [summary] = answer.check.explorations;
  expect(answer.check.gaps).toEqual([]);
  expect(summary?.complete).toBe(true);
  return summary?.outcomes.map((it) => it.kind) ?? [];
}

describe("ordered", () => {
  it.each([
    [
      "a flag that is stored and seen",
      "x := 0; var f atomic.Int32; go func() { x = 1; f.Store(1) }(); if f.Load() == 1 { x++ }",
    ],
    [
      "an addition that another addition sees",
      "x := 0; var f atomic.Int32; d := make(chan bool, 2); for range 2 { go func() { if f.Add(1) == 2 { x++ }; d <- true }() }; <-d; <-d; x++",
    ],
    [
      "a lock",
      "x := 0; var mu sync.Mutex; go func() { mu.Lock(); x++; mu.Unlock() }(); mu.Lock(); x++; mu.Unlock()",
    ],
    [
      "a send before its receive",
      "x := 0; c := make(chan int, 3); go func() { x = 1; c <- 1 }(); <-c; x++",
    ],
    [
      "a receive before the send completes",
      "x := 0; c := make(chan int); go func() { x = 1; <-c }(); c <- 1; x++",
    ],
    [
      "the slot of a full channel",
      "x := 0; c := make(chan int, 1); d := make(chan int); go func() { c <- 1; x = 1; <-c; close(d) }(); <-d; x++",
    ],
    [
      "a close before the receive that sees it",
      "x := 0; c := make(chan int); go func() { x = 1; close(c) }(); <-c; x++",
    ],
    [
      "Done before Wait",
      "x := 0; var wg sync.WaitGroup; wg.Add(1); go func() { defer wg.Done(); x = 1 }(); wg.Wait(); x++",
    ],
    [
      "Once",
      "x := 0; var o sync.Once; d := make(chan bool); go func() { o.Do(func() { x = 1 }); _ = x; close(d) }(); o.Do(func() { x = 1 }); _ = x; <-d",
    ],
    [
      "a timer's start before its function",
      "x := 0; d := make(chan bool); x = 1; time.AfterFunc(time.Second, func() { x++; close(d) }); <-d; x++",
    ],
    [
      "cancel before Done",
      "x := 0; ctx, cancel := context.WithCancel(context.Background()); go func() { x = 1; cancel() }(); <-ctx.Done(); x++",
    ],
  ])("%s", async (_, body) => {
    expect(await outcomes(body)).toEqual(["ok"]);
  });
});

describe("not ordered", () => {
  it.each([
    [
      "two loads of an atomic",
      "x := 0; var f atomic.Int32; d := make(chan bool, 2); go func() { x = 1; f.Load(); d <- true }(); go func() { f.Load(); x = 2; d <- true }(); <-d; <-d",
    ],
    [
      "a store and a store",
      "x := 0; var f atomic.Int32; d := make(chan bool, 2); go func() { x = 1; f.Store(1); d <- true }(); go func() { f.Store(2); x = 2; d <- true }(); <-d; <-d",
    ],
    [
      "two readers of a lock",
      "x := 0; var mu sync.RWMutex; d := make(chan bool, 2); for range 2 { go func() { mu.RLock(); x++; mu.RUnlock(); d <- true }() }; <-d; <-d",
    ],
    ["sleeping", "x := 0; go func() { x = 1 }(); time.Sleep(time.Second); x++"],
    [
      "two locks",
      "x := 0; var a, b sync.Mutex; d := make(chan bool); go func() { a.Lock(); x++; a.Unlock(); close(d) }(); b.Lock(); x++; b.Unlock(); <-d",
    ],
    [
      "senders",
      "x := 0; c := make(chan int, 2); for range 2 { go func() { x++; c <- 1 }() }; <-c; <-c",
    ],
  ])("%s", async (_, body) => {
    expect(await outcomes(body)).toContain("race");
  });
});
