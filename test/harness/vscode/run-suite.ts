// Runs the suite of `test/extension/` in a real extension host, on a copy of the samples:
//
//     run-suite.cjs code-server|desktop
//
// The last line printed is the counts as JSON. Started by `npm test`, which also bundles it.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { format } from "node:util";
import { openBrowser } from "./browser.js";
import { root } from "./paths.js";
import { startServer } from "./server.js";
import { copyWorkspace } from "./workspace.js";

const suite = path.join(root, ".cache", "extension-tests", "suite.cjs");
const result = path.join(root, ".cache", "extension-tests", "result.json");
const limitMs = 600_000;

/** What the workbench says about itself, which would drown the tests' own lines. */
const noise =
  /^(Resolv|Creating a socket|\[reconnection|\[Service Worker|\[AgentHost|\[AccountPolicy|Updating additional|Ignoring fetching additional|Creation of workbench contribution|Timed out waiting for authentication)/;

async function inCodeServer(workspace: string): Promise<number> {
  const server = await startServer({ runsTests: true, env: { HB_SUITE_RESULT: result } });
  const { browser, page } = await openBrowser();
  const finished = new Promise<number>((resolve) => {
    void page.exposeFunction("codeAutomationExit", resolve);
    page.on("crash", () => {
      resolve(70);
    });
    setTimeout(resolve, limitMs, 124).unref();
  });
  await page.exposeFunction("codeAutomationLog", (_type: string, args: readonly unknown[]) => {
    if (!noise.test(String(args[0]))) console.log(format(...args));
  });
  const payload = [
    ["extensionDevelopmentPath", server.remote(root)],
    ["extensionTestsPath", server.remote(suite)],
  ] as const;
  await page.goto(server.url(workspace, payload));
  const code = await finished;
  if (code !== 0) {
    const folder = path.join(root, "test-results");
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: path.join(folder, "extension-suite.png") });
  }
  await browser.close();
  await server.stop();
  return code;
}

async function onTheDesktop(workspace: string): Promise<number> {
  const { runTests } = await import("@vscode/test-electron");
  const executable = process.env["HB_VSCODE_EXECUTABLE"];
  return runTests({
    ...(executable === undefined ? {} : { vscodeExecutablePath: executable }),
    extensionDevelopmentPath: root,
    extensionTestsPath: suite,
    extensionTestsEnv: { HB_SUITE_RESULT: result },
    launchArgs: [workspace, "--disable-extensions", "--disable-workspace-trust"],
  });
}

async function main(host: string | undefined): Promise<void> {
  rmSync(result, { force: true });
  const workspace = copyWorkspace(path.join(root, "samples"));
  const code = await (host === "desktop" ? onTheDesktop(workspace) : inCodeServer(workspace));
  if (!existsSync(result)) throw new Error(`the suite did not report (code ${code})`);
  console.log(readFileSync(result, "utf8"));
  process.exit(code === 0 ? 0 : 1);
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exit(1);
});
