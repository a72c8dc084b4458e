import { afterAll, beforeAll, expect, it } from "vitest";
import {
  openWorkbench,
  problems,
  runCommand,
  squiggles,
  webview,
  type Workbench,
} from "../harness/vscode/workbench.js";
import {
  activeLine,
  analyzed,
  fewestSquiggles,
  goToSource,
  picture,
  plainTyping,
  stepOnLine,
  typeAtEndOf,
} from "./acceptance.js";

// The bundled crawler whose lock was forgotten, as a user meets it in VS Code.

const testAndSet = 45; // before := s.fetched[url]
const lastLine = 67; // fmt.Println(...)
const spawn = 57; // go func() {

let vscode: Workbench;
beforeAll(async () => {
  vscode = await openWorkbench({
    workspace: "samples",
    file: "crawler/unlocked/main.go",
    settings: plainTyping,
  });
});
afterAll(async () => vscode.close());

it("underlines the race and lists it with its related places", async () => {
  const { page } = vscode;
  await squiggles(page, "error").first().waitFor();
  const rows = await problems(page);
  await rows.filter({ hasText: "s.fetched" }).first().waitFor();
  await rows.filter({ hasText: "the goroutine is started here" }).first().waitFor();
  await rows.filter({ hasText: "concurrent-map" }).first().waitFor();
  await picture(page, "crawler-problems");
});

it("a broken line typed in another function does not clear or disturb the findings", async () => {
  const { page } = vscode;
  await analyzed(page);
  const before = await squiggles(page, "error").count();
  const fewest = await fewestSquiggles(page, ".squiggly-error");
  await typeAtEndOf(page, lastLine, "\n\tfor x := range {");
  await page.waitForTimeout(3000); // long enough for analysis and exploring to have seen it
  await analyzed(page);
  expect(await fewest()).toBe(before);
  await page.keyboard.press("Control+Shift+K"); // deletes the line
  await page.locator(".view-line", { hasText: "for x" }).waitFor({ state: "detached" });
});

it("shows the schedule in a panel whose lanes are named after the goroutines", async () => {
  const { page } = vscode;
  await goToSource(page, testAndSet);
  await runCommand(page, "Happens Before: Show Interleavings of Function at Cursor");
  const panel = webview(page);
  // By the name that is read out: what is drawn may be shortened.
  await panel.getByRole("columnheader", { name: /^goroutine main, entry/ }).waitFor();
  await panel.getByRole("columnheader", { name: /^goroutine crawl\S*, started at L57/ }).waitFor();
  await panel.getByRole("grid").waitFor();
  await panel.locator(".headline h1").waitFor();
});

it("a click on a step moves the editor to the step's line", async () => {
  const { page } = vscode;
  const panel = webview(page);
  await stepOnLine(panel, spawn).first().click();
  await activeLine(page, spawn).waitFor();
  await picture(page, "crawler-panel");
  await panel.getByRole("grid").waitFor();
  expect(await panel.locator(".row.here .cell.line").innerText()).toBe(`L${spawn}`);
});

it("the keyboard steps, and the transcript says what happens", async () => {
  const panel = webview(vscode.page);
  await panel.getByRole("grid").press("Home");
  await panel.locator(".transcript", { hasText: /^1\. / }).waitFor();
  await panel.getByRole("grid").press("ArrowDown");
  await panel.locator(".transcript", { hasText: /^2\. / }).waitFor();
});

it("compares a schedule with the nearest one that does not fail like it, without a mouse", async () => {
  const { page } = vscode;
  const panel = webview(page);
  await runCommand(page, "Happens Before: Next Failing Schedule");
  await panel.getByRole("heading", { level: 1, name: "Panic" }).waitFor();
  await runCommand(page, "Happens Before: Compare Two Schedules");
  const difference = panel.getByRole("region", { name: "What is different" });
  await difference.getByText(/^At step \d+, A lets /).waitFor();
  await difference.getByText(/^So in A .*reads fetched.* before .*writes fetched/).waitFor();
  await picture(page, "crawler-compare");
  await panel.getByRole("grid", { name: "Steps of A" }).press("Escape");
  await panel.getByRole("heading", { level: 1, name: "Panic" }).waitFor();
});

it("the panel comes back where it was after the window is reloaded", async () => {
  const { page } = vscode;
  const transcript = await webview(page).locator(".transcript").innerText();
  await page.waitForTimeout(10_000); // VS Code in a browser saves its windows every few seconds
  await page.goto(vscode.server.url(vscode.folder)); // without a file to open: all is restored
  await webview(page).getByRole("grid").waitFor();
  await webview(page).locator(".transcript", { hasText: transcript }).waitFor();
  await squiggles(page, "error").first().waitFor();
});

it("adding the lock clears the findings, and the panel says that the source changed", async () => {
  const { page } = vscode;
  await typeAtEndOf(page, testAndSet - 1, "\n\tfetchedMu.Lock()\n\tdefer fetchedMu.Unlock()");
  await typeAtEndOf(page, testAndSet - 2, "\n\nvar fetchedMu sync.Mutex\n");
  await webview(page).locator(".stale").waitFor();
  const rows = await problems(page);
  await rows.filter({ hasText: "s.fetched" }).first().waitFor({ state: "detached" });
  await squiggles(page, "error").first().waitFor({ state: "detached" });
  await picture(page, "crawler-fixed");
});
