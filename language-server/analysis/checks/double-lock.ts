import type { Site } from "../../../protocol/finding.js";
import { spanOf } from "../../ir/access.js";
import type { SpanId } from "../../ir/ir.js";
import type { Check, Pass } from "../check.js";
import { lockBalance, type DoubleAcquire } from "../facts/lock-balance.js";
import { expressionOf, funcWords, lineOf } from "../facts/names.js";

export const doubleLock: Check = {
  code: "double-lock",
  language: "go",
  doc: {
    title: "a lock is taken again by the goroutine that holds it",
    text: `Locks in Go are not reentrant: the second \`Lock\` waits for an \`Unlock\` that the same goroutine never reaches.
It usually happens through a call: a method takes the lock and calls another method of the same value that takes it too.
Split the inner method in two, one that takes the lock and one that expects it to be held.`,
    bad: `package main

import "sync"

type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) value() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

func (c *counter) inc() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n = c.value() + 1
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

func (c *counter) value() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.valueLocked()
}

func (c *counter) valueLocked() int { return c.n }

func (c *counter) inc() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n = c.valueLocked() + 1
}

func main() {
	c := &counter{}
	c.inc()
	_ = c.value()
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run,
};

function run(pass: Pass): void {
  for (const it of pass.get(lockBalance).doubles) {
    // `defer mu.Lock()` is told as that.
    if (!it.func.library && it.span !== 0 && !it.deferred) report(pass, it);
  }
}

function report(pass: Pass, it: DoubleAcquire): void {
  const { program } = pass;
  const site = (span: SpanId, message: string): Site => ({ span: spanOf(program, span), message });
  const name = expressionOf(program, it.func, it.held.reg) || "the lock";
  const held = `\`${name}\` is already held (taken at L${lineOf(program, it.held.span)})`;
  const inner = it.inside === null ? null : funcWords(program, it.inside.func);
  const message =
    inner === null
      ? `${held}: this \`${it.shared ? "RLock" : "Lock"}\` waits for itself forever`
      : `${held}: the call of ${inner} takes it again and waits for itself forever`;
  const related = [site(it.held.span, `\`${name}\` is taken here`)];
  if (it.inside !== null) related.push(site(it.inside.span, "and taken again here"));
  const places = [[spanOf(program, it.inside === null ? it.span : it.inside.span)]];
  pass.report({
    message,
    primary: site(it.span, it.inside === null ? "taken again here" : "taken again by this call"),
    related,
    severity: "error",
    confidence: it.always ? "proved" : "possible",
    candidate: { outcome: "deadlock", places, or: { outcome: "leak", places } },
    subject: { func: it.func.name, path: it.held.path.text },
  });
}
