import { funcOf } from "../../ir/access.js";
import type { Instr, SpanId } from "../../ir/ir.js";
import type { Check, Pass } from "../check.js";
import { calledName } from "../facts/constraints.js";
import { funcWords, lineOf } from "../facts/names.js";
import { orders } from "../facts/orders.js";
import { pointsTo, type Instance } from "../facts/points-to.js";
import { threads } from "../facts/threads.js";
import { alone, siteOf, sitesOf } from "../sites.js";

export const fatalInGoroutine: Check = {
  code: "fatal-in-goroutine",
  language: "go",
  doc: {
    title: "a test is ended or reported to by another goroutine",
    text: `\`t.Fatal\`, \`t.FailNow\` and \`t.Skip\` end the goroutine that calls them: from a goroutine that the test has started they do not end the test.
\`t.Log\` and \`t.Error\` may be called from there, but panic when the test has ended meanwhile.
Report with \`t.Error\` and return, wait for the goroutine before the test returns, and fail in the test's own goroutine.`,
    bad: `package main

import "testing"

func load() error { return nil }

func TestLoad(t *testing.T) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := load(); err != nil {
			t.Fatal(err)
		}
	}()
	<-done
}
`,
    good: `package main

import "testing"

func load() error { return nil }

func TestLoad(t *testing.T) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := load(); err != nil {
			t.Error(err)
		}
	}()
	<-done
}
`,
    since: "0.1.0",
    severity: "warning",
  },
  run: (pass: Pass) => {
    const ended = endings(pass);
    reports(pass, ended);
  },
};

const ends = /^\(\*testing\.(?:common|T|B|F)\)\.(Fatal|Fatalf|FailNow|Skip|Skipf|SkipNow)$/;

/** Calls that end the wrong goroutine; gives their places. */
function endings(pass: Pass): ReadonlySet<SpanId> {
  const { program } = pass;
  const points = pass.get(pointsTo);
  const reported = new Set<SpanId>();
  for (const instance of points.instances) {
    if (instance.func.pkg === "testing") continue;
    for (const spawn of instrsOf(instance)) {
      if (spawn.op !== "spawn") continue;
      let told = false;
      for (const [run, certain] of runBy(pass, instance, spawn)) {
        if (run.func.library || run.func.span === 0) continue;
        for (const call of instrsOf(run)) {
          if (call.op !== "call" && call.op !== "defer") continue;
          const method = ends.exec(calledName(program, call.callee))?.[1];
          if (method === undefined || call.span === 0 || reported.has(call.span)) continue;
          reported.add(call.span);
          // One goroutine, one report: who moves the first call sees the others.
          if (!told) tell(pass, call, method, { run, certain, spawn: spawn.span });
          told = true;
        }
      }
    }
  }
  return reported;
}

/** What the goroutine runs, but for what it starts itself; true: it is called by its name all the way. */
function runBy(pass: Pass, instance: Instance, spawn: Instr): ReadonlyMap<Instance, boolean> {
  const points = pass.get(pointsTo);
  const seen = new Map(points.targets(instance, spawn).map((it) => [it.instance, true]));
  for (const [it, certain] of seen) {
    if (it.func.pkg === "testing") continue;
    for (const instr of instrsOf(it)) {
      if (instr.op !== "call" && instr.op !== "defer") continue;
      const byName = certain && instr.callee.kind === "static";
      for (const { instance: callee } of points.targets(it, instr)) {
        if (!seen.has(callee)) seen.set(callee, byName);
      }
    }
  }
  return seen;
}

interface Ending {
  readonly run: Instance;
  readonly certain: boolean;
  readonly spawn: SpanId;
}

function tell(pass: Pass, call: Instr, method: string, { run, certain, spawn }: Ending): void {
  const { program } = pass;
  const places = alone(program, [call.span]);
  const what = method.startsWith("Skip") ? "skip" : "end";
  pass.report({
    message: `\`${method}\` is called by a goroutine that the test has started: it ends that goroutine and does not ${what} the test`,
    primary: siteOf(
      program,
      call.span,
      `called here, in ${funcWords(program, funcOf(program, run.func.id))}`,
    ),
    related: sitesOf(program, [[spawn, "the goroutine is started here"]]),
    severity: "warning",
    confidence: certain ? "proved" : "possible",
    candidate: {
      outcome: "assertion",
      places,
      or: { outcome: "panic", places, or: { outcome: "deadlock", places } },
    },
    subject: { func: run.func.name, path: method },
  });
}

/** Reports of a goroutine that the test may not wait for. */
function reports(pass: Pass, known: ReadonlySet<SpanId>): void {
  const { program } = pass;
  const all = pass.get(threads);
  const parallel = pass.get(orders);
  const isIn = (instance: Instance, name: RegExp): boolean => name.test(instance.func.name);
  const test = all.accesses.filter((it) => all.closed(it.frame));
  const done = test.filter(
    (it) => it.op.write && isIn(it.frame.instance, /^\(\*testing\.T\)\.end$/),
  );
  const seen = new Set<SpanId>(known);
  for (const read of test) {
    if (read.op.write || !isIn(read.frame.instance, /^\(\*testing\.common\)\.(log|fail)$/))
      continue;
    const span = all.spanOf(read.frame, read.op.instr);
    const [thread] = [...all.threadsOf(read.frame)].filter(
      (it) => !it.spawner.instance.func.library,
    );
    if (thread === undefined || seen.has(span) || span === 0) continue;
    const end = done.find(
      (it) =>
        it.op.locations.some((location) => read.op.locations.includes(location)) &&
        parallel.mayHappenInParallel(it, read),
    );
    if (end === undefined) continue;
    seen.add(span);
    const places = alone(program, [span]);
    pass.report({
      message: `the test may end before the goroutine started at L${lineOf(program, thread.span)} reports to it here, which panics then`,
      primary: siteOf(program, span, "reported here, perhaps after the end of the test"),
      related: sitesOf(program, [[thread.span, "the goroutine is started here"]]),
      severity: "error",
      confidence: "possible",
      candidate: { outcome: "panic", places },
      subject: { func: read.frame.instance.func.name, path: "t" },
    });
  }
}

function* instrsOf({ func }: Instance): Generator<Instr> {
  for (const { instrs } of func.blocks) yield* instrs;
}
