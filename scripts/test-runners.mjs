// One runner for each kind of test; all give `{ passed, failed, skipped }`, and `failures` where they know them.
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { cacheFolder, filesUnder, root, runQuietly, tool, toolNode, goModule } from "./setup.mjs";

export const runners = {
  unit: { inVscode: false, run: () => vitest("vitest.config.ts") },
  go: { inVscode: false, run: goTests },
  extension: { inVscode: true, run: extensionTests },
  ui: { inVscode: true, run: () => vitest("test/harness/vscode/vitest.config.ts") },
};

async function vitest(config) {
  const report = path.join(cacheFolder("vitest"), `${config.replaceAll("/", "-")}.json`);
  rmSync(report, { force: true });
  const flags = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const args = [tool("vitest", "vitest.mjs"), "run", "--config", config, ...flags];
  const code = await runQuietly(toolNode(), args, show);
  const result = readJson(report) ?? {};
  return counts(code, {
    passed: result.numPassedTests ?? 0,
    failed: result.numFailedTests ?? 0,
    skipped: (result.numPendingTests ?? 0) + (result.numTodoTests ?? 0),
    failures: failuresIn(result),
  });
}

/** A line for each failed test, or for each file that does not load, with the first line of why. */
function failuresIn({ testResults = [] }) {
  return testResults.flatMap((file) => {
    const name = path.relative(root, file.name);
    const failed = file.assertionResults.filter((it) => it.status === "failed");
    if (failed.length === 0 && file.status === "failed")
      return [`${name}: ${firstLine(file.message)}`];
    return failed.map((it) => `${name} > ${it.fullName}: ${firstLine(it.failureMessages[0])}`);
  });
}

function firstLine(text) {
  return (text ?? "").split("\n", 1)[0];
}

async function goTests() {
  let output = "";
  const cwd = goModule;
  const args = ["test", "-json", "./..."];
  const code = await runQuietly("go", args, (text) => (output += text), { cwd });
  const events = output.split("\n").flatMap((line) => parseJson(line) ?? []);
  const count = (action) => events.filter((it) => it.Test && it.Action === action).length;
  if (code !== 0) show(events.map((it) => it.Output ?? "").join("") || output);
  const failed = events.filter((it) => it.Test && it.Action === "fail");
  const failures = failed.map((it) => `${it.Package} > ${it.Test}`);
  return counts(code, {
    passed: count("pass"),
    failed: failed.length,
    skipped: count("skip"),
    failures,
  });
}

/** The mocha suite in VS Code's extension host: in the test host and, where it can be, on the desktop. */
async function extensionTests() {
  const folder = cacheFolder("extension-tests");
  await bundleSuite(folder);
  const total = { passed: 0, failed: 0, skipped: 0 };
  const hosts = [...(process.platform === "win32" ? [] : ["code-server"]), ...(await desktop())];
  for (const host of hosts) {
    const args = [path.join(folder, "run-suite.cjs"), host];
    const code = await runQuietly(toolNode(), args, show);
    const result = counts(code, readJson(path.join(folder, "result.json")) ?? {});
    for (const kind of Object.keys(total)) total[kind] += result[kind];
  }
  return total;
}

async function bundleSuite(folder) {
  rmSync(folder, { recursive: true, force: true });
  const harness = path.join(root, "test", "harness", "vscode");
  const tests = filesUnder(path.join(root, "test", "extension"), (it) => it.endsWith(".test.ts"));
  await build({
    entryPoints: [path.join(harness, "suite.ts"), path.join(harness, "run-suite.ts"), ...tests],
    entryNames: "[name]",
    outdir: folder,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["vscode", "mocha", "playwright-core", "@vscode/test-electron"],
    define: { "import.meta.dirname": "__dirname", "import.meta.filename": "__filename" },
    logLevel: "warning",
  });
}

/** Whether the suite also runs in a desktop VS Code: $HB_VSCODE_DESKTOP says so, or it can be had. */
async function desktop() {
  const wanted = process.env.HB_VSCODE_DESKTOP;
  if (wanted !== undefined) return wanted === "1" ? ["desktop"] : [];
  if (process.env.CI) return [];
  if (process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return [];
  const releases = "https://update.code.visualstudio.com/api/releases/stable";
  const reached = await fetch(releases, { signal: AbortSignal.timeout(5000) }).catch(
    () => undefined,
  );
  return reached?.ok === true ? ["desktop"] : [];
}

/** A runner that fails without naming a test, because a file does not load, still counts as a failure. */
function counts(code, { passed = 0, failed = 0, skipped = 0, failures = [] }) {
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped, failures };
}

function show(text) {
  process.stdout.write(text);
}

function readJson(file) {
  try {
    return parseJson(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
