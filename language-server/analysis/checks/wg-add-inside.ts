import type { SpanId } from "../../ir/ir.js";
import { spanOf } from "../../ir/access.js";
import type { Check, Pass } from "../check.js";
import { expressionOf, funcWords, lineOf } from "../facts/names.js";
import { orders } from "../facts/orders.js";
import { pointsTo, type Instance } from "../facts/points-to.js";
import { protectedBoth } from "../facts/races.js";
import type { Node } from "../facts/solver.js";
import { threads, type Happening, type Thread } from "../facts/threads.js";
import { graphOf, type Point } from "../facts/graph.js";
import { waitGroups, type GroupUse, type WaitGroups } from "../facts/wait-groups.js";
import { unjoined } from "../facts/unjoined.js";
import { siteOf, sitesOf } from "../sites.js";

export const wgAddInside: Check = {
  code: "wg-add-inside",
  language: "go",
  doc: {
    title: "a goroutine counts itself in: Wait may not wait for it",
    text: `\`wg.Add\` is called by the goroutine that is to be waited for.
Nothing makes it run before \`wg.Wait\`: the waiter may find the counter at 0 and go on before the goroutine has begun.
Call \`wg.Add(1)\` before the \`go\` statement, or use \`wg.Go\`.`,
    bad: `package main

import (
	"fmt"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	var mu sync.Mutex
	sum := 0
	for _, n := range []int{3, 4} {
		go func() {
			wg.Add(1)
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			sum += n
		}()
	}
	wg.Wait()
	fmt.Println(sum)
}
`,
    good: `package main

import (
	"fmt"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	var mu sync.Mutex
	sum := 0
	for _, n := range []int{3, 4} {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			sum += n
		}()
	}
	wg.Wait()
	fmt.Println(sum)
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run,
};

type Mark = Happening<"mark">;

function run(pass: Pass): void {
  const all = pass.get(threads);
  const points = pass.get(pointsTo);
  const groupOf = ({ frame, op }: Mark): Node | null => {
    if (op.instr.op !== "sync" || op.instr.object === null) return null;
    const [group, ...others] = points.locations(frame.instance, op.instr.object);
    return group === undefined || others.length > 0 ? null : group;
  };
  const is = ({ op }: Mark, fn: string): boolean => op.instr.op === "sync" && op.instr.fn === fn;
  const closed = all.marks.filter((it) => all.closed(it.frame));
  const waits = closed.filter((it) => is(it, "wg-wait"));
  const reported = new Set<SpanId>();
  for (const add of closed.filter((it) => is(it, "wg-add"))) {
    const group = groupOf(add);
    const span = all.spanOf(add.frame, add.op.instr);
    if (group === null || span === 0 || reported.has(span)) continue;
    const wait = waits.find((it) => groupOf(it) === group && isBeside(pass, add, it));
    if (wait === undefined) continue;
    const thread = [...all.threadsOf(add.frame)].find((it) => !isCounted(pass, it, group));
    if (thread === undefined) continue;
    reported.add(span);
    report(pass, { add, wait, group, thread });
  }
}

/** Whether the Add may run while the other goroutine is at its Wait. */
function isBeside(pass: Pass, add: Mark, wait: Mark): boolean {
  if (protectedBoth(add.state.held, wait.state.held)) return false;
  const parallel = pass.get(orders);
  if (parallel.handedOver(add, wait, null)) return false;
  return parallel.threadBeside(wait, add, null) !== null;
}

/** Whether the goroutine, or one that started it, was counted before and gives that count back only at its end. */
function isCounted(pass: Pass, thread: Thread, group: Node): boolean {
  const groups = pass.get(waitGroups);
  const starter = thread.spawner.instance;
  const before = groups
    .usesOf(starter)
    .some((it) => isUse(it, "add", group) && precedes(starter, it, thread));
  return before && thread.targets.some(({ instance }) => ownCount(groups, instance, group) > 0);
}

function precedes({ func }: Instance, use: GroupUse, thread: Thread): boolean {
  const graph = graphOf(func);
  return func.blocks.some(({ instrs }, block) =>
    instrs.some((it, index) => it === thread.instr && graph.reaches(use.point, { block, index })),
  );
}

/** Dones that are left when each Add that is not for a goroutine started after it has had one. */
function ownCount(groups: WaitGroups, instance: Instance, group: Node): number {
  const graph = graphOf(instance.func);
  const uses = groups.usesOf(instance);
  const dones = uses.filter((it) => isUse(it, "done", group)).length;
  const children = groups
    .allSpawnsOf(instance)
    .filter((it) =>
      it.targets.some((target) => groups.usesOf(target).some((use) => isUse(use, "done", group))),
    );
  const own = uses.filter(
    (it) =>
      isUse(it, "add", group) &&
      !children.some(
        (child) => isSame(it.point, child.point) || graph.reaches(it.point, child.point),
      ),
  );
  return dones - own.length;
}

/** Whether the goroutine gives counts back: it is itself what is waited for. */
function countsDown(groups: WaitGroups, { targets }: Thread, group: Node): boolean {
  return targets.some(({ instance }) =>
    groups.usesOf(instance).some((it) => isUse(it, "done", group)),
  );
}

/** Of a helper that counts and starts. */
function isSame(left: Point, right: Point): boolean {
  return left.block === right.block && left.index === right.index;
}

function isUse(use: GroupUse, kind: GroupUse["kind"], group: Node): boolean {
  return use.kind === kind && use.group === group;
}

function report(
  pass: Pass,
  { add, wait, group, thread }: { add: Mark; wait: Mark; group: Node; thread: Thread },
): void {
  const { program } = pass;
  const all = pass.get(threads);
  const [addSpan, waitSpan] = [add, wait].map((it) => all.spanOf(it.frame, it.op.instr)) as [
    SpanId,
    SpanId,
  ];
  const object = add.op.instr.op === "sync" ? add.op.instr.object : null;
  const name =
    (object === null ? "" : expressionOf(program, add.frame.instance.func, object)) || "wg";
  const too = unjoined(pass, thread, group);
  const isItself = countsDown(pass.get(waitGroups), thread, group);
  const waiter = `\`${name}.Wait\` (L${lineOf(program, waitSpan)})`;
  const message = isItself
    ? `\`${name}.Add\` runs in the goroutine that ${waiter} is to wait for: Wait may go on before it has begun`
    : `\`${name}.Add\` runs beside ${waiter}: Wait may go on before what is counted here has begun`;
  pass.report({
    message,
    primary: siteOf(
      program,
      addSpan,
      isItself ? "counted in here, by the goroutine itself" : "counted here",
    ),
    related: sitesOf(program, [
      [
        thread.span,
        `the goroutine is started here, in ${funcWords(program, thread.spawner.instance.func)}`,
      ],
      [waitSpan, "this Wait may find the counter at 0"],
    ]),
    severity: "error",
    confidence: "possible",
    candidate: {
      ...too,
      places: [[spanOf(program, addSpan), spanOf(program, waitSpan)], ...too.places],
    },
    subject: { func: add.frame.instance.func.name, path: name },
  });
}
