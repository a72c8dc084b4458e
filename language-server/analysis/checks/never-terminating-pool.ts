import type { Check, Pass } from "../check.js";
import { channelWords, isTold, stuckAt } from "../channel-report.js";
import { lineOf } from "../facts/names.js";
import { neverEndingPools, type NeverEndingPool } from "../facts/never-ending-pools.js";
import { siteOf, sitesOf } from "../sites.js";

export const neverTerminatingPool: Check = {
  code: "never-terminating-pool",
  language: "go",
  doc: {
    title: "workers wait for a close that waits for the workers",
    text: `The workers go on until the channel is closed, and it is closed only after all workers have ended: neither ever happens.
Close the channel when there is no more work to hand out, and wait for the workers after that.
Where workers hand out work themselves, count the jobs and not the workers: \`Add\` before each send, \`Done\` after each job, and close when the count is zero.`,
    bad: `package main

import (
	"fmt"
	"sync"
)

func main() {
	jobs := make(chan int)
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for job := range jobs {
				fmt.Println(job)
			}
		}()
	}
	jobs <- 1
	wg.Wait()
	close(jobs)
}
`,
    good: `package main

import (
	"fmt"
	"sync"
)

func main() {
	jobs := make(chan int)
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for job := range jobs {
				fmt.Println(job)
			}
		}()
	}
	jobs <- 1
	close(jobs)
	wg.Wait()
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    for (const it of pass.get(neverEndingPools)) if (isTold(pass, it.range)) report(pass, it);
  },
};

function report(pass: Pass, { range, wait, close, channel }: NeverEndingPool): void {
  const { program } = pass;
  const words = channelWords(program, range);
  pass.report({
    message: `this loop ends when ${words} is closed (L${lineOf(program, close.span)}), and that waits for the goroutine of the loop (L${lineOf(program, wait)}): neither comes`,
    primary: siteOf(program, range.waits, "goes on until the channel is closed"),
    related: sitesOf(program, [
      [wait, "waits for the loop's goroutine"],
      [close.span, "closed only then"],
      [channel.span, "the channel is made here"],
    ]),
    severity: "error",
    confidence: "possible",
    candidate: stuckAt(program, [range.waits, wait]),
    subject: { func: range.instance.func.name, path: words },
  });
}
