import type { Span } from "../../../protocol/span.js";
import { spanOf } from "../../ir/access.js";
import type { SpanId } from "../../ir/ir.js";
import type { Check, Pass } from "../check.js";
import type { AwaitUpdate } from "../facts/await-updates.js";
import { type UpdateReason, updateReasons } from "../facts/update-reasons.js";

type Outside = Extract<UpdateReason, { readonly kind: "outside" }>;

export const outsideLock: Check = {
  code: "outside-lock",
  language: "ts",
  doc: {
    title: "a write goes past the lock that others hold",
    text: `One function reads something, waits and writes it back, all of it under a lock; another one writes the same without the lock.
What the second one writes during the wait is overwritten: a lock protects only from those who take it.
Take the lock around every write.`,
    bad: `import { Mutex } from "async-mutex";

const mutex = new Mutex();
let stock = 10;

async function pay(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 10));
}

async function sell(): Promise<void> {
  await mutex.runExclusive(async () => {
    const before = stock;
    await pay();
    stock = before - 1;
  });
}

async function deliver(count: number): Promise<void> {
  await pay();
  stock += count;
}

await Promise.all([sell(), deliver(5)]);
console.log(stock);
`,
    good: `import { Mutex } from "async-mutex";

const mutex = new Mutex();
let stock = 10;

async function pay(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 10));
}

async function sell(): Promise<void> {
  await mutex.runExclusive(async () => {
    const before = stock;
    await pay();
    stock = before - 1;
  });
}

async function deliver(count: number): Promise<void> {
  await pay();
  await mutex.runExclusive(() => {
    stock += count;
  });
}

await Promise.all([sell(), deliver(5)]);
console.log(stock);
`,
    since: "0.2.0",
    severity: "error",
  },
  run,
};

/** One report for each write without the lock, whatever updates it goes into. */
function run(pass: Pass): void {
  const byWrite = new Map<SpanId, { readonly update: AwaitUpdate; readonly reason: Outside }[]>();
  for (const [update, reason] of pass.get(updateReasons)) {
    if (reason.kind !== "outside") continue;
    for (const { span } of reason.others) {
      byWrite.set(span, [...(byWrite.get(span) ?? []), { update, reason }]);
    }
  }
  for (const [outside, all] of byWrite) report(pass, outside, all);
}

function report(
  pass: Pass,
  outside: SpanId,
  all: readonly { readonly update: AwaitUpdate; readonly reason: Outside }[],
): void {
  const { program } = pass;
  const at = (span: SpanId): Span => spanOf(program, span);
  const [first] = all;
  if (first === undefined) return;
  const { update, reason } = first;
  const { taking } = reason.section;
  const writer = reason.others.find((it) => it.span === outside);
  const span = at(outside);
  pass.report({
    message: `\`${update.place}\` is written without \`${taking.lock}\`, which \`${taking.func.display}\` (L${at(taking.waits).start.line + 1}) holds from reading it to writing it back: what is written here is lost`,
    primary: { span, message: `written here without \`${taking.lock}\`` },
    related: [
      { span: at(taking.waits), message: `\`${taking.lock}\` is taken here` },
      { span: at(update.read), message: `\`${update.place}\` is read here` },
      { span: at(update.await), message: "others run while this one waits here" },
      { span: at(update.write), message: "written here from what was read before" },
    ],
    severity: "error",
    confidence: "possible",
    candidate: { outcome: "race", places: all.map((it) => [span, at(it.update.write)]) },
    subject: { func: writer?.func.name ?? "", path: update.place },
  });
}
