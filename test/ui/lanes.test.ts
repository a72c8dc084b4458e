import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FromWebview, ToWebview } from "../../protocol/webview.js";
import type { Witness } from "../../protocol/witness.js";
import { openBrowser } from "../harness/vscode/browser.js";
import { root } from "../harness/vscode/paths.js";
import { large, race } from "../unit/webview/witnesses.js";
import { type PanelPages, postTo, servePanel } from "./panel-page/page.js";
import { type Theme, themes, themeVariables } from "./panel-page/themes.js";

// Moving about in the lanes of the panel, and what their canvas really shows.

const show = (witness: Witness): ToWebview => ({
  type: "show",
  origin: { uri: "file:///a.go", line: 0, fingerprint: null },
  title: "main.main",
  summary: [],
  witnesses: [witness],
  selected: 0,
});

const long = large(16, 3000);

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

async function open(
  witness: Witness,
  theme: Theme = "vscode-dark",
  width = 1000,
  height = 800,
): Promise<Page> {
  const page = await panels.open(theme, width, height, [show(witness)]);
  await page.getByRole("grid").waitFor();
  await page.locator("canvas.drawing[data-frames]").waitFor();
  return page;
}

const keep = async (page: Page, name: string): Promise<void> => {
  const folder = path.join(root, ".cache", "pictures");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `lanes-${name}.png`) });
};

/** How many pixels of a canvas have this colour, as `#rrggbb`. */
async function pixels(canvas: Locator, color: string): Promise<number> {
  return canvas.evaluate((it, wanted) => {
    if (!(it instanceof HTMLCanvasElement)) throw new Error("no canvas");
    const brush = it.getContext("2d");
    if (brush === null) throw new Error("no brush");
    const { data } = brush.getImageData(0, 0, it.width, it.height);
    const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(wanted.slice(at, at + 2), 16));
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
      if (data[at] === r && data[at + 1] === g && data[at + 2] === b && data[at + 3] === 255) {
        count += 1;
      }
    }
    return count;
  }, color);
}

const colorOf = (theme: Theme, name: string): string =>
  (themeVariables(theme)[`happensBefore-${name}`] ?? "").toLowerCase();

const drawing = (page: Page): Locator => page.locator("canvas.drawing");
const frames = async (page: Page): Promise<number> =>
  Number(await drawing(page).getAttribute("data-frames"));
const scrollTop = async (page: Page): Promise<number> =>
  page.getByRole("grid").evaluate((it) => it.scrollTop);
const rowsShown = async (page: Page): Promise<number> => page.locator(".rows .row").count();
const selected = (page: Page): Locator => page.getByRole("row", { selected: true });

describe.each(themes)("the canvas in %s", (theme) => {
  it("shows lanes, locks and the race in the theme's colours", async () => {
    const page = await open(race, theme);
    for (const name of ["lane1", "lane2", "lane3", "lock", "race"]) {
      await expect
        .poll(async () => pixels(drawing(page), colorOf(theme, name)), { message: name })
        .toBeGreaterThan(20);
    }
    expect(await pixels(page.locator(".strip canvas"), colorOf(theme, "lane1"))).toBeGreaterThan(
      20,
    );
    await page.close();
  });

  it("shows all of a long schedule, one label and no other text", async () => {
    const page = await open(long, theme);
    await page.keyboard.press("0");
    await expect.poll(async () => rowsShown(page)).toBe(1);
    await expect
      .poll(async () => pixels(drawing(page), colorOf(theme, "lane8")))
      .toBeGreaterThan(20);
    await keep(page, `fit-${theme}`);
    await page.close();
  });
});

describe("the canvas", () => {
  it("follows another theme at once", async () => {
    const page = await open(race, "vscode-dark");
    const dark = colorOf("vscode-dark", "lane1");
    const light = colorOf("vscode-light", "lane1");
    expect(await pixels(drawing(page), dark)).toBeGreaterThan(20);
    await page.evaluate(() => {
      document.body.classList.replace("vscode-dark", "vscode-light");
    });
    await expect.poll(async () => pixels(drawing(page), light)).toBeGreaterThan(20);
    expect(await pixels(drawing(page), dark)).toBe(0);
    expect(await pixels(page.locator(".strip canvas"), dark)).toBe(0);
    await page.close();
  });

  it("has a pixel for each of the screen's", async () => {
    const context = await browser.newContext({ deviceScaleFactor: 2 });
    const page = await panels.open("vscode-dark", 800, 600, [show(race)], context);
    await page.locator("canvas.drawing[data-frames]").waitFor();
    const ratio = await drawing(page).evaluate(
      (it) => (it as HTMLCanvasElement).width / it.clientWidth,
    );
    expect(ratio).toBe(2);
    await context.close();
  });

  it("is not drawn while nothing happens", async () => {
    const page = await open(long);
    await page.waitForTimeout(500);
    const before = await frames(page);
    await page.waitForTimeout(1500);
    expect(await frames(page)).toBe(before);
    await page.keyboard.press("ArrowDown");
    await expect.poll(async () => frames(page)).toBeGreaterThan(before);
    await page.close();
  });

  it("answers a click on a lane with its nearest step, and reveals its line", async () => {
    const page = await open(long);
    await page.keyboard.press("0");
    await expect.poll(async () => rowsShown(page)).toBe(1);
    const box = await page.getByRole("columnheader", { name: /worker 7/ }).boundingBox();
    if (box === null) throw new Error("no lane");
    await page.mouse.click(box.x + box.width / 2, 500);
    await selected(page).filter({ hasText: "L" }).waitFor();
    const label = (await selected(page).getAttribute("aria-label")) ?? "";
    expect(label).toMatch(/^1\d\d\d\. worker 7 /);
    const posted = await page.evaluate(() => Reflect.get(window, "posted") as FromWebview[]);
    expect(posted.some((it) => it.type === "reveal" && !it.focus)).toBe(true);
    await page.close();
  });
});

describe("zooming and panning", () => {
  it("goes out to the whole schedule and back to the step, by key", async () => {
    const page = await open(long);
    await page.keyboard.press("End");
    await page.getByRole("row", { name: /^3000\. / }).waitFor();
    const far = await scrollTop(page);
    for (let it = 0; it < 4; it++) await page.keyboard.press("s");
    await expect.poll(async () => rowsShown(page)).toBe(1);
    expect(await page.getByRole("grid").getAttribute("aria-rowcount")).toBe("3001");
    expect(await selected(page).getAttribute("aria-label")).toMatch(/^3000\. /);
    expect(await scrollTop(page)).toBeLessThan(far / 2);
    await page.keyboard.press("0");
    await expect.poll(async () => scrollTop(page)).toBe(0);
    expect(await page.getByRole("button", { name: /^Zoom out/ }).isDisabled()).toBe(true);
    await page.keyboard.press("f");
    await expect.poll(async () => rowsShown(page)).toBeGreaterThan(5);
    await page.getByRole("row", { name: /^3000\. / }).waitFor();
    await page.keyboard.press("w");
    await expect
      .poll(async () => selected(page).evaluate((it) => it.clientHeight))
      .toBeGreaterThan(30);
    await page.close();
  });

  it("keeps what is under the pointer in its place, with the wheel", async () => {
    const page = await open(long);
    const grid = page.getByRole("grid");
    await grid.evaluate((it) => {
      it.scrollTop = 30_000;
    });
    const at = async (): Promise<number> =>
      grid.evaluate((it) => {
        const rows = it.querySelector(".rows")?.getBoundingClientRect();
        return rows === undefined ? 0 : (500 - rows.top) / rows.height;
      });
    const before = await at();
    await page.mouse.move(500, 500);
    await page.keyboard.down("Control");
    for (let it = 0; it < 6; it++) await page.mouse.wheel(0, 150);
    await page.keyboard.up("Control");
    await expect.poll(async () => rowsShown(page)).toBe(1);
    expect(Math.abs((await at()) - before)).toBeLessThan(0.005);
    await page.close();
  });

  it("makes no rows on the way that are not in sight", async () => {
    const page = await open(long);
    const grid = page.getByRole("grid");
    await grid.evaluate((it) => {
      it.scrollTop = 30_000;
    });
    const high = async (): Promise<number> =>
      page.locator(".rows").evaluate((it) => it.clientHeight);
    await expect.poll(async () => page.locator(".rows .row").nth(1).isVisible()).toBe(true);
    const before = await high();
    await grid.evaluate((it) => {
      new MutationObserver((changes) => {
        const made = changes.flatMap(({ addedNodes }) => [...addedNodes]);
        const rows = made.filter((node) => node instanceof Element && node.matches(".row"));
        it.dataset["made"] = `${Number(it.dataset["made"] ?? 0) + rows.length}`;
      }).observe(it, { subtree: true, childList: true });
    });
    await page.mouse.move(500, 500);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -60);
    await page.keyboard.up("Control");
    await expect.poll(high).toBeGreaterThan(before);
    await page.evaluate(async () => {
      for (let it = 0; it < 3; it++) await new Promise((done) => requestAnimationFrame(done));
    });
    const made = await grid.evaluate((it) => Number(it.dataset["made"] ?? 0));
    expect(made).toBeLessThan(12);
    await page.close();
  });

  it("pans without leaving the step", async () => {
    const page = await open(long);
    await page.keyboard.press("d");
    await expect.poll(async () => scrollTop(page)).toBeGreaterThan(50);
    const there = await scrollTop(page);
    await page.keyboard.press("a");
    await expect.poll(async () => scrollTop(page)).toBeLessThan(there);
    expect(await selected(page).getAttribute("aria-label")).toMatch(/^1\. /);
    await page.close();
  });

  it("pans by dragging the lanes, and selects only where the hand was still", async () => {
    const page = await open(long);
    const here = async (): Promise<string | null> => selected(page).getAttribute("id");
    await page.getByRole("grid").press("Home");
    await expect.poll(here).toBe("step-0");
    const place = await page.locator("#step-6 .cell.lane").first().boundingBox();
    const [x, y] = [(place?.x ?? 0) + 5, (place?.y ?? 0) + 5];
    const before = await scrollTop(page);
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, y - 150, { steps: 5 });
    await page.mouse.up();
    expect(await scrollTop(page)).toBe(before + 150);
    expect(await here()).toBe("step-0");
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 1, y + 1);
    await page.mouse.up();
    await expect.poll(here).not.toBe("step-0");
    await page.close();
  });

  it("scrubs over the strip, which shows what is in sight", async () => {
    const page = await open(long);
    const strip = page.getByRole("slider", { name: "Step" });
    const box = await strip.boundingBox();
    if (box === null) throw new Error("no strip");
    await page.mouse.move(box.x + 4, box.y + 8);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + 8, { steps: 6 });
    await page.mouse.up();
    await expect
      .poll(async () => Number(await strip.getAttribute("aria-valuenow")))
      .toBeGreaterThan(1450);
    const middle = async (): Promise<number> => {
      const seen = await page.locator(".strip .in-sight").boundingBox();
      return seen === null ? 0 : (seen.x + seen.width / 2 - box.x) / box.width;
    };
    await expect.poll(async () => Math.abs((await middle()) - 0.5)).toBeLessThan(0.03);
    await page.close();
  });
});

describe("searching", () => {
  it("finds, counts, goes through what it found, and gives the keyboard back", async () => {
    const page = await open(race);
    await page.keyboard.press("/");
    await page.getByRole("textbox", { name: "Search steps" }).waitFor();
    await page.keyboard.type("L22");
    const count = page.getByRole("search").getByRole("status");
    await count.filter({ hasText: "2 matches" }).waitFor();
    expect(await page.getByRole("row", { name: /Matches the search\./ }).count()).toBe(2);
    expect(await page.locator(".found-icon svg").count()).toBe(2);
    await page.keyboard.press("Enter");
    await count.filter({ hasText: "1 of 2" }).waitFor();
    await page.keyboard.press("Enter");
    await count.filter({ hasText: "2 of 2" }).waitFor();
    await page.keyboard.press("Shift+Enter");
    await count.filter({ hasText: "1 of 2" }).waitFor();
    await keep(page, "search");
    await page.keyboard.press("Escape");
    await page.getByRole("search").waitFor({ state: "detached" });
    // The grid has the keyboard again.
    await page.keyboard.press("Home");
    await page.getByText("1. main adds 1 to wg, which is 1.").waitFor();
    await page.close();
  });

  it("takes letters as words, not as keys", async () => {
    const page = await open(race);
    await page.keyboard.press("/");
    await page.keyboard.type("nwsh 0?");
    expect(await page.getByRole("textbox").inputValue()).toBe("nwsh 0?");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.close();
  });
});

describe("playing", () => {
  it("goes on by itself only when asked, at the speed that was chosen", async () => {
    const page = await open(long);
    await page.waitForTimeout(1200);
    expect(await selected(page).getAttribute("aria-label")).toMatch(/^1\. /);
    const speed = page.getByRole("button", { name: /^Speed of playing/ });
    await speed.click();
    await speed.click();
    expect(await speed.textContent()).toBe("4×");
    await page.getByRole("grid").focus();
    await page.keyboard.press("Space");
    await expect
      .poll(async () =>
        Number.parseInt((await selected(page).getAttribute("aria-label")) ?? "", 10),
      )
      .toBeGreaterThan(3);
    await page.keyboard.press("Space");
    const stopped = await selected(page).getAttribute("aria-label");
    await page.waitForTimeout(700);
    expect(await selected(page).getAttribute("aria-label")).toBe(stopped);
    await page.close();
  });

  it("jumps where motion is not wanted", async () => {
    const page = await open(race);
    await page.evaluate(() => {
      document.body.classList.add("vscode-reduce-motion");
    });
    await page.getByRole("button", { name: /^Next switch of lanes/ }).waitFor();
    await page.getByRole("grid").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Space");
    await page.getByRole("row", { name: /^6\. /, selected: true }).waitFor();
    await page.waitForTimeout(1100);
    expect(await selected(page).getAttribute("aria-label")).toMatch(/^6\. /);
    await page.close();
  });
});

describe("keys", () => {
  it("that write a character do nothing when switched off, and commands still do", async () => {
    const page = await open(long);
    await postTo(page, { type: "settings", settings: { singleLetterKeys: false } });
    await page.keyboard.press("0");
    await page.keyboard.press("?");
    await page.keyboard.press("ArrowDown");
    await page.getByRole("row", { name: /^2\. /, selected: true }).waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
    expect(await rowsShown(page)).toBeGreaterThan(1);
    await postTo(page, { type: "command", command: "fitAll" });
    await expect.poll(async () => rowsShown(page)).toBe(1);
    await postTo(page, { type: "command", command: "toggleKeys" });
    await page
      .getByRole("dialog")
      .getByText(/Keys that write a character are off/)
      .waitFor();
    await page.close();
  });

  it("and the palette show the source of the step", async () => {
    const page = await open(race);
    await postTo(page, { type: "command", command: "firstStep" });
    await postTo(page, { type: "command", command: "goToSource" });
    const posted = async (): Promise<FromWebview[]> =>
      page.evaluate(() => Reflect.get(window, "posted") as FromWebview[]);
    await expect
      .poll(posted)
      .toContainEqual({ type: "reveal", span: race.steps[0]?.span, focus: true });
    await page.close();
  });
});
