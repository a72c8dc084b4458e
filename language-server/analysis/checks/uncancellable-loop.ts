import type { Check, Pass } from "../check.js";
import { leftAt } from "../channel-report.js";
import { funcWords } from "../facts/names.js";
import { endlessLoops, type EndlessLoop } from "../facts/endless-loops.js";
import { siteOf, sitesOf } from "../sites.js";

export const uncancellableLoop: Check = {
  code: "uncancellable-loop",
  language: "go",
  doc: {
    title: "a goroutine that nothing can stop, started with a context",
    text: `The goroutine waits in a loop that has no way out, and the function that starts it has a \`context.Context\`.
When the context is cancelled the goroutine stays, with all that it holds.
Add \`case <-ctx.Done(): return\` to its \`select\`.`,
    bad: `package main

import (
	"context"
	"fmt"
)

func watch(ctx context.Context, events chan int) {
	go func() {
		for {
			fmt.Println(<-events)
		}
	}()
	events <- 1
	<-ctx.Done()
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	go cancel()
	watch(ctx, make(chan int))
}
`,
    good: `package main

import (
	"context"
	"fmt"
	"sync"
)

func watch(ctx context.Context, events chan int) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for {
			select {
			case event := <-events:
				fmt.Println(event)
			case <-ctx.Done():
				return
			}
		}
	}()
	wg.Wait()
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	go cancel()
	watch(ctx, make(chan int))
}
`,
    since: "0.1.0",
    severity: "warning",
  },
  run: (pass) => {
    for (const it of pass.get(endlessLoops)) report(pass, it);
  },
};

function report(pass: Pass, { func, start, waits }: EndlessLoop): void {
  const { program } = pass;
  const [first, ...others] = waits;
  if (first === undefined) return;
  pass.report({
    message: `nothing ends this loop of ${funcWords(program, func)}: it stays when the context of the function that starts it is cancelled`,
    primary: siteOf(program, first, "waits here, again and again"),
    related: sitesOf(program, [
      [start, "started here, where there is a context"],
      ...others.map((it) => [it, "waits here"] as const),
    ]),
    severity: "information",
    confidence: "possible",
    candidate: leftAt(program, waits),
    subject: { func: func.name, path: "loop" },
  });
}
