import { spanOf } from "../../ir/access.js";
import type { SpanId } from "../../ir/ir.js";
import type { Site } from "../../../protocol/finding.js";
import type { Check, Pass } from "../check.js";
import type { FieldAccess } from "../facts/field-uses.js";
import { guards, type Deviant } from "../facts/guards.js";
import { funcWords } from "../facts/names.js";
import { races } from "../facts/races.js";
import { guardWords } from "../race-kinds/inconsistent-guard.js";
import { reportRaces } from "../race-report.js";

export const inconsistentGuard: Check = {
  code: "inconsistent-guard",
  language: "go",
  doc: {
    title: "a field is used without the lock that guards it elsewhere",
    text: `Nearly all uses of the field hold one lock of the same struct, and this one does not; or a comment says which lock guards the field, and this use does not hold it.
That is how a lock gets forgotten: in a new method, in a getter, in an early return.
Take the lock here too; if the caller holds it, end the name of the method in \`Locked\`; if no lock is needed, because nobody runs beside it, nothing has to change.
Comments that are read: \`// guarded by mu\` and \`// protected by mu\` at a field, \`// mu guards a, b\` at the mutex, \`// +checklocks:mu\` at a field, and \`// +checklocks:s.mu\` at a function whose callers hold the lock.
Where a program or test runs both, a schedule shows the race; for a library that nobody runs it stays a remark.`,
    bad: `package main

import "sync"

type account struct {
	mu      sync.Mutex
	balance int
}

func (a *account) Deposit(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance += n
}

func (a *account) Withdraw(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance -= n
}

func (a *account) Balance() int {
	return a.balance
}

func main() {
	a := &account{}
	done := make(chan bool)
	go func() {
		a.Deposit(1)
		done <- true
	}()
	println(a.Balance())
	<-done
}
`,
    good: `package main

import "sync"

type account struct {
	mu      sync.Mutex
	balance int
}

func (a *account) Deposit(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance += n
}

func (a *account) Withdraw(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance -= n
}

func (a *account) Balance() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.balance
}

func main() {
	a := &account{}
	done := make(chan bool)
	go func() {
		a.Deposit(1)
		done <- true
	}()
	println(a.Balance())
	<-done
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    reportRaces(pass, "inconsistent-guard");
    reportUnrun(pass);
  },
};

/** Accesses that no entry of the program is seen to race with: who calls them is not known. */
function reportUnrun(pass: Pass): void {
  const told = new Set(
    pass
      .get(races)
      .flatMap(({ conflicts, consequences }) => [...conflicts, ...consequences])
      .flatMap(({ inThread, other }) => [inThread.op.instr, other.op.instr]),
  );
  const fields = new Set<string>();
  for (const deviant of pass.get(guards)) {
    if (!deviant.telling || told.has(deviant.instr) || fields.has(deviant.field)) continue;
    fields.add(deviant.field);
    report(pass, deviant);
  }
}

function report(pass: Pass, deviant: Deviant): void {
  const { program } = pass;
  const { func, instr, write, field, guarded, comment } = deviant;
  const site = (span: SpanId, message: string): Site => ({ span: spanOf(program, span), message });
  const [first] = guarded;
  if (instr.span === 0 || first === undefined) return;
  const does = write ? "writes" : "reads";
  const conflicting = (it: FieldAccess): boolean => write || it.write;
  pass.report({
    message: `${funcWords(program, func)} ${does} \`${field}\` without a lock: ${guardWords(deviant)}`,
    primary: site(instr.span, `${write ? "written" : "read"} without the lock here`),
    related: [
      ...(comment === null ? [] : [site(comment, `\`${deviant.lock}\` is said to guard it here`)]),
      site(first.instr.span, `${first.write ? "written" : "read"} with the lock here`),
    ],
    severity: "warning",
    confidence: "possible",
    candidate: {
      outcome: "race",
      places: guarded
        .filter(conflicting)
        .map((it) => [spanOf(program, instr.span), spanOf(program, it.instr.span)]),
    },
    subject: { func: func.name, path: field },
  });
}
