import { spanOf } from "../../ir/access.js";
import type { Guard, Instr } from "../../ir/ir.js";
import type { Check, Pass } from "../check.js";
import { fieldUses, type FieldUses } from "../facts/field-uses.js";

export const staleLockComment: Check = {
  code: "stale-lock-comment",
  language: "go",
  doc: {
    title: "a comment names a lock that does not guard the field",
    text: `The comment of the field says which lock guards it, and the package declares nothing of that name, or every use of the field holds another lock of the same struct.
Whoever trusts the comment takes the wrong lock.
Name in the comment the lock that the code takes.
Comments that may mean something else (a lock of another value, a word of prose) are not reported.`,
    bad: `package main

import "sync"

type account struct {
	mu      sync.Mutex
	balance int // guarded by balanceMu
}

func (a *account) Deposit(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance += n
}

func main() {
	a := &account{}
	a.Deposit(1)
}
`,
    good: `package main

import "sync"

type account struct {
	mu      sync.Mutex
	balance int // guarded by mu
}

func (a *account) Deposit(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance += n
}

func main() {
	a := &account{}
	a.Deposit(1)
}
`,
    since: "0.1.0",
    severity: "information",
  },
  run: (pass) => {
    const uses = [...pass.get(fieldUses).values()];
    for (const guard of pass.program.guards) {
      if (guard.lock === "") report(pass, guard, "which nothing in the package is called", null);
      else
        contradicted(
          pass,
          guard,
          uses.find((it) => it.guard === guard),
        );
    }
  },
};

/** All uses agree on another lock. */
function contradicted(pass: Pass, guard: Guard, uses: FieldUses | undefined): void {
  const [first, ...rest] = uses?.accesses ?? [];
  if (uses === undefined || uses.unclear || first === undefined || rest.length < 2) return;
  if (!rest.some((it) => it.func !== first.func)) return;
  const instead = [...first.locks.keys()].find((lock) => rest.every((it) => it.locks.has(lock)));
  if (instead === undefined || [first, ...rest].some((it) => it.locks.has(guard.lock))) return;
  report(pass, guard, `but every use of the field holds \`${instead}\` instead`, first.instr);
}

function report(
  pass: Pass,
  { owner, field, said, span }: Guard,
  why: string,
  use: Instr | null,
): void {
  const { program } = pass;
  const name = `${owner.replace(/^.*\./, "")}.${field}`;
  pass.report({
    message: `the comment of \`${name}\` says that \`${said}\` guards it, ${why}`,
    primary: { span: spanOf(program, span), message: "said here" },
    related:
      use === null || use.span === 0
        ? []
        : [{ span: spanOf(program, use.span), message: "used here with another lock" }],
    severity: "information",
    confidence: "proved",
    candidate: null,
    subject: { func: owner, path: field },
  });
}
