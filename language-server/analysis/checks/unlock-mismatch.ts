import type { Check, Pass } from "../check.js";
import { lockBalance, type Mismatch } from "../facts/lock-balance.js";
import { expressionOf, lineOf } from "../facts/names.js";
import { alone, siteOf, sitesOf } from "../sites.js";

export const unlockMismatch: Check = {
  code: "unlock-mismatch",
  language: "go",
  doc: {
    title: "a lock is released that is not held, or not in this way",
    text: `Releasing a lock that nobody holds ends the program: \`fatal error: sync: unlock of unlocked mutex\`, which cannot be recovered.
It happens where one path releases the lock and the \`defer\` does so again, and where \`RLock\` is paired with \`Unlock\` or \`Lock\` with \`RUnlock\`.
If somebody else holds the lock just then, it is taken away from them and nothing is said.
Release it once, in the way in which it was taken.`,
    bad: `package main

import "sync"

type cache struct {
	mu    sync.RWMutex
	items map[string]int
}

func (c *cache) get(key string) int {
	c.mu.RLock()
	defer c.mu.Unlock()
	return c.items[key]
}

func main() {
	c := &cache{}
	println(c.get("a"))
}
`,
    good: `package main

import "sync"

type cache struct {
	mu    sync.RWMutex
	items map[string]int
}

func (c *cache) get(key string) int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.items[key]
}

func main() {
	c := &cache{}
	println(c.get("a"))
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run,
};

function run(pass: Pass): void {
  for (const it of pass.get(lockBalance).mismatches) if (!it.func.library) report(pass, it);
}

function report(pass: Pass, { func, span, shared, held, before, always }: Mismatch): void {
  const { program } = pass;
  const name = expressionOf(program, func, held.reg) || "the lock";
  const release = shared ? "RUnlock" : "Unlock";
  const line = (at: typeof span): string => `L${lineOf(program, at)}`;
  const message =
    before === null
      ? `\`${name}\` is taken by \`${held.shared ? "RLock" : "Lock"}\` (${line(held.span)}) and released by \`${release}\`, which ends the program`
      : `\`${name}\` has been released before (${line(before)}): this \`${release}\` ends the program`;
  pass.report({
    message,
    primary: siteOf(program, span, "released here"),
    related: sitesOf(program, [
      [held.span, `\`${name}\` is taken here`],
      [before ?? span, "and released here already"],
    ]).filter((it) => before !== null || it.message !== "and released here already"),
    severity: "error",
    confidence: always ? "proved" : "possible",
    candidate: { outcome: "panic", places: alone(program, [span]), renames: "defect" },
    assumed: !always,
    subject: { func: func.name, path: held.path.text },
  });
}
