import type { Check } from "../check.js";
import { reportRaces } from "../race-report.js";

export const sliceAppendRace: Check = {
  code: "slice-append-race",
  language: "go",
  doc: {
    title: "two goroutines append to one slice",
    text: `\`s = append(s, x)\` reads pointer, length and capacity of \`s\`, puts \`x\` behind the last element and writes all three anew.
Two goroutines that do so at the same time put their elements in the same place, and one is lost; a reader beside them may see a new length with the old array.
Hold a lock around the whole statement, give each goroutine a slice or an index of its own, or collect through a channel.`,
    bad: `package main

import "sync"

func main() {
	var results []int
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			results = append(results, i)
		}()
	}
	wg.Wait()
}
`,
    good: `package main

import "sync"

func main() {
	results := make([]int, 2)
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			results[i] = i
		}()
	}
	wg.Wait()
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    reportRaces(pass, "slice-append-race");
  },
};
