import type { Check } from "../check.js";
import { reportRaces } from "../race-report.js";

export const loopVariableCapture: Check = {
  code: "loop-variable-capture",
  language: "go",
  doc: {
    title: "goroutines of a loop share its variable (before Go 1.22)",
    text: `Before Go 1.22 a loop has one variable for all its rounds.
A function literal that is started in one round therefore reads what later rounds have written: often all goroutines work on the last element.
From Go 1.22 on, as the \`go\` line of go.mod or a \`//go:build\` line says, each round has a variable of its own and nothing is reported.
Raise the Go version of the module, copy the variable inside the loop (\`v := v\`), or pass it as an argument.`,
    bad: `//go:build go1.21

package main

import "sync"

func main() {
	var wg sync.WaitGroup
	for _, job := range []string{"a", "b"} {
		wg.Add(1)
		go func() {
			defer wg.Done()
			println(job)
		}()
	}
	wg.Wait()
}
`,
    good: `//go:build go1.21

package main

import "sync"

func main() {
	var wg sync.WaitGroup
	for _, job := range []string{"a", "b"} {
		wg.Add(1)
		go func(job string) {
			defer wg.Done()
			println(job)
		}(job)
	}
	wg.Wait()
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    reportRaces(pass, "loop-variable-capture");
  },
};
