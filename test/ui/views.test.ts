import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ToWebview } from "../../protocol/webview.js";
import type { Witness } from "../../protocol/witness.js";
import { openBrowser } from "../harness/vscode/browser.js";
import { root } from "../harness/vscode/paths.js";
import { deadlock, large, race } from "../unit/webview/witnesses.js";
import { violations } from "./panel-page/axe.js";
import { type PanelPages, postTo, servePanel } from "./panel-page/page.js";
import { themes } from "./panel-page/themes.js";

// What the panel can be made to show beside its first view, in every theme and at every width; and the wishes of the
// user's system: no motion, colours of their own.

const show = (witness: Witness): ToWebview => ({
  type: "show",
  origin: { uri: "file:///a.go", line: 0, fingerprint: null },
  title: "main.main",
  summary: [],
  witnesses: [witness],
  code: race.steps.map(({ span: { uri, start } }) => ({
    uri,
    line: start.line,
    text: `\tif fetched[url] { // line ${start.line + 1}`,
  })),
  selected: 0,
});

interface View {
  readonly name: string;
  readonly witness: Witness;
  readonly open: (page: Page) => Promise<void>;
}

const views: readonly View[] = [
  {
    name: "search",
    witness: race,
    open: async (page) => {
      await page.keyboard.press("/");
      await page.getByRole("textbox", { name: "Search steps" }).fill("fetched");
      const count = page.getByRole("search").getByRole("status");
      await count.filter({ hasText: /^\d+ (of|match)/ }).waitFor();
    },
  },
  {
    name: "zoomed-out",
    witness: large(8, 1200),
    open: async (page) => {
      await page.keyboard.press("0");
      await expect.poll(async () => page.locator(".rows .row").count()).toBe(1);
    },
  },
];

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

async function picture(page: Page, name: string): Promise<void> {
  const folder = path.join(root, ".cache", "pictures");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `views-${name}.png`) });
}

const overflow = async (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe.each(themes)("%s", (theme) => {
  it.each([300, 560, 900, 1600])("%i pixels wide: accessible, nothing cut off", async (width) => {
    for (const { name, witness, open } of views) {
      const page = await panels.open(theme, width, 820, [show(witness)]);
      await page.locator("canvas.drawing[data-frames]").waitFor();
      await page.getByRole("grid").focus();
      await open(page);
      await picture(page, `${name}-${theme}-${width}`);
      expect(await violations(page), name).toEqual([]);
      expect(await overflow(page), name).toBeLessThanOrEqual(0);
      await page.close();
    }
  });
});

it.each(themes)("keys and legend are accessible in %s", async (theme) => {
  const page = await panels.open(theme, 560, 820, [show(race)]);
  await page.getByRole("grid").press("?");
  await page.getByRole("dialog", { name: "Keys and legend" }).waitFor();
  await picture(page, `keys-${theme}`);
  expect(await violations(page)).toEqual([]);
  await page.close();
});

it("nothing moves where the system wants no motion, and playing jumps", async () => {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const page = await panels.open("vscode-dark", 900, 700, [show(race)], context);
  await postTo(page, { type: "busy", title: "main.main" });
  await page.getByRole("status", { name: "Exploring" }).waitFor();
  await page.getByRole("button", { name: /^Next switch of lanes/ }).waitFor();
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  await page.getByRole("grid").focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Space");
  await page.getByRole("row", { name: /^6\. /, selected: true }).waitFor();
  await context.close();
});

/** The contrast of two colours as the browser computes them, `rgb(…)` (WCAG 2). */
function contrast(a: string, b: string): number {
  const luminance = (color: string): number => {
    const [r = 0, g = 0, b = 0] = [...color.matchAll(/[\d.]+/g)].slice(0, 3).map(([it]) => {
      const part = Number(it) / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** Of the lanes: the darkest of a red, green or blue, and how many pixels have a colour of ours. */
async function painted(page: Page): Promise<{ darkest: number; coloured: number }> {
  return page.evaluate(() => {
    const it = document.querySelector<HTMLCanvasElement>("canvas.drawing");
    const { data = [] } = it?.getContext("2d")?.getImageData(0, 0, it.width, it.height) ?? {};
    let [darkest, coloured] = [255, 0];
    for (let at = 0; at < data.length; at += 4) {
      const [r = 0, g = 0, b = 0, a = 0] = data.slice(at, at + 4);
      if (a < 255) continue;
      darkest = Math.min(darkest, r, g, b);
      if (Math.max(r, g, b) - Math.min(r, g, b) > 8) coloured += 1;
    }
    return { darkest, coloured };
  });
}

it.each([
  ["a race", race],
  ["a deadlock", deadlock],
] as const)("%s can be read in the colours that the system forces", async (_, witness) => {
  const context = await browser.newContext({ forcedColors: "active" });
  const page = await panels.open("vscode-dark", 900, 820, [show(witness)], context);
  await page.locator("canvas.drawing[data-frames]").waitFor();
  const colors = await page.evaluate(() => {
    const of = (selector: string): string[] =>
      [...document.querySelectorAll(selector)].map((it) => getComputedStyle(it).color);
    return {
      paper: getComputedStyle(document.documentElement).backgroundColor,
      texts: [".places li", ".missing", ".row .verb", ".state h2"].flatMap(of),
      outline: getComputedStyle(document.querySelector(".row.here") ?? document.body).outlineStyle,
    };
  });
  expect(colors.texts.length).toBeGreaterThan(8);
  const paper = /, 0\)$/.test(colors.paper) ? "rgb(255, 255, 255)" : colors.paper;
  for (const it of colors.texts) expect(contrast(it, paper)).toBeGreaterThanOrEqual(7);
  expect(colors.outline).not.toBe("none");
  await expect.poll(async () => painted(page)).toEqual({ darkest: 0, coloured: 0 });
  await picture(page, `forced-colors-${witness.outcome.kind}`);
  // Contrast is looked at above: axe reckons with the colours of the style sheet.
  const broken = await violations(page);
  expect(broken.filter((it) => !it.startsWith("color-contrast"))).toEqual([]);
  await context.close();
});
