import { spanOf } from "../../ir/access.js";
import type { Check, Pass } from "../check.js";
import { atomicSelfAssigns } from "../facts/atomic-self-assigns.js";
import { expressionOf } from "../facts/names.js";
import { siteOf } from "../sites.js";

export const atomicSelfAssign: Check = {
  code: "atomic-self-assign",
  language: "go",
  doc: {
    title: "the result of an atomic update is assigned to its variable",
    text: `\`n = atomic.AddInt64(&n, 1)\` adds atomically and then writes the sum again, with a plain write that is not atomic.
What another goroutine added in between is lost, and the plain write is a data race.
Leave the assignment out: \`atomic.AddInt64(&n, 1)\`, or use the type \`atomic.Int64\`.`,
    bad: `package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

func main() {
	var hits int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { hits = atomic.AddInt64(&hits, 1) })
	}
	wg.Wait()
	fmt.Println(hits)
}
`,
    good: `package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

func main() {
	var hits int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { atomic.AddInt64(&hits, 1) })
	}
	wg.Wait()
	fmt.Println(hits)
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass: Pass) => {
    const { program } = pass;
    for (const { func, store, atomic } of pass.get(atomicSelfAssigns)) {
      const name = expressionOf(program, func, store.addr) || "the variable";
      const place = spanOf(program, store.span);
      pass.report({
        message: `the result of the atomic update of \`${name}\` is assigned to it again, by a plain write that undoes what others did in between`,
        primary: siteOf(program, store.span, "written plainly here"),
        related:
          atomic.span === store.span
            ? []
            : [siteOf(program, atomic.span, "updated atomically here")],
        severity: "error",
        confidence: "proved",
        candidate: { outcome: "race", places: [[place], [spanOf(program, atomic.span)]] },
        subject: { func: func.name, path: name },
      });
    }
  },
};
