import type { SpanId } from "../../ir/ir.js";
import type { Check, Pass } from "../check.js";
import { lostWakeups, type LostWakeup } from "../facts/lost-wakeups.js";
import { expressionOf, lineOf } from "../facts/names.js";
import { alone, siteOf, sitesOf } from "../sites.js";

export const lostWakeup: Check = {
  code: "lost-wakeup",
  language: "go",
  doc: {
    title: "a goroutine waits for a Cond that is not signalled any more",
    text: `\`Signal\` and \`Broadcast\` wake those who wait at that moment; a condition variable remembers nothing.
A wake-up is lost where \`Wait\` is called without a test, where the tested state is changed without holding the lock (then it can change between the test and \`Wait\`), and where \`Signal\` wakes one of several who wait for the same.
Change the state while holding the lock, test it in a loop around \`Wait\`, and use \`Broadcast\` when more than one may wait.`,
    bad: `package main

import (
	"sync"
	"sync/atomic"
)

func main() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	var ready atomic.Bool
	go func() {
		ready.Store(true)
		cond.Broadcast()
	}()
	mu.Lock()
	for !ready.Load() {
		cond.Wait()
	}
	mu.Unlock()
}
`,
    good: `package main

import (
	"sync"
	"sync/atomic"
)

func main() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	var ready atomic.Bool
	go func() {
		mu.Lock()
		ready.Store(true)
		mu.Unlock()
		cond.Broadcast()
	}()
	mu.Lock()
	for !ready.Load() {
		cond.Wait()
	}
	mu.Unlock()
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run,
};

function run(pass: Pass): void {
  const seen = new Set<SpanId>();
  for (const it of pass.get(lostWakeups)) {
    const { span } = it.wait.call;
    if (span === 0 || seen.has(span)) continue;
    seen.add(span);
    report(pass, it);
  }
}

function report(pass: Pass, lost: LostWakeup): void {
  const { kind, wait, wakes, write } = lost;
  const { program } = pass;
  const { func } = wait.instance;
  const [cond] = wait.call.args;
  const name = (cond === undefined ? "" : expressionOf(program, func, cond)) || "cond";
  const places = alone(program, [wait.call.span]);
  // Who waits for more when all is done, without having missed anything, stays behind as well.
  const left =
    kind === "no test" ? undefined : ({ outcome: "leak", places, unheld: true } as const);
  pass.report({
    message: `\`${name}.Wait\` may wait forever: ${why(pass, lost, name)}`,
    primary: siteOf(program, wait.call.span, "waits here"),
    related: sitesOf(program, [
      [write, "what is tested changes here"],
      ...wakes.map((it) => [it.span, "wakes who waits at that moment"] as const),
    ]),
    severity: "error",
    confidence: "possible",
    candidate: {
      outcome: "deadlock",
      places,
      renames: "defect",
      unheld: true,
      ...(left === undefined ? {} : { or: left }),
    },
    assumed: true,
    subject: { func: func.name, path: name },
  });
}

function why({ program }: Pass, { kind, write, wakes }: LostWakeup, name: string): string {
  switch (kind) {
    case "nobody":
      return `nothing calls \`Signal\` or \`Broadcast\` of \`${name}\``;
    case "no test":
      return "it does not test anything before it waits, and a wake-up that comes earlier is lost";
    case "unlocked":
      return `what it tests changes without \`${name}.L\` held (L${lineOf(program, write)}), so that may come between the test and the wait`;
    case "one of several": {
      const lines = wakes.map((it) => `L${lineOf(program, it.span)}`).join(", ");
      return `\`Signal\` (${lines}) wakes only one of those who wait; \`Broadcast\` wakes all`;
    }
  }
}
