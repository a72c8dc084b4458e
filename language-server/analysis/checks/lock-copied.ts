import { typeOf } from "../../ir/access.js";
import type { Program } from "../../ir/ir.js";
import type { Check, Pass } from "../check.js";
import { lockCopies, type LockCopy } from "../facts/lock-copies.js";
import { expressionOf, funcWords } from "../facts/names.js";
import { alone, siteOf } from "../sites.js";

export const lockCopied: Check = {
  code: "lock-copied",
  language: "go",
  doc: {
    title: "a value is copied together with its lock",
    text: `The copy has a lock of its own: who locks the one does not keep out who locks the other, and a lock that is copied while it is held is never released.
The same is true of wait groups, onces, pools and atomic types.
Pass and keep pointers to such values, and give methods pointer receivers.`,
    bad: `package main

import (
	"fmt"
	"sync"
)

type counter struct {
	mu sync.Mutex
	n  int
}

func (c counter) add(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += n
}

func main() {
	c := counter{}
	c.add(1)
	fmt.Println(c.n)
}
`,
    good: `package main

import (
	"fmt"
	"sync"
)

type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) add(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += n
}

func main() {
	c := counter{}
	c.add(1)
	fmt.Println(c.n)
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run,
};

function run(pass: Pass): void {
  for (const it of pass.get(lockCopies)) report(pass, it);
}

function report(pass: Pass, copy: LockCopy): void {
  const { program } = pass;
  const name = expressionOf(program, copy.func, copy.of);
  const places = alone(program, [copy.span]);
  pass.report({
    message: sentence(pass, copy, name),
    primary: siteOf(program, copy.span, "copied here"),
    related: [],
    severity: "error",
    confidence: "proved",
    candidate: { outcome: "race", places },
    subject: { func: copy.func.name, path: name },
  });
}

function sentence({ program }: Pass, copy: LockCopy, name: string): string {
  const { func, instr, lock, use } = copy;
  const entry = instr?.op === "map" ? "an entry of " : "";
  const what = name === "" ? typeWords(program, copy) : `${entry}\`${name}\``;
  if (use === "parameter") {
    return `${funcWords(program, func)} takes ${what} by value and with it a copy of its \`${lock}\`: locking the copy keeps nobody out`;
  }
  const how = {
    variable: "is copied",
    return: "is copied to the caller",
    argument: "is passed as a copy",
    interface: "is put into an interface as a copy",
    send: "is sent as a copy",
    element: "is put into a map as a copy",
  }[use];
  return `${what} ${how}, and with it its \`${lock}\`: who locks the one does not keep out who locks the other`;
}

/** "a `counter`" */
function typeWords(program: Program, { func, of }: LockCopy): string {
  const id = func.regTypes[of];
  const pointer = id === undefined ? undefined : typeOf(program, id);
  const type = pointer?.kind === "pointer" ? typeOf(program, pointer.elem) : pointer;
  return type?.kind === "named" ? `a \`${type.name.replace(/^.*[./]/, "")}\`` : "the value";
}
