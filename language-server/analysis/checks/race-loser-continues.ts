import type { Span } from "../../../protocol/span.js";
import { spanOf } from "../../ir/access.js";
import type { SpanId } from "../../ir/ir.js";
import type { Check } from "../check.js";
import { updateReasons } from "../facts/update-reasons.js";

export const raceLoserContinues: Check = {
  code: "race-loser-continues",
  language: "ts",
  doc: {
    title: "who loses a Promise.race goes on without the lock",
    text: `\`Promise.race\` ends as soon as one of its promises is settled; the other calls go on.
Here the race is run under a lock, which is given back when it ends: the call that was too slow still writes, while somebody else holds the lock.
Stop the loser (an \`AbortSignal\` that it looks at before it writes), or hold the lock until it is over.`,
    bad: `import { Mutex } from "async-mutex";

const mutex = new Mutex();
let total = 0;

function sleep(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

async function slowly(count: number): Promise<void> {
  const before = total;
  await sleep(30);
  total = before + count;
}

async function add(count: number): Promise<void> {
  await mutex.runExclusive(() => Promise.race([slowly(count), sleep(20)]));
}

await Promise.all([add(1), add(2)]);
await sleep(100);
console.log(total);
`,
    good: `import { Mutex } from "async-mutex";

const mutex = new Mutex();
let total = 0;

function sleep(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

async function slowly(count: number): Promise<void> {
  const before = total;
  await sleep(30);
  total = before + count;
}

async function add(count: number): Promise<void> {
  await mutex.runExclusive(() => slowly(count));
}

await Promise.all([add(1), add(2)]);
await sleep(100);
console.log(total);
`,
    since: "0.2.0",
    severity: "error",
  },
  run: (pass) => {
    const { program } = pass;
    const at = (span: SpanId): Span => spanOf(program, span);
    for (const [update, reason] of pass.get(updateReasons)) {
      if (reason.kind !== "lost race") continue;
      const { contest, section } = reason;
      const { func, place, write } = update;
      const { lock, waits } = section.taking;
      const span = at(contest.span);
      pass.report({
        message: `whoever loses this race goes on: \`${func.display}\` still writes \`${place}\` (L${at(write).start.line + 1}) when \`${lock}\` has been given back, over what others wrote`,
        primary: { span, message: "ends with the first of its promises; the others go on" },
        related: [
          { span: at(waits), message: `\`${lock}\` is held until the race is over` },
          { span: at(update.read), message: `\`${place}\` is read here` },
          { span: at(write), message: "written here, perhaps without the lock" },
        ],
        severity: "error",
        confidence: "possible",
        candidate: { outcome: "race", places: [[at(write)]] },
        subject: { func: func.name, path: place },
      });
    }
  },
};
