import type { Check, Pass } from "../check.js";
import { channelWords, isTold, leftAt } from "../channel-report.js";
import { abandoned, type Abandoned } from "../facts/abandoned.js";
import { lineOf } from "../facts/names.js";
import { siteOf, sitesOf } from "../sites.js";

export const abandonedSender: Check = {
  code: "abandoned-sender",
  language: "go",
  doc: {
    title: "a goroutine sends to somebody who may have gone",
    text: `The goroutine sends its result on an unbuffered channel, and the function that started it receives only on some of its ways: not after a timeout, an early return or an earlier result.
Then nobody receives, and the goroutine stays behind forever, with all that it holds.
Give the channel room for every result (\`make(chan T, 1)\` for one), or let the sender give up as well, in a \`select\` with \`ctx.Done()\`.`,
    bad: `package main

import (
	"errors"
	"fmt"
)

func load(fail bool) (int, error) {
	result := make(chan int)
	go func() { result <- 42 }()
	if fail {
		return 0, errors.New("no need")
	}
	return <-result, nil
}

func main() {
	fmt.Println(load(true))
}
`,
    good: `package main

import (
	"errors"
	"fmt"
)

func load(fail bool) (int, error) {
	result := make(chan int, 1)
	go func() { result <- 42 }()
	if fail {
		return 0, errors.New("no need")
	}
	return <-result, nil
}

func main() {
	fmt.Println(load(true))
}
`,
    since: "0.1.0",
    severity: "warning",
  },
  run: (pass) => {
    for (const it of pass.get(abandoned)) if (isTold(pass, it.send)) report(pass, it);
  },
};

const whys: Readonly<Record<Abandoned["why"], (line: number) => string>> = {
  choice: (line) => `the only receive (L${line}) may choose another case`,
  leaves: (line) => `the function may return without its receive (L${line})`,
  loop: (line) => `the loop that receives (L${line}) may end before`,
  once: (line) => `there are several senders and one receive (L${line})`,
};

function report(pass: Pass, { send, receive, channel, why, isSure }: Abandoned): void {
  const { program } = pass;
  const words = channelWords(program, send);
  pass.report({
    message: `nobody may be left to receive what is sent on ${words}: ${whys[why](lineOf(program, receive.span))}, and the goroutine stays behind`,
    primary: siteOf(program, send.waits, "sent here, perhaps to nobody"),
    related: sitesOf(program, [
      [channel.span, "made without a buffer"],
      [receive.span, "received here"],
    ]),
    severity: "warning",
    confidence: "possible",
    candidate: leftAt(program, [send.waits]),
    ...(isSure ? {} : { assumed: true }),
    subject: { func: send.instance.func.name, path: words },
  });
}
