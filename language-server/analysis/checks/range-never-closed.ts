import type { Check, Pass } from "../check.js";
import { channelWords, isTold, stuckAt } from "../channel-report.js";
import { channels, type Channels, type ChannelUse } from "../facts/channels.js";
import { graphOf } from "../facts/graph.js";
import { lineOf } from "../facts/names.js";
import { startedCode } from "../facts/started-code.js";
import { siteOf, sitesOf } from "../sites.js";

export const rangeNeverClosed: Check = {
  code: "range-never-closed",
  language: "go",
  doc: {
    title: "a loop over a channel that nobody closes",
    text: `\`for v := range ch\` ends when \`ch\` is closed, and nothing in the program closes this one.
When all senders have ended the loop waits forever, and so does whoever waits for it.
Let the sender close the channel when it is done (\`defer close(ch)\`); with several senders, whoever waits for all of them.`,
    bad: `package main

import "fmt"

func main() {
	lines := make(chan string)
	go func() {
		lines <- "one"
		lines <- "two"
	}()
	for line := range lines {
		fmt.Println(line)
	}
}
`,
    good: `package main

import "fmt"

func main() {
	lines := make(chan string)
	go func() {
		defer close(lines)
		lines <- "one"
		lines <- "two"
	}()
	for line := range lines {
		fmt.Println(line)
	}
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run,
};

function run(pass: Pass): void {
  const all = pass.get(channels);
  const told = new Set<number>();
  const spoilt = new Set(
    all.uses.filter((it) => it.commaOk && !isEndless(all, it)).map((it) => it.span),
  );
  for (const use of all.uses) {
    if (!use.commaOk || spoilt.has(use.span) || told.has(use.span) || !isTold(pass, use)) continue;
    told.add(use.span);
    report(pass, all, use);
  }
}

/** A loop over known channels on which somebody sends and which nobody closes. */
function isEndless(all: Channels, use: ChannelUse): boolean {
  if (use.channels.length === 0 || !graphOf(use.instance.func).inLoop(use.point)) return false;
  return use.channels.every((it) => {
    const kinds = all.usesOf(it).map(({ kind }) => kind);
    return all.isKnown(it) && kinds.includes("send") && !kinds.includes("close");
  });
}

function report(pass: Pass, all: Channels, use: ChannelUse): void {
  const { program } = pass;
  const words = channelWords(program, use);
  const sends = use.channels.flatMap((it) => all.usesOf(it)).filter((it) => it.kind === "send");
  const [first] = sends;
  if (first === undefined) return;
  // A worker that nobody waits for lives as long as the process, and is meant to.
  const isWorker = pass.get(startedCode).isStarted(use.instance);
  const goesOn = sends.some((it) => graphOf(it.instance.func).inLoop(it.point));
  pass.report({
    message: `nothing closes ${words}: this loop waits forever after the last send (L${lineOf(program, first.span)})`,
    primary: siteOf(program, use.waits, "goes on until the channel is closed"),
    related: sitesOf(program, [
      ...use.channels.map((it) => [it.span, "the channel is made here"] as const),
      ...sends.map((it) => [it.span, "sent here"] as const),
    ]),
    severity: "error",
    confidence: "possible",
    candidate: stuckAt(program, [use.waits]),
    ...(isWorker || goesOn ? { assumed: true } : {}),
    subject: { func: use.instance.func.name, path: words },
  });
}
