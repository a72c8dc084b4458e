import type { Check } from "../check.js";
import { reportLateListeners } from "../late-listener-report.js";

export const eventBeforeListener: Check = {
  code: "event-before-listener",
  language: "ts",
  doc: {
    title: "an event may be emitted before anybody listens",
    text: `Between getting an emitter and listening to it a function waits, and the event may be emitted meanwhile: emitters do not keep events for those who come later.
Who then waits for the event waits for ever; an \`error\` that nobody listens for ends the program.
Listen first, then wait for other things: \`const ready = once(server, "ready"); await other; await ready\`.`,
    bad: `import { EventEmitter, once } from "node:events";

declare function readConfig(): Promise<void>;
declare function bind(): Promise<void>;

class Server extends EventEmitter {
  async listen(): Promise<void> {
    await bind();
    this.emit("ready");
  }
}

async function main(): Promise<void> {
  const server = new Server();
  void server.listen();
  await readConfig();
  await once(server, "ready");
  console.log("serving");
}

void main();
`,
    good: `import { EventEmitter, once } from "node:events";

declare function readConfig(): Promise<void>;
declare function bind(): Promise<void>;

class Server extends EventEmitter {
  async listen(): Promise<void> {
    await bind();
    this.emit("ready");
  }
}

async function main(): Promise<void> {
  const server = new Server();
  const ready = once(server, "ready");
  void server.listen();
  await readConfig();
  await ready;
  console.log("serving");
}

void main();
`,
    since: "0.2.0",
    severity: "warning",
  },
  run: (pass) => {
    reportLateListeners(pass, false);
  },
};
