import type { Check, Pass } from "../check.js";
import { channelWords, isTold, panicAt, stuckAt } from "../channel-report.js";
import { nilChannels, type NilUse } from "../facts/nil-channels.js";
import { siteOf } from "../sites.js";

export const nilChannel: Check = {
  code: "nil-channel",
  language: "go",
  doc: {
    title: "a send, receive or close of a nil channel",
    text: `\`var ch chan int\` and a field that nobody sets are nil.
A send on a nil channel and a receive from it wait forever, and \`close\` of it panics.
Make the channel first (\`ch = make(chan int)\`).
Nothing is said of a nil channel in a \`select\` with other cases: that turns its case off.`,
    bad: `package main

import "fmt"

func main() {
	var results chan int
	go func() { results <- 1 }()
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
  run,
};

/** One report per variable in a function: the other side of a nil channel waits for the same reason. */
function run(pass: Pass): void {
  const byName = new Map<string, NilUse[]>();
  for (const it of pass.get(nilChannels)) {
    if (!isTold(pass, it.use)) continue;
    const words = channelWords(pass.program, it.use);
    const key = words === "the channel" ? `${it.use.span}` : words;
    byName.set(key, [...(byName.get(key) ?? []), it]);
  }
  for (const group of byName.values()) report(pass, group);
}

function report(pass: Pass, group: readonly NilUse[]): void {
  const { program } = pass;
  const panics = group.filter((it) => it.use.kind === "close");
  const waits = group.filter((it) => it.use.kind !== "close");
  const first = panics[0] ?? group.find((it) => it.use.kind === "send") ?? group[0];
  if (first === undefined) return;
  const { use, isCertain } = first;
  const words = channelWords(program, use);
  const does =
    use.kind === "close"
      ? "close of it panics"
      : `this ${use.kind === "send" ? "send" : "receive"} waits forever`;
  const spans = (all: readonly NilUse[]) => all.map((it) => it.use.waits);
  const stuck = stuckAt(program, spans(waits));
  const candidate =
    panics.length === 0 ? stuck : { ...panicAt(program, spans(panics), []), or: stuck };
  pass.report({
    message: `${words} is nil: it never gets a channel, and ${does}`,
    primary: siteOf(
      program,
      use.waits,
      use.kind === "close" ? "panics here" : "waits here forever",
    ),
    related: group
      .filter((it) => it !== first)
      .map((it) => siteOf(program, it.use.waits, "used here as well")),
    severity: "error",
    // A receive from nil is also how one means to wait forever.
    confidence: isCertain && use.kind !== "recv" ? "proved" : "possible",
    candidate,
    ...(use.kind === "recv" ? { assumed: true } : {}),
    subject: { func: use.instance.func.name, path: words },
  });
}
