// What `npm start` and `npm test` need before anything is installed: plain Node, no packages.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** The Go front end's module. */
export const goModule = path.join(root, "language-server", "frontend", "go", "gossa");

/** Go files that exported tests bring along. */
export const exportedGo = path.join(root, "language-server", "report", "go-test", "runner");

/** Ends the program with one sentence that says what to do. */
export function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

/** One line of progress: what is being done and, when it took a while, how long the last one took. */
export function step(text) {
  console.log(`\n» ${text}`);
}

/** Runs a program in the project's folder with its output shown; fails when it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    env: environment(),
    ...options,
  });
  if (result.error !== undefined) fail(`${command} could not be started: ${result.error.message}.`);
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** Runs a program to its end and gives its exit code; `onOutput` takes what it writes. */
export function runQuietly(command, args, onOutput, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: environment(), ...options });
    child.stdout.on("data", (data) => onOutput(String(data)));
    child.stderr.on("data", (data) => onOutput(String(data)));
    child.on("error", (error) => {
      onOutput(`${error.message}\n`);
      resolve(1);
    });
    child.on("close", (code) => resolve(code ?? 1));
  });
}

/** The project's own Node: some of its tools ask for a newer one than its users need. */
export function toolNode() {
  const name = process.platform === "win32" ? "node.exe" : "node";
  const own = path.join(root, "node_modules", "node", "bin", name);
  return existsSync(own) ? own : process.execPath;
}

/** The script behind a package's command, to be run by `toolNode()`. */
export function tool(packageName, script) {
  return path.join(root, "node_modules", packageName, script);
}

/** npm without a shell: the one that runs this script when there is one. */
export function npm(args, options = {}) {
  const script = process.env.npm_execpath;
  if (script?.endsWith(".js")) run(process.execPath, [script, ...args], options);
  else run("npm", args, { shell: process.platform === "win32", ...options });
}

/** Checks what has to be there, installs the packages and builds. Safe to repeat: done parts are skipped. */
export function setUp() {
  requireNode();
  requireGo();
  installPackages();
  step("build");
  run(toolNode(), ["scripts/build-gossa.mjs"]);
  run(toolNode(), ["esbuild.mjs"]);
  run(toolNode(), ["scripts/build-library.mjs"]);
}

function requireNode() {
  const [major] = process.versions.node.split(".").map(Number);
  if (major < 20) {
    fail(
      `Happens Before needs Node 20 or newer and this is ${process.versions.node}: install it from https://nodejs.org.`,
    );
  }
}

export function requireGo() {
  // Asked inside the module: a Go that is older than the module wants fetches a newer one, or fails.
  const { status } = spawnSync("go", ["env", "GOVERSION"], { cwd: goModule });
  if (status === 0) return;
  const wanted = /^go (\d+\.\d+)/m.exec(readFileSync(path.join(goModule, "go.mod"), "utf8"))?.[1];
  fail(
    `Happens Before needs Go to build its Go front end: install Go ${wanted} or newer from https://go.dev/dl and put it on the PATH.`,
  );
}

function installPackages() {
  const stamp = path.join(root, "node_modules", ".installed-from");
  const wanted = hashOf([path.join(root, "package.json"), path.join(root, "package-lock.json")]);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  step("install packages");
  // Not `npm ci`: the lock file does not list the other platforms' builds of some tools.
  npm(["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"]);
  writeFileSync(stamp, wanted);
}

/** A digest of the files' contents and names. */
export function hashOf(files, extra = "") {
  const hash = createHash("sha256").update(extra);
  for (const file of files) hash.update(path.relative(root, file)).update(readFileSync(file));
  return hash.digest("hex");
}

/** All files under `folder` that `accept` takes, sorted. */
export function filesUnder(folder, accept) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile())
    .map((it) => path.join(it.parentPath ?? it.path, it.name))
    .filter(accept)
    .sort();
}

/** A folder for what is made along the way and can be thrown away. */
export function cacheFolder(name) {
  const folder = path.join(root, ".cache", name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The environment of the project's tools: their commands and their Node first. */
function environment() {
  const bin = path.join(root, "node_modules", ".bin");
  return { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ""}` };
}
