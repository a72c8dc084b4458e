// Installs a real VS Code for the tests into `.vscode-host/`: code-server and its parts from npm,
// and a browser from the system. Skipped when it is there already.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { fail, hashOf, npm, root } from "../setup.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const folder = path.join(root, ".vscode-host");
const stamp = path.join(folder, "installed-from");
const lists = ["package.json", "package-lock.json", ".npmrc"].map((it) => path.join(here, it));
const standIns = ["spdlog", "native-watchdog"];

if (!process.argv.includes("--without-browser")) installBrowser();
installCodeServer();

function installCodeServer() {
  const wanted = hashOf([...lists, ...standIns.map((it) => path.join(here, `${it}.cjs`))]);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const file of lists) cpSync(file, path.join(folder, path.basename(file)));
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  // Its install scripts compile ten native modules: minutes, a compiler and libraries. The tests
  // do without; two of the modules would be missed loudly and have stand-ins.
  npm(["ci", ...quiet], { cwd: folder });
  const code = path.join(folder, "node_modules", "code-server", "lib", "vscode");
  // The versions come from the shrinkwrap files shipped there; `npm ci` takes them for stale.
  npm(["install", "--omit=dev", ...quiet], { cwd: code });
  npm(["install", "--omit=dev", ...quiet], { cwd: path.join(code, "extensions") });
  for (const name of standIns) {
    cpSync(
      path.join(here, `${name}.cjs`),
      path.join(code, "node_modules", "@vscode", name, "index.js"),
    );
  }
  rmSync(path.join(code, "extensions", "copilot"), { recursive: true, force: true });
  writeFileSync(stamp, wanted);
}

function installBrowser() {
  if (findBrowser()) return;
  const advice = "install chromium, or set CHROMIUM to the path of a Chrome or Chromium.";
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !onPath("apt-get")) fail(`The tests need a browser to show VS Code in: ${advice}`);
  for (const args of [["update"], ["-y", "--no-install-recommends", "install", "chromium"]]) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    spawnSync("apt-get", ["-qq", "-o", "DPkg::Lock::Timeout=600", ...args], { env });
  }
  if (!findBrowser())
    fail(`apt-get could not install chromium, which shows VS Code in the tests: ${advice}`);
}

function findBrowser() {
  const given = process.env.CHROMIUM;
  if (given) return existsSync(given);
  return ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].some(onPath);
}

function onPath(name) {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return folders.some((it) => existsSync(path.join(it, name)));
}
