import type { Check, Pass } from "../check.js";
import { channelWords, isTold, panicAt } from "../channel-report.js";
import { closings, type AfterClose } from "../facts/closings.js";
import { lineOf } from "../facts/names.js";
import { siteOf, sitesOf } from "../sites.js";

export const sendOnClosed: Check = {
  code: "send-on-closed",
  language: "go",
  doc: {
    title: "a channel may be closed before a send",
    text: `A send on a closed channel panics, and nothing orders this send before the \`close\`.
Close a channel only when all its senders have ended: the one sender closes it itself, or somebody waits for all of them (\`wg.Wait()\`) and then closes it.
To tell senders to stop, close another channel that they receive from, or cancel a context.
It is told when a schedule shows it, or when the close comes before the send on every path.`,
    bad: `package main

import "fmt"

func main() {
	events := make(chan int, 1)
	go func() { events <- 1 }()
	close(events)
	fmt.Println(<-events)
}
`,
    good: `package main

import "fmt"

func main() {
	events := make(chan int, 1)
	go func() {
		defer close(events)
		events <- 1
	}()
	fmt.Println(<-events)
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    for (const it of pass.get(closings))
      if (it.use.kind === "send" && isTold(pass, it.use)) report(pass, it);
  },
};

function report(pass: Pass, { close, use, channel, isCertain }: AfterClose): void {
  const { program } = pass;
  const words = channelWords(program, use);
  pass.report({
    message: `${words} may be closed (L${lineOf(program, close.span)}) before this send, which then panics`,
    primary: siteOf(program, use.waits, "panics when the channel is closed"),
    related: sitesOf(program, [
      [channel.span, "the channel is made here"],
      [close.span, "closed here"],
    ]),
    severity: "error",
    confidence: isCertain ? "proved" : "possible",
    candidate: panicAt(program, [use.waits], [close.span]),
    ...(isCertain ? {} : { assumed: true }),
    subject: { func: use.instance.func.name, path: words },
  });
}
