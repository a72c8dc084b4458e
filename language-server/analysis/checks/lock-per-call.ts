import { spanOf } from "../../ir/access.js";
import type { Check } from "../check.js";
import { updateReasons } from "../facts/update-reasons.js";

export const lockPerCall: Check = {
  code: "lock-per-call",
  language: "ts",
  doc: {
    title: "each call makes a lock of its own",
    text: `A function makes a \`Mutex\` and takes it, but every call makes another one: it keeps nobody out, and updates are lost as if it were not there.
Make the lock once, beside what it protects: in the module, or in a field of the object.`,
    bad: `import { Mutex } from "async-mutex";

let total = 0;

async function price(item: string): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 10));
  return item.length;
}

async function add(item: string): Promise<void> {
  const mutex = new Mutex();
  await mutex.runExclusive(async () => {
    const before = total;
    total = before + (await price(item));
  });
}

await Promise.all([add("tea"), add("milk")]);
console.log(total);
`,
    good: `import { Mutex } from "async-mutex";

const mutex = new Mutex();
let total = 0;

async function price(item: string): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 10));
  return item.length;
}

async function add(item: string): Promise<void> {
  await mutex.runExclusive(async () => {
    const before = total;
    total = before + (await price(item));
  });
}

await Promise.all([add("tea"), add("milk")]);
console.log(total);
`,
    since: "0.2.0",
    severity: "error",
  },
  run: (pass) => {
    const { program } = pass;
    const told = new Set<number>();
    for (const [{ func, place, write }, reason] of pass.get(updateReasons)) {
      if (reason.kind !== "own lock" || told.has(reason.section.taking.waits)) continue;
      const { taking } = reason.section;
      told.add(taking.waits);
      const span = spanOf(program, taking.waits);
      const written = spanOf(program, write);
      pass.report({
        message: `\`${taking.lock}\` is made anew by each call of \`${taking.func.display}\`, so it keeps no other call out: an update of \`${place}\` (L${written.start.line + 1}) is lost`,
        primary: { span, message: "taken here, where nobody else can hold it" },
        related: [
          { span: written, message: "written here, over whatever another call wrote meanwhile" },
        ],
        severity: "error",
        confidence: "possible",
        candidate: { outcome: "race", places: [[written]] },
        subject: { func: func.name, path: taking.lock },
      });
    }
  },
};
