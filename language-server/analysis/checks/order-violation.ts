import { spanOf } from "../../ir/access.js";
import type { SpanId } from "../../ir/ir.js";
import type { Candidate, Check, Pass } from "../check.js";
import { expressionOf, funcWords, lineOf, locationName } from "../facts/names.js";
import { orderViolations, type OrderViolation } from "../facts/order-violations.js";
import { pointsTo } from "../facts/points-to.js";
import type { AccessHappening } from "../facts/races.js";
import { threads } from "../facts/threads.js";
import { alone, siteOf, sitesOf } from "../sites.js";

export const orderViolation: Check = {
  code: "order-violation",
  language: "go",
  doc: {
    title: "a goroutine uses what is set only after its start",
    text: `The goroutine is started before the variable that it uses gets its value, and nothing makes it wait for that.
If it is quick it finds nil; a lock around both does not help, because it does not say who comes first.
Set the variable before the \`go\` statement, hand the value over as an argument, or let the goroutine wait on a channel.`,
    bad: `package main

import "fmt"

type logger struct{ prefix string }

func (l *logger) print(text string) { fmt.Println(l.prefix + text) }

func main() {
	var log *logger
	done := make(chan struct{})
	go func() {
		log.print("started")
		close(done)
	}()
	log = &logger{prefix: "app: "}
	<-done
}
`,
    good: `package main

import "fmt"

type logger struct{ prefix string }

func (l *logger) print(text string) { fmt.Println(l.prefix + text) }

func main() {
	var log *logger
	done := make(chan struct{})
	log = &logger{prefix: "app: "}
	go func() {
		log.print("started")
		close(done)
	}()
	<-done
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass: Pass) => {
    const seen = new Set<SpanId>();
    for (const it of pass.get(orderViolations)) {
      const span = pass.get(threads).spanOf(it.write.frame, it.write.op.instr);
      if (seen.has(span)) continue;
      seen.add(span);
      report(pass, it);
    }
  },
};

function report(pass: Pass, violation: OrderViolation): void {
  const { program } = pass;
  const { thread, read, write, race, location } = violation;
  const all = pass.get(threads);
  const span = (it: AccessHappening): SpanId => all.spanOf(it.frame, it.op.instr);
  const name =
    expressionOf(program, read.frame.instance.func, read.op.through) ||
    locationName(program, pass.get(pointsTo), location);
  const panics: Candidate = {
    outcome: "panic",
    places: alone(program, [...violation.uses, span(read)]),
  };
  const pairs = [...(race?.conflicts ?? []), ...(race?.consequences ?? [])].map((it) => [
    spanOf(program, span(it.inThread)),
    spanOf(program, span(it.other)),
  ]);
  pass.report({
    message: `\`${name}\` is used by the goroutine started at L${lineOf(program, thread.span)}, but gets its value only afterwards (L${lineOf(program, span(write))}): it may still be nil`,
    primary: siteOf(program, span(read), `\`${name}\` is read here`),
    related: sitesOf(program, [
      [
        thread.span,
        `the goroutine is started here, in ${funcWords(program, thread.spawner.instance.func)}`,
      ],
      [span(write), "and only here it gets its value"],
    ]),
    severity: "error",
    confidence: "possible",
    candidate: { ...panics, or: { outcome: "race", places: [...pairs, ...panics.places] } },
    subject: { func: read.frame.instance.func.name, path: name },
  });
}
