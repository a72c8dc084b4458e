import type { Check, Pass } from "../check.js";
import { splitUpdates } from "../facts/split-updates.js";
import { reportSplit } from "../split-report.js";

export const nonAtomicRmw: Check = {
  code: "non-atomic-rmw",
  language: "go",
  doc: {
    title: "an atomic load and store do not make an atomic update",
    text: `\`Load\` and \`Store\` are atomic each, what is done with them is not: another goroutine's store falls in between and is lost.
Use the one operation that does both: \`Add\`, \`CompareAndSwap\` in a loop, \`sync.Map\`'s \`LoadOrStore\`, or a lock over all of it.`,
    bad: `package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

func main() {
	var hits atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { hits.Store(hits.Load() + 1) })
	}
	wg.Wait()
	fmt.Println(hits.Load())
}
`,
    good: `package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

func main() {
	var hits atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { hits.Add(1) })
	}
	wg.Wait()
	fmt.Println(hits.Load())
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass: Pass) => {
    for (const it of pass.get(splitUpdates)) {
      if (it.read.guard === "lock") continue;
      const instead = it.read.guard === "map" ? "LoadOrStore" : "Add or CompareAndSwap";
      reportSplit(
        pass,
        it,
        ({ name, read, write }) =>
          `\`${name}\` is loaded (L${read}) and stored (L${write}) in two steps: what another goroutine stores in between is lost (${instead} does it in one)`,
      );
    }
  },
};
