import type { Check, Pass } from "../check.js";
import { lockBalance, type DoubleAcquire } from "../facts/lock-balance.js";
import { expressionOf, lineOf } from "../facts/names.js";
import { reportRaces } from "../race-report.js";
import { alone, siteOf } from "../sites.js";

export const typoLock: Check = {
  code: "typo-lock",
  language: "go",
  doc: {
    title: "a Lock where Unlock was meant, or a missing defer",
    text: `\`defer mu.Lock()\` takes the lock once more when the function returns, and waits for itself forever: \`defer mu.Unlock()\` was meant.
\`mu.Lock()\` with \`mu.Unlock()\` right behind it protects nothing of what follows: the second one was meant to be deferred.
An empty section that only waits for whoever holds the lock is not reported.`,
    bad: `package main

import "sync"

type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) inc() {
	c.mu.Lock()
	defer c.mu.Lock()
	c.n++
}

func main() {
	c := &counter{}
	c.inc()
}
`,
    good: `package main

import "sync"

type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) inc() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
}

func main() {
	c := &counter{}
	c.inc()
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run,
};

function run(pass: Pass): void {
  for (const it of pass.get(lockBalance).doubles) {
    if (it.deferred && !it.func.library && it.span !== 0) reportDeferred(pass, it);
  }
  reportRaces(pass, "typo-lock");
}

function reportDeferred(pass: Pass, { func, held, span, shared, always }: DoubleAcquire): void {
  const { program } = pass;
  const name = expressionOf(program, func, held.reg) || "the lock";
  const places = alone(program, [span]);
  const [wrong, right] = shared ? ["RLock", "RUnlock"] : ["Lock", "Unlock"];
  pass.report({
    message: `\`${name}\` is taken at L${lineOf(program, held.span)} and again by \`defer … .${wrong}()\` at the return, which waits for itself forever: \`${right}\` is meant`,
    primary: siteOf(program, span, "taken again when the function returns"),
    related: [siteOf(program, held.span, `\`${name}\` is taken here`)],
    severity: "error",
    confidence: always ? "proved" : "possible",
    candidate: { outcome: "deadlock", places, or: { outcome: "leak", places } },
    subject: { func: func.name, path: held.path.text },
  });
}
