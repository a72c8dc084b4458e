import type { Check, Pass } from "../check.js";
import { expressionOf, funcWords, lineOf } from "../facts/names.js";
import { semaphores, type SemaphoreMisuse } from "../facts/semaphores.js";
import { alone, siteOf, sitesOf } from "../sites.js";

export const semaphoreMisuse: Check = {
  code: "semaphore-misuse",
  language: "go",
  doc: {
    title: "a semaphore channel is not given back, or is taken twice",
    text: `A channel with room for n values lets n goroutines in: each sends before it begins and receives when it is done.
A way out that does not receive leaves one place taken for good; who needs two places at once can get the first one while others have the rest, and then all wait.
Write \`defer func() { <-sem }()\` right after the send, and take one place for one job.
It is reported when a schedule shows that somebody waits forever for a place.`,
    bad: `package main

import "sync"

func work(id int) bool { return id%2 == 0 }

func main() {
	sem := make(chan struct{}, 1)
	var wg sync.WaitGroup
	for id := range 2 {
		wg.Go(func() {
			sem <- struct{}{}
			if !work(id) {
				return
			}
			<-sem
		})
	}
	wg.Wait()
}
`,
    good: `package main

import "sync"

func work(id int) bool { return id%2 == 0 }

func main() {
	sem := make(chan struct{}, 1)
	var wg sync.WaitGroup
	for id := range 2 {
		wg.Go(func() {
			sem <- struct{}{}
			defer func() { <-sem }()
			if !work(id) {
				return
			}
		})
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
  for (const it of pass.get(semaphores)) report(pass, it);
}

function report(pass: Pass, { kind, func, chan, span, at, sends }: SemaphoreMisuse): void {
  const { program } = pass;
  const name = expressionOf(program, func, chan) || "the semaphore";
  const where = `${funcWords(program, func)} takes a place in \`${name}\` (L${lineOf(program, span)})`;
  const places = alone(program, sends);
  pass.report({
    message:
      kind === "kept"
        ? `${where} and does not give it back on the way to L${lineOf(program, at)}: in the end nobody gets one`
        : `${where} and a second one (L${lineOf(program, at)}) before it gives the first one back: goroutines that have one each wait for each other forever`,
    primary: siteOf(program, span, "taken here"),
    related: sitesOf(
      program,
      at === span ? [] : [[at, kind === "kept" ? "left here" : "taken again here"]],
    ),
    severity: "error",
    confidence: "possible",
    candidate: { outcome: "deadlock", places, or: { outcome: "leak", places }, renames: "defect" },
    assumed: true,
    subject: { func: func.name, path: name },
  });
}
