#!/usr/bin/env node
// From an edit to the diagnostics that tell of it, in a warm language server: ours and, where it is found, gopls on the
// same package and the same places; `go vet` of the package beside them. The package is a copy of a real one. Run after
// `npm run build`:
//   node bench/latency.mjs [--edits 100] [--package database/sql] [--gopls PATH]
// Each edit puts a line into a function picked at random, of which the server has to say something (a race; an unused
// variable), and takes it out again: two waits. Both servers are told not to wait for a pause in typing. On Linux also the
// processor time that the server takes for such a pair, of all its threads and with what it does afterwards: it depends less
// on what else the machine does.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
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
    package: { type: "string", default: "database/sql" },
    gopls: { type: "string", default: "gopls" },
  },
});
const edits = Number(values.edits);
/** What is not told by then counts as not told. */
const mostMillis = 10_000;
const root = path.join(import.meta.dirname, "..");
const scratch = mkdtempSync(path.join(tmpdir(), "latency-"));
const { uri, text, lines } = copyOf(values.package);
const places = functionsOf(text);

const ours = {
  name: "happens-before",
  command: [process.execPath, path.join(root, "dist", "server.cjs"), "--stdio"],
  options: { delay: 0, explore: { timeBudgetMs: 50, maxExecutions: 10 } },
  line: "\thbN := 0; go func() { hbN++ }(); hbN++; _ = hbN\n",
};
const gopls = {
  name: "gopls",
  command: [values.gopls],
  options: { diagnosticsDelay: "0s" },
  line: "\tvar hbN int\n",
};

console.log(
  `${values.package}: ${lines} lines, ${edits} edits at the same random places, milliseconds\n`,
);
console.log("| tool | first | insert p50 | p95 | remove p50 | p95 | processor | not told |");
console.log("|---|---|---|---|---|---|---|---|");
for (const tool of [ours, gopls]) {
  if (spawnSync(tool.command[0], ["--help"]).error !== undefined) {
    console.log(`| ${tool.name} | not installed | | | | | | |`);
    continue;
  }
  const { first, inserts, removes, processor, silent } = await measure(tool);
  const row = [first, ...quantiles(inserts), ...quantiles(removes), processor];
  console.log(`| ${tool.name} | ${row.map((it) => it.toFixed(0)).join(" | ")} | ${silent} |`);
}
const vets = Array.from({ length: 10 }, (_, at) => vet(at));
const [p50, p95] = quantiles(vets);
console.log(`| go vet | | ${p50.toFixed(0)} | ${p95.toFixed(0)} | | | | |`);
rmSync(scratch, { recursive: true });

/** Source files of a package of the distribution as a module of their own; its biggest file is the one to edit. */
function copyOf(name) {
  const from = path.join(
    execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim(),
    "src",
    name,
  );
  const dir = path.join(scratch, "pkg");
  mkdirSync(dir);
  writeFileSync(path.join(dir, "go.mod"), "module example.org/pkg\n\ngo 1.25\n");
  const files = readdirSync(from).filter((it) => it.endsWith(".go") && !it.endsWith("_test.go"));
  let lines = 0;
  let biggest = { uri: "", text: "" };
  for (const it of files) {
    const text = readFileSync(path.join(from, it), "utf8");
    const file = path.join(dir, it);
    writeFileSync(file, text);
    lines += text.split("\n").length - 1;
    if (text.length > biggest.text.length) biggest = { uri: pathToFileURL(file).href, text };
  }
  return { ...biggest, lines };
}

/** Lines behind the heads of functions. */
function functionsOf(source) {
  return source.split("\n").flatMap((it, at) => (/^func .*\{$/.test(it) ? [at + 1] : []));
}

async function measure({ command: [file, ...args], options, line }) {
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "ignore"] });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  let shown = [];
  let wake = () => undefined;
  connection.onNotification("textDocument/publishDiagnostics", (it) => {
    if (it.uri === uri) shown = it.diagnostics;
    wake();
  });
  connection.onRequest("workspace/configuration", ({ items }) => items.map(() => options));
  connection.onRequest("client/registerCapability", () => null);
  connection.onRequest("window/workDoneProgress/create", () => null);
  connection.listen();
  const folder = path.join(scratch, "pkg");
  await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "pkg" }],
    capabilities: { workspace: { configuration: true } },
    initializationOptions: options,
  });
  await connection.sendNotification("initialized", {});
  const isTold = () => shown.some((it) => it.message.includes("hbN"));
  const until = async (told) => {
    const end = Date.now() + mostMillis;
    while (isTold() !== told) {
      if (Date.now() > end) return false;
      await new Promise((resolve) => {
        wake = resolve;
        setTimeout(resolve, 1000);
      });
    }
    return true;
  };
  let version = 1;
  const textDocument = () => ({ uri, version: ++version });
  const insert = (at, newText) =>
    connection.sendNotification("textDocument/didChange", {
      textDocument: textDocument(),
      contentChanges: [
        {
          range: { start: { line: at, character: 0 }, end: { line: at, character: 0 } },
          text: newText,
        },
      ],
    });
  const remove = (at) =>
    connection.sendNotification("textDocument/didChange", {
      textDocument: textDocument(),
      contentChanges: [
        {
          range: { start: { line: at, character: 0 }, end: { line: at + 1, character: 0 } },
          text: "",
        },
      ],
    });
  const start = performance.now();
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "go", version, text },
  });
  await insert(places[0], line);
  await until(true);
  const first = performance.now() - start;
  await remove(places[0]);
  await until(false);
  const inserts = [];
  const removes = [];
  let silent = 0;
  let random = 1;
  const busy = processorTime(child.pid);
  for (let edit = 0; edit < edits; edit++) {
    random = (random * 48271) % 2147483647;
    const at = places[random % places.length];
    for (const [times, change, told] of [
      [inserts, () => insert(at, line), true],
      [removes, () => remove(at), false],
    ]) {
      const before = performance.now();
      await change();
      if (await until(told)) times.push(performance.now() - before);
      else silent++;
    }
  }
  const processor = (processorTime(child.pid) - busy) / edits;
  connection.dispose();
  child.kill();
  return { first, inserts, removes, processor, silent };
}

/** Milliseconds of a process until now; NaN where the system does not say. */
function processorTime(pid) {
  if (!existsSync(`/proc/${pid}/stat`)) return Number.NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return ticks * 10;
}

/** The package with another edit each time, so that nothing is known of it. */
function vet(at) {
  const file = path.join(scratch, "pkg", path.basename(new URL(uri).pathname));
  writeFileSync(file, `${text}\n// ${at}\n`);
  const before = performance.now();
  spawnSync("go", ["vet", "."], { cwd: path.join(scratch, "pkg") });
  return performance.now() - before;
}

function quantiles(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return [0.5, 0.95].map((q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]);
}
