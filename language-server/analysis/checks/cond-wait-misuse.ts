import type { SpanId } from "../../ir/ir.js";
import type { Check, Pass } from "../check.js";
import { condUses, isCalledInLoop, type CondWait } from "../facts/cond-uses.js";
import { graphOf } from "../facts/graph.js";
import { expressionOf } from "../facts/names.js";
import { pointsTo, type Instance } from "../facts/points-to.js";
import type { Node } from "../facts/solver.js";
import { threads } from "../facts/threads.js";
import { alone, siteOf } from "../sites.js";

export const condWaitMisuse: Check = {
  code: "cond-wait-misuse",
  language: "go",
  doc: {
    title: "a Cond.Wait without a loop around it, or without its lock",
    text: `When \`Wait\` returns, somebody has called \`Signal\` or \`Broadcast\`; it does not say that what was waited for is still there, because others may have come first.
So test again after it: \`for !ready { cond.Wait() }\`, not \`if\`.
\`Wait\` also releases the lock \`cond.L\` while it waits, so whoever calls it must hold that lock: else the program ends with \`unlock of unlocked mutex\`.`,
    bad: `package main

import "sync"

func main() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	queue := []int{}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			if len(queue) == 0 {
				cond.Wait()
			}
			queue = queue[1:]
		})
	}
	for i := range 2 {
		mu.Lock()
		queue = append(queue, i)
		mu.Unlock()
		cond.Broadcast()
	}
	wg.Wait()
}
`,
    good: `package main

import "sync"

func main() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	queue := []int{}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			for len(queue) == 0 {
				cond.Wait()
			}
			queue = queue[1:]
		})
	}
	for i := range 2 {
		mu.Lock()
		queue = append(queue, i)
		mu.Unlock()
		cond.Broadcast()
	}
	wg.Wait()
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run,
};

function run(pass: Pass): void {
  const seen = new Set<SpanId>();
  for (const it of pass.get(condUses).waits) {
    const { span } = it.call;
    if (span === 0 || seen.has(span)) continue;
    seen.add(span);
    if (it.tested === "if" && !isCalledInLoop(pass.program, it.instance.func)) reportOnce(pass, it);
    else if (!it.held) reportUnheld(pass, it);
  }
}

/** Tested once, before it waits. What goes wrong after that is a consequence. */
function reportOnce(pass: Pass, wait: CondWait): void {
  const { program } = pass;
  const { func } = wait.instance;
  const name = nameOf(pass, wait);
  const after = graphOf(func)
    .instrsAfter(wait.call)
    .map((it) => it.span);
  const all = pass.get(threads);
  // A panic in what a group runs is raised again where it is started.
  const started = all.accesses
    .filter((it) => it.frame.instance.func === func)
    .flatMap((it) => [...all.threadsOf(it.frame)].map(({ span }) => span));
  pass.report({
    message: `\`${name}.Wait\` is not in a loop: when it returns, another goroutine may have been there first, and what was tested no longer holds`,
    primary: siteOf(program, wait.call.span, "waits once: `for` instead of `if` tests again"),
    related: [],
    severity: "warning",
    confidence: "proved",
    candidate: {
      outcome: "panic",
      places: alone(program, [...after, ...started]),
      renames: "defect",
    },
    subject: { func: func.name, path: name },
  });
}

function reportUnheld(pass: Pass, wait: CondWait): void {
  const { program } = pass;
  const name = nameOf(pass, wait);
  const releases = pass.get(pointsTo).instances.flatMap((it) => releasesIn(pass, it, wait.locks));
  pass.report({
    message: `\`${name}.Wait\` is called without holding \`${name}.L\`: it releases that lock first, which ends the program`,
    primary: siteOf(program, wait.call.span, "the lock is not held here"),
    related: [],
    severity: "error",
    confidence: "possible",
    candidate: {
      outcome: "panic",
      // Who held it instead finds it released.
      places: alone(program, [wait.call.span, ...releases]),
      renames: "defect",
    },
    assumed: true,
    subject: { func: wait.instance.func.name, path: name },
  });
}

function releasesIn(pass: Pass, instance: Instance, locks: readonly Node[]): readonly SpanId[] {
  return instance.func.blocks.flatMap(({ instrs }) =>
    instrs.flatMap((it) => {
      if (it.op !== "release") return [];
      const released = pass.get(pointsTo).locations(instance, it.lock);
      return locks.some((lock) => released.has(lock)) ? [it.span] : [];
    }),
  );
}

function nameOf({ program }: Pass, { instance, call }: CondWait): string {
  const [cond] = call.args;
  return (cond === undefined ? "" : expressionOf(program, instance.func, cond)) || "cond";
}
