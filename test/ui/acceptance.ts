import type { Locator, Page } from "playwright-core";
import path from "node:path";
import { root } from "../harness/vscode/paths.js";
import { cursorAt, runCommand } from "../harness/vscode/workbench.js";

/** Settings with which what a test types is what stands in the file. */
export const plainTyping = {
  "editor.autoIndent": "none",
  "editor.autoClosingBrackets": "never",
  "editor.quickSuggestions": false,
  "editor.suggestOnTriggerCharacters": false,
  "editor.wordBasedSuggestions": "off",
  "editor.formatOnType": false,
  "typescript.validate.enable": false,
};

/** Puts the cursor and the keyboard into the source, which stands left of the panel. */
export async function goToSource(page: Page, line: number, column = 1): Promise<void> {
  await runCommand(page, "View: Focus First Editor Group");
  await page.keyboard.press("Control+G");
  const input = page.locator(".quick-input-widget input").first();
  await input.waitFor();
  await input.fill(`:${line}:${column}`);
  await page.keyboard.press("Enter");
  await cursorAt(page, line).waitFor();
}

/** Types at the end of a line (counted from 1) and leaves the cursor there. */
export async function typeAtEndOf(page: Page, line: number, text: string): Promise<void> {
  await goToSource(page, line, 999);
  await page.keyboard.insertText(text);
}

/** The line the cursor of the source is on, whether or not the source has the keyboard. */
export function activeLine(page: Page, line: number): Locator {
  return page.locator(`.monaco-editor .active-line-number:text-is("${line}")`).first();
}

/** Keeps a picture of the window, for people to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(root, ".cache", "pictures", `${name}.png`) });
}

/**
 * Counts the squiggles in every frame the page draws, until the returned function is called, which
 * gives the fewest that were seen: 0 if they were gone for even one frame.
 */
export async function fewestSquiggles(
  page: Page,
  selector: string,
): Promise<() => Promise<number>> {
  await page.evaluate((it) => {
    const state = { fewest: Number.MAX_SAFE_INTEGER, on: true };
    Object.assign(window, { squiggleCount: state });
    const look = (): void => {
      state.fewest = Math.min(state.fewest, document.querySelectorAll(it).length);
      if (state.on) requestAnimationFrame(look);
    };
    look();
  }, selector);
  return async () =>
    page.evaluate(() => {
      const state = Reflect.get(window, "squiggleCount") as { fewest: number; on: boolean };
      state.on = false;
      return state.fewest;
    });
}

/** The status bar item, when the analyzer has nothing left to do. */
export async function analyzed(page: Page): Promise<string> {
  const item = page.locator(".statusbar-item[id*='happensBefore.status']");
  await item.waitFor();
  await item.locator(".codicon-git-merge").waitFor();
  return item.innerText();
}

/** Row of the timeline whose step is on this line of the source. */
export function stepOnLine(panel: { locator(selector: string): Locator }, line: number): Locator {
  return panel.locator(`.row:has(.cell.line > :text-is("L${line}"))`);
}
