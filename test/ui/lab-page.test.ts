import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FromLab, formWords, type ToLab } from "../../protocol/lab.js";
import { openBrowser } from "../harness/vscode/browser.js";
import { root } from "../harness/vscode/paths.js";
import { choice, crawled, crawlNews, curveNews } from "../unit/webview/crawls.js";
import { violations } from "./panel-page/axe.js";
import { type PanelPages, servePanel } from "./panel-page/page.js";
import { type Theme, themes } from "./panel-page/themes.js";

// The crawler lab alone in a plain browser, in every theme.

const forms = formWords.map((it) => it.name);
const whole = (pages: number): readonly ToLab[] => [
  ...crawled(forms, pages),
  curveNews("pool"),
  { type: "over", stopped: false },
];

let browser: Browser;
let panels: PanelPages;
beforeAll(async () => {
  ({ browser } = await openBrowser());
  panels = await servePanel(browser, undefined, "lab");
  mkdirSync(path.join(root, ".cache", "pictures"), { recursive: true });
});
afterAll(async () => {
  await panels.close();
  await browser.close();
});

async function open(theme: Theme, width: number, messages: readonly ToLab[]): Promise<Page> {
  const page = await panels.open(theme, width, 820, []);
  await tell(page, messages);
  return page;
}

async function tell(page: Page, messages: readonly ToLab[]): Promise<void> {
  await page.evaluate((all) => {
    for (const it of all) window.postMessage(it, "*");
  }, messages);
  await frames(page);
}

/** Until what was told is on the page. */
async function frames(page: Page): Promise<void> {
  await page.evaluate(
    async () =>
      new Promise((resolve) => {
        let left = 3;
        const next = (): void => {
          left -= 1;
          if (left === 0) resolve(null);
          else requestAnimationFrame(next);
        };
        next();
      }),
  );
}

async function posted(page: Page): Promise<readonly FromLab[]> {
  return page.evaluate(() => Reflect.get(window, "posted") as FromLab[]);
}

describe.each(themes)("%s", (theme) => {
  it.each([300, 560, 900, 1600])(
    "%i pixels wide: accessible, and nothing is cut off",
    async (width) => {
      const page = await open(theme, width, []);
      expect(await violations(page)).toEqual([]);
      for (const pages of [40, 500]) {
        await tell(page, whole(pages));
        await page.getByRole("button", { name: "Worker pool" }).click();
        await page.locator(".workers canvas").waitFor();
        const file = `lab-${pages}-${theme}-${width}.png`;
        await page.screenshot({
          path: path.join(root, ".cache", "pictures", file),
          fullPage: true,
        });
        for (const it of await page.locator("summary").all()) await it.click();
        expect(await violations(page)).toEqual([]);
        for (const it of await page.locator("summary").all()) await it.click();
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow).toBeLessThanOrEqual(0);
      }
      await page.close();
    },
  );
});

describe("the controls", () => {
  it("say what to run, and Stop works only while something runs", async () => {
    const page = await open("vscode-dark", 900, []);
    await page.getByRole("combobox", { name: "Crawler" }).selectOption("channel");
    await page.getByRole("spinbutton", { name: "Workers" }).fill("3");
    await page.getByLabel("Seed").fill("9");
    expect(await page.getByRole("button", { name: "Stop" }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Run" }).click();
    const wanted = { form: "channel", site: "small", workers: 3, seed: 9 };
    expect((await posted(page)).at(-1)).toMatchObject({ type: "do", work: "run", choice: wanted });
    await tell(page, [{ type: "began", work: "run", choice }]);
    expect(await page.getByRole("button", { name: "Run" }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Stop" }).click();
    expect((await posted(page)).at(-1)).toEqual({ type: "stop" });
    await page.getByRole("button", { name: "Explore this form" }).click();
    expect((await posted(page)).at(-1)).toEqual({ type: "sample", form: "pool", explore: true });
    await page.close();
  });

  it("a form without a number of workers is not measured", async () => {
    const page = await open("vscode-dark", 900, []);
    const measure = page.getByRole("button", { name: "Measure throughput" });
    await page.getByRole("combobox", { name: "Crawler" }).selectOption("mutex");
    expect(await measure.isDisabled()).toBe(true);
    await page.getByRole("combobox", { name: "Crawler" }).selectOption("pool");
    expect(await measure.isDisabled()).toBe(false);
    await page.getByRole("combobox", { name: "Website" }).selectOption("url");
    expect(await measure.isDisabled()).toBe(true);
    await page.getByLabel("Address").fill("https://example.org/");
    await page.close();
  });
});

describe("the figures", () => {
  it("are those of the crawl, in the drawing's name and in the tables", async () => {
    const page = await open("vscode-light", 1600, whole(40));
    await page.getByRole("button", { name: "Worker pool" }).click();
    await page
      .getByRole("img", {
        name: /^40 pages found from \/, 40 asked for, 4 failed, 0 fetched twice$/,
      })
      .waitFor();
    await page.getByText("knee 8").waitFor();
    const row = page.locator(".one-clock tr", { hasText: "Worker pool" });
    expect(await row.innerText()).toMatch(/\b40\t0\t4\tdone/);
    await page.locator(".workers summary").click();
    await page.locator(".workers td", { hasText: "ended" }).first().waitFor();
    await page.close();
  });

  it("a page that is fetched twice is marked with more than a colour", async () => {
    const again: ToLab = {
      type: "news",
      news: [
        {
          kind: "events",
          events: [{ kind: "fetching", at: 900, task: 1, url: "http://127.0.0.1:1/", time: 2 }],
        },
      ],
    };
    const page = await open("vscode-high-contrast", 900, [
      { type: "began", work: "run", choice },
      { type: "news", news: crawlNews("pool", 20, 4).slice(0, -1) },
      again,
    ]);
    await page.locator(".node.twice text", { hasText: "2!" }).waitFor();
    await page.locator(".figures .bad", { hasText: "1 !" }).waitFor();
    await page.close();
  });

  it("draws once a frame at most, however fast events come", async () => {
    const page = await open("vscode-dark", 900, [{ type: "began", work: "run", choice }]);
    const news = crawlNews("pool", 2_000, 8);
    const {
      changes,
      frames: drawn,
      longest,
    } = await page.evaluate(async (all) => {
      let count = 0;
      const root = document.getElementById("root");
      const watched = document.querySelector(".figures-room");
      const observer = new MutationObserver(() => {
        count += 1;
      });
      if (root !== null && watched !== null)
        observer.observe(watched, { subtree: true, childList: true, characterData: true });
      let frameCount = 0;
      let last = performance.now();
      let most = 0;
      let on = true;
      const frame = (): void => {
        const now = performance.now();
        most = Math.max(most, now - last);
        last = now;
        frameCount += 1;
        if (on) requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
      // 250 events each 50 ms: 5,000 a second.
      for (let i = 0; i < all.length; i += 5) {
        window.postMessage({ type: "news", news: all.slice(i, i + 5) }, "*");
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      on = false;
      observer.disconnect();
      return { changes: count, frames: frameCount, longest: most };
    }, news);
    console.log(
      `${news.length * 50} events at 5,000 a second: ${drawn} frames, the longest ${longest.toFixed(0)} ms`,
    );
    expect(changes).toBeGreaterThan(10);
    expect(changes).toBeLessThanOrEqual(drawn + 2);
    await page.close();
  });
});
