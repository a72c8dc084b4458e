// Whoever opens only Go files never loads a TypeScript compiler: looked at in the modules that the built server has loaded, in its
// threads too.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import {
  createProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { root, uriOf } from "../harness/engine.js";

const scratch = mkdtempSync(path.join(tmpdir(), "modules-"));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** Opens a file in the built server, waits for its findings, and says what was loaded until then. */
async function loadedFor(file: string, languageId: string): Promise<readonly string[]> {
  const note = path.join(root, "test", "harness", "note-modules.cjs");
  const list = path.join(scratch, `${languageId}.txt`);
  writeFileSync(list, "");
  const server = path.join(root, "dist", "server.cjs");
  const child = spawn(process.execPath, [server, "--stdio"], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, LOADED_MODULES: list, NODE_OPTIONS: `--require ${note}` },
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const uri = uriOf(file);
  const told = new Promise<void>((resolve) => {
    connection.onNotification(
      "textDocument/publishDiagnostics",
      ({ uri: of, diagnostics }: PublishDiagnosticsParams) => {
        if (of === uri && diagnostics.length > 0) resolve();
      },
    );
  });
  const options = { delay: 0, explore: { timeBudgetMs: 500, maxExecutions: 50 } };
  connection.onRequest("workspace/configuration", ({ items }: { items: readonly unknown[] }) =>
    items.map(() => options),
  );
  connection.onRequest("client/registerCapability", () => null);
  connection.onRequest("window/workDoneProgress/create", () => null);
  connection.listen();
  await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: uriOf("."),
    capabilities: { workspace: { configuration: true } },
    initializationOptions: options,
  });
  await connection.sendNotification("initialized", {});
  const text = readFileSync(path.join(root, file), "utf8");
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId, version: 1, text },
  });
  await told;
  connection.dispose();
  child.kill();
  return readFileSync(list, "utf8").split("\n");
}

const compilers = /(?:^|[/\\])(?:ts-morph|typescript)(?:\.c?js)?$/;

it("a Go file is checked without a TypeScript compiler", async () => {
  const loaded = await loadedFor("samples/crawler/unlocked/main.go", "go");
  expect(loaded).toContain("node:fs");
  expect(loaded.filter((it) => compilers.test(it))).toEqual([]);
});

it("a TypeScript file loads one, which the test would see", async () => {
  const loaded = await loadedFor("samples/typescript/bank.ts", "typescript");
  expect(loaded.filter((it) => compilers.test(it))).not.toEqual([]);
});
