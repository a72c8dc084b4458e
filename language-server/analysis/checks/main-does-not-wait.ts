import { funcOf } from "../../ir/access.js";
import type { Check, Pass } from "../check.js";
import { funcWords } from "../facts/names.js";
import { unawaited, type Unawaited } from "../facts/unawaited.js";
import { siteOf } from "../sites.js";

export const mainDoesNotWait: Check = {
  code: "main-does-not-wait",
  language: "go",
  doc: {
    title: "the program ends without waiting for its goroutines",
    text: `\`main\` starts a goroutine that prints, and returns without waiting for anything.
When \`main\` returns the program ends, and the goroutine most likely has not run at all.
Wait for it with a \`sync.WaitGroup\` or a channel.`,
    bad: `package main

import "fmt"

func main() {
	go fmt.Println("from the goroutine")
	fmt.Println("from main")
}
`,
    good: `package main

import (
	"fmt"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	wg.Go(func() { fmt.Println("from the goroutine") })
	fmt.Println("from main")
	wg.Wait()
}
`,
    since: "0.1.0",
    severity: "information",
  },
  run: (pass) => {
    for (const it of pass.get(unawaited)) report(pass, it);
  },
};

function report(pass: Pass, { main, spawn, end }: Unawaited): void {
  const { program } = pass;
  pass.report({
    message: `${funcWords(program, funcOf(program, main))} returns without waiting for anything: the program may end before this goroutine has printed`,
    primary: siteOf(program, spawn, "started here"),
    related: [siteOf(program, end, "the program ends here")],
    severity: "information",
    confidence: "proved",
    candidate: null,
    subject: { func: funcOf(program, main).name, path: "go" },
  });
}
