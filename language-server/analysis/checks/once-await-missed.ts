import type { Check } from "../check.js";
import { reportLateListeners } from "../late-listener-report.js";

export const onceAwaitMissed: Check = {
  code: "once-await-missed",
  language: "ts",
  doc: {
    title: "a second event may come while the first is awaited",
    text: `A function waits for one event and then for another; if the other one is emitted first, nobody listens for it yet, and the second wait never ends.
Listen for both before waiting: \`await Promise.all([once(a, "open"), once(b, "open")])\`.`,
    bad: `import { EventEmitter, once } from "node:events";

declare function connect(): Promise<void>;

async function open(socket: EventEmitter): Promise<void> {
  await connect();
  socket.emit("open");
}

async function main(): Promise<void> {
  const [a, b] = [new EventEmitter(), new EventEmitter()];
  void open(a);
  void open(b);
  await once(a, "open");
  await once(b, "open");
  console.log("both open");
}

void main();
`,
    good: `import { EventEmitter, once } from "node:events";

declare function connect(): Promise<void>;

async function open(socket: EventEmitter): Promise<void> {
  await connect();
  socket.emit("open");
}

async function main(): Promise<void> {
  const [a, b] = [new EventEmitter(), new EventEmitter()];
  void open(a);
  void open(b);
  await Promise.all([once(a, "open"), once(b, "open")]);
  console.log("both open");
}

void main();
`,
    since: "0.2.0",
    severity: "warning",
  },
  run: (pass) => {
    reportLateListeners(pass, true);
  },
};
