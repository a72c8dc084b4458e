import type { SpanId } from "../../ir/ir.js";
import type { Check, Pass } from "../check.js";
import { funcWords, lineOf, locationName } from "../facts/names.js";
import { onceUses, type LocalOnce, type LostResult, type Reentry } from "../facts/once-uses.js";
import { pointsTo } from "../facts/points-to.js";
import { alone, siteOf, sitesOf } from "../sites.js";

export const onceMisuse: Check = {
  code: "once-misuse",
  language: "go",
  doc: {
    title: "a sync.Once that waits for itself, or does not do it once",
    text: `\`once.Do(f)\` waits until \`f\` has returned, also when \`f\` itself comes to \`once.Do\` again: that is a deadlock.
A \`Once\` that is a local variable is a new one in every call, so it lets \`f\` run every time.
An error that \`f\` puts into a local variable is seen by the first caller only: all later ones get nil.
Keep the \`Once\` and what \`f\` found out beside each other, in a struct or in package variables, or use \`sync.OnceValues\`.`,
    bad: `package main

import (
	"fmt"
	"sync"
)

var (
	once   sync.Once
	config string
)

func load() string {
	once.Do(func() {
		config = "debug"
		fmt.Println("loaded", load())
	})
	return config
}

func main() {
	fmt.Println(load())
}
`,
    good: `package main

import (
	"fmt"
	"sync"
)

var (
	once   sync.Once
	config string
)

func load() string {
	once.Do(func() {
		config = "debug"
		fmt.Println("loaded", config)
	})
	return config
}

func main() {
	fmt.Println(load())
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass: Pass) => {
    const { reentries, locals, lost } = pass.get(onceUses);
    const seen = new Set<SpanId>();
    const first = (span: SpanId): boolean => {
      if (span === 0 || seen.has(span)) return false;
      seen.add(span);
      return true;
    };
    for (const it of reentries) if (first(it.inner.span)) reportReentry(pass, it);
    for (const it of locals) if (first(it.call.span)) reportLocal(pass, it);
    for (const it of lost) if (first(it.store.span)) reportLost(pass, it);
  },
};

function reportReentry(pass: Pass, { once, outer, inner, func }: Reentry): void {
  const { program } = pass;
  const name = locationName(program, pass.get(pointsTo), once);
  const places = alone(program, [inner.span]);
  pass.report({
    message: `\`${name}.Do\` is reached from the function that \`${name}.Do\` (L${lineOf(program, outer.span)}) is running: it waits for itself forever`,
    primary: siteOf(program, inner.span, `reached again here, in ${funcWords(program, func)}`),
    related: sitesOf(program, [[outer.span, "begun here"]]),
    severity: "error",
    confidence: "possible",
    candidate: { outcome: "deadlock", places, or: { outcome: "leak", places } },
    subject: { func: func.name, path: name },
  });
}

function reportLocal(pass: Pass, { func, call, name }: LocalOnce): void {
  const { program } = pass;
  pass.report({
    message: `\`${name}\` is a new \`sync.Once\` in every call of ${funcWords(program, func)}: the function given to \`Do\` runs every time`,
    primary: siteOf(program, call.span, "runs in every call"),
    related: [],
    severity: "warning",
    confidence: "proved",
    candidate: null,
    subject: { func: func.name, path: name },
  });
}

function reportLost(pass: Pass, { func, call, store, name }: LostResult): void {
  const { program } = pass;
  pass.report({
    message: `\`${name}\` is set by the first call only: whoever calls ${funcWords(program, func)} later gets nil, also after a failure`,
    primary: siteOf(program, store.span, `\`${name}\`, a variable of this one call, is set here`),
    related: sitesOf(program, [[call.span, "done once for all calls"]]),
    severity: "warning",
    confidence: "proved",
    candidate: null,
    subject: { func: func.name, path: name },
  });
}
