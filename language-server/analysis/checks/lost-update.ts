import type { Check } from "../check.js";
import { reportRaces } from "../race-report.js";

export const lostUpdate: Check = {
  code: "lost-update",
  language: "go",
  doc: {
    title: "an update like n++ can be lost between goroutines",
    text: `\`n++\` is three steps: read, add, write.
When two goroutines take them at the same time, both read the same value and one of the updates disappears.
Hold a lock over all three steps, or use an atomic type such as \`atomic.Int64\`.`,
    bad: `package main

import (
	"fmt"
	"sync"
)

func main() {
	n := 0
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			n++
		}()
	}
	wg.Wait()
	fmt.Println(n)
}
`,
    good: `package main

import (
	"fmt"
	"sync"
)

func main() {
	n := 0
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			n++
			mu.Unlock()
		}()
	}
	wg.Wait()
	fmt.Println(n)
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    reportRaces(pass, "lost-update");
  },
};
