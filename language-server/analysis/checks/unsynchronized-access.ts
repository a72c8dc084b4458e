import type { Check } from "../check.js";
import { reportRaces } from "../race-report.js";

export const unsynchronizedAccess: Check = {
  code: "unsynchronized-access",
  language: "go",
  doc: {
    title: "two goroutines use one variable and nothing orders them",
    text: `Two goroutines reach the same variable, at least one writes it, and no lock, channel or wait group comes between.
What the other goroutine reads is then not defined: an old value, a new one, or half of each.
Hold the same lock around every access, hand the value over through a channel, or wait for the goroutine before reading.`,
    bad: `package main

import "fmt"

type config struct{ name string }

var current = &config{name: "old"}

func reload() { current = &config{name: "new"} }

func main() {
	go reload()
	fmt.Println(current.name)
}
`,
    good: `package main

import (
	"fmt"
	"sync"
)

type config struct{ name string }

var (
	mu      sync.Mutex
	current = &config{name: "old"}
)

func reload() {
	mu.Lock()
	defer mu.Unlock()
	current = &config{name: "new"}
}

func main() {
	go reload()
	mu.Lock()
	defer mu.Unlock()
	fmt.Println(current.name)
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    reportRaces(pass, "unsynchronized-access");
  },
};
