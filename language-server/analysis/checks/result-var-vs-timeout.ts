import type { Check } from "../check.js";
import { reportRaces } from "../race-report.js";

export const resultVarVsTimeout: Check = {
  code: "result-var-vs-timeout",
  language: "go",
  doc: {
    title: "a result is read although waiting was given up",
    text: `A goroutine writes its result into a variable and then signals; the function around it waits for the signal or for a time-out.
When the time-out wins, the goroutine may write while the function reads, or has already returned the variable.
Read the variable only in the case that received the signal, or send the result itself through a channel with room for one.`,
    bad: `package main

import (
	"fmt"
	"time"
)

func main() {
	var result int
	done := make(chan struct{})
	go func() {
		result = 42
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(time.Second):
	}
	fmt.Println(result)
}
`,
    good: `package main

import (
	"fmt"
	"time"
)

func main() {
	result := make(chan int, 1)
	go func() { result <- 42 }()
	select {
	case it := <-result:
		fmt.Println(it)
	case <-time.After(time.Second):
		fmt.Println("too late")
	}
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    reportRaces(pass, "result-var-vs-timeout");
  },
};
