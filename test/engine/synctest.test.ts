import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, it } from "vitest";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { testEngine, testLimits } from "../harness/engine.js";

// Tests in a bubble of `testing/synctest`: time goes on when nobody can, and `Wait` orders what the others did.

const { engine } = testEngine();
const dir = mkdtempSync(path.join(tmpdir(), "happens-before-"));
writeFileSync(path.join(dir, "go.mod"), "module bubble\n\ngo 1.25\n");
afterAll(async () => {
  rmSync(dir, { recursive: true });
  await engine.dispose();
});

const head = `package bubble

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

var _ = context.Background
var _ time.Duration

func Test(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
`;

it.each<[string, string, string | null]>([
  [
    "a deadline comes when everybody waits, and not a nanosecond earlier",
    `ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		time.Sleep(5*time.Second - time.Nanosecond)
		synctest.Wait()
		if ctx.Err() != nil {
			t.Fatal("too early")
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if ctx.Err() != context.DeadlineExceeded {
			t.Fatal("too late")
		}`,
    null,
  ],
  [
    "Wait knows what others did before they waited or ended",
    `n, m := 0, 0
		stop := make(chan bool)
		go func() { n = 1 }()
		go func() { m = 1; <-stop }()
		synctest.Wait()
		if n+m != 2 {
			t.Fatal("not all have run")
		}
		close(stop)`,
    null,
  ],
  [
    "without Wait nothing orders them",
    `done := false
		go func() { done = true }()
		if done {
			t.Log("done")
		}`,
    "captured-variable",
  ],
  [
    "what comes after Wait is ordered with nothing before it",
    `n := 0
		go func() { time.Sleep(time.Second); n = 1 }()
		synctest.Wait()
		n = 2
		time.Sleep(2 * time.Second)`,
    "captured-variable",
  ],
  [
    "time does not go off early",
    `select {
		case <-time.After(time.Second):
		case <-time.After(time.Hour):
			t.Fatal("the later timer came first")
		}`,
    null,
  ],
])("%s", async (_, body, code) => {
  writeFileSync(path.join(dir, "bubble_test.go"), `${head}\t\t${body}\n\t})\n}\n`);
  const unit = {
    language: "go",
    uri: pathToFileURL(dir).href,
    overlays: [],
    edited: null,
  } as const;
  const options = { explore: true, limits: testLimits };
  const { findings, explorations, gaps } = await engine.check(unit, options, neverCancelled);
  expect(gaps).toEqual([]);
  expect(explorations.map((it) => it.complete)).toEqual([true]);
  const loud = findings.filter((it) => it.severity === "error" || it.severity === "warning");
  expect(loud.map((it) => it.code)).toEqual(code === null ? [] : [code]);
});
