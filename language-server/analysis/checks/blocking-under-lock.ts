import { spanOf } from "../../ir/access.js";
import type { Instr, SpanId } from "../../ir/ir.js";
import type { Check, Pass } from "../check.js";
import { blockedWithLocks, type BlockedWithLock } from "../facts/blocked-with-locks.js";
import { funcWords, lineOf, locationName } from "../facts/names.js";
import { pointsTo } from "../facts/points-to.js";
import { threads } from "../facts/threads.js";
import { siteOf, sitesOf } from "../sites.js";

export const blockingUnderLock: Check = {
  code: "blocking-under-lock",
  language: "go",
  doc: {
    title: "a lock is held while waiting for who needs it",
    text: `A goroutine that holds a lock and waits, for a channel, a wait group or a condition, keeps the lock as long as that takes.
If whoever could end the wait needs the lock first, both wait forever.
Release the lock before waiting, or have the other side do its part without it.
It is reported when a schedule shows the two waiting for each other.`,
    bad: `package main

import "sync"

type hub struct {
	mu     sync.Mutex
	events chan int
	n      int
}

func (h *hub) post(event int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events <- event
}

func (h *hub) run() {
	for range 2 {
		h.mu.Lock()
		h.n++
		h.mu.Unlock()
		<-h.events
	}
}

func main() {
	h := &hub{events: make(chan int)}
	done := make(chan bool)
	go func() {
		h.run()
		done <- true
	}()
	h.post(1)
	h.post(2)
	<-done
}
`,
    good: `package main

import "sync"

type hub struct {
	mu     sync.Mutex
	events chan int
	n      int
}

func (h *hub) post(event int) {
	h.mu.Lock()
	h.n++
	h.mu.Unlock()
	h.events <- event
}

func (h *hub) run() {
	for range 2 {
		h.mu.Lock()
		h.n++
		h.mu.Unlock()
		<-h.events
	}
}

func main() {
	h := &hub{events: make(chan int)}
	done := make(chan bool)
	go func() {
		h.run()
		done <- true
	}()
	h.post(1)
	h.post(2)
	<-done
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run,
};

function run(pass: Pass): void {
  const all = pass.get(blockedWithLocks).filter((it) => it.span !== 0);
  const told = new Set<BlockedWithLock>();
  for (const it of all) {
    if (told.has(it)) continue;
    // Each may hold the lock while it waits for the other one: that is one mistake.
    const turned = all.filter((other) => other !== it && isTurned(pass, it, other));
    for (const other of turned) told.add(other);
    report(pass, it, turned);
  }
}

function isTurned(pass: Pass, left: BlockedWithLock, right: BlockedWithLock): boolean {
  return takesAt(pass, left).has(right.held.span) && takesAt(pass, right).has(left.held.span);
}

function takesAt(pass: Pass, { acquires }: BlockedWithLock): ReadonlySet<SpanId> {
  const all = pass.get(threads);
  return new Set(acquires.map((it) => all.spanOf(it.frame, it.op.instr)));
}

function report(pass: Pass, blocked: BlockedWithLock, turned: readonly BlockedWithLock[]): void {
  const { wait, span, held, acquires } = blocked;
  const { program } = pass;
  const all = pass.get(threads);
  const name = locationName(program, pass.get(pointsTo), held.locks[0] ?? 0);
  const spans = [...takesAt(pass, blocked)];
  const [first] = acquires;
  if (first === undefined) return;
  const at = lineOf(program, all.spanOf(first.frame, first.op.instr));
  const other = funcWords(program, first.frame.instance.func);
  const places = [blocked, ...turned].flatMap((it) =>
    [...takesAt(pass, it)].map((at) => [spanOf(program, it.span), spanOf(program, at)]),
  );
  pass.report({
    message: `\`${name}\` is held (taken at L${lineOf(program, held.span)}) while waiting ${waiting(wait.op.instr)}, and ${other} needs it first (L${at}): each can wait for the other forever`,
    primary: siteOf(program, span, `waits here and holds \`${name}\``),
    related: sitesOf(program, [
      [held.span, `\`${name}\` is taken here`],
      ...spans.map((it) => [it, `\`${name}\` is needed here`] as const),
    ]),
    severity: "error",
    confidence: "possible",
    candidate: { outcome: "deadlock", places, or: { outcome: "leak", places }, renames: "defect" },
    assumed: true,
    subject: { func: wait.frame.instance.func.name, path: name },
  });
}

function waiting(instr: Instr): string {
  if (instr.op === "sync") return instr.fn === "wg-wait" ? "for a group" : "for a signal";
  return instr.op === "send" ? "to send" : "to receive";
}
