// Builds the Go front end into `dist/`: the program as WebAssembly, the loader that belongs to the
// same Go release, and what it knows of the standard library. Skipped when nothing has changed.
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { cacheFolder, fail, filesUnder, hashOf, requireGo, root, run, goModule } from "./setup.mjs";

const dist = path.join(root, "dist");
const stamp = path.join(cacheFolder("gossa"), "hash");
const outputs = ["gossa.wasm", "wasm_exec.js", "std"].map((it) => path.join(dist, it));

requireGo();
const [version, goroot] = goEnv("GOVERSION", "GOROOT");
const sources = filesUnder(
  goModule,
  (it) => /\.(go|mod|sum)$/.test(it) && !it.endsWith("_test.go") && !it.includes("testdata"),
);
const wanted = hashOf(sources, version);
if (!isUpToDate()) build();

function isUpToDate() {
  return (
    [stamp, ...outputs].every((it) => existsSync(it)) && readFileSync(stamp, "utf8") === wanted
  );
}

function build() {
  mkdirSync(dist, { recursive: true });
  rmSync(stamp, { force: true });
  const wasm = path.join(dist, "gossa.wasm");
  console.log(`Go front end (${version}): WebAssembly`);
  go(["build", "-trimpath", "-ldflags=-s -w", "-o", `${wasm}.new`, "./cmd/wasm"], {
    GOOS: "js",
    GOARCH: "wasm",
  });
  renameSync(`${wasm}.new`, wasm);
  copyFileSync(path.join(goroot, "lib", "wasm", "wasm_exec.js"), path.join(dist, "wasm_exec.js"));
  console.log("Go front end: standard library");
  go(["run", "./cmd/genstd", "-out", path.join(dist, "std")], {}, ["ignore", "ignore", "inherit"]);
  writeFileSync(stamp, wanted);
}

function go(args, env = {}, stdio = "inherit") {
  run("go", args, { cwd: goModule, env: { ...process.env, ...env }, stdio });
}

function goEnv(...names) {
  const { status, stdout, stderr } = spawnSync("go", ["env", ...names], {
    cwd: goModule,
    encoding: "utf8",
  });
  if (status !== 0) fail(`Go cannot prepare the front end's module: ${stderr.trim()}`);
  return stdout.trim().split("\n");
}
