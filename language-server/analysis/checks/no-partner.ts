import type { Check, Pass } from "../check.js";
import { channelWords, isTold, stuckAt } from "../channel-report.js";
import { lineOf } from "../facts/names.js";
import { lonely, type Lonely } from "../facts/lonely.js";
import { siteOf, sitesOf } from "../sites.js";

export const noPartner: Check = {
  code: "no-partner",
  language: "go",
  doc: {
    title: "a send or receive that nothing can ever answer",
    text: `A send on an unbuffered channel needs somebody who receives, and a receive needs somebody who sends or closes.
Where the program has no such code for this channel, or only the same goroutine would get to it later, whoever comes here waits forever.
Add the other side, give the channel a buffer, or start the other side in a goroutine of its own before.
Nothing is said of channels that code outside the package may use.`,
    bad: `package main

import "fmt"

func main() {
	results := make(chan int)
	results <- 1
	fmt.Println(<-results)
}
`,
    good: `package main

import "fmt"

func main() {
	results := make(chan int)
	go func() { results <- 1 }()
	fmt.Println(<-results)
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    for (const it of pass.get(lonely)) if (isTold(pass, it.use)) report(pass, it);
  },
};

function report(pass: Pass, { use, others, isAlone, channel, isOnlyUse }: Lonely): void {
  const { program } = pass;
  const words = channelWords(program, use);
  const line = others[0] === undefined ? "" : ` (L${lineOf(program, others[0].span)})`;
  const lacks =
    use.kind === "send"
      ? `nothing ever receives from ${words}`
      : `nothing is ever sent on ${words} and nothing closes it`;
  const waits = `this ${use.kind === "send" ? "send" : "receive"} waits forever`;
  const message = isAlone
    ? `only the goroutine that waits here would ${use.kind === "send" ? "receive from" : "send on"} ${words}${line}: ${waits}`
    : `${lacks}: ${waits}`;
  pass.report({
    message,
    primary: siteOf(program, use.waits, "waits here forever"),
    related: sitesOf(program, [
      [channel.span, "the channel is made here"],
      ...others.map((it) => [it.span, "the other side, which is not reached"] as const),
    ]),
    severity: "error",
    confidence: "possible",
    candidate: stuckAt(program, [use.waits]),
    // A receive from a channel that has no other use is how one waits for the end of the process.
    ...(isOnlyUse && use.kind === "recv" ? { assumed: true } : {}),
    subject: { func: use.instance.func.name, path: words },
  });
}
