import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openWorkbench, squiggles, webview, type Workbench } from "../harness/vscode/workbench.js";
import { analyzed, picture } from "./acceptance.js";

// Finds, steps through and exports a race in the real VS Code with nothing but keys. Every wait is for a state by its
// role and name: a key that comes before what it is meant for is lost or does something else.

let vscode: Workbench;
beforeAll(async () => {
  vscode = await openWorkbench({ workspace: "samples", file: "crawler/mutex/main.go" });
});
afterAll(async () => vscode.close());

/** Types into the list that is asked for so until the row is the one that Enter takes, and takes it. */
async function take(page: Page, asked: RegExp, typed: string, row: RegExp): Promise<void> {
  const box = page.getByRole("textbox", { name: asked }).and(page.locator(":focus"));
  await box.waitFor();
  // The box is there before the rows, and what is typed before these can be lost when they come.
  await page.getByRole("listbox", { name: asked }).getByRole("option").first().waitFor();
  await page.keyboard.type(typed);
  await expect.poll(async () => box.inputValue()).toContain(typed);
  await page.getByRole("option", { name: row }).and(page.locator(".focused")).waitFor();
  await page.keyboard.press("Enter");
}

async function command(page: Page, title: string, row: RegExp): Promise<void> {
  await page.keyboard.press("F1");
  await take(page, /^Type the name of a command/, title, row);
}

it("finds, steps through and exports a race without a mouse", async () => {
  const { page } = vscode;
  const panel = webview(page);
  const transcript = (words: RegExp): Locator => panel.locator(".transcript", { hasText: words });

  // Opens the file, and goes to what is wrong with it.
  await page.keyboard.press("Control+P");
  await take(page, /^Search files/, "crawler/unlocked/main.go", /^main\.go crawler\/unlocked/);
  await page.locator(".breadcrumbs-control", { hasText: "unlocked" }).waitFor();
  await analyzed(page);
  await squiggles(page, "error").first().waitFor();
  await command(page, "Go to Next Problem in Files", /^Go to Next Problem in Files/);
  const peek = page.locator(".zone-widget", { hasText: "happens-before" });
  await peek.waitFor();
  await page.keyboard.press("F8");
  await peek.and(page.locator(".zone-widget", { hasText: "concurrent-map" })).waitFor();
  await picture(page, "keyboard-finding");
  await page.keyboard.press("Escape");
  await peek.waitFor({ state: "hidden" });

  // Its schedule, which has the keyboard.
  await page.keyboard.press("Control+.");
  const shows = page
    .getByRole("option", { name: /^Show the schedule \(concurrent-map\)/ })
    .and(page.locator(".focused"));
  await shows.waitFor();
  await page.keyboard.press("Enter");
  await panel.getByRole("heading", { level: 1, name: "Data race" }).waitFor();
  await panel.getByRole("grid").and(panel.locator(":focus")).waitFor();
  await page.keyboard.press("Home");
  await transcript(/^1\. /).waitFor();
  await page.keyboard.press("ArrowDown");
  await transcript(/^2\. /).waitFor();
  await page.keyboard.press("ArrowUp");
  await transcript(/^1\. /).waitFor();
  await page.keyboard.press("End");
  await panel.getByRole("row", { selected: true, name: /Races with step \d+\./ }).waitFor();
  await picture(page, "keyboard-panel");

  // Its export, as a text that opens beside it.
  await command(page, "Happens Before: Export Schedule", /^Happens Before: Export Schedule/);
  await take(page, /^What should it become/, "Transcript", /^Transcript/);
  await take(page, /^Where should it go/, "Open in Editor", /Open in Editor/);
  await page.getByRole("tab", { name: /Untitled-1/, selected: true }).waitFor();
  await page.locator(".view-line", { hasText: /^Steps$/ }).waitFor();
  await picture(page, "keyboard-export");
});
