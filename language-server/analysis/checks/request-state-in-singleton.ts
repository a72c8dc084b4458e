import { spanOf } from "../../ir/access.js";
import type { Check } from "../check.js";
import { requestStates } from "../facts/request-states.js";

export const requestStateInSingleton: Check = {
  code: "request-state-in-singleton",
  language: "ts",
  doc: {
    title: "what belongs to one call is kept where all calls see it",
    text: `A function puts what it was called with into a variable of the module or a field of its object, waits, and reads it back.
Another call puts its own there during the wait: the first one goes on with the data of the second.
Keep it in a local variable and hand it on as an argument, or use \`AsyncLocalStorage\`.
Reads that only compare, to see whether they are still the latest, are not reported.`,
    bad: `declare function load(): Promise<void>;

let user = "";

async function greet(name: string): Promise<string> {
  user = name;
  await load();
  return \`hello \${user}\`;
}

async function main(): Promise<void> {
  console.log(await Promise.all([greet("ann"), greet("bob")]));
}

void main();
`,
    good: `declare function load(): Promise<void>;

async function greet(name: string): Promise<string> {
  const user = name;
  await load();
  return \`hello \${user}\`;
}

async function main(): Promise<void> {
  console.log(await Promise.all([greet("ann"), greet("bob")]));
}

void main();
`,
    since: "0.2.0",
    severity: "warning",
  },
  run: (pass) => {
    const { program } = pass;
    const all = pass.get(requestStates);
    for (const it of all) {
      const { func, place } = it;
      const [write, awaited, read] = [it.write, it.await, it.read].map((of) => spanOf(program, of));
      if (write === undefined || awaited === undefined || read === undefined) continue;
      const others = all.filter((of) => of.place === place && of.write !== it.write);
      const writes = [write, ...others.map((of) => spanOf(program, of.write))];
      pass.report({
        message: `\`${place}\` is set from what \`${func.display}\` was called with (L${write.start.line + 1}) and read after the await: by then it may be another call's`,
        primary: { span: read, message: "read here, as if it were still this call's" },
        related: [
          { span: write, message: `\`${place}\` is set here` },
          { span: awaited, message: "other calls run while this one waits here" },
        ],
        severity: "warning",
        confidence: "possible",
        candidate: {
          outcome: "ok",
          places: writes.map((other) => [write, other, read]),
          accesses: "write write read",
          renames: "defect",
        },
        assumed: true,
        subject: { func: func.name, path: place },
      });
    }
  },
};
