import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  openFile,
  openWorkbench,
  runCommand,
  squiggles,
  webview,
  type Workbench,
} from "../harness/vscode/workbench.js";
import { analyzed, goToSource, picture, plainTyping, typeAtEndOf } from "./acceptance.js";

// What the panel must outlive: themes, being hidden, closed and opened again, reloads, and the end of the analyzer.

const testAndSet = 45; // before := s.fetched[url]
const show = "Happens Before: Show Interleavings of Function at Cursor";

let vscode: Workbench;
beforeAll(async () => {
  vscode = await openWorkbench({
    workspace: "samples",
    file: "crawler/unlocked/main.go",
    settings: plainTyping,
  });
});
afterAll(async () => vscode.close());

const transcript = async (page: Page): Promise<string> =>
  webview(page).locator(".transcript").innerText();

async function standsAt(page: Page, text: string): Promise<void> {
  await webview(page).getByRole("grid").waitFor();
  await webview(page).locator(".transcript", { hasText: text }).waitFor();
}

/** Language servers that were started, however indirectly, by this test. */
function analyzers(): readonly number[] {
  const table = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" });
  const rows = table.split("\n").flatMap((line) => {
    const [, pid, ppid, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return args === undefined ? [] : [{ pid: Number(pid), ppid: Number(ppid), args }];
  });
  const parents = new Map(rows.map((it) => [it.pid, it.ppid]));
  const isOurs = (pid: number): boolean => {
    for (let it = pid; it > 1; it = parents.get(it) ?? 0) if (it === process.pid) return true;
    return false;
  };
  return rows.flatMap(({ pid, args }) =>
    args.includes("dist/server.cjs") && isOurs(pid) ? [pid] : [],
  );
}

async function closeTab(page: Page, name: string): Promise<void> {
  const tab = page.locator(".tab.active", { hasText: name });
  await tab.getByRole("button", { name: /^Close/ }).click();
  await tab.waitFor({ state: "detached" });
}

const background = async (panel: FrameLocator): Promise<string> =>
  panel.locator("body").evaluate((it) => getComputedStyle(it).backgroundColor);

it("opens, and marks the steps in the editor", async () => {
  const { page } = vscode;
  await squiggles(page, "error").first().waitFor();
  await goToSource(page, testAndSet);
  await runCommand(page, show);
  const panel = webview(page);
  await panel.getByRole("grid").press("Home");
  await panel.getByRole("grid").press("PageDown");
  await panel.locator(".transcript", { hasText: /^11\. / }).waitFor();
  // What is written behind a line is a pseudo element: its text is in the style sheet of the editor.
  await page.locator(".view-line [class*='ced-']").first().waitFor({ state: "attached" });
  await expect.poll(async () => written(page)).toMatch(/steps? \d/);
  await expect.poll(async () => written(page)).toMatch(/[●■◆▲] step \d+, \w/);
  await picture(page, "lifecycle-decorations");
});

/** All that is written behind the lines of the editors. */
async function written(page: Page): Promise<string> {
  return page.evaluate(() =>
    [...document.querySelectorAll(".view-line span")]
      .map((it) => getComputedStyle(it, "::after").content)
      .filter((it) => it !== "none" && it !== "")
      .join(" "),
  );
}

it("lights and says the steps of the line on which the editor's cursor is", async () => {
  const { page } = vscode;
  await goToSource(page, testAndSet);
  const panel = webview(page);
  await panel.locator(".row.lit").first().waitFor();
  await panel.getByText(/^Line 45: steps? \d/).waitFor({ state: "attached" });
});

it("takes the marks out of the editor on Esc, and puts them back with the next step", async () => {
  const { page } = vscode;
  const panel = webview(page);
  await panel.getByRole("grid").press("Escape");
  await expect.poll(async () => written(page)).not.toMatch(/steps? \d/);
  await panel.getByRole("grid").press("ArrowDown");
  await expect.poll(async () => written(page)).toMatch(/steps? \d/);
});

it("follows the theme at once, and stays where it is", async () => {
  const { page } = vscode;
  const text = await transcript(page);
  const before = await background(webview(page));
  const settings = path.join(vscode.folder, ".vscode");
  mkdirSync(settings, { recursive: true });
  const theme = { "workbench.colorTheme": "Default High Contrast" };
  writeFileSync(path.join(settings, "settings.json"), JSON.stringify(theme));
  await webview(page).locator("body.vscode-high-contrast").waitFor();
  expect(await background(webview(page))).not.toBe(before);
  await standsAt(page, text);
  await picture(page, "lifecycle-high-contrast");
});

it("comes back to the same step and lens after being hidden", async () => {
  const { page } = vscode;
  const text = await transcript(page);
  await webview(page).getByRole("radio", { name: "Processors" }).check({ force: true });
  await webview(page)
    .getByRole("grid", { name: /Processors/ })
    .waitFor();
  await runCommand(page, "View: Focus Last Editor Group");
  await openFile(page, "typescript/bank.ts"); // in front of the panel
  await page.locator("iframe.webview.ready").waitFor({ state: "hidden" });
  await closeTab(page, "bank.ts");
  await standsAt(page, text);
  await webview(page)
    .getByRole("grid", { name: /Processors/ })
    .waitFor();
  await webview(page).getByRole("radio", { name: "Steps" }).check({ force: true });
});

it("keeps what it shows when the analyzer dies, and explores again afterwards", async () => {
  const { page } = vscode;
  const text = await transcript(page);
  const before = analyzers();
  expect(before).toHaveLength(1);
  for (const it of before) process.kill(it, "SIGKILL");
  await standsAt(page, text);
  await webview(page).getByRole("grid").press("ArrowUp");
  await webview(page)
    .locator(".transcript", { hasText: /^11\. / })
    .waitFor();
  await expect.poll(analyzers, { timeout: 60_000 }).toHaveLength(1);
  expect(analyzers()).not.toEqual(before);
  await goToSource(page, testAndSet);
  await runCommand(page, show);
  await webview(page).locator(".progress").waitFor({ state: "attached" });
  await webview(page).locator(".progress").waitFor({ state: "detached" });
  await webview(page)
    .locator(".transcript", { hasText: /^11\. / })
    .waitFor();
});

it("keeps what it shows when the analyzer is restarted by the command", async () => {
  const { page } = vscode;
  const text = await transcript(page);
  const before = analyzers();
  await runCommand(page, "Happens Before: Restart Analyzer");
  await expect.poll(analyzers, { timeout: 60_000 }).not.toEqual(before);
  await standsAt(page, text);
  await analyzed(page);
});

it("comes back to the same step when it is closed and opened again", async () => {
  const { page } = vscode;
  await webview(page).getByRole("grid").press("Home");
  await webview(page).getByRole("grid").press("ArrowDown");
  const text = await transcript(page);
  await closeTab(page, "Interleavings");
  await page.locator("iframe.webview.ready").waitFor({ state: "detached" });
  await expect.poll(async () => written(page)).not.toMatch(/steps? \d/);
  await goToSource(page, testAndSet);
  await runCommand(page, show);
  await standsAt(page, text);
});

it("says that the source changed, and explores the new text when asked", async () => {
  const { page } = vscode;
  await typeAtEndOf(page, testAndSet - 1, " // changed");
  const panel = webview(page);
  await panel.getByText("The source changed since this schedule was found.").waitFor();
  await expect.poll(async () => written(page)).not.toMatch(/steps? \d/);
  await panel.getByRole("button", { name: "Explore again" }).click();
  await panel.locator(".stale").waitFor({ state: "detached" });
  await panel.getByRole("grid").waitFor();
});

it("comes back to step and lens after the window is reloaded", async () => {
  const { page } = vscode;
  await webview(page).getByRole("grid").press("Home");
  await webview(page).getByRole("radio", { name: "Memory" }).check({ force: true });
  const text = await transcript(page);
  await page.waitForTimeout(10_000); // VS Code in a browser saves its windows every few seconds
  await page.goto(vscode.server.url(vscode.folder)); // without a file to open: all is restored
  await webview(page).getByRole("region", { name: "Memory", exact: true }).waitFor();
  await webview(page).locator(".transcript", { hasText: text }).waitFor();
  await picture(page, "lifecycle-reloaded");
});
