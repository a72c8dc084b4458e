import type { Check, Pass } from "../check.js";
import { splitUpdates } from "../facts/split-updates.js";
import { reportSplit } from "../split-report.js";

export const staleSnapshotWrite: Check = {
  code: "stale-snapshot-write",
  language: "go",
  doc: {
    title: "a value read in one critical section is written in another",
    text: `The value is read under the lock, the lock is given back, and what is made of the value is written under the lock again.
What another goroutine wrote in between is overwritten and lost.
Hold the lock from the read to the write, or compare before writing and start again if the value has changed.`,
    bad: `package main

import (
	"fmt"
	"sync"
)

type account struct {
	mu      sync.Mutex
	balance int
}

func (a *account) deposit(amount int) {
	a.mu.Lock()
	balance := a.balance
	a.mu.Unlock()
	balance += amount
	a.mu.Lock()
	a.balance = balance
	a.mu.Unlock()
}

func main() {
	a := &account{}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { a.deposit(10) })
	}
	wg.Wait()
	fmt.Println(a.balance)
}
`,
    good: `package main

import (
	"fmt"
	"sync"
)

type account struct {
	mu      sync.Mutex
	balance int
}

func (a *account) deposit(amount int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance += amount
}

func main() {
	a := &account{}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { a.deposit(10) })
	}
	wg.Wait()
	fmt.Println(a.balance)
}
`,
    since: "0.1.0",
    severity: "warning",
  },
  run: (pass: Pass) => {
    for (const it of pass.get(splitUpdates)) {
      if (it.by !== "value" || it.read.guard !== "lock") continue;
      reportSplit(
        pass,
        it,
        ({ name, lock, read, write }) =>
          `\`${name}\` is written (L${write}) from what it was before (L${read}): \`${lock}\` was given back in between, and what others write then is lost`,
      );
    }
  },
};
