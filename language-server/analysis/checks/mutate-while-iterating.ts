import { spanOf } from "../../ir/access.js";
import type { Check } from "../check.js";
import { awaitIterations } from "../facts/await-iterations.js";

export const mutateWhileIterating: Check = {
  code: "mutate-while-iterating",
  language: "ts",
  doc: {
    title: "an array is changed while a loop over it waits",
    text: `A loop goes over a shared array and waits in its body; another call takes elements out of the array or moves them meanwhile.
The loop counts on by index: it leaves elements out, or comes to some twice.
Loop over a copy (\`for (const it of [...queue])\`), or take each element out as it is worked on.
Elements that are only added at the end are seen by the loop, and are not reported.`,
    bad: `declare function send(): Promise<void>;

const queue = ["tea", "milk", "rice"];

async function sendAll(): Promise<void> {
  for (const it of queue) {
    await send();
    console.log("sent", it);
  }
}

async function cancelFirst(): Promise<void> {
  await send();
  queue.shift();
}

void sendAll();
void cancelFirst();
`,
    good: `declare function send(): Promise<void>;

const queue = ["tea", "milk", "rice"];

async function sendAll(): Promise<void> {
  for (const it of [...queue]) {
    await send();
    console.log("sent", it);
  }
}

async function cancelFirst(): Promise<void> {
  await send();
  queue.shift();
}

void sendAll();
void cancelFirst();
`,
    since: "0.2.0",
    severity: "warning",
  },
  run: (pass) => {
    const { program } = pass;
    for (const { func, place, list, await: awaited, change } of pass.get(awaitIterations)) {
      const span = spanOf(program, list);
      const changed = spanOf(program, change.span);
      pass.report({
        message: `\`${place}\` is changed by \`${change.func.display}\` (\`${change.name}\`, L${changed.start.line + 1}) while this loop over it waits: elements are left out, or come twice`,
        primary: { span, message: "the loop counts on by index" },
        related: [
          { span: spanOf(program, awaited), message: "others run while this one waits here" },
          { span: changed, message: `\`${change.name}\` moves the elements of \`${place}\` here` },
        ],
        severity: "warning",
        confidence: "possible",
        candidate: {
          outcome: "ok",
          places: [[span, changed, span]],
          accesses: "read write read",
        },
        assumed: true,
        subject: { func: func.name, path: place },
      });
    }
  },
};
