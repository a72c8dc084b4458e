// Runs the kernels of `test/fixtures/explain/kernels` under the real toolchains and keeps what they say, for the tests of
// `happens-before explain`: `node scripts/gen-explain-reports.mjs`. Go fetches older toolchains by itself. Only folders
// are made neutral; addresses and numbers stay, so that every run writes other texts.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { root } from "./setup.mjs";

const fixtures = path.join(root, "test/fixtures/explain");
const reports = path.join(fixtures, "reports");
const work = mkdtempSync(path.join(os.tmpdir(), "kernels-"));
const kernels = path.join(work, "kernels");
cpSync(path.join(fixtures, "kernels"), kernels, { recursive: true });
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const newest = "1.26.8";
const cache = goEnv(newest, "GOMODCACHE");
const manifest = [];

const races = [
  ...["counter", "read-write", "global", "slice", "append", "map", "map-read", "method"],
  ...["half-locked", "interface", "generic", "string", "pointer", "atomic-mixed"],
  ...["loop-variable", "flag", "lazy", "defer", "close-send", "two-races", "timer", "copy"],
];
const stuck = [
  ...["lock-order", "double-lock", "reader-writer", "send", "full", "receive", "range"],
  ...["nil-channel", "select", "empty-select", "wait-group", "condition", "once", "queue"],
  ...["context", "recursive", "pool"],
];

for (const [version, someRaces, someStuck] of [
  [newest, races, stuck],
  ["1.24.10", ["counter", "generic", "atomic-mixed"], ["lock-order", "reader-writer", "pool"]],
  ["1.22.12", ["counter", "map", "lazy"], ["lock-order", "wait-group", "condition"]],
  ["1.20.14", ["counter", "method", "timer"], ["lock-order", "wait-group", "once", "pool"]],
  ["1.18.10", ["counter"], ["lock-order", "reader-writer", "wait-group", "condition"]],
]) {
  const racy = build(version, "races", ["-race"]);
  for (const it of someRaces) keep("race", version, it, run(racy, [it]));
  const plain = build(version, "waits");
  for (const it of someStuck) keep("deadlock", version, it, run(plain, [it]));
  keep("panic", version, "crash", run(plain, ["crash"], { GOTRACEBACK: "all" }));
  keep("panic", version, "segfault", run(plain, ["segfault"], { GOTRACEBACK: "all" }));
  keep("signal", version, "serving", await signalled(plain, "serving", "all"));
  keep("profile-1", version, "serving", run(plain, ["serving", "goroutine", "1"]));
  keep("profile-2", version, "serving", run(plain, ["serving", "goroutine", "2"]));
}

const plain = build(newest, "waits");
keep("signal", newest, "network", await signalled(plain, "network", "all"));
keep("crash", newest, "serving", await signalled(plain, "serving", "crash"));
keep("system", newest, "lock-order", run(plain, ["lock-order"], { GOTRACEBACK: "system" }));
const trimmed = build(newest, "waits", ["-trimpath"]);
keep("trimmed", newest, "lock-order", run(trimmed, ["lock-order"]));
const leaks = build(newest, "waits", [], { GOEXPERIMENT: "goroutineleakprofile" });
keep("leaks-1", newest, "leaked", run(leaks, ["leaked", "goroutineleak", "1"]));
keep("leaks-2", newest, "leaked", run(leaks, ["leaked", "goroutineleak", "2"]));

const racing = ["test", "-race", "-run", "Good|Race|Parallel", "./tests"];
keep("test", newest, "test-race", go(newest, racing));
keep("test-v", newest, "test-race", go(newest, [...racing, "-v"]));
keep("test-json", newest, "test-race", go(newest, [...racing, "-json"]));
const hanging = ["test", "-run", "Hangs", "-timeout", "1s", "./tests"];
keep("timeout", newest, "test-hangs", go(newest, hanging));
keep("bubble", newest, "test-bubble", go(newest, ["test", "-run", "Bubble", "./tests"]));
keep("timeout-json", newest, "test-hangs", go(newest, [...hanging, "-json"]));

manifest.sort((a, b) => (a.file < b.file ? -1 : 1));
writeFileSync(path.join(reports, "reports.json"), `${JSON.stringify(manifest, null, 2)}\n`);
rmSync(work, { recursive: true, force: true });
console.log(`${manifest.length} texts`);

function keep(how, version, kernel, text) {
  const release = version.replace(/\.\d+$/, "");
  const file = `${how}-${kernel}-go${release}.txt`;
  writeFileSync(path.join(reports, file), neutral(text));
  manifest.push({ file, how, kernel, go: release });
}

/** The text as if it came from the home of a developer. */
function neutral(text) {
  return text
    .replaceAll(kernels, "/home/dev/kernels")
    .replaceAll(cache, "/home/dev/go/pkg/mod")
    .replaceAll(goEnv(newest, "GOROOT"), "/usr/local/go");
}

function build(version, name, flags = [], more = {}) {
  const program = path.join(
    work,
    `${name}-${version}-${flags.join("")}${Object.keys(more).join("")}`,
  );
  const { status, stderr } = spawnSync("go", ["build", ...flags, "-o", program, `./${name}`], {
    cwd: kernels,
    // With C in it Go does not tell a deadlock; the race detector cannot do without.
    env: environment(version, { CGO_ENABLED: name === "races" ? "1" : "0", ...more }),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`go ${version} does not build ${name}: ${stderr}`);
  return program;
}

function run(program, args, more = {}) {
  const env = { PATH: process.env.PATH, HOME: work, ...more };
  const { stdout, stderr } = spawnSync(program, args, { env, encoding: "utf8", timeout: 20_000 });
  return stdout + stderr;
}

function go(version, args) {
  const env = environment(version);
  const { stdout, stderr } = spawnSync("go", args, { cwd: kernels, env, encoding: "utf8" });
  return stdout + stderr;
}

/** What a program says when it is told to quit once it is ready. */
async function signalled(program, kernel, traceback) {
  const child = spawn(program, [kernel], { env: { HOME: work, GOTRACEBACK: traceback } });
  let text = "";
  child.stdout.on("data", (it) => {
    text += it;
    child.kill("SIGQUIT");
  });
  child.stderr.on("data", (it) => (text += it));
  await new Promise((done) => child.on("close", done));
  return text;
}

function environment(version, more = {}) {
  return { ...process.env, GOTOOLCHAIN: `go${version}`, ...more };
}

function goEnv(version, name) {
  const env = environment(version);
  return spawnSync("go", ["env", name], { env, encoding: "utf8" }).stdout.trim();
}
