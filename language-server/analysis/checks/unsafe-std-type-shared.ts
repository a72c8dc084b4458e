import type { Check } from "../check.js";
import { reportRaces } from "../race-report.js";

export const unsafeStdTypeShared: Check = {
  code: "unsafe-std-type-shared",
  language: "go",
  doc: {
    title: "goroutines share a library value that only one may use",
    text: `Most types of the standard library are for one goroutine at a time: \`bytes.Buffer\`, \`strings.Builder\`, \`rand.Rand\`, the readers and writers of \`bufio\`, encoders and decoders, hashes, \`http.Header\`, \`url.Values\`, \`list.List\`.
The race is inside the library; the report stands at the calls that lead there.
Hold one lock around every call, or give each goroutine a value of its own.
Safe by their documentation are for example \`log.Logger\`, \`http.Client\`, \`regexp.Regexp\` and the functions of \`math/rand\` itself.`,
    bad: `package main

import (
	"bytes"
	"fmt"
	"sync"
)

func main() {
	var out bytes.Buffer
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out.WriteString("x")
		}()
	}
	wg.Wait()
	fmt.Println(out.Len())
}
`,
    good: `package main

import (
	"bytes"
	"fmt"
	"sync"
)

func main() {
	var out bytes.Buffer
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			out.WriteString("x")
		}()
	}
	wg.Wait()
	fmt.Println(out.Len())
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    reportRaces(pass, "unsafe-std-type-shared");
  },
};
