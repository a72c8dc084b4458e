import { spanOf } from "../../ir/access.js";
import type { Check } from "../check.js";
import { promiseCycles } from "../facts/promise-cycles.js";

export const promiseWaitCycle: Check = {
  code: "promise-wait-cycle",
  language: "ts",
  doc: {
    title: "a promise waits for itself",
    text: `A promise is kept, so that whoever comes later waits for the work under way instead of starting it again.
The work itself, in something that it calls, waits for the same promise: it cannot be settled before it is settled.
Two such promises that wait for each other end the same way.
Hand what the work needs on as an argument instead of asking for it again.`,
    bad: `let loading: Promise<string> | undefined;

function config(): Promise<string> {
  loading ??= load();
  return loading;
}

async function load(): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 10));
  return check("{}");
}

async function check(text: string): Promise<string> {
  const known = await config();
  return known === text ? known : text;
}

console.log(await config());
`,
    good: `let loading: Promise<string> | undefined;

function config(): Promise<string> {
  loading ??= load();
  return loading;
}

async function load(): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 10));
  return check("{}", "");
}

async function check(text: string, known: string): Promise<string> {
  return known === text ? known : text;
}

console.log(await config());
`,
    since: "0.2.0",
    severity: "error",
  },
  run: (pass) => {
    const { program } = pass;
    for (const { func, place, kept, waits, waiter } of pass.get(promiseCycles)) {
      const span = spanOf(program, waits);
      const at = spanOf(program, kept);
      pass.report({
        message: `\`${waiter.display}\` waits for \`${place}\` (L${at.start.line + 1}), which waits for \`${waiter.display}\`: neither comes to an end`,
        primary: { span, message: `waits for the promise that it is part of` },
        related: [
          { span: at, message: `\`${func.display}\` keeps the promise in \`${place}\` here` },
        ],
        severity: "error",
        confidence: "possible",
        candidate: { outcome: "leak", places: [[span]], renames: "defect" },
        assumed: true,
        subject: { func: waiter.name, path: place },
      });
    }
  },
};
