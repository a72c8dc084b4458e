import { afterAll, beforeAll, expect, it } from "vitest";
import { openWorkbench, runCommand, webview, type Workbench } from "../harness/vscode/workbench.js";
import { goToSource, picture, plainTyping, typeAtEndOf } from "./acceptance.js";

// Being the scheduler of the bundled crawler whose lock was forgotten, as a user meets it in VS Code.

const testAndSet = 45; // before := s.fetched[url]

let vscode: Workbench;
beforeAll(async () => {
  vscode = await openWorkbench({
    workspace: "samples",
    file: "crawler/unlocked/main.go",
    settings: plainTyping,
  });
});
afterAll(async () => vscode.close());

it("begins from the palette with a goal, and somebody to pick", async () => {
  const { page } = vscode;
  await goToSource(page, testAndSet);
  await runCommand(page, "Happens Before: Be the Scheduler…");
  const panel = webview(page);
  await panel.getByRole("heading", { name: "Be the scheduler" }).waitFor();
  await panel.getByText(/^Make it go wrong: /).waitFor();
  await panel.getByRole("list", { name: "Who runs next?" }).waitFor();
  await panel.getByRole("list", { name: "You may still reach" }).waitFor();
  await picture(page, "crawler-scheduler");
});

it("a digit lets somebody run, and the choice comes back after the window is reloaded", async () => {
  const { page } = vscode;
  const moves = (): ReturnType<typeof panel.locator> => panel.locator(".move");
  const panel = webview(page);
  await panel.locator(".scheduler").press("2");
  await panel.locator("button[aria-disabled=false]", { hasText: "Undo" }).waitFor();
  await moves().first().waitFor();
  const before = await moves().allInnerTexts();
  await page.waitForTimeout(10_000); // VS Code in a browser saves its windows every few seconds
  await page.goto(vscode.server.url(vscode.folder));
  await webview(page).getByRole("heading", { name: "Be the scheduler" }).waitFor();
  await webview(page).locator(".move").first().waitFor();
  expect(await webview(page).locator(".move").allInnerTexts()).toEqual(before);
});

it("the hint leads to the crash, without a mouse", async () => {
  const { page } = vscode;
  const panel = webview(page);
  await panel.locator(".scheduler").press("r");
  await panel.locator("button[aria-disabled=true]", { hasText: "Undo" }).waitFor();
  await panel.getByText(/Best/).waitFor();
  await panel.locator(".scheduler").press("x");
  const over = panel.locator(".outcome.end");
  const hinted = panel.locator(".move.hinted kbd");
  for (let turn = 0; turn < 60; turn++) {
    await hinted.or(over).first().waitFor();
    if (await over.isVisible()) break;
    const rows = await panel.locator(".row").count();
    await panel.locator(".scheduler").press(await hinted.innerText());
    await expect
      .poll(async () => panel.locator(".row").count(), { timeout: 20_000 })
      .not.toBe(rows);
  }
  await panel.getByText(/^Well done: /).waitFor();
  await picture(page, "crawler-scheduler-end");
});

it("keeps the schedule among those of the panel", async () => {
  const { page } = vscode;
  const panel = webview(page);
  await panel.getByRole("button", { name: "Keep this schedule" }).click();
  await panel.getByRole("grid").waitFor();
  await panel
    .getByRole("heading", { level: 1 })
    .filter({ hasNotText: "Be the scheduler" })
    .waitFor();
});

it("says so when the program is edited meanwhile", async () => {
  const { page } = vscode;
  const panel = webview(page);
  await panel.getByRole("button", { name: "Be the scheduler" }).click();
  await panel.getByRole("heading", { name: "Be the scheduler" }).waitFor();
  await typeAtEndOf(page, testAndSet, "\n\tprintln(url)");
  await panel.getByText("The program was edited since you began.").waitFor();
  await panel.getByRole("button", { name: "Start again with the new one" }).click();
  await panel.getByText("The program was edited since you began.").waitFor({ state: "detached" });
  await panel.getByRole("list", { name: "Who runs next?" }).waitFor();
});
