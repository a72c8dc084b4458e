import { spanOf } from "../../ir/access.js";
import type { SpanId } from "../../ir/ir.js";
import type { Check, Pass } from "../check.js";
import { type AwaitCheck, awaitChecks } from "../facts/await-checks.js";

export const checkAwaitAct: Check = {
  code: "check-await-act",
  language: "ts",
  doc: {
    title: "a test before an await decides a write after it",
    text: `A function looks at shared state, awaits, and then changes that state as if it still were as it was.
Another call runs during the wait, sees the same, and does the same: two calls find no connection and both open one.
Look again after the await, change the state before it (keep the promise instead of its value), or hold a lock around both.`,
    bad: `let left = 1;

async function pay(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 10));
}

async function buy(): Promise<void> {
  if (left > 0) {
    await pay();
    left -= 1;
  }
}

await Promise.all([buy(), buy()]);
console.log(left);
`,
    good: `let left = 1;

async function pay(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 10));
}

async function buy(): Promise<void> {
  if (left > 0) {
    left -= 1;
    await pay();
  }
}

await Promise.all([buy(), buy()]);
console.log(left);
`,
    since: "0.2.0",
    severity: "warning",
  },
  run: (pass) => {
    for (const it of pass.get(awaitChecks)) report(pass, it, pass.get(awaitChecks));
  },
};

function report(pass: Pass, check: AwaitCheck, all: readonly AwaitCheck[]): void {
  const { program } = pass;
  const at = (span: SpanId): ReturnType<typeof spanOf> => spanOf(program, span);
  const { func, place, read, write } = check;
  const others = all.filter((it) => it.place === place && it !== check).map((it) => it.write);
  const line = at(read).start.line + 1;
  pass.report({
    message: `\`${place}\` is tested before the await (L${line}) and written after it: another call may have changed it in between`,
    primary: { span: at(write), message: "written here, as if nothing had changed since" },
    related: [
      { span: at(read), message: `\`${place}\` is tested here` },
      { span: at(check.await), message: "other calls run while this one waits here" },
    ],
    severity: "warning",
    confidence: "possible",
    candidate: {
      outcome: "ok",
      places: [write, ...others].map((other) => [read, other, write].map(at)),
    },
    // One task may be all there is; flags and locks of all kinds keep others out: only what is shown is told.
    assumed: true,
    subject: { func: func.name, path: place },
  });
}
