// The process. `--stdio` for any editor; VS Code starts it with `--node-ipc`. Node's other transports
// of the library (`--socket`, `--pipe`) work as well.
import { readFileSync } from "node:fs";
import path from "node:path";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { createEngine } from "../engine/create.js";
import { createNodeHost } from "../host/node.js";
import { docsUrlFrom } from "./docs-url.js";
import { describeError } from "./guard.js";
import { serve } from "./session.js";

const dist = import.meta.dirname;
const packageDir = path.join(dist, "..");

function main(): void {
  if (process.argv.includes("--version")) {
    process.stdout.write(`${version()}\n`);
    return;
  }
  const transports = ["--stdio", "--node-ipc", "--socket", "--pipe"];
  if (!process.argv.some((it) => transports.some((t) => it.startsWith(t)))) {
    process.stderr.write("happens-before: start the language server with --stdio\n");
    process.exitCode = 2;
    return;
  }
  const connection = createConnection(ProposedFeatures.all);
  const log = (message: string): void => {
    connection.console.log(message);
  };
  process.on("unhandledRejection", (reason) => {
    connection.console.error(`unhandled rejection: ${describeError(reason)}`);
  });
  process.on("uncaughtException", (error) => {
    connection.console.error(`uncaught exception: ${describeError(error)}`);
  });
  const engine = createEngine(createNodeHost({ dist, log }));
  serve(connection, engine, { docsUrl: docsUrlFrom(packageDir), version: version() });
}

function version(): string {
  try {
    const manifest = JSON.parse(readFileSync(path.join(packageDir, "package.json"), "utf8")) as {
      readonly version: string;
    };
    return manifest.version;
  } catch {
    return "0"; // a bundle without its manifest still works
  }
}

main();
