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

// The bundled lost update across an await, as a user meets it in VS Code.

const write = 10; // this.balance = before + amount;
const wait = 15; // await new Promise(...)
const inMain = 21; // console.log(...)

let vscode: Workbench;
beforeAll(async () => {
  vscode = await openWorkbench({
    workspace: "samples",
    file: "typescript/bank.ts",
    settings: plainTyping,
  });
});
afterAll(async () => vscode.close());

it("underlines the stale write and lists it with its related places", async () => {
  const { page } = vscode;
  await squiggles(page, "error").first().waitFor();
  const rows = await problems(page);
  await rows.filter({ hasText: "this.balance" }).first().waitFor();
  await rows.filter({ hasText: "other calls run while this one waits here" }).first().waitFor();
});

it("a broken line typed in another function does not clear or disturb the finding", async () => {
  const { page } = vscode;
  await analyzed(page);
  const before = await squiggles(page, "error").count();
  const fewest = await fewestSquiggles(page, ".squiggly-error");
  await typeAtEndOf(page, inMain, "\n  for (const x of [");
  await page.waitForTimeout(3000); // long enough for analysis and exploring to have seen it
  await analyzed(page);
  expect(await fewest()).toBe(before);
  await page.keyboard.press("Control+Shift+K"); // deletes the line
  await page.locator(".view-line", { hasText: "for (const" }).waitFor({ state: "detached" });
});

it("shows the schedule in a panel whose lanes are named after the tasks", async () => {
  const { page } = vscode;
  await goToSource(page, write);
  await runCommand(page, "Happens Before: Show Interleavings of Function at Cursor");
  const lanes = webview(page).getByRole("columnheader");
  await lanes.filter({ hasText: "main" }).first().waitFor();
  const panel = webview(page);
  await panel.getByRole("columnheader", { name: "task Account.deposit #1" }).waitFor();
  await panel.getByRole("columnheader", { name: "task Account.deposit #2" }).waitFor();
});

it("a click on a step moves the editor to the step's line", async () => {
  const { page } = vscode;
  await stepOnLine(webview(page), wait).first().click();
  await activeLine(page, wait).waitFor();
  await picture(page, "bank-panel");
});

it("writing what is read after the await clears the finding", async () => {
  const { page } = vscode;
  await goToSource(page, write, 999);
  await page.keyboard.press("Shift+Home");
  await page.keyboard.insertText("this.balance += amount;");
  await webview(page).locator(".stale").waitFor();
  const rows = await problems(page);
  await rows.filter({ hasText: "this.balance" }).first().waitFor({ state: "detached" });
  expect(await squiggles(page, "error").count()).toBe(0);
});
