import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, it, vi } from "vitest";
import { present } from "../../language-server/base/assert.js";
import { openFile, openWorkbench, webview, type Workbench } from "../harness/vscode/workbench.js";
import { picture, plainTyping } from "./acceptance.js";
import { palette } from "./palette.js";

// A race report of a log, explained in VS Code: read, and followed to the schedule of our own finding.

let vscode: Workbench;
beforeAll(async () => {
  vscode = await openWorkbench({
    workspace: "samples",
    file: "crawler/unlocked/main.go",
    settings: { ...plainTyping, "editor.minimap.enabled": false },
  });
  const { page, folder } = vscode;
  await page.locator(".statusbar-item[id*='happensBefore.status'] .codicon-git-merge").waitFor();
  const file = path.join(folder, "crawler", "unlocked", "main.go");
  writeFileSync(path.join(folder, "race.log"), reportOn(file));
  await openFile(page, "race.log");
  await palette(page, "Happens Before: Explain Race Report or Goroutine Dump…");
  await page.getByRole("option", { name: /Text of the Editor/ }).waitFor();
  await picture(page, "explain-pick");
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: /^Explanation 1\.md/ }).waitFor();
});
afterAll(async () => vscode.close());

function reportOn(file: string): string {
  return [
    "2026-01-02T03:04:05Z crawling",
    "==================",
    "WARNING: DATA RACE",
    "Read at 0x00c000012028 by goroutine 8:",
    "  main.(*store).seen()",
    `      ${file}:45 +0x44`,
    "",
    "Previous write at 0x00c000012028 by goroutine 7:",
    "  main.(*store).seen()",
    `      ${file}:46 +0x44`,
    "==================",
    "",
    "goroutine 9 [chan send, 5 minutes]:",
    "main.main()",
    `\t${file}:67 +0x1`,
    "",
  ].join("\n");
}

it("tells the report in words, with a drawing of what waits", async () => {
  const { page } = vscode;
  const lines = page.locator(".monaco-editor .view-line");
  await lines.filter({ hasText: "goroutine 7 writes in" }).waitFor();
  await lines.filter({ hasText: "1 × waits to send on a channel for 5 minutes" }).waitFor();
  await picture(page, "explain-document");
});

it("leads from the name of a place to its line", async () => {
  const { page } = vscode;
  const lines = page.locator(".monaco-editor .view-line");
  await lines.filter({ hasText: "goroutine 8 reads in" }).waitFor();
  const name = page.locator(".monaco-editor .detected-link", { hasText: /^main\.go:45$/ }).first();
  // With the key down the link is drawn anew, so that no element stays to be clicked; a click that comes just then is lost.
  const follow = async (): Promise<void> => {
    const { x, y, width, height } = present(await name.boundingBox(), "place of the link");
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.keyboard.down("ControlOrMeta");
    await page.mouse.click(x + width / 2, y + height / 2);
    await page.keyboard.up("ControlOrMeta");
    await page.locator(".statusbar-item", { hasText: "Ln 45, " }).waitFor({ timeout: 5000 });
  };
  await vi.waitFor(follow, { timeout: 60_000 });
  await page.getByRole("tab", { name: /^Explanation 1\.md/ }).click();
});

it("shows the schedule of the finding at the same lines", async () => {
  const { page } = vscode;
  await page.getByRole("button", { name: "Show its schedule" }).first().click();
  await webview(page).getByRole("grid").waitFor();
  await picture(page, "explain-schedule");
});
