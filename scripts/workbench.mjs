// `npm run workbench`: a real VS Code with the extension on `samples/`: the desktop one when it is
// installed, else the test host's, which prints the address to open in a browser.
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { cacheFolder, root, run, setUp, step, toolNode } from "./setup.mjs";

const samples = path.join(root, "samples");
setUp();
if (desktopInstalled()) {
  step("VS Code on samples/");
  const args = ["--new-window", `--extensionDevelopmentPath=${root}`, samples];
  run("code", args, { shell: process.platform === "win32" });
} else {
  await openTestHost();
}

/** VS Code's desktop refuses to run as root. */
function desktopInstalled() {
  if (process.getuid?.() === 0) return false;
  const names = process.platform === "win32" ? ["code.cmd", "code.exe"] : ["code"];
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return folders.some((folder) => names.some((it) => existsSync(path.join(folder, it))));
}

async function openTestHost() {
  const vsix = path.join(cacheFolder("workbench"), "happens-before.vsix");
  step("VS Code");
  run(toolNode(), ["scripts/vscode-host/install.mjs", "--without-browser"]);
  run(toolNode(), ["scripts/package.mjs", "--built", vsix]);
  const { startServer } = await bundledHarness();
  const server = await startServer({ vsix: [vsix], settings: { "files.autoSave": "off" } });
  console.log(`\nOpen ${server.url(samples)}\nCtrl+C ends it.`);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => void server.stop().then(() => process.exit(0)));
  }
}

async function bundledHarness() {
  const { build } = await import("esbuild");
  const outfile = path.join(cacheFolder("workbench"), "server.mjs");
  await build({
    entryPoints: [path.join(root, "test", "harness", "vscode", "server.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
  });
  return import(pathToFileURL(outfile).href);
}
