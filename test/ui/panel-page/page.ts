import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { ToWebview } from "../../../protocol/webview.js";
import { pack } from "../../../src/timeline/pack.js";
import { type Theme, themes, themeVariables } from "./themes.js";

// The panel alone in a plain browser, dressed in a theme of VS Code, under the panel's own content
// security policy. Shows in a second what takes the workbench half a minute.

const root = join(import.meta.dirname, "../../..");

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".map": "application/json",
};

export interface PanelPages {
  /** In a page of its own, or of the context. */
  open(
    theme: Theme,
    width: number,
    height: number,
    messages: readonly ToWebview[],
    context?: BrowserContext,
  ): Promise<Page>;
  close(): Promise<void>;
}

/** @param bundle the page's script and style sheet: the panel of interleavings or the crawler lab */
export async function servePanel(
  browser: Browser,
  dist = join(root, "dist"),
  bundle: "webview" | "lab" = "webview",
): Promise<PanelPages> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://panel").pathname;
    if (path === "/") {
      response.setHeader("content-type", "text/html");
      response.setHeader(
        "content-security-policy",
        "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'nonce-n' 'strict-dynamic'",
      );
      response.end(htmlOf(bundle));
      return;
    }
    try {
      const text = path === "/theme.css" ? themeSheet() : readFileSync(join(dist, path));
      response.setHeader("content-type", types[extname(path)] ?? "application/octet-stream");
      response.end(text);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  const port = await listening(server);
  return {
    open: async (theme, width, height, messages, context) => {
      const page = await (context ?? browser).newPage();
      await page.setViewportSize({ width, height });
      await page.addInitScript(fakeApi);
      await page.goto(`http://127.0.0.1:${port}/`);
      await begin(page, theme, messages);
      return page;
    },
    close: async () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => {
          done();
        });
      }),
  };
}

/** Builds the page again, as VS Code does after a reload of the window. */
export async function reload(
  page: Page,
  theme: Theme,
  messages: readonly ToWebview[],
): Promise<void> {
  await page.reload();
  await begin(page, theme, messages);
}

/** Like VS Code, sends nothing before the panel has said that it listens. */
async function begin(page: Page, theme: Theme, messages: readonly ToWebview[]): Promise<void> {
  await page.evaluate((it) => {
    document.body.classList.add(it);
  }, theme);
  await page.waitForFunction(() => (Reflect.get(window, "posted") as unknown[]).length > 0);
  for (const it of messages) await postTo(page, it);
}

/** Sends the panel a message, packed as the extension packs it. */
export async function postTo(page: Page, message: ToWebview): Promise<void> {
  await page.evaluate((it) => {
    window.postMessage(it, "*");
  }, pack(message));
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  return (server.address() as AddressInfo).port;
}

const htmlOf = (
  bundle: string,
): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Timeline</title>
<link rel="stylesheet" href="theme.css"><link rel="stylesheet" href="${bundle}.css"></head>
<body><div id="root"></div><script type="module" nonce="n" src="${bundle}.js"></script></body></html>`;

/** Runs in the page before anything else: stands in for VS Code. */
function fakeApi(): void {
  const posted: unknown[] = [];
  Object.assign(window, {
    posted,
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => {
        posted.push(message);
        const answer: unknown = Reflect.get(window, "answerPlay");
        const { type, id } = message as { type: string; id?: number };
        if (type !== "ask" || typeof answer !== "function") return;
        const answering = (answer as (ask: unknown) => Promise<unknown>)(message);
        void answering.then((it) => {
          window.postMessage({ type: "played", id, answer: it }, "*");
        });
      },
      setState: (state: unknown) => {
        // Outlives a reload, as VS Code's does.
        sessionStorage.setItem("state", JSON.stringify(state));
      },
      getState: () => JSON.parse(sessionStorage.getItem("state") ?? "null") as unknown,
    }),
  });
}

function themeSheet(): string {
  return themes
    .map((theme) => {
      const lines = Object.entries(themeVariables(theme)).map(
        ([name, value]) => `--vscode-${name}: ${value};`,
      );
      return `:root:has(.${theme}) { ${lines.join(" ")} }`;
    })
    .join("\n");
}
