import type { Check } from "../check.js";
import { reportRaces } from "../race-report.js";

export const writeUnderRlock: Check = {
  code: "write-under-rlock",
  language: "go",
  doc: {
    title: "a variable is written under a lock for reading",
    text: `\`RLock\` lets any number of goroutines in at the same time, as long as they only read.
Two that write under it race with each other, and with all that read.
It often comes in later: a getter that only read starts to count, to cache or to sort.
Take \`Lock\` around the write.`,
    bad: `package main

import "sync"

type cache struct {
	mu   sync.RWMutex
	hits int
}

func (c *cache) get() {
	c.mu.RLock()
	defer c.mu.RUnlock()
	c.hits++
}

func main() {
	c := &cache{}
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c.get()
		}()
	}
	wg.Wait()
}
`,
    good: `package main

import "sync"

type cache struct {
	mu   sync.RWMutex
	hits int
}

func (c *cache) get() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hits++
}

func main() {
	c := &cache{}
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c.get()
		}()
	}
	wg.Wait()
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    reportRaces(pass, "write-under-rlock");
  },
};
