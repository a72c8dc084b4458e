import type { SpanId } from "../../ir/ir.js";
import type { Check, Pass } from "../check.js";
import { graphOf } from "../facts/graph.js";
import { expressionOf, lineOf } from "../facts/names.js";
import type { Instance } from "../facts/points-to.js";
import type { Node } from "../facts/solver.js";
import { threads } from "../facts/threads.js";
import { waitGroups, type GroupUse } from "../facts/wait-groups.js";
import { alone, siteOf, sitesOf } from "../sites.js";

export const wgWaitMisplaced: Check = {
  code: "wg-wait-misplaced",
  language: "go",
  doc: {
    title: "a Wait stands where the counter cannot get to zero",
    text: `\`wg.Wait\` in the loop that starts the goroutines waits for those of later rounds, which are not started until it returns.
\`wg.Wait\` in one of the goroutines that are counted waits for that goroutine itself.
Move \`Wait\` behind the loop, and into a goroutine that is not counted.`,
    bad: `package main

import (
	"fmt"
	"sync"
)

func main() {
	pages := []string{"a", "b"}
	var wg sync.WaitGroup
	wg.Add(len(pages))
	for _, page := range pages {
		go func() {
			defer wg.Done()
			fmt.Println(page)
		}()
		wg.Wait()
	}
}
`,
    good: `package main

import (
	"fmt"
	"sync"
)

func main() {
	pages := []string{"a", "b"}
	var wg sync.WaitGroup
	wg.Add(len(pages))
	for _, page := range pages {
		go func() {
			defer wg.Done()
			fmt.Println(page)
		}()
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
  const all = pass.get(threads);
  const closed = all.threads.filter((it) => all.closed(it.spawner));
  const reported = new Set<SpanId>();
  const tell = (wait: GroupUse, adds: GroupUse, instance: Instance, message: string): void => {
    if (wait.span === 0 || reported.has(wait.span)) return;
    reported.add(wait.span);
    const { program } = pass;
    const places = alone(program, [wait.span]);
    const name = expressionOf(program, wait.through.func, wait.through.reg) || "wg";
    pass.report({
      message: `\`${name}.Wait\` ${message}`,
      primary: siteOf(program, wait.span, "waits here for what cannot come"),
      related: sitesOf(program, [[adds.span, "counted here"]]),
      severity: "error",
      confidence: "possible",
      candidate: { outcome: "deadlock", places, or: { outcome: "leak", places } },
      subject: { func: instance.func.name, path: name },
    });
  };
  for (const it of new Set(closed.map((thread) => thread.spawner.instance))) inLoop(pass, it, tell);
  for (const thread of closed) {
    for (const { instance } of thread.targets)
      ofItself(pass, instance, thread.spawner.instance, tell);
  }
}

type Tell = (wait: GroupUse, add: GroupUse, instance: Instance, message: string) => void;

/** In the loop that starts what was counted before it. */
function inLoop(pass: Pass, instance: Instance, tell: Tell): void {
  const groups = pass.get(waitGroups);
  const graph = graphOf(instance.func);
  const uses = groups.usesOf(instance);
  for (const wait of uses.filter((it) => it.kind === "wait" && graph.inLoop(it.point))) {
    const starts = groups
      .spawnsOf(instance)
      .some(
        (it) =>
          graph.inOneLoop(it.point, wait.point) &&
          it.targets.some((target) => countsDown(pass, target, wait.group)),
      );
    const adds = uses.filter((it) => it.kind === "add" && it.group === wait.group);
    const [add] = adds;
    const before = adds.every(
      (it) => !graph.inOneLoop(it.point, wait.point) && graph.dominates(it.point, wait.point),
    );
    if (!starts || add === undefined || !before || add.delta === 1) continue;
    tell(
      wait,
      add,
      instance,
      `stands in the loop that starts the goroutines: all are counted before (L${lineOf(pass.program, add.span)}), and the first round waits for those of the next ones`,
    );
  }
}

/** By a goroutine that is counted itself. */
function ofItself(pass: Pass, instance: Instance, starter: Instance, tell: Tell): void {
  const groups = pass.get(waitGroups);
  const graph = graphOf(instance.func);
  const uses = groups.usesOf(instance);
  for (const wait of uses.filter((it) => it.kind === "wait")) {
    const own = uses.some(
      (it) =>
        it.kind === "done" &&
        it.group === wait.group &&
        (it.deferred || graph.reaches(wait.point, it.point)) &&
        !graph.reaches(it.point, wait.point) === !it.deferred,
    );
    const addsHere = uses.some((it) => it.kind === "add" && it.group === wait.group);
    const add = groups.usesOf(starter).find((it) => it.kind === "add" && it.group === wait.group);
    if (!own || addsHere || add === undefined) continue;
    tell(
      wait,
      add,
      instance,
      "is called by a goroutine that is counted itself: it waits for its own `Done`",
    );
  }
}

function countsDown(pass: Pass, instance: Instance, group: Node): boolean {
  return pass
    .get(waitGroups)
    .usesOf(instance)
    .some((it) => it.kind === "done" && it.group === group);
}
