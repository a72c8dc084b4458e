import { stuckAt } from "../channel-report.js";
import type { Check, Pass, Report } from "../check.js";
import { lineOf } from "../facts/names.js";
import { timerUses, type TimerUse } from "../facts/timer-uses.js";
import { alone, siteOf, sitesOf } from "../sites.js";

export const timerPitfalls: Check = {
  code: "timer-pitfalls",
  language: "go",
  doc: {
    title: "waiting for a timer that was stopped or reset",
    text: `\`Stop\` gives false where the timer has gone off before, also when its value was received long ago: \`if !t.Stop() { <-t.C }\` then waits for a second value, which never comes.
From Go 1.23 on there is nothing to drain: \`Stop\` and \`Reset\` take back a value that nobody has received, and \`len(t.C)\` and \`cap(t.C)\` are always 0.
So just call \`t.Stop()\` or \`t.Reset(d)\`; receiving after \`Reset\` takes the value of the new time-out away.
Before Go 1.23 the value stays in the channel; drain it without waiting there: \`select { case <-t.C: default: }\`.
Which of both holds is taken from the \`go\` line of \`go.mod\` or \`go.work\`, or from the setting \`asynctimerchan\` where one is asked for.
It is told when a schedule shows it.`,
    bad: `package main

import (
	"fmt"
	"time"
)

func main() {
	lines := make(chan string, 1)
	timer := time.NewTimer(time.Second)
	select {
	case line := <-lines:
		fmt.Println(line)
	case <-timer.C:
		fmt.Println("timed out")
	}
	if !timer.Stop() {
		<-timer.C
	}
}
`,
    good: `package main

import (
	"fmt"
	"time"
)

func main() {
	lines := make(chan string, 1)
	timer := time.NewTimer(time.Second)
	select {
	case line := <-lines:
		fmt.Println(line)
	case <-timer.C:
		fmt.Println("timed out")
	}
	timer.Stop()
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    for (const it of pass.get(timerUses)) report(pass, it);
  },
};

function report(pass: Pass, use: TimerUse): void {
  const { program } = pass;
  const isBuffered = program.timers === "buffered";
  if (use.kind === "length" && isBuffered) return;
  const subject = { func: use.func.name, path: use.timer };
  const guess = { severity: "error", confidence: "possible", assumed: true, subject } as const;
  pass.report({ ...guess, ...saying(pass, use, isBuffered) });
}

type Saying = Pick<Report, "message" | "primary" | "related" | "candidate">;

function saying({ program }: Pass, use: TimerUse, isBuffered: boolean): Saying {
  const channel = `\`${use.timer}.C\``;
  switch (use.kind) {
    case "length": {
      // Who goes round is told to be at any of the things done there.
      const places = alone(program, [use.at, ...use.around]);
      return {
        message: `\`len(${use.timer}.C)\` is always 0 from Go 1.23 on: who waits for it to change goes round forever`,
        primary: siteOf(program, use.at, "always 0"),
        related: [],
        candidate: { outcome: "livelock", places, renames: "defect" },
      };
    }
    case "stopped": {
      const stop = `\`${use.timer}.Stop()\` (L${lineOf(program, use.call)})`;
      return {
        message: isBuffered
          ? `after ${stop} there is a value in ${channel} only where the timer has gone off and nobody has received it: else this receive waits forever`
          : `after ${stop} nothing comes from ${channel}, not even a value that nobody has received: this receive waits forever`,
        primary: siteOf(program, use.receive, "waits here forever"),
        related: sitesOf(program, [[use.call, "stopped here"]]),
        candidate: stuckAt(program, [use.receive]),
      };
    }
    case "reset": {
      const reset = `\`${use.timer}.Reset\` (L${lineOf(program, use.call)})`;
      return {
        message: isBuffered
          ? `after ${reset} there is an old value in ${channel} only where nobody has received it: else this receive takes that of the new time-out, and who waits for that waits forever`
          : `${reset} leaves no old value in ${channel}: this receive takes that of the new time-out, and who waits for that waits forever`,
        primary: siteOf(program, use.receive, "takes the value of the new time-out"),
        related: sitesOf(program, [
          [use.call, "reset here"],
          ...use.others.map((it) => [it, "waited for here"] as const),
        ]),
        candidate: stuckAt(program, [use.receive, ...use.others]),
      };
    }
  }
}
