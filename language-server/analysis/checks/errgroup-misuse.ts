import { funcOf } from "../../ir/access.js";
import type { Func, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import { uses } from "../../ir/shape.js";
import type { Check, Pass } from "../check.js";
import { sameCell } from "../facts/addresses.js";
import { calledName } from "../facts/constraints.js";
import { graphOf, type Point } from "../facts/graph.js";
import { expressionOf, lineOf } from "../facts/names.js";
import { definitionsOf } from "../facts/skeleton.js";
import { siteOf, sitesOf } from "../sites.js";

export const errgroupMisuse: Check = {
  code: "errgroup-misuse",
  language: "go",
  doc: {
    title: "an errgroup whose errors nobody looks at",
    text: `\`g.Wait()\` gives the first error of the group: dropped, the failure is lost.
A goroutine that is started with \`g.Go\` after the last \`g.Wait\` is not waited for.`,
    bad: `package main

import (
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"
)

func fetch(page string) error {
	if page == "" {
		return errors.New("no page")
	}
	return nil
}

func main() {
	var g errgroup.Group
	for _, page := range []string{"a", ""} {
		g.Go(func() error { return fetch(page) })
	}
	g.Wait()
	fmt.Println("done")
}
`,
    good: `package main

import (
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"
)

func fetch(page string) error {
	if page == "" {
		return errors.New("no page")
	}
	return nil
}

func main() {
	var g errgroup.Group
	for _, page := range []string{"a", ""} {
		g.Go(func() error { return fetch(page) })
	}
	if err := g.Wait(); err != nil {
		fmt.Println("failed:", err)
	}
}
`,
    since: "0.1.0",
    severity: "warning",
  },
  run: (pass: Pass) => {
    for (const func of pass.program.funcs) {
      if (func.library || func.span === 0) continue;
      const calls = callsIn(pass.program, func);
      waitDropped(pass, func, calls);
      goAfterWait(pass, func, calls);
    }
  },
};

interface Call {
  readonly method: string;
  readonly instr: Extract<Instr, { op: "call" }>;
  readonly group: Reg | undefined;
  readonly point: Point;
}

const methods =
  /^(?:\(\*golang\.org\/x\/sync\/errgroup\.Group\)|golang\.org\/x\/sync\/errgroup)\.(Go|TryGo|Wait|WithContext)$/;

function callsIn(program: Program, func: Func): readonly Call[] {
  return func.blocks.flatMap(({ instrs }, block) =>
    instrs.flatMap((instr, index): Call[] => {
      if (instr.op !== "call") return [];
      const method = methods.exec(calledName(program, instr.callee))?.[1];
      if (method === undefined) return [];
      return [{ method, instr, group: instr.args[0], point: { block, index } }];
    }),
  );
}

function isSameGroup(func: Func, left: Call, right: Call): boolean {
  if (left.group === undefined || right.group === undefined) return false;
  return sameCell(definitionsOf(func), left.group, right.group);
}

/** Whether a result of a call is used. */
function isUsed(func: Func, reg: Reg | null): boolean {
  if (reg === null) return false;
  return func.blocks.some(
    ({ instrs, exit }) =>
      instrs.some((it) => uses(it).includes(reg)) ||
      (exit.op === "return" && exit.values.includes(reg)) ||
      (exit.op === "branch" && exit.cond === reg),
  );
}

/** Where some goroutine of the group may fail. */
function waitDropped(pass: Pass, func: Func, calls: readonly Call[]): void {
  for (const wait of calls.filter((it) => it.method === "Wait")) {
    if (isUsed(func, wait.instr.dst)) continue;
    const started = calls.filter(
      (it) =>
        /Go$/.test(it.method) && isSameGroup(func, it, wait) && mayFail(pass.program, func, it),
    );
    const [first] = started;
    if (first === undefined) continue;
    tell(pass, func, wait, {
      message: (name) =>
        `the error of \`${name}.Wait\` is dropped: that a goroutine of the group fails (L${lineOf(pass.program, first.instr.span)}) is not noticed`,
      here: "the error is dropped here",
      related: [[first.instr.span, "this may fail"]],
    });
  }
}

/** Whether the function given to Go may return something else than nil. */
function mayFail(program: Program, func: Func, go: Call): boolean {
  const [, f] = go.instr.args;
  const made = f === undefined ? undefined : definitionsOf(func).get(f);
  if (made?.op !== "closure") return false;
  const body = funcOf(program, made.func);
  const definitions = definitionsOf(body);
  return body.blocks.some(({ id, exit }) => {
    if (exit.op !== "return" || id === body.recover) return false;
    const [error] = exit.values;
    const value = error === undefined ? undefined : definitions.get(error);
    return !(value?.op === "const" && value.value === null);
  });
}

function goAfterWait(pass: Pass, func: Func, calls: readonly Call[]): void {
  const graph = graphOf(func);
  const waits = calls.filter((it) => it.method === "Wait");
  for (const go of calls.filter((it) => /Go$/.test(it.method))) {
    const before = waits.find(
      (it) => isSameGroup(func, it, go) && graph.reaches(it.point, go.point),
    );
    const after = waits.some((it) => graph.reaches(go.point, it.point));
    if (before === undefined || after) continue;
    tell(pass, func, go, {
      message: (name) =>
        `\`${name}.Go\` comes after \`${name}.Wait\` (L${lineOf(pass.program, before.instr.span)}): nobody waits for this goroutine, and its error is lost`,
      here: "started here, after Wait",
      related: [[before.instr.span, "waited for here"]],
    });
  }
}

function tell(
  pass: Pass,
  func: Func,
  { instr, group }: Call,
  words: {
    readonly message: (name: string) => string;
    readonly here: string;
    readonly related: readonly (readonly [SpanId, string])[];
  },
): void {
  const { program } = pass;
  const name = (group === undefined ? "" : expressionOf(program, func, group)) || "g";
  pass.report({
    message: words.message(name),
    primary: siteOf(program, instr.span, words.here),
    related: sitesOf(program, words.related),
    severity: "warning",
    confidence: "proved",
    candidate: null,
    subject: { func: func.name, path: name },
  });
}
