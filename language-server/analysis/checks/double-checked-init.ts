import type { Check } from "../check.js";
import { reportRaces } from "../race-report.js";

export const doubleCheckedInit: Check = {
  code: "double-checked-init",
  language: "go",
  doc: {
    title: "a lazy value is tested without the lock that sets it",
    text: `The value is tested, then the lock is taken, the value is tested again and made.
The first test is made without the lock, so that it may see the pointer before what it points to, or the flag before the value.
Use \`sync.Once\` or \`sync.OnceValue\`; or take the lock before the first test; or keep the pointer in an \`atomic.Pointer\`.`,
    bad: `package main

import "sync"

type config struct{ name string }

var (
	mu     sync.Mutex
	loaded *config
)

func get() *config {
	if loaded == nil {
		mu.Lock()
		if loaded == nil {
			loaded = &config{name: "default"}
		}
		mu.Unlock()
	}
	return loaded
}

func main() {
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			get()
		}()
	}
	wg.Wait()
}
`,
    good: `package main

import "sync"

type config struct{ name string }

var get = sync.OnceValue(func() *config { return &config{name: "default"} })

func main() {
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			get()
		}()
	}
	wg.Wait()
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    reportRaces(pass, "double-checked-init");
  },
};
