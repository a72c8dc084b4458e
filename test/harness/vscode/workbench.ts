// What a user does in VS Code, as functions on the page that shows it. Each waits for the result
// to be visible, so a test reads as a list of actions and needs no delays of its own.
import path from "node:path";
import type { FrameLocator, Locator, Page } from "playwright-core";
import { openBrowser } from "./browser.js";
import { packagedExtension, root } from "./paths.js";
import { type Server, type ServerOptions, startServer } from "./server.js";
import { copyWorkspace } from "./workspace.js";

export interface Workbench {
  readonly page: Page;
  readonly server: Server;
  /** The copy of the workspace that is open: write files here to change them behind the editor. */
  readonly folder: string;
  close(): Promise<void>;
}

export interface WorkbenchOptions extends ServerOptions {
  /** The folder to copy and open, relative to the project. */
  readonly workspace: string;
  /** The file to show first, relative to the workspace; absent: none. */
  readonly file?: string;
}

/** A VS Code with the packaged extension, showing `file`, if there is one, of a copy of `workspace`. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const folder = copyWorkspace(path.resolve(root, options.workspace));
  const server = await startServer({ vsix: [packagedExtension()], ...options });
  const { browser, page } = await openBrowser();
  const close = async (): Promise<void> => {
    await browser.close();
    await server.stop();
  };
  try {
    if (options.file === undefined) {
      await page.goto(server.url(folder));
      await page.locator(".statusbar-item").first().waitFor();
    } else {
      const file = server.remote(path.join(folder, options.file));
      await page.goto(server.url(folder, [["openFile", file]]));
      await page.locator(".monaco-editor .view-lines .view-line").first().waitFor();
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { page, server, folder, close };
}

/** The row that Enter takes. */
const chosenRow = ".quick-input-list .monaco-list-row.focused";

/**
 * Opens one of VS Code's lists by its key and types `text` into it, until Enter takes the row that says `row`: before it
 * takes whatever was selected. Asks again when the list is gone: the one before it returns the keyboard as it closes,
 * at times so late that this closes the new one. Gives the box.
 */
export async function typeIntoList(
  page: Page,
  key: "F1" | "Control+P" | "Control+G",
  text: string,
  row?: string,
): Promise<Locator> {
  const input = page.locator(".quick-input-widget input").first();
  const timeout = 8_000;
  for (let tries = 1; ; tries++) {
    await page.keyboard.press(key);
    try {
      await input.waitFor({ timeout });
      await input.fill(text, { timeout });
      if (row !== undefined) {
        await page.locator(chosenRow, { hasText: row }).waitFor({ timeout });
      }
      return input;
    } catch (error) {
      if (tries === 6) throw error;
    }
  }
}

/** Runs a command by its title as the palette shows it: `Happens Before: Restart Analyzer`. */
export async function runCommand(page: Page, title: string): Promise<void> {
  const input = await typeIntoList(page, "F1", `>${title}`, title);
  await page.keyboard.press("Enter");
  await input.waitFor({ state: "hidden" });
}

/** Shows another file of the workspace, by its path relative to the workspace. */
export async function openFile(page: Page, file: string): Promise<void> {
  const name = path.basename(file);
  await typeIntoList(page, "Control+P", file, name);
  await page.keyboard.press("Enter");
  await page.locator(".tab.active", { hasText: name }).waitFor();
}

/** Puts the cursor at a place; lines and columns count from 1. */
export async function goTo(page: Page, line: number, column = 1): Promise<void> {
  await focusEditor(page);
  await typeIntoList(page, "Control+G", `:${line}:${column}`);
  await page.keyboard.press("Enter");
  await cursorAt(page, line).waitFor(); // a column past the line's end is the editor's to correct
}

/** Puts the keyboard into the active text editor without moving its cursor. */
export async function focusEditor(page: Page): Promise<void> {
  await runCommand(page, "View: Focus Active Editor Group");
}

/** The status bar's cursor position, to wait for. */
export function cursorAt(page: Page, line: number, column?: number): Locator {
  const text = column === undefined ? `Ln ${line}, Col` : `Ln ${line}, Col ${column}`;
  return page.locator(".statusbar-item", { hasText: text });
}

/** Types whole lines at the cursor. Suggestions and automatic indentation must be off in `settings`. */
export async function typeText(page: Page, text: string): Promise<void> {
  await page.keyboard.insertText(text);
}

/** The squiggles of the visible editors. */
export function squiggles(page: Page, severity: "error" | "warning" | "info"): Locator {
  return page.locator(`.monaco-editor .squiggly-${severity}`);
}

/** Opens the Problems panel and gives its rows: files, findings and their related places. */
export async function problems(page: Page): Promise<Locator> {
  const panel = page.locator(".markers-panel");
  if (!(await panel.isVisible())) await runCommand(page, "View: Focus Problems");
  await panel.waitFor();
  return panel.locator(".monaco-list-row");
}

/** The document inside the visible webview: VS Code's frame, and the extension's frame in it. */
export function webview(page: Page): FrameLocator {
  return page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
}
