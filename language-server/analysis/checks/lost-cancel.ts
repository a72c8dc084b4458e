import type { Check, Pass } from "../check.js";
import { stuckAt } from "../channel-report.js";
import { lostCancels, type LostCancel } from "../facts/lost-cancels.js";
import { siteOf, sitesOf } from "../sites.js";

export const lostCancel: Check = {
  code: "lost-cancel",
  language: "go",
  doc: {
    title: "a context whose cancel function nobody can call",
    text: `The cancel function is dropped, or kept where nothing reads it, so this context is never cancelled.
Whoever waits for its \`Done\` waits forever, and its parent keeps it as long as it lives itself.
Keep it and call it when the work is done: \`defer cancel()\`.
A context with a timeout ends by itself; that its cancel function is dropped is information only.`,
    bad: `package main

import (
	"context"
	"fmt"
	"sync"
)

func main() {
	ctx, _ := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		<-ctx.Done()
		fmt.Println("stopped")
	}()
	wg.Wait()
}
`,
    good: `package main

import (
	"context"
	"fmt"
	"sync"
)

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		<-ctx.Done()
		fmt.Println("stopped")
	}()
	cancel()
	wg.Wait()
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    for (const it of pass.get(lostCancels)) report(pass, it);
  },
};

function report(pass: Pass, { func, call, made, ends, waits }: LostCancel): void {
  const { program } = pass;
  const what = ends ? "until its time is over" : "as long as its parent lives";
  pass.report({
    message: `nothing can call the cancel function of this \`context.${made}\`: the context is kept ${what}`,
    primary: siteOf(program, call.span, "its cancel function is dropped"),
    related: sitesOf(
      program,
      waits.map((it) => [
        it,
        ends ? "waits for its end" : "waits for its end, which does not come",
      ]),
    ),
    severity: ends ? "information" : "warning",
    confidence: "proved",
    candidate: ends || waits.length === 0 ? null : stuckAt(program, waits),
    subject: { func: func.name, path: made },
  });
}
