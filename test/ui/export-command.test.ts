import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readTraces } from "../../export/json.js";
import { openWorkbench, runCommand, webview, type Workbench } from "../harness/vscode/workbench.js";
import { schemaErrors } from "../harness/schemas.js";
import { goToSource, picture, plainTyping, typeAtEndOf } from "./acceptance.js";

// Exporting a schedule in VS Code, with the keyboard alone.

let vscode: Workbench;
beforeAll(async () => {
  vscode = await openWorkbench({
    workspace: "samples",
    file: "crawler/unlocked/main.go",
    settings: plainTyping,
  });
  const { page } = vscode;
  await page.locator(".statusbar-item[id*='happensBefore.status'] .codicon-git-merge").waitFor();
  await goToSource(page, 45);
  await runCommand(page, "Happens Before: Show Interleavings of Function at Cursor");
  await webview(page).getByRole("grid").waitFor();
});
afterAll(async () => vscode.close());

/** Chooses in the list that is open. */
async function pick(page: Page, text: string): Promise<void> {
  const rows = ".quick-input-list .monaco-list-row";
  await page.locator(rows, { hasText: text }).first().waitFor();
  await page.keyboard.type(text);
  // Enter takes the row that has the focus, which the filter moves a moment later.
  await page.locator(`${rows}.focused`, { hasText: text }).waitFor();
  await page.keyboard.press("Enter");
}

/** The panel's button, as the keyboard presses it. */
async function openFormats(page: Page): Promise<void> {
  await webview(page).getByRole("button", { name: "Export schedule…" }).focus();
  await page.keyboard.press("Enter");
  await page.locator(".quick-input-widget", { hasText: "Export Schedule" }).waitFor();
}

/** Chooses a format and saves it under the name that is proposed; gives the file. */
async function save(page: Page, format: string, ...then: readonly string[]): Promise<string> {
  await openFormats(page);
  await pick(page, format);
  for (const it of then) await pick(page, it);
  // The dialog of files is a box to type a path into.
  const box = page.locator(".quick-input-widget input[type=text]").first();
  await expect.poll(async () => box.inputValue()).toMatch(/unlocked\.main-\w+\.\w+$/);
  const file = path.join(vscode.folder, path.basename(await box.inputValue()));
  await picture(page, `export-save-${path.extname(file).slice(1)}`);
  await page.keyboard.press("Enter");
  await page.locator(".notification-toast", { hasText: path.basename(file) }).waitFor();
  await expect.poll(() => existsSync(file)).toBe(true);
  await runCommand(page, "Notifications: Clear All Notifications");
  return file;
}

it("offers the formats from the panel's button, without a mouse", async () => {
  const { page } = vscode;
  await openFormats(page);
  const offered = ["Go test", "HTML page", "SVG", "PNG", "Mermaid", "Transcript", "JSON"];
  for (const it of offered) {
    await page.locator(".quick-input-list .monaco-list-row", { hasText: it }).first().waitFor();
  }
  await picture(page, "export-formats");
  await page.keyboard.press("Escape");
  await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
});

it("saves a trace that its schema accepts", async () => {
  const file = await save(vscode.page, "JSON", "Save to File");
  const text = readFileSync(file, "utf8");
  expect(schemaErrors("trace", JSON.parse(text))).toBe("");
  const traces = readTraces(text);
  expect(typeof traces === "object" ? traces[0]?.exploration?.entry : traces).toContain("main");
});

it("saves a page with the code in it", async () => {
  const file = await save(vscode.page, "HTML page");
  expect(readFileSync(file, "utf8")).toContain("before := s.fetched[url]");
});

it("saves a picture in pixels, painted by the panel", async () => {
  const file = await save(vscode.page, "PNG picture");
  expect(readFileSync(file).subarray(1, 4).toString()).toBe("PNG");
});

it("writes a failing Go test beside the code, shows it and says what runs it", async () => {
  const { page, folder } = vscode;
  await openFormats(page);
  await pick(page, "Failing Go test");
  await pick(page, "Write into crawler/unlocked");
  await page.locator(".tab.active", { hasText: /^hb_\w+_test\.go/ }).waitFor();
  const said = page.locator(".notification-toast", { hasText: "go test -run" });
  await said.getByText(/^hb_\w+_[0-9a-f]{8}_test\.go is written\./).waitFor();
  await said.getByRole("button", { name: "Copy Command" }).waitFor();
  await picture(page, "export-failing-test");
  const written = readdirSync(path.join(folder, "crawler", "unlocked")).sort();
  expect(
    written.filter((it) => /^hb_(gates|replay|\w+_[0-9a-f]{8})_test\.go$/.test(it)),
  ).toHaveLength(3);
  await runCommand(page, "Notifications: Clear All Notifications");
});

it("says in one sentence why a test cannot be written", async () => {
  const { page } = vscode;
  // Back to the source from the test that was written.
  await page.getByRole("tab", { name: /^main\.go/ }).click();
  await typeAtEndOf(page, 45, " // Edited.");
  await page.keyboard.press("Control+S");
  const main = path.join(vscode.folder, "crawler", "unlocked", "main.go");
  await expect.poll(() => readFileSync(main, "utf8")).toContain("// Edited.");
  await openFormats(page);
  await pick(page, "Failing Go test");
  const why = "The test cannot be written, because main.go was edited since";
  await page.locator(".notification-toast", { hasText: why }).waitFor();
});

it("opens the transcript as a document", async () => {
  const { page } = vscode;
  await runCommand(page, "Happens Before: Open Schedule as Text");
  await page.locator(".view-line", { hasText: /^Steps$/ }).waitFor();
  await picture(page, "export-transcript");
});
