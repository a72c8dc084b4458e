import { spanOf } from "../../ir/access.js";
import type { Check } from "../check.js";
import { asyncListeners } from "../facts/async-listeners.js";

export const asyncListener: Check = {
  code: "async-listener",
  language: "ts",
  doc: {
    title: "an async listener fails and nobody sees it",
    text: `An emitter calls its listeners and looks at nothing that they return: the promise of an async listener is nobody's, and when it is rejected Node ends the process.
Only listeners that a schedule shows to fail are reported.
Catch errors in the listener, or make the emitter with \`captureRejections: true\` and listen for \`error\`.`,
    bad: `import { EventEmitter } from "node:events";

declare function store(): Promise<void>;

const orders = new EventEmitter();
let open = true;

orders.on("order", async (name: string) => {
  await store();
  if (!open) throw new Error(\`\${name} came too late\`);
  console.log(name);
});

async function close(): Promise<void> {
  await store();
  open = false;
}

orders.emit("order", "tea");
void close();
`,
    good: `import { EventEmitter } from "node:events";

declare function store(): Promise<void>;

const orders = new EventEmitter();
let open = true;

orders.on("order", async (name: string) => {
  await store();
  if (open) console.log(name);
  else console.log(\`\${name} came too late\`);
});

async function close(): Promise<void> {
  await store();
  open = false;
}

orders.emit("order", "tea");
void close();
`,
    since: "0.2.0",
    severity: "warning",
  },
  run: (pass) => {
    const { program } = pass;
    for (const { func, event, listens, throws } of pass.get(asyncListeners)) {
      const span = spanOf(program, listens);
      const at = throws.map((it) => spanOf(program, it));
      const [first] = at;
      if (first === undefined) continue;
      pass.report({
        message: `the async listener of \`${event}\` may fail (L${first.start.line + 1}), and nobody waits for its promise: the program ends`,
        primary: { span, message: "nobody looks at the promise that this listener returns" },
        related: [{ span: first, message: "an error leaves the listener from here" }],
        severity: "warning",
        confidence: "possible",
        candidate: { outcome: "panic", places: at.map((it) => [it]), renames: "defect" },
        assumed: true,
        subject: { func: func.name, path: event },
      });
    }
  },
};
