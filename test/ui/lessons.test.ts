import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { root } from "../harness/vscode/paths.js";
import { runCommand, squiggles, webview, type Workbench } from "../harness/vscode/workbench.js";
import { analyzed, picture, plainTyping } from "./acceptance.js";
import { openEmpty, palette, pick } from "./palette.js";

// The lessons as a user meets them in VS Code: in a folder without code, and without Go.

mkdirSync(path.join(root, ".cache", "pictures"), { recursive: true });

let vscode: Workbench;
beforeAll(async () => {
  vscode = await openEmpty(plainTyping);
});
afterAll(async () => vscode.close());

const line = (text: string): Locator =>
  vscode.page.locator(".monaco-editor .view-line", { hasText: text }).first();
const notice = (text: string | RegExp): Locator =>
  vscode.page.locator(".notification-toast", { hasText: text }).last();
const lens = (text: string): Locator =>
  vscode.page.locator(".codelens-decoration a", { hasText: text }).first();

it("opens a lesson from the list, with its mistake underlined", async () => {
  const { page } = vscode;
  await palette(page, "Happens Before: Open Lessons…");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "1. Three steps" }).waitFor();
  await picture(page, "lessons-list");
  await pick(page, "Three steps");
  await line("Lesson 1: Three steps of n = n+1").waitFor();
  await squiggles(page, "error").first().waitFor();
  await picture(page, "lessons-open");
});

it("refuses the lesson as it stands, and shows the schedule", async () => {
  const { page } = vscode;
  await lens("Check my answer").click();
  const refused = notice(/Lesson 1, not yet\. It still fails, line 24: .*lost-update/);
  await refused.waitFor();
  await picture(page, "lessons-refused");
  await refused.getByRole("button", { name: "Show Schedule" }).click();
  await webview(page).getByRole("grid").waitFor();
});

it("accepts a solution that is typed in, marks the lesson done and goes on to the next", async () => {
  const { page } = vscode;
  const solution = "samples/lessons/01-three-steps/solution/main.go";
  await runCommand(page, "View: Focus First Editor Group");
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(readFileSync(path.join(root, solution), "utf8"));
  await squiggles(page, "error").first().waitFor({ state: "detached" });
  await analyzed(page);
  await runCommand(page, "Happens Before: Check My Answer");
  const accepted = notice("Lesson 1 is done: it ends well in all 2 orders.");
  await accepted.waitFor();
  await picture(page, "lessons-accepted");
  await accepted.getByRole("button", { name: /^Next: When does a write/ }).click();
  await line("Lesson 2: When does a write become visible?").waitFor();
});

it("says in the list what is done", async () => {
  const { page } = vscode;
  await palette(page, "Happens Before: Open Lessons…");
  const row = page.locator(".quick-input-list .monaco-list-row", { hasText: "1. Three steps" });
  await row.filter({ hasText: "Go, done" }).waitFor();
  expect(
    await page.locator(".quick-input-widget input").first().getAttribute("placeholder"),
  ).toMatch(/^1 of \d+ done/);
  await page.waitForTimeout(500); // a list that is gone sooner than anybody can read is shown again
  await page.keyboard.press("Escape");
  await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
});

it("compares an answer with a solution", async () => {
  const { page } = vscode;
  await lens("Compare with a solution").click();
  await page.locator(".tab.active", { hasText: "Lesson 2: your answer" }).waitFor();
  await line("close(ready)").waitFor();
  await picture(page, "lessons-compare");
});
