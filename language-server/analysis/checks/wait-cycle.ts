import { spanOf } from "../../ir/access.js";
import type { Program, SpanId } from "../../ir/ir.js";
import type { Check, Pass, Reading } from "../check.js";
import { locationName } from "../facts/names.js";
import { pointsTo, type PointsTo } from "../facts/points-to.js";
import { stuckStates, type StuckGroup } from "../facts/stuck-states.js";
import type { Event } from "../facts/stuck/events.js";
import type { Blocked } from "../facts/stuck/search.js";
import { siteOf, sitesOf } from "../sites.js";

export const waitCycle: Check = {
  code: "wait-cycle",
  language: "go",
  doc: {
    title: "goroutines wait for each other on channels and locks",
    text: `Each waits for something that only another one of them would do next: to receive, to send, to release a lock, to end.
None of them goes on.
Decide on one order for what both do, take less under a lock, or give a channel room so that a sender need not wait.
It is told when a schedule shows it.`,
    bad: `package main

import "fmt"

func main() {
	requests := make(chan int)
	answers := make(chan int)
	done := make(chan struct{})
	go func() {
		answers <- 1
		fmt.Println(<-requests)
		close(done)
	}()
	requests <- 2
	fmt.Println(<-answers)
	<-done
}
`,
    good: `package main

import "fmt"

func main() {
	requests := make(chan int)
	answers := make(chan int)
	done := make(chan struct{})
	go func() {
		fmt.Println(<-requests)
		answers <- 1
		close(done)
	}()
	requests <- 2
	fmt.Println(<-answers)
	<-done
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    const told = new Set<string>();
    for (const it of pass.get(stuckStates)) {
      const key = it.states.map(({ blocked }) => spansOf(blocked).join(" ")).join();
      if (!told.has(key)) report(pass, it);
      told.add(key);
    }
  },
};

function report(pass: Pass, { states }: StuckGroup): void {
  const { program } = pass;
  const waiting = states.map(({ blocked }) => blocked);
  const names = namesOf(pass, waiting.flat());
  const [first] = waiting[0] ?? [];
  if (first === undefined || names.length === 0) return;
  const places = waiting.map((all) => spansOf(all).map((it) => spanOf(program, it)));
  const readings = waiting.map((it) => readingOf(pass, it));
  pass.report({
    ...readingOf(pass, waiting.flat()),
    severity: "error",
    confidence: "possible",
    candidate: {
      outcome: "deadlock",
      places,
      readings,
      or: { outcome: "leak", places, readings, waiting: 2 },
      renames: "end",
      waiting: 2,
      // Nobody is to come to where it waits before the others are on their way.
      orders: states.map(({ order, blocked }) =>
        [...order, ...blocked.map(({ thread, step }) => ({ thread, span: step.event.span }))].map(
          ({ thread, span }) => ({ thread, place: spanOf(program, span) }),
        ),
      ),
    },
    assumed: true,
    subject: { func: first.step.instance.func.name, path: names.join(" ") },
  });
}

/** Who waits, of one state or of all. */
function readingOf(pass: Pass, blocked: readonly Blocked[]): Reading {
  const { program } = pass;
  const [primary, ...others] = spansOf(blocked);
  const awaited = [...new Set(blocked.flatMap((it) => awaitedBy(pass, it)))];
  return {
    message: `goroutines can come to wait for each other on ${awaited.join(" and ")}, so that none of them goes on`,
    primary: siteOf(program, primary ?? (0 as SpanId), "waits here"),
    related: sitesOf(
      program,
      others.map((it) => [it, "waits here"]),
    ),
  };
}

function namesOf(pass: Pass, blocked: readonly Blocked[]): readonly string[] {
  const { program } = pass;
  const points = pass.get(pointsTo);
  return [...new Set(blocked.flatMap(({ step }) => nameOf(program, points, step.event)))];
}

/** Of a select what it waits for. */
function awaitedBy(pass: Pass, { step }: Blocked): readonly string[] {
  const { program } = pass;
  const points = pass.get(pointsTo);
  const { event } = step;
  if (event.kind !== "select") return nameOf(program, points, event);
  const known = event.cases.flatMap(({ on }) =>
    on === null ? [] : [`\`${locationName(program, points, on)}\``],
  );
  return known.length === 0 ? [] : [[...new Set(known)].join(" or ")];
}

/** Where they wait, each place once. */
function spansOf(state: readonly Blocked[]): readonly SpanId[] {
  return [...new Set(state.map(({ step }) => step.event.span))];
}

function nameOf(program: Program, points: PointsTo, event: Event): readonly string[] {
  return "on" in event ? [`\`${locationName(program, points, event.on)}\``] : [];
}
