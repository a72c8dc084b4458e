import type { Site } from "../../../protocol/finding.js";
import { spanOf } from "../../ir/access.js";
import type { SpanId } from "../../ir/ir.js";
import { reportAsyncLockOrder } from "../async-lock-order-report.js";
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
  ts: {
    text: `The same with \`Mutex\` of \`async-mutex\` and names of \`navigator.locks\`: async functions take locks in opposite orders, and each waits for what the other has.`,
    bad: `import { Mutex } from "async-mutex";

const stock = new Mutex();
const till = new Mutex();

async function log(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 10));
}

async function sell(): Promise<void> {
  await stock.runExclusive(async () => {
    await log();
    await till.runExclusive(log);
  });
}

async function giveBack(): Promise<void> {
  await till.runExclusive(async () => {
    await log();
    await stock.runExclusive(log);
  });
}

await Promise.all([sell(), giveBack()]);
`,
    good: `import { Mutex } from "async-mutex";

const stock = new Mutex();
const till = new Mutex();

async function log(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 10));
}

async function sell(): Promise<void> {
  await stock.runExclusive(async () => {
    await log();
    await till.runExclusive(log);
  });
}

async function giveBack(): Promise<void> {
  await stock.runExclusive(async () => {
    await log();
    await till.runExclusive(log);
  });
}

await Promise.all([sell(), giveBack()]);
`,
    run: reportAsyncLockOrder,
  },
};

function run(pass: Pass): void {
  const reported = new Set<string>();
  for (const cycle of pass.get(lockOrder)) {
    // The same locks may be nested at many places: one report per set of locks.
    const key = cycle.edges
      .map((it) => it.held.locks.join())
      .sort()
      .join(";");
    if (reported.has(key)) continue;
    reported.add(key);
    report(pass, cycle);
  }
}

function report(pass: Pass, { edges, writers, alike }: LockCycle): void {
  const { program } = pass;
  const [first, ...rest] = edges;
  if (first === undefined) return;
  const all = pass.get(threads);
  const points = pass.get(pointsTo);
  const at = ({ frame, op }: OrderEdge["acquire"]): SpanId => all.spanOf(frame, op.instr);
  const wanted = ({ acquire: { frame, op } }: OrderEdge): string =>
    expressionOf(program, frame.instance.func, op.lock) ||
    locationName(program, points, op.locks[0] ?? 0);
  const held = (it: OrderEdge): string => locationName(program, points, it.held.locks[0] ?? 0);
  const words = (it: OrderEdge): string =>
    `${funcWords(program, it.acquire.frame.instance.func)} takes \`${wanted(it)}\` (L${lineOf(program, at(it.acquire))}) while holding \`${held(it)}\``;
  const site = (span: SpanId, message: string): Site => ({ span: spanOf(program, span), message });
  const related = edges.flatMap((it, index) => [
    site(it.held.span, `${index + 1}. holds \`${held(it)}\` from here`),
    ...(it === first
      ? []
      : [site(at(it.acquire), `${index + 1}. waits for \`${wanted(it)}\` here`)]),
  ]);
  const waiting = writers.map((it) => site(at(it), "waits to write here, which keeps readers out"));
  const meanwhile = waiting.length === 0 ? "" : ", while another one waits to write";
  const places = [
    [...edges.map((it) => it.acquire), ...writers].map((it) => spanOf(program, at(it))),
  ];
  const candidate = { outcome: "deadlock", places, or: { outcome: "leak", places } } as const;
  pass.report({
    message: alike
      ? `${words(first)}, several goroutines at once and not in one order: each can wait for the next one forever`
      : `${words(first)}, and ${rest.map(words).join(", and ")}${meanwhile}: each can wait for the other forever`,
    primary: site(at(first.acquire), `1. waits for \`${wanted(first)}\` here`),
    related: [...related, ...waiting],
    severity: "error",
    confidence: "possible",
    candidate: alike ? { ...candidate, renames: "defect" } : candidate,
    assumed: alike || edges.some((it) => all.assumed(it.acquire.frame)),
    subject: {
      func: first.acquire.frame.instance.func.name,
      path: edges.map(held).sort().join(" "),
    },
  });
}
