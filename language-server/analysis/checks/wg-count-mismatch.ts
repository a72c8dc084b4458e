import { funcOf, spanOf } from "../../ir/access.js";
import type { Program, SpanId } from "../../ir/ir.js";
import type { Candidate, Check, Pass } from "../check.js";
import { earlyDones, type EarlyDone } from "../facts/early-dones.js";
import { graphOf } from "../facts/graph.js";
import { expressionOf, funcWords, lineOf } from "../facts/names.js";
import { pointsTo, type Instance } from "../facts/points-to.js";
import type { Node } from "../facts/solver.js";
import { threads, type Thread } from "../facts/threads.js";
import { unjoined } from "../facts/unjoined.js";
import { Effects } from "../facts/wait-group-effects.js";
import { waitGroups, type GroupUse } from "../facts/wait-groups.js";
import { alone, siteOf, sitesOf } from "../sites.js";

export const wgCountMismatch: Check = {
  code: "wg-count-mismatch",
  language: "go",
  doc: {
    title: "the Add and Done of a wait group do not match",
    text: `Each goroutine that is counted has to call \`Done\` once, at its end, on every path.
One \`Done\` too few and \`Wait\` never returns; one too many and the program panics; \`Done\` before the work and \`Wait\` does not wait for it.
Write \`defer wg.Done()\` as the first statement of the goroutine and \`wg.Add(1)\` right before the \`go\`, or use \`wg.Go\`.`,
    bad: `package main

import (
	"fmt"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	for n := range 2 {
		wg.Add(1)
		go func() {
			if n == 0 {
				return
			}
			fmt.Println("worked")
			wg.Done()
		}()
	}
	wg.Wait()
}
`,
    good: `package main

import (
	"fmt"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	for n := range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if n == 0 {
				return
			}
			fmt.Println("worked")
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
  const groups = pass.get(waitGroups);
  const nodes = new Set(groups.users.flatMap((it) => groups.usesOf(it).map((use) => use.group)));
  for (const group of nodes) new Counter(pass, group).report();
  for (const it of pass.get(earlyDones).values()) reportEarly(pass, it);
}

/** One wait group. */
class Counter {
  readonly #pass: Pass;
  readonly #program: Program;
  readonly #group: Node;
  readonly #effects: Effects;
  readonly #uses: readonly GroupUse[];
  readonly #reported = new Set<SpanId>();

  constructor(pass: Pass, group: Node) {
    this.#pass = pass;
    this.#program = pass.program;
    this.#group = group;
    const groups = pass.get(waitGroups);
    this.#effects = new Effects(groups, pass.get(pointsTo), group);
    this.#uses = groups.users.flatMap((it) => groups.usesOf(it)).filter((it) => it.group === group);
  }

  report(): void {
    const waits = this.#spansOf("wait");
    if (waits.length === 0) return;
    const threadsHere = this.#pass
      .get(threads)
      .threads.filter((it) => this.#pass.get(threads).closed(it.spawner));
    for (const thread of threadsHere) {
      for (const { instance } of thread.targets) this.#goroutine(thread, instance);
      this.#deferOrder(thread);
    }
    const starters = new Set(threadsHere.map((it) => it.spawner.instance));
    for (const it of starters) this.#starter(it);
  }

  #spansOf(kind: GroupUse["kind"]): readonly SpanId[] {
    return [...new Set(this.#uses.filter((it) => it.kind === kind).map((it) => it.span))];
  }

  #name(): string {
    const [use] = this.#uses;
    if (use === undefined) return "wg";
    return expressionOf(this.#program, use.through.func, use.through.reg) || "wg";
  }

  /** The goroutine calls Done on some of its paths, or once too often. */
  #goroutine(thread: Thread, instance: Instance): void {
    const { nets, returns } = this.#effects.of(instance);
    if (nets === null || nets.length < 2) return;
    const name = this.#name();
    const [least = 0] = nets;
    const odd = returns.find((it) => it.nets !== null && it.nets.some((net) => net !== -1));
    if (least > -1 || odd === undefined) return;
    const twice = least < -1;
    const waits = this.#spansOf("wait");
    const end = odd.span === 0 ? instance.func.span : odd.span;
    const primary = twice ? this.#doneIn(instance) : end;
    const message = twice
      ? `\`${name}.Done\` is called more than once on a path of this goroutine: the counter gets negative`
      : `\`${name}.Done\` is not called on the path that ends here: \`${name}.Wait\` (L${lineOf(this.#program, waits[0] ?? primary)}) never returns`;
    this.#tell(
      primary,
      message,
      twice ? "Done" : "this path ends without Done",
      thread,
      instance,
      twice,
    );
  }

  #doneIn(instance: Instance): SpanId {
    const dones = this.#pass
      .get(waitGroups)
      .usesOf(instance)
      .filter((it) => it.kind === "done" && it.group === this.#group);
    return (dones.find((it) => !it.deferred) ?? dones[0])?.span ?? instance.func.span;
  }

  /** What is counted when Wait begins, where all of it is known. */
  #starter(instance: Instance): void {
    const object = this.#pass.get(pointsTo).objectAt(this.#group);
    const effect = this.#effects.of(instance);
    const graph = graphOf(instance.func);
    const spawns = this.#pass.get(waitGroups).spawnsOf(instance);
    const adds = this.#pass
      .get(waitGroups)
      .usesOf(instance)
      .filter((it) => it.kind === "add" && it.group === this.#group);
    const [add] = adds;
    if (add === undefined) return;
    const isWhole = object?.instance === instance;
    for (const { use, nets } of isWhole ? effect.waits : []) {
      const odd = nets?.find((it) => it !== 0);
      if (odd === undefined || spawns.some((it) => graph.inOneLoop(it.point, use.point))) continue;
      this.#total(instance, add, odd);
      return;
    }
    for (const { header, nets } of effect.uneven) {
      const inLoop = adds.find((it) => graph.blockDominates(header, it.point.block));
      if (nets.some((it) => it > 0) || adds.some((it) => it.delta === null))
        this.#round(inLoop ?? add, instance, inLoop !== undefined);
    }
  }

  #total(instance: Instance, add: GroupUse, odd: number): void {
    const name = this.#name();
    const by = Math.abs(odd);
    const message =
      odd > 0
        ? `\`${name}\` is counted up by ${by} more than there are calls of \`Done\`: \`${name}.Wait\` never returns`
        : `\`${name}.Done\` is called ${by === 1 ? "once" : `${by} times`} more than is counted with \`Add\`: the counter gets negative`;
    this.#tell(add.span, message, "counted here", null, instance, odd < 0);
  }

  #round(add: GroupUse, instance: Instance, inLoop: boolean): void {
    const name = this.#name();
    const what = inLoop
      ? `\`${name}\` is counted here, but a round of the loop may end without a goroutine that calls \`Done\``
      : `\`${name}\` is counted for all rounds, but one may start no goroutine that calls \`Done\``;
    this.#tell(
      add.span,
      `${what}: \`${name}.Wait\` never returns`,
      "counted here",
      null,
      instance,
      false,
    );
  }

  #tell(
    primary: SpanId,
    message: string,
    here: string,
    thread: Thread | null,
    instance: Instance,
    negative: boolean,
  ): void {
    if (primary === 0 || this.#reported.has(primary)) return;
    this.#reported.add(primary);
    const program = this.#program;
    const waits = this.#spansOf("wait");
    const stuck: Candidate = {
      outcome: "deadlock",
      places: alone(program, waits),
      or: { outcome: "leak", places: alone(program, waits) },
    };
    const dones = alone(program, this.#spansOf("done"));
    this.#pass.report({
      message,
      primary: siteOf(program, primary, here),
      related: sitesOf(program, [
        ...(thread === null ? [] : [[thread.span, "the goroutine is started here"] as const]),
        ...waits.map((it) => [it, "waited for here"] as const),
      ]),
      severity: "error",
      confidence: "possible",
      candidate: negative ? { outcome: "panic", places: dones, or: stuck } : stuck,
      subject: { func: funcOf(program, instance.func.id).name, path: this.#name() },
    });
  }

  /** Deferred calls run last in, first out: Done may run before what was deferred earlier. */
  #deferOrder(thread: Thread): void {
    const groups = this.#pass.get(waitGroups);
    const points = this.#pass.get(pointsTo);
    for (const { instance } of thread.targets) {
      const graph = graphOf(instance.func);
      const done = groups
        .usesOf(instance)
        .find((it) => it.kind === "done" && it.group === this.#group && it.deferred);
      if (done === undefined) continue;
      const later = new Set<Instance>();
      instance.func.blocks.forEach(({ instrs }, block) => {
        instrs.forEach((instr, index) => {
          if (instr.op !== "defer" || instr === done.instr) return;
          if (!graph.dominates({ block, index }, done.point)) return;
          for (const it of points.targets(instance, instr)) later.add(it.instance);
        });
      });
      if (later.size === 0) continue;
      const too = unjoined(this.#pass, thread, this.#group, (it) => later.has(it.frame.instance));
      if (too.places.length > 0) this.#tellOrder(done, thread, instance, too.places);
    }
  }

  #tellOrder(
    done: GroupUse,
    thread: Thread,
    instance: Instance,
    places: Candidate["places"],
  ): void {
    if (this.#reported.has(done.span)) return;
    this.#reported.add(done.span);
    const program = this.#program;
    const name = this.#name();
    const [late] = places[0] ?? [];
    this.#pass.report({
      message: `\`${name}.Done\` is deferred last and so runs first: what was deferred before it is not waited for`,
      primary: siteOf(program, done.span, "this runs before the calls that were deferred earlier"),
      related: [
        ...(late === undefined ? [] : [{ span: late, message: "this is done after Done" }]),
        ...sitesOf(program, [[thread.span, "the goroutine is started here"]]),
      ],
      severity: "error",
      confidence: "possible",
      candidate: { outcome: "race", places },
      subject: { func: instance.func.name, path: name },
    });
  }
}

function reportEarly(pass: Pass, { race, done }: EarlyDone): void {
  const { program } = pass;
  const all = pass.get(threads);
  const [{ inThread, other, thread }] = race.conflicts;
  const span = (it: typeof inThread): SpanId => all.spanOf(it.frame, it.op.instr);
  const name = expressionOf(program, done.through.func, done.through.reg) || "wg";
  pass.report({
    message: `\`${name}.Done\` is called before the work is done: what happens after it (L${lineOf(program, span(inThread))}) is not waited for`,
    primary: siteOf(program, done.span, "from here on nobody waits for the goroutine"),
    related: sitesOf(program, [
      [span(inThread), "this comes after Done"],
      [span(other), `and races with this, in ${funcWords(program, other.frame.instance.func)}`],
      [thread.span, "the goroutine is started here"],
    ]),
    severity: "error",
    confidence: "possible",
    candidate: {
      outcome: "race",
      places: [...race.conflicts, ...race.consequences].map((it) => [
        spanOf(program, span(it.inThread)),
        spanOf(program, span(it.other)),
      ]),
    },
    subject: { func: inThread.frame.instance.func.name, path: name },
  });
}
