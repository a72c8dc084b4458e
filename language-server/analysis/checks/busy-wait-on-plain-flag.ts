import type { Check } from "../check.js";
import { reportRaces } from "../race-report.js";

export const busyWaitOnPlainFlag: Check = {
  code: "busy-wait-on-plain-flag",
  language: "go",
  doc: {
    title: "a loop waits for a variable and nothing synchronises",
    text: `The loop ends only when another goroutine has written the variable, and reads it plainly.
Without synchronisation Go promises nothing: the compiler may read the variable once before the loop, and the loop never ends; or it ends, and what was written before the flag is not there yet.
Sleeping or yielding in the loop does not change that.
Wait on a channel or a \`sync.WaitGroup\`, or make the flag an \`atomic.Bool\`.`,
    bad: `package main

import "fmt"

var (
	message string
	ready   bool
)

func main() {
	go func() {
		message = "hello"
		ready = true
	}()
	for !ready {
	}
	fmt.Println(message)
}
`,
    good: `package main

import "fmt"

func main() {
	var message string
	ready := make(chan struct{})
	go func() {
		message = "hello"
		close(ready)
	}()
	<-ready
	fmt.Println(message)
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    reportRaces(pass, "busy-wait-on-plain-flag");
  },
};
