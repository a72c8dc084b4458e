import type { Check } from "../check.js";
import { reportRaces } from "../race-report.js";

export const concurrentMap: Check = {
  code: "concurrent-map",
  language: "go",
  doc: {
    title: "a map is used by two goroutines, one of them writing",
    text: `Go maps are not safe for concurrent use.
The run-time system ends the whole program with \`fatal error: concurrent map writes\` when it notices, and corrupts the map when it does not.
Guard every use with one lock, reads included, or use \`sync.Map\`.`,
    bad: `package main

import "sync"

func main() {
	seen := map[string]bool{}
	var wg sync.WaitGroup
	for _, url := range []string{"/a", "/b"} {
		wg.Add(1)
		go func() {
			defer wg.Done()
			seen[url] = true
		}()
	}
	wg.Wait()
}
`,
    good: `package main

import "sync"

func main() {
	seen := map[string]bool{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, url := range []string{"/a", "/b"} {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			seen[url] = true
		}()
	}
	wg.Wait()
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    reportRaces(pass, "concurrent-map");
  },
};
