import type { Instr, Reg, SpanId } from "../../ir/ir.js";
import type { Check, Pass } from "../check.js";
import { calledName } from "../facts/constraints.js";
import { callsOf } from "../facts/instructions.js";
import { funcWords, lineOf } from "../facts/names.js";
import { orders } from "../facts/orders.js";
import { pointsTo, type Instance } from "../facts/points-to.js";
import { definitionsOf } from "../facts/skeleton.js";
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
    for (const spawn of callsOf(instance.func)) {
      if (spawn.op !== "spawn") continue;
      let told = false;
      for (const run of runBy(pass, instance, spawn)) {
        const { func } = run.instance;
        if (func.library || func.span === 0) continue;
        for (const call of callsOf(func)) {
          if (call.op !== "call" && call.op !== "defer") continue;
          const method = ends.exec(calledName(program, call.callee))?.[1];
          if (method === undefined || call.span === 0 || reported.has(call.span)) continue;
          if (isNil(run, call.args[0])) continue;
          reported.add(call.span);
          // One goroutine, one report: who moves the first call sees the others.
          if (!told) tell(pass, call, method, run, spawn.span);
          told = true;
        }
      }
    }
  }
  return reported;
}

/** A function that a goroutine runs. */
interface Run {
  readonly instance: Instance;
  /** It is called by its name all the way. */
  readonly certain: boolean;
  /** Parameters that are nil: a helper that is called without a test. */
  readonly nils: readonly number[];
}

/** What the goroutine runs, but for what it starts itself. */
function runBy(pass: Pass, spawner: Instance, spawn: Instr): readonly Run[] {
  const points = pass.get(pointsTo);
  const seen = new Set<string>();
  const runs: Run[] = [];
  const add = (run: Run): void => {
    const key = `${run.instance.id} ${run.nils.join(" ")}`;
    if (!seen.has(key)) runs.push(run);
    seen.add(key);
  };
  for (const { instance } of points.targets(spawner, spawn)) {
    add({ instance, certain: true, nils: [] });
  }
  for (const run of runs) {
    const { instance, certain } = run;
    if (instance.func.pkg === "testing") continue;
    for (const instr of callsOf(instance.func)) {
      if (instr.op !== "call" && instr.op !== "defer") continue;
      const byName = instr.callee.kind === "static";
      const nils = byName ? instr.args.flatMap((arg, at) => (isNil(run, arg) ? [at] : [])) : [];
      for (const { instance: callee } of points.targets(instance, instr)) {
        add({ instance: callee, certain: certain && byName, nils });
      }
    }
  }
  return runs;
}

/** Whether a value is nil, or a part of what would be at nil. */
function isNil(run: Run, value: Reg | undefined): boolean {
  if (value === undefined) return false;
  const { params } = run.instance.func;
  if (run.nils.some((it) => params[it] === value)) return true;
  const made = definitionsOf(run.instance.func).get(value);
  if (made?.op === "field") return isNil(run, made.base);
  return made?.op === "const" && made.value === null;
}

function tell(
  pass: Pass,
  call: Instr,
  method: string,
  { instance, certain }: Run,
  spawn: SpanId,
): void {
  const { program } = pass;
  const places = alone(program, [call.span]);
  const what = method.startsWith("Skip") ? "skip" : "end";
  pass.report({
    message: `\`${method}\` is called by a goroutine that the test has started: it ends that goroutine and does not ${what} the test`,
    primary: siteOf(program, call.span, `called here, in ${funcWords(program, instance.func)}`),
    related: sitesOf(program, [[spawn, "the goroutine is started here"]]),
    severity: "warning",
    confidence: certain ? "proved" : "possible",
    candidate: {
      outcome: "assertion",
      places,
      or: { outcome: "panic", places, or: { outcome: "deadlock", places } },
    },
    subject: { func: instance.func.name, path: method },
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
