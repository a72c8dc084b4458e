import type { Check, Pass } from "../check.js";
import { lockedCallbacks, type LockedCallback } from "../facts/callbacks.js";
import { funcWords, lineOf, locationName } from "../facts/names.js";
import { pointsTo } from "../facts/points-to.js";
import { threads } from "../facts/threads.js";
import { alone, siteOf, sitesOf } from "../sites.js";

export const callbackUnderLock: Check = {
  code: "callback-under-lock",
  language: "go",
  doc: {
    title: "a function that needs the lock is called back under it",
    text: `A function value or an interface method is called while a lock is held, and one of the functions it may be takes that lock: it waits for itself forever.
Whoever writes the callback does not see the lock, and whoever holds it does not know the callback.
Copy what is needed under the lock, release it, then call.`,
    bad: `package main

import "sync"

type bus struct {
	mu       sync.Mutex
	handlers []func(string)
	sent     int
}

func (b *bus) on(f func(string)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.handlers = append(b.handlers, f)
}

func (b *bus) emit(event string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, handle := range b.handlers {
		handle(event)
	}
}

func main() {
	b := &bus{}
	b.on(func(event string) {
		if event == "reload" {
			b.on(func(string) {})
		}
	})
	b.emit("reload")
}
`,
    good: `package main

import (
	"slices"
	"sync"
)

type bus struct {
	mu       sync.Mutex
	handlers []func(string)
	sent     int
}

func (b *bus) on(f func(string)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.handlers = append(b.handlers, f)
}

func (b *bus) emit(event string) {
	b.mu.Lock()
	handlers := slices.Clone(b.handlers)
	b.mu.Unlock()
	for _, handle := range handlers {
		handle(event)
	}
}

func main() {
	b := &bus{}
	b.on(func(event string) {
		if event == "reload" {
			b.on(func(string) {})
		}
	})
	b.emit("reload")
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run,
};

function run(pass: Pass): void {
  for (const it of pass.get(lockedCallbacks)) if (it.call.span !== 0) report(pass, it);
}

function report(pass: Pass, { held, func, call, acquire, single }: LockedCallback): void {
  const { program } = pass;
  const all = pass.get(threads);
  const name = locationName(program, pass.get(pointsTo), held.locks[0] ?? 0);
  const again = all.spanOf(acquire.frame, acquire.op.instr);
  const inner = funcWords(program, acquire.frame.instance.func);
  const places = alone(program, [again]);
  pass.report({
    message: `${funcWords(program, func)} calls back while it holds \`${name}\` (taken at L${lineOf(program, held.span)}), and what it calls comes to ${inner}, which takes it again (L${lineOf(program, again)}): it waits for itself forever`,
    primary: siteOf(program, call.span, `called back here, with \`${name}\` held`),
    related: sitesOf(program, [
      [held.span, `\`${name}\` is taken here`],
      [again, "and taken again here"],
    ]),
    severity: "error",
    confidence: "possible",
    candidate: { outcome: "deadlock", places, or: { outcome: "leak", places } },
    assumed: !single || !all.closed(acquire.frame) || all.assumed(acquire.frame),
    subject: { func: func.name, path: name },
  });
}
