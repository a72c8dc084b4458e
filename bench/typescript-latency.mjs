#!/usr/bin/env node
// TypeScript in a warm language server: from an edit to the diagnostics that tell of it, ours and those of TypeScript's own server,
// on one module of some 1,500 lines and at the same places; and what a server takes that is shown Go files alone. Run after
// `npm run build`:
//   node bench/typescript-latency.mjs [--edits 100] [--write]
// --write  keep the figures in typescript-latency-measured.json, for docs/accuracy.md
// The module is made of the kernels of test/fixtures/kernels-ts, each in a function of its own. Each edit puts a function with a
// defect (for tsserver: with a type error) between two of them picked at random, and takes it out again: two waits.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";

const { values } = parseArgs({
  options: {
    edits: { type: "string", default: "100" },
    write: { type: "boolean", default: false },
  },
});
const edits = Number(values.edits);
const wantedLines = 1500;
/** What is not told by then counts as not told. */
const mostMillis = 30_000;
const root = path.join(import.meta.dirname, "..");
const scratch = mkdtempSync(path.join(tmpdir(), "ts-latency-"));
const file = path.join(scratch, "module.ts");
const { text, lines, places } = composed();
writeFileSync(file, text);
writeFileSync(
  path.join(scratch, "tsconfig.json"),
  JSON.stringify({
    compilerOptions: { target: "es2022", module: "esnext", strict: true, types: [] },
  }),
);

const line =
  "export async function hbEdit(): Promise<void> { hbShared += await hbAsk(); hbTyped = 1; }\n";
const servers = [
  { name: "happens-before", run: ours },
  { name: "tsserver", run: tsserver },
];
const load = Number(loadavg()[0].toFixed(1));
const measured = { lines, edits, node: process.version, load, servers: [], memory: [] };
console.log(`${lines} lines, ${edits} edits at the same random places, milliseconds\n`);
console.log("| server | first | insert p50 | p95 | remove p50 | p95 | CPU per edit | not told |");
console.log("|---|---|---|---|---|---|---|---|");
for (const { name, run } of servers) {
  const server = await run();
  const { first, inserts, removes, cpu, silent } = await times(server);
  server.end();
  const row = [first, ...quantiles(inserts), ...quantiles(removes), cpu].map((it) =>
    Math.round(it),
  );
  const [of, insertP50, insertP95, removeP50, removeP95, perEdit] = row;
  const figures = { insertP50, insertP95, removeP50, removeP95, cpu: perEdit };
  measured.servers.push({ name, first: of, ...figures, silent });
  console.log(`| ${name} | ${row.join(" | ")} | ${silent} |`);
}
const go = path.join(root, "samples", "crawler", "unlocked", "main.go");
console.log("\n| what is open | MB | TypeScript compiler loaded |\n|---|---|---|");
for (const [what, opened, languageId] of [
  ["a Go file", go, "go"],
  ["a TypeScript file", path.join(root, "samples", "typescript", "bank.ts"), "typescript"],
]) {
  const it = await memory(opened, languageId);
  measured.memory.push({ what, ...it });
  console.log(`| ${what} | ${it.megabytes} | ${it.compiler ? "yes" : "no"} |`);
}
rmSync(scratch, { recursive: true });
if (values.write) {
  const kept = path.join(import.meta.dirname, "typescript-latency-measured.json");
  writeFileSync(kept, `${JSON.stringify(measured, null, 2)}\n`);
}

/** Kernels one after the other, each in a function, until there are lines enough; and the lines between them. */
function composed() {
  const folder = path.join(root, "test", "fixtures", "kernels-ts");
  const kernels = readdirSync(folder)
    .sort()
    .flatMap((family) => {
      const names = readdirSync(path.join(folder, family)).sort();
      return names.map((it) => readFileSync(path.join(folder, family, it, "fixed.ts"), "utf8"));
    });
  const imports = new Map();
  const head =
    "declare function hbAsk(): Promise<number>;\nlet hbShared = 0;\nlet hbTyped: number | string = 0;\n";
  const bodies = [];
  const starts = [];
  let count = 0;
  for (let nth = 0; count < wantedLines; nth++) {
    const [declared, rest] = [[], []];
    for (const it of kernels[nth % kernels.length].trimEnd().split("\n")) {
      if (it.startsWith("import ")) addImport(imports, it);
      else if (it.startsWith("declare function "))
        declared.push(
          it.replace(/^declare function (\w+)\(.*\): (.*);$/, `declare const $1: () => $2;`),
        );
      else rest.push(it);
    }
    const body = [
      ...declared.map((it) =>
        it.replace(/^declare const (\w+)/, (_, name) => `declare const ${name}${nth}`),
      ),
      `export function kernel${nth}(): void {`,
      ...declared.map((it) => {
        const [, name] = /^declare const (\w+)/.exec(it);
        return `  const ${name} = ${name}${nth};`;
      }),
      ...rest.map((it) => (it === "" ? it : `  ${it}`)),
      "}",
      "",
    ];
    starts.push(count);
    bodies.push(...body);
    count += body.length;
  }
  const before = `${importLines(imports).join("\n")}\n${head}\n`;
  const offset = before.split("\n").length - 1;
  const all = `${before}${bodies.join("\n")}\n`;
  return { text: all, lines: all.split("\n").length - 1, places: starts.map((it) => it + offset) };
}

/** `import a from "m"` and `import { b } from "m"`, by module. */
function addImport(imports, text) {
  const [, what, module] = /^import (.*) from "(.*)";$/.exec(text);
  const names = imports.get(module) ?? new Set();
  for (const it of what.replace(/[{}]/g, "").split(",")) {
    names.add(what.startsWith("{") ? it.trim() : `default as ${it.trim()}`);
  }
  imports.set(module, names);
}

function importLines(imports) {
  return [...imports]
    .map(([module, names]) => `import { ${[...names].sort().join(", ")} } from "${module}";`)
    .sort();
}

/** Edits and takes them back, and waits each time until the server has said so. */
async function times({ pid, change, isTold, next, open }) {
  const until = async (told) => {
    const end = Date.now() + mostMillis;
    while (isTold() !== told) {
      if (Date.now() > end) return false;
      await next();
    }
    return true;
  };
  const start = performance.now();
  await open();
  await change(places[0], true);
  await until(true);
  const first = performance.now() - start;
  await change(places[0], false);
  await until(false);
  const [inserts, removes] = [[], []];
  const before = cpuOf(pid);
  let silent = 0;
  let random = 1;
  for (let edit = 0; edit < edits; edit++) {
    random = (random * 48271) % 2147483647;
    const at = places[random % places.length];
    for (const [list, isIn] of [
      [inserts, true],
      [removes, false],
    ]) {
      const asked = performance.now();
      await change(at, isIn);
      if (await until(isIn)) list.push(performance.now() - asked);
      else silent++;
    }
  }
  return { first, inserts, removes, cpu: (cpuOf(pid) - before) / (2 * edits), silent };
}

/** Milliseconds that a process and its threads have computed: what a busy machine does not change. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  const [user, system] = [fields[11], fields[12]].map(Number);
  return 10 * (user + system);
}

function waker() {
  let wake = () => undefined;
  const next = () =>
    new Promise((resolve) => {
      wake = resolve;
      setTimeout(resolve, 1000);
    });
  return { next, wake: () => wake() };
}

async function lsp(shown, wake, env = {}) {
  const server = path.join(root, "dist", "server.cjs");
  const child = spawn(process.execPath, [server, "--stdio"], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, ...env },
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const options = { delay: 0, explore: { timeBudgetMs: 50, maxExecutions: 10 } };
  connection.onNotification("textDocument/publishDiagnostics", (it) => {
    shown(it);
    wake();
  });
  connection.onRequest("workspace/configuration", ({ items }) => items.map(() => options));
  connection.onRequest("client/registerCapability", () => null);
  connection.onRequest("window/workDoneProgress/create", () => null);
  connection.listen();
  await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(scratch).href,
    capabilities: { workspace: { configuration: true } },
    initializationOptions: options,
  });
  await connection.sendNotification("initialized", {});
  return { child, connection };
}

async function ours() {
  const uri = pathToFileURL(file).href;
  const { next, wake } = waker();
  let diagnostics = [];
  const { child, connection } = await lsp((it) => {
    if (it.uri === uri) diagnostics = it.diagnostics;
  }, wake);
  let version = 1;
  return {
    pid: child.pid,
    next,
    isTold: () => diagnostics.some((it) => it.message.includes("hbShared")),
    open: () =>
      connection.sendNotification("textDocument/didOpen", {
        textDocument: { uri, languageId: "typescript", version, text },
      }),
    change: (at, isIn) => {
      const start = { line: at, character: 0 };
      const end = { line: isIn ? at : at + 1, character: 0 };
      return connection.sendNotification("textDocument/didChange", {
        textDocument: { uri, version: ++version },
        contentChanges: [{ range: { start, end }, text: isIn ? line : "" }],
      });
    },
    end: () => {
      connection.dispose();
      child.kill();
    },
  };
}

/** TypeScript's own server, asked for its diagnostics (`geterr`) after each edit. */
async function tsserver() {
  const { next, wake } = waker();
  const server = createRequire(import.meta.url).resolve("typescript/lib/tsserver.js");
  const child = spawn(process.execPath, [server, "--disableAutomaticTypingAcquisition"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  let seq = 0;
  let diagnostics = [];
  let buffer = "";
  const send = (command, args) =>
    child.stdin.write(
      `${JSON.stringify({ seq: ++seq, type: "request", command, arguments: args })}\n`,
    );
  child.stdout.on("data", (data) => {
    buffer += data;
    const parts = buffer.split("\n");
    buffer = parts.pop();
    for (const it of parts) {
      if (!it.startsWith("{")) continue;
      const { event, body } = JSON.parse(it);
      if (event !== "semanticDiag") continue;
      ({ diagnostics } = body);
      wake();
    }
  });
  const typed = line.replace("hbTyped = 1;", "hbTyped = true;");
  return {
    pid: child.pid,
    next,
    isTold: () =>
      diagnostics.some((it) => it.text.includes("not assignable to type 'string | number'")),
    open: async () => send("open", { file, fileContent: text, scriptKindName: "TS" }),
    change: async (at, isIn) => {
      const end = { endLine: isIn ? at + 1 : at + 2, endOffset: 1 };
      send("change", { file, line: at + 1, offset: 1, ...end, insertString: isIn ? typed : "" });
      send("geterr", { files: [file], delay: 0 });
    },
    end: () => child.kill(),
  };
}

/** Resident memory of a server that has told what is wrong with a file, and whether it has read the compiler's bundle. */
async function memory(opened, languageId) {
  const uri = pathToFileURL(opened).href;
  const { next, wake } = waker();
  let isTold = false;
  const note = path.join(root, "test", "harness", "note-modules.cjs");
  const list = path.join(scratch, `${languageId}-modules.txt`);
  const noted = { LOADED_MODULES: list, NODE_OPTIONS: `--require ${note}` };
  const { child, connection } = await lsp(
    (it) => (isTold ||= it.uri === uri && it.diagnostics.length > 0),
    wake,
    noted,
  );
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId, version: 1, text: readFileSync(opened, "utf8") },
  });
  const end = Date.now() + mostMillis;
  while (!isTold && Date.now() < end) await next();
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  const megabytes = Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024);
  connection.dispose();
  child.kill();
  const compiler = /(?:^|[/\\])(?:ts-morph|typescript)(?:\.c?js)?$/m.test(
    readFileSync(list, "utf8"),
  );
  return { megabytes, compiler };
}

function quantiles(all) {
  const sorted = [...all].sort((a, b) => a - b);
  return [0.5, 0.95].map((q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]);
}
