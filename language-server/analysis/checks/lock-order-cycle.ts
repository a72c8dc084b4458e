import type { Site } from "../../../protocol/finding.js";
import { spanOf } from "../../ir/access.js";
import type { SpanId } from "../../ir/ir.js";
import type { Check, Pass } from "../check.js";
import { lockOrder, type LockCycle, type OrderEdge } from "../facts/lock-order.js";
import { expressionOf, funcWords, lineOf, locationName } from "../facts/names.js";
import { pointsTo } from "../facts/points-to.js";
import { threads } from "../facts/threads.js";

export const lockOrderCycle: Check = {
  code: "lock-order-cycle",
  language: "go",
  doc: {
    title: "goroutines take the same locks in opposite orders",
    text: `One goroutine takes \`a\` and then \`b\`, another takes \`b\` and then \`a\`.
When each has taken its first lock, both wait for the other forever.
Take locks in one order everywhere, or hold only one of them at a time.`,
    bad: `package main

import "sync"

var a, b sync.Mutex

func main() {
	done := make(chan bool)
	go func() {
		a.Lock()
		b.Lock()
		b.Unlock()
		a.Unlock()
		done <- true
	}()
	b.Lock()
	a.Lock()
	a.Unlock()
	b.Unlock()
	<-done
}
`,
    good: `package main

import "sync"

var a, b sync.Mutex

func main() {
	done := make(chan bool)
	go func() {
		a.Lock()
		b.Lock()
		b.Unlock()
		a.Unlock()
		done <- true
	}()
	a.Lock()
	b.Lock()
	b.Unlock()
	a.Unlock()
	<-done
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run,
};

function run(pass: Pass): void {
  const reported = new Set<string>();
  for (const cycle of pass.get(lockOrder)) {
    // The same locks may be nested at many places: one report per set of locks.
    const key = cycle
      .map((it) => it.held.locks.join())
      .sort()
      .join(";");
    if (reported.has(key)) continue;
    reported.add(key);
    report(pass, cycle);
  }
}

function report(pass: Pass, cycle: LockCycle): void {
  const { program } = pass;
  const [first, ...rest] = cycle;
  if (first === undefined) return;
  const all = pass.get(threads);
  const points = pass.get(pointsTo);
  const at = (it: OrderEdge): SpanId => all.spanOf(it.acquire.frame, it.acquire.op.instr);
  const wanted = (it: OrderEdge): string =>
    expressionOf(program, it.acquire.frame.instance.func, it.acquire.op.lock) ||
    locationName(program, points, it.acquire.op.locks[0] ?? 0);
  const held = (it: OrderEdge): string => locationName(program, points, it.held.locks[0] ?? 0);
  const words = (it: OrderEdge): string =>
    `${funcWords(program, it.acquire.frame.instance.func)} takes \`${wanted(it)}\` (L${lineOf(program, at(it))}) while holding \`${held(it)}\``;
  const site = (span: SpanId, message: string): Site => ({ span: spanOf(program, span), message });
  const related = cycle.flatMap((it, index) => [
    site(it.held.span, `${index + 1}. holds \`${held(it)}\` from here`),
    ...(it === first ? [] : [site(at(it), `${index + 1}. waits for \`${wanted(it)}\` here`)]),
  ]);
  pass.report({
    message: `${words(first)}, and ${rest.map(words).join(", and ")}: each can wait for the other forever`,
    primary: site(at(first), `1. waits for \`${wanted(first)}\` here`),
    related,
    severity: "error",
    confidence: "possible",
    candidate: { outcome: "deadlock", places: [cycle.map((it) => spanOf(program, at(it)))] },
    assumed: cycle.some((it) => all.assumed(it.acquire.frame)),
    subject: {
      func: first.acquire.frame.instance.func.name,
      path: cycle.map(held).sort().join(" "),
    },
  });
}
