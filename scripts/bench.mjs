// `npm run bench [PACKAGE...]`: checks packages of Go's standard library and prints, for each, the
// wall time, the peak memory, the findings by severity and the gaps by reason.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { root, setUp, step } from "./setup.mjs";

const defaults = ["net/rpc", "text/template", "database/sql", "net/http", "go/types"];
const packages = process.argv.length > 2 ? process.argv.slice(2) : defaults;

setUp();
step("check, standard library");
const goroot = spawnSync("go", ["env", "GOROOT"], { encoding: "utf8" }).stdout.trim();
for (const name of packages) await measure(name);

async function measure(name) {
  const cli = path.join(root, "dist", "cli.cjs");
  const args = [cli, "check", path.join(goroot, "src", ...name.split("/")), "--format", "json"];
  const start = performance.now();
  const { code, output, errors, peak } = await runMeasured(process.execPath, args);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${name}: exit ${code}, ${seconds} s, ${peak}`);
  const result = parse(output);
  if (result === undefined) {
    console.log(`  no JSON: ${errors.trim().split("\n")[0]}`);
    return;
  }
  print("findings", tally(result.findings.map((it) => `${it.severity} ${it.code}`)));
  print("gaps", tally(result.gaps.map((it) => it.reason)));
}

function runMeasured(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root });
    const result = { code: 0, output: "", errors: "", peak: "peak memory unknown" };
    child.stdout.on("data", (data) => (result.output += String(data)));
    child.stderr.on("data", (data) => (result.errors += String(data)));
    const timer = setInterval(() => (result.peak = peakOf(child.pid) ?? result.peak), 50);
    child.on("close", (code) => {
      clearInterval(timer);
      resolve({ ...result, code });
    });
  });
}

/** The high-water mark of a running process, where the system keeps one to read. */
function peakOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return `${Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024)} MB`;
  } catch {
    return undefined;
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function tally(names) {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}

function print(title, counts) {
  const total = counts.reduce((sum, [, n]) => sum + n, 0);
  console.log(`  ${total} ${title}`);
  for (const [name, n] of counts.slice(0, 20)) console.log(`    ${String(n).padStart(5)}  ${name}`);
}
