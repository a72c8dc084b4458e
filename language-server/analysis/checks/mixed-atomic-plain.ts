import type { Check } from "../check.js";
import { reportRaces } from "../race-report.js";

export const mixedAtomicPlain: Check = {
  code: "mixed-atomic-plain",
  language: "go",
  doc: {
    title: "a variable is used atomically here and plainly there",
    text: `Atomic operations order only each other: a plain read or write of the same variable beside them is a data race.
A plain read may see an old value, or half of a new one on a 32-bit machine, and the compiler may keep it in a register.
Make every access atomic, most safely with a type such as \`atomic.Int64\` that has no plain access at all.
Reading plainly is fine before the goroutines start and after they have ended.`,
    bad: `package main

import (
	"fmt"
	"sync/atomic"
)

var served int64

func serve() { atomic.AddInt64(&served, 1) }

func main() {
	go serve()
	fmt.Println(served)
}
`,
    good: `package main

import (
	"fmt"
	"sync/atomic"
)

var served int64

func serve() { atomic.AddInt64(&served, 1) }

func main() {
	go serve()
	fmt.Println(atomic.LoadInt64(&served))
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    reportRaces(pass, "mixed-atomic-plain");
  },
};
