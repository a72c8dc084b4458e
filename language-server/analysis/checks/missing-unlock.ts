import type { Site } from "../../../protocol/finding.js";
import { funcOf, spanOf } from "../../ir/access.js";
import type { SpanId } from "../../ir/ir.js";
import type { Check, Pass } from "../check.js";
import { calledInPlace } from "../facts/called-in-place.js";
import { lockBalance, type Leak, type LockBalance } from "../facts/lock-balance.js";
import { expressionOf, lineOf } from "../facts/names.js";

export const missingUnlock: Check = {
  code: "missing-unlock",
  language: "go",
  doc: {
    title: "a path returns without releasing the lock it took",
    text: `The function takes a lock and returns on some path without giving it back: whoever takes the lock next waits forever.
Write \`defer mu.Unlock()\` right after \`mu.Lock()\`.
A function that is meant to return with the lock held is not reported when some other function releases that lock for its callers.`,
    bad: `package main

import (
	"errors"
	"sync"
)

var (
	mu    sync.Mutex
	items = map[string]int{}
)

func get(key string) (int, error) {
	mu.Lock()
	value, ok := items[key]
	if !ok {
		return 0, errors.New("no such item")
	}
	mu.Unlock()
	return value, nil
}

func main() {
	_, _ = get("a")
}
`,
    good: `package main

import (
	"errors"
	"sync"
)

var (
	mu    sync.Mutex
	items = map[string]int{}
)

func get(key string) (int, error) {
	mu.Lock()
	defer mu.Unlock()
	value, ok := items[key]
	if !ok {
		return 0, errors.New("no such item")
	}
	return value, nil
}

func main() {
	_, _ = get("a")
}
`,
    since: "0.1.0",
    severity: "warning",
  },
  run,
};

function run(pass: Pass): void {
  const balance = pass.get(lockBalance);
  const defects = balance.leaks.filter((it) => isDefect(balance, it) && !isCallers(pass, it));
  const reported = new Set<string>();
  for (const leak of defects) {
    const key = `${leak.func.id} ${leak.held.path.text}`;
    if (reported.has(key) || isTypo(balance, leak) || comesOf(defects, leak)) continue;
    reported.add(key);
    report(pass, balance, leak);
  }
}

/** `defer mu.Lock()` is told as that. */
function isTypo({ doubles }: LockBalance, { func, held }: Leak): boolean {
  return doubles.some(
    (it) => it.deferred && it.func === func && it.held.path.text === held.path.text,
  );
}

/** Whether the lock was left by a function that is called here, and that has to answer for it. */
function comesOf(defects: readonly Leak[], { func, held }: Leak): boolean {
  const { from, path } = held;
  if (from === null || from === func) return false;
  return defects.some((it) => it.func === from && it.held.path.declaration === path.declaration);
}

/**
 * Returning with a lock held is a defect when the function releases it on another path, or when nothing in the
 * program ever releases it for a caller; a lock the function was given as a parameter belongs to the caller.
 */
function isDefect(balance: LockBalance, { func, held, releasedElsewhere }: Leak): boolean {
  if (func.library || func.span === 0 || held.span === 0 || held.tainted) return false;
  if (balance.handedOver.has(held.path.declaration)) return false;
  const given = held.path.root.kind === "param" && !held.path.suffix.includes(".");
  if (given && !releasedElsewhere) return false;
  return releasedElsewhere || !/lock|acquire|enter|begin/i.test(func.display);
}

/** A function literal called in place leaves the lock to the function around it, which is judged itself. */
function isCallers({ program }: Pass, { func, releasedElsewhere }: Leak): boolean {
  if (func.parent === null || releasedElsewhere) return false;
  return calledInPlace(program, funcOf(program, func.parent)).has(func.id);
}

function report(pass: Pass, balance: LockBalance, leak: Leak): void {
  const { program } = pass;
  const site = (span: SpanId, message: string): Site => ({ span: spanOf(program, span), message });
  const { func, held } = leak;
  const name = expressionOf(program, func, held.reg) || "the lock";
  const where =
    leak.span === held.span
      ? "is never released here"
      : `is still held at the return (L${lineOf(program, leak.span)})`;
  const takers = balance.acquisitions.get(held.path.declaration) ?? [];
  const places = takers.map((it) => [spanOf(program, it)]);
  pass.report({
    message: `\`${name}\` ${where}: ${held.shared ? "the next writer" : "whoever takes it next"} waits forever`,
    primary: site(held.span, `\`${name}\` is taken here`),
    related: leak.span === held.span ? [] : [site(leak.span, "this return leaves it held")],
    severity: "warning",
    confidence: "proved",
    candidate: { outcome: "deadlock", places, or: { outcome: "leak", places } },
    subject: { func: func.name, path: held.path.text },
  });
}
