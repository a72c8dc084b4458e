import type { Check } from "../check.js";
import { reportRaces } from "../race-report.js";

export const capturedVariable: Check = {
  code: "captured-variable",
  language: "go",
  doc: {
    title: "a goroutine shares a local variable with its maker",
    text: `A function literal started with \`go\` uses a variable of the function around it, and both use it while nothing orders them.
It is easy to overlook because the variable looks local: \`err\` and named results are the usual victims.
Declare the variable inside the goroutine, pass it as an argument, send the result through a channel, or wait before using it.`,
    bad: `package main

import "fmt"

func load() (int, error) { return 1, nil }

func main() {
	var err error
	go func() {
		_, err = load()
	}()
	_, err = load()
	fmt.Println(err)
}
`,
    good: `package main

import "fmt"

func load() (int, error) { return 1, nil }

func main() {
	failed := make(chan error)
	go func() {
		_, err := load()
		failed <- err
	}()
	_, err := load()
	fmt.Println(err, <-failed)
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    reportRaces(pass, "captured-variable");
  },
};
