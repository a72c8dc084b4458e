import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FromWebview, ToWebview } from "../../protocol/webview.js";
import type { Witness } from "../../protocol/witness.js";
import { openBrowser } from "../harness/vscode/browser.js";
import { root } from "../harness/vscode/paths.js";
import { deadlock, large, race } from "../unit/webview/witnesses.js";
import { violations } from "./panel-page/axe.js";
import { type PanelPages, reload, servePanel } from "./panel-page/page.js";
import { themes } from "./panel-page/themes.js";

// The two lenses on a schedule, in every theme and at every width.

const unseen = { ...race.schedule, choices: [{ thread: 1, arm: 1 }] };
const raced: Witness = { ...race, stale: { schedule: unseen, message: "crawl /a overlooks it" } };
const tasks: Witness = { ...race, language: "ts" };

const show = (...witnesses: readonly Witness[]): ToWebview => ({
  type: "show",
  origin: { uri: "file:///a.go", line: 0, fingerprint: null },
  title: "main.main",
  summary: [],
  witnesses,
  selected: 0,
});

let browser: Browser;
let panels: PanelPages;
beforeAll(async () => {
  ({ browser } = await openBrowser());
  panels = await servePanel(browser);
});
afterAll(async () => {
  await panels.close();
  await browser.close();
});

async function choose(page: Page, name: "Steps" | "Processors" | "Memory"): Promise<void> {
  await page.getByRole("radio", { name }).check({ force: true });
}

describe.each(themes)("%s", (theme) => {
  it.each([300, 560, 900, 1600])(
    "%i pixels wide: accessible, and nothing is cut off",
    async (width) => {
      const page = await panels.open(theme, width, 820, [show(raced, deadlock)]);
      const folder = path.join(root, ".cache", "pictures");
      mkdirSync(folder, { recursive: true });
      for (const name of ["Processors", "Memory"] as const) {
        await choose(page, name);
        await page.getByRole("region", { name, exact: true }).waitFor();
        const file = `lens-${name.toLowerCase()}-${theme}-${width}.png`;
        await page.screenshot({ path: path.join(folder, file) });
        expect(await violations(page)).toEqual([]);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow).toBeLessThanOrEqual(0);
      }
      await page.close();
    },
  );
});

const posted = async (page: Page): Promise<FromWebview[]> =>
  page.evaluate(() => Reflect.get(window, "posted") as FromWebview[]);

const figure = (page: Page, words: string): ReturnType<Page["locator"]> =>
  page.locator(".figures div", { has: page.locator(`dt:text-is("${words}")`) }).locator("dd");

describe("the processors", () => {
  it("are chosen, counted and stepped through without a mouse", async () => {
    const page = await panels.open("vscode-dark", 900, 820, [show(raced)]);
    await page.getByRole("radio", { name: "Steps" }).focus();
    await page.keyboard.press("ArrowRight");
    const grid = page.getByRole("grid", { name: /Processors/ });
    await grid.getByRole("columnheader", { name: /Processor P1/ }).waitFor();
    await page.keyboard.press("Tab");
    await page.getByRole("combobox", { name: "GOMAXPROCS" }).press("4");
    await grid.getByRole("columnheader", { name: /Processor P3/ }).waitFor();
    await page.getByRole("combobox").press("Home"); // as in the schedule
    await expect.poll(async () => figure(page, "speed-up").innerText()).toBe("1.00×");
    await expect.poll(async () => figure(page, "time").innerText()).toBe("21");
    await grid.press("Home");
    await page.getByRole("gridcell", { selected: true, name: /step 1: adds to wg/ }).waitFor();
    await grid.press("ArrowDown");
    await page.getByRole("gridcell", { selected: true, name: /step 2: starts/ }).waitFor();
    await page.close();
  });

  it("follow the cursor, and a click on a cell reveals its line", async () => {
    const page = await panels.open("vscode-light", 1600, 820, [show(raced)]);
    await choose(page, "Processors");
    await page.getByRole("gridcell", { name: /step 8: writes/ }).click();
    await page.locator(".transcript", { hasText: /^8\. / }).waitFor();
    await expect
      .poll(async () => posted(page))
      .toContainEqual({ type: "reveal", span: race.steps[7]?.span, focus: false });
    await page.close();
  });

  it("say that one thread runs all tasks in TypeScript", async () => {
    const page = await panels.open("vscode-dark", 560, 820, [show(tasks)]);
    await choose(page, "Processors");
    await page.getByText(/no two of them ever run at the same moment/).waitFor();
    expect(await page.getByRole("combobox").count()).toBe(0);
    expect(await page.getByRole("columnheader", { name: /Processor/ }).count()).toBe(1);
    await page.close();
  });

  it("are drawn of a long schedule only where they are in sight", async () => {
    const page = await panels.open("vscode-dark", 900, 820, [show(large(8, 5000))]);
    await choose(page, "Processors");
    await page.getByRole("grid").press("End");
    await page.getByRole("gridcell", { selected: true, name: /step 5000/ }).waitFor();
    expect(await page.locator(".placement-row").count()).toBeLessThan(120);
    await page.close();
  });

  it("can be compared by their number", async () => {
    const page = await panels.open("vscode-dark", 900, 820, [show(raced)]);
    await choose(page, "Processors");
    await page.getByText("Compare 1 to 8 processors").click();
    await page.locator(".comparison").getByRole("row", { name: /^8 / }).waitFor();
    expect(await page.locator(".comparison tbody tr").count()).toBe(9);
    await page.close();
  });
});

describe("memory", () => {
  it("tells who sees which write, in step with the cursor", async () => {
    const page = await panels.open("vscode-dark", 900, 820, [show(raced)]);
    await choose(page, "Memory");
    const row = page.getByRole("row", { name: /^step 8: true/ });
    await row.getByText("may see").first().waitFor();
    await page.getByText(/crawl \/a may see the write of step 8 or not: nothing orders/).waitFor();
    await page.getByRole("slider", { name: "Step" }).press("Home");
    await page.getByText("After step 1. What a read of").waitFor();
    expect(await row.count()).toBe(0);
    await page.close();
  });

  it("names the way on which a write came to be known", async () => {
    const page = await panels.open("vscode-light", 1600, 820, [show(raced)]);
    await choose(page, "Memory");
    await page.getByRole("combobox", { name: "Variable" }).selectOption("stats.pages");
    await page.getByRole("slider", { name: "Step" }).press("Home");
    for (const key of ["PageDown", "ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
    await page
      .getByText(
        "crawl /b unlocks stats.mu (step 11, L32) → crawl /a locks stats.mu (step 13, L30)",
      )
      .first()
      .waitFor({ state: "attached" });
    await page.close();
  });

  it("asks for the run in which the write is never seen", async () => {
    const page = await panels.open("vscode-dark", 900, 820, [show(raced)]);
    await choose(page, "Memory");
    await page.getByRole("button", { name: /the run in which the newest write is never/ }).click();
    await expect
      .poll(async () => posted(page))
      .toContainEqual({ type: "replay", schedule: unseen });
    await page.close();
  });
});

describe("the choice of a lens", () => {
  it("is still there after a reload", async () => {
    const page = await panels.open("vscode-dark", 900, 820, [show(raced)]);
    await choose(page, "Processors");
    await page.getByRole("combobox", { name: "GOMAXPROCS" }).selectOption("5");
    // It is kept once it has been painted.
    await page.waitForFunction(() => {
      const state: unknown = JSON.parse(sessionStorage.getItem("state") ?? "{}");
      const lens: unknown = Reflect.get(state as object, "lens");
      return Object.values(lens ?? {}).includes(5);
    });
    await reload(page, "vscode-dark", [show(raced)]);
    await page.getByRole("columnheader", { name: /Processor P4/ }).waitFor();
    expect(await page.getByRole("combobox", { name: "GOMAXPROCS" }).inputValue()).toBe("5");
    await page.close();
  });
});

describe("with reduced motion", () => {
  it("nothing moves", async () => {
    const page = await panels.open("vscode-dark", 560, 820, [
      show(raced),
      { type: "busy", title: "main.main" },
    ]);
    const progress = page.getByRole("status", { name: "Exploring" });
    const moving = async (): Promise<string> =>
      progress.evaluate((it) => getComputedStyle(it).animationName);
    expect(await moving()).toBe("slide");
    await page.evaluate(() => {
      document.body.classList.add("vscode-reduce-motion");
    });
    expect(await moving()).toBe("none");
    const animated = await page.evaluate(() => document.getAnimations().length);
    expect(animated).toBe(0);
    await page.close();
  });
});
