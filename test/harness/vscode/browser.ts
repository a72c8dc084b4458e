import { existsSync } from "node:fs";
import path from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

export interface OpenBrowser {
  readonly browser: Browser;
  readonly page: Page;
}

export async function openBrowser(): Promise<OpenBrowser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) {
    throw new Error("no browser: install chromium, or set CHROMIUM to the path of one");
  }
  const browser = await chromium.launch({ executablePath, headless: true, args: quietFlags });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  // On a busy machine VS Code takes half a minute to show its first editor.
  page.setDefaultTimeout(60_000);
  return { browser, page };
}

/** The browser to drive: `$CHROMIUM`, or the first of the usual names on the PATH. */
export function findBrowser(): string | undefined {
  const given = process.env["CHROMIUM"];
  if (given !== undefined && given !== "") return given;
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  return ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    .flatMap((name) => folders.map((folder) => path.join(folder, name)))
    .find((it) => existsSync(it));
}

const quietFlags = [
  "--no-sandbox", // the tests run as root in a container, where chromium refuses its sandbox
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
