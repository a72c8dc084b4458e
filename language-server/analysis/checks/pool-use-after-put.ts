import type { SpanId } from "../../ir/ir.js";
import type { Check, Pass } from "../check.js";
import { expressionOf, lineOf } from "../facts/names.js";
import { poolUses } from "../facts/pool-uses.js";
import { alone, siteOf, sitesOf } from "../sites.js";

export const poolUseAfterPut: Check = {
  code: "pool-use-after-put",
  language: "go",
  doc: {
    title: "a value is used after it was given back to its pool",
    text: `After \`pool.Put(x)\` another goroutine may get the same \`x\` and write to it.
Whoever still uses it then reads what belongs to somebody else, or destroys it.
Put it back as the last thing, and copy what has to outlive it: \`bytes.Clone(buf.Bytes())\`, \`buf.String()\`.`,
    bad: `package main

import (
	"fmt"
	"sync"
)

type message struct{ text string }

var pool = sync.Pool{New: func() any { return new(message) }}

func send(text string) {
	m := pool.Get().(*message)
	m.text = text
	pool.Put(m)
	fmt.Println(m.text)
}

func main() {
	var wg sync.WaitGroup
	for _, text := range []string{"a", "b"} {
		wg.Go(func() { send(text) })
	}
	wg.Wait()
}
`,
    good: `package main

import (
	"fmt"
	"sync"
)

type message struct{ text string }

var pool = sync.Pool{New: func() any { return new(message) }}

func send(text string) {
	m := pool.Get().(*message)
	m.text = text
	fmt.Println(m.text)
	pool.Put(m)
}

func main() {
	var wg sync.WaitGroup
	for _, text := range []string{"a", "b"} {
		wg.Go(func() { send(text) })
	}
	wg.Wait()
}
`,
    since: "0.1.0",
    severity: "warning",
  },
  run: (pass: Pass) => {
    const { program } = pass;
    const seen = new Set<SpanId>();
    for (const { func, put, value, use, uses, returned } of pass.get(poolUses).afterPut) {
      if (seen.has(put)) continue;
      seen.add(put);
      const name = expressionOf(program, func, value);
      const what = name === "" ? "a value of the pool" : `\`${name}\``;
      const line = lineOf(program, put);
      pass.report({
        message: returned
          ? `what is returned is memory of ${what}, which goes back to the pool at the return (L${line}): the next one to get it writes over it`
          : `${what} is used after it went back to the pool (L${line}): another goroutine may have it now`,
        primary: siteOf(program, use, returned ? "returned here" : "used here"),
        related: sitesOf(program, [[put, "given back here"]]),
        severity: "warning",
        confidence: returned ? "proved" : "possible",
        candidate: returned ? null : { outcome: "race", places: alone(program, uses) },
        subject: { func: func.name, path: name },
      });
    }
  },
};
