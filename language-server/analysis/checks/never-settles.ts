import { spanOf } from "../../ir/access.js";
import type { Check } from "../check.js";
import { unsettledPromises } from "../facts/unsettled-promises.js";

export const neverSettles: Check = {
  code: "never-settles",
  language: "ts",
  doc: {
    title: "an async call waits for ever",
    text: `A function that makes a promise has a path on which it neither settles it nor hands the means to do so to anybody: who waits for it never goes on.
The same is said of any call that still waits when nothing is left to do, when the program's schedules show it: no timer, no reply and no other call could settle its promise any more.
At the top of a module Node ends the process with exit code 13; in a function the rest of it silently never runs, and what it holds (a lock, a place in a queue) stays held.
Settle the promise on every path, also when something throws, or let the wait end by a timeout or an abort signal.`,
    bad: `function answer(text: string): Promise<string> {
  return new Promise((resolve) => {
    setTimeout(() => {
      if (text !== "") resolve(text.toUpperCase());
    }, 10);
  });
}

async function ask(text: string): Promise<void> {
  console.log(await answer(text));
}

await Promise.race([ask(""), ask("tea")]);
`,
    good: `function answer(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    setTimeout(() => {
      if (text !== "") resolve(text.toUpperCase());
      else reject(new Error("nothing was asked"));
    }, 10);
  });
}

async function ask(text: string): Promise<void> {
  console.log(await answer(text));
}

await Promise.allSettled([ask(""), ask("tea")]);
`,
    since: "0.1.0",
    severity: "warning",
  },
  run: (pass) => {
    const { program } = pass;
    for (const { func, made, leaves, waits } of pass.get(unsettledPromises)) {
      const out = spanOf(program, leaves);
      const at = waits.map((it) => spanOf(program, it));
      const [first] = at;
      if (first === undefined) continue;
      pass.report({
        message: `this promise is never settled where its function ends without resolving or rejecting it (L${out.start.line + 1}): who waits for it never goes on`,
        primary: { span: first, message: "waits here for ever" },
        related: [
          { span: spanOf(program, made), message: "the promise is made here" },
          { span: out, message: "ends here without having settled it" },
        ],
        severity: "warning",
        confidence: "possible",
        candidate: { outcome: "leak", places: at.map((it) => [it]), renames: "end" },
        assumed: true,
        subject: { func: func.name, path: "promise" },
      });
    }
  },
};
