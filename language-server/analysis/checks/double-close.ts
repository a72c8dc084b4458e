import type { Check, Pass } from "../check.js";
import { channelWords, isTold, panicAt } from "../channel-report.js";
import { closings, type AfterClose } from "../facts/closings.js";
import { lineOf } from "../facts/names.js";
import { siteOf, sitesOf } from "../sites.js";

export const doubleClose: Check = {
  code: "double-close",
  language: "go",
  doc: {
    title: "a channel is closed twice",
    text: `The second \`close\` of a channel panics, and nothing but the program's own order keeps it from coming.
Let one goroutine own the channel and close it, after it has waited for the others; where several may be the one who closes, use a \`sync.Once\`.
It is told when a schedule shows it, or when one close comes after the other on every path.`,
    bad: `package main

import "sync"

func main() {
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			close(done)
		}()
	}
	wg.Wait()
	<-done
}
`,
    good: `package main

import "sync"

func main() {
	done := make(chan struct{})
	var once sync.Once
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			once.Do(func() { close(done) })
		}()
	}
	wg.Wait()
	<-done
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    for (const it of pass.get(closings))
      if (it.use.kind === "close" && isTold(pass, it.use)) report(pass, it);
  },
};

function report(pass: Pass, { close, use, channel, isCertain }: AfterClose): void {
  const { program } = pass;
  const words = channelWords(program, use);
  const isSame = close.span === use.span;
  pass.report({
    message: isSame
      ? `${words} may be closed here a second time, and that panics`
      : `${words} may be closed already (L${lineOf(program, close.span)}) when it is closed here, and that panics`,
    primary: siteOf(program, use.span, "the second close panics"),
    related: sitesOf(program, [
      [channel.span, "the channel is made here"],
      ...(isSame ? [] : [[close.span, "closed here"] as const]),
    ]),
    severity: "error",
    confidence: isCertain ? "proved" : "possible",
    candidate: panicAt(program, [use.span], [close.span]),
    ...(isCertain ? {} : { assumed: true }),
    subject: { func: use.instance.func.name, path: words },
  });
}
