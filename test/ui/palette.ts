// What a user does who has nothing open: no folder with code, no Go.

import path from "node:path";
import type { Page } from "playwright-core";
import {
  openWorkbench,
  typeIntoList,
  type Workbench,
  type WorkbenchOptions,
} from "../harness/vscode/workbench.js";
import { temporaryFolder } from "../harness/vscode/workspace.js";

/** A VS Code on an empty folder, with no Go on its PATH. */
export async function openEmpty(settings: WorkbenchOptions["settings"] = {}): Promise<Workbench> {
  const vscode = await openWorkbench({
    workspace: temporaryFolder("hb-empty-"),
    settings,
    env: { PATH: path.dirname(process.execPath) },
  });
  await settled(vscode.page);
  return vscode;
}

/** Until VS Code knows the commands of its extensions: a palette that was opened before does not learn of them. */
async function settled(page: Page): Promise<void> {
  const row = page.locator(".quick-input-list .monaco-list-row", { hasText: "Happens Before" });
  for (let tries = 0; tries < 60 && (await row.count()) === 0; tries++) {
    await page.keyboard.press("Escape");
    await page.keyboard.press("F1");
    await page.locator(".quick-input-widget input").first().fill(">Happens Before: Explore");
    await page.waitForTimeout(1_000);
  }
  await page.keyboard.press("Escape");
}

/** Runs a command that goes on to ask something. */
export async function palette(page: Page, title: string): Promise<void> {
  await typeIntoList(page, "F1", `>${title}`, title);
  await page.keyboard.press("Enter");
}

/** Picks the entry of the quick pick that is open. */
export async function pick(page: Page, label: string): Promise<void> {
  const input = page.locator(".quick-input-widget input").first();
  await input.waitFor();
  await page.locator(".quick-input-list .monaco-list-row", { hasText: label }).first().waitFor();
  await input.fill(label);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: label }).first().waitFor();
  await page.keyboard.press("Enter");
}
