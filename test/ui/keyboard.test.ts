import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openWorkbench, squiggles, webview, type Workbench } from "../harness/vscode/workbench.js";
import { analyzed, goToSource, picture, plainTyping } from "./acceptance.js";

// From a file that has a race to a test that fails because of it, in the real VS Code and without a mouse.

let vscode: Workbench;
beforeAll(async () => {
  vscode = await openWorkbench({
    workspace: "samples",
    file: "crawler/unlocked/main.go",
    settings: plainTyping,
  });
});
afterAll(async () => vscode.close());

it("finds, steps through and exports a race", async () => {
  const { page, folder } = vscode;
  await analyzed(page);
  await squiggles(page, "error").first().waitFor();

  // Finds: the line that is underlined, and what can be done about it.
  await goToSource(page, 46, 6);
  await page.keyboard.press("Control+.");
  await page.locator(".action-widget", { hasText: "Show the schedule" }).waitFor();
  await page.keyboard.press("Enter");

  // Steps: the lanes have the keyboard.
  const panel = webview(page);
  await panel.locator(".grid:focus").waitFor();
  await panel.getByRole("list", { name: "Where it goes wrong" }).waitFor();
  await panel.getByRole("heading", { level: 1, name: "Data race" }).waitFor();
  await page.keyboard.press("Home");
  await panel.locator(".transcript", { hasText: /^1\. / }).waitFor();
  await page.keyboard.press("ArrowDown");
  await panel.locator(".transcript", { hasText: /^2\. / }).waitFor();
  await page.keyboard.press("End");
  await panel.getByRole("row", { selected: true, name: /Races with step \d+\./ }).waitFor();
  await picture(page, "keyboard-panel");

  // Exports: a test, by the panel's button.
  await panel.getByRole("button", { name: "Export schedule…" }).focus();
  await page.keyboard.press("Enter");
  await page
    .locator(".quick-input-list .monaco-list-row.focused", { hasText: "Go test" })
    .waitFor();
  await page.keyboard.press("Enter");
  const into = page.locator(".quick-input-list .monaco-list-row.focused", {
    hasText: "Write into",
  });
  await into.waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".notification-toast", { hasText: "go test -run" }).waitFor();
  const written = path.join(folder, "crawler", "unlocked");
  const name = readdirSync(written).find((it) => /^hb_race_.*_test\.go$/.test(it));
  expect(readFileSync(path.join(written, name ?? ""), "utf8")).toContain("hbReplay(t, ");
});
