import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ExplorationSummary } from "../../protocol/finding.js";
import type { FromWebview, ToWebview } from "../../protocol/webview.js";
import type { Witness } from "../../protocol/witness.js";
import { geometryOf, laneX, rowY } from "../../webview/model/geometry.js";
import { openBrowser } from "../harness/vscode/browser.js";
import { root } from "../harness/vscode/paths.js";
import { at, deadlock, large, race } from "../unit/webview/witnesses.js";
import { type PanelPages, postTo, servePanel } from "./panel-page/page.js";
import { themes } from "./panel-page/themes.js";

// The panel alone, in every theme and at every width, with witnesses that are the same on each run.

const passing = { ...race.schedule, choices: [{ thread: 1 }] };
const panicking = { ...race.schedule, choices: [{ thread: 2 }] };

/** With all that a finding can have. */
const told: Witness = {
  ...race,
  steps: race.steps.map((it, index) => ({ ...it, essential: index < 3 || index > 9 })),
  contrast: { schedule: passing, steps: [6, 11] },
};

const summary: ExplorationSummary = {
  entry: "main.main",
  span: at("file:///a.go", 1),
  executions: 64,
  complete: false,
  limit: "time",
  estimate: 4000,
  sampled: 0,
  depth: 2000,
  unsupported: null,
  outcomes: [
    { kind: "race", executions: 40 },
    { kind: "panic", executions: 3 },
    { kind: "ok", executions: 21 },
  ],
  ends: [
    { kind: "race", label: "2 pages", executions: 40, schedule: race.schedule },
    { kind: "panic", label: "fetched twice: /c", executions: 3, schedule: panicking },
    { kind: "ok", label: "3 pages", executions: 20, schedule: null },
  ],
  search: { blocked: 0, conservative: 0, states: 0 },
};

const show = (
  selected: number,
  witnesses: readonly Witness[] = [told, deadlock, { ...race, outcome: { kind: "ok" } }],
): ToWebview => ({
  type: "show",
  origin: { uri: "file:///a.go", line: 0, fingerprint: null },
  title: "main.main",
  summary: [summary],
  witnesses,
  selected,
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

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Rules of axe that are broken, with the elements that break them. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(`${axe}; null`);
  return page.evaluate(async () => {
    const run = Reflect.get(window, "axe") as {
      run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
    };
    const { violations: found } = await run.run();
    return found.flatMap((it) => it.nodes.map((node) => `${it.id}: ${node.html}`));
  });
}

describe.each(themes)("%s", (theme) => {
  it.each([300, 560, 900, 1600])(
    "%i pixels wide: accessible, and nothing is cut off",
    async (width) => {
      for (const witness of [0, 1]) {
        const page = await panels.open(theme, width, 820, [show(witness)]);
        await page.getByRole("grid").waitFor();
        const folder = path.join(root, ".cache", "pictures");
        mkdirSync(folder, { recursive: true });
        await page.screenshot({
          path: path.join(folder, `panel-${theme}-${width}-${witness}.png`),
        });
        expect(await violations(page)).toEqual([]);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow).toBeLessThanOrEqual(0);
        await page.close();
      }
    },
  );
});

const posted = async (page: Page): Promise<FromWebview[]> =>
  page.evaluate(() => Reflect.get(window, "posted") as FromWebview[]);

/** Whether the middle of a step's mark is as the ground, so that the mark is hollow. */
async function isHollow(page: Page, row: number): Promise<boolean> {
  const { thread } = race.steps[row] ?? { thread: 0 };
  const geometry = geometryOf(await page.locator(".grid").evaluate((it) => it.clientWidth), 3);
  const [x, y] = [laneX(geometry, thread), rowY(geometry, row)];
  return page.locator("canvas.drawing").evaluate(
    (it, at) => {
      const canvas = it as HTMLCanvasElement;
      const top = new DOMMatrix(canvas.style.transform).f;
      const pixel = canvas.getContext("2d")?.getImageData(at.x, at.y - top, 1, 1).data;
      const paper = [0x1f, 0x1f, 0x1f];
      return paper.every((part, index) => Math.abs(part - (pixel?.[index] ?? 0)) < 4);
    },
    { x, y },
  );
}

describe("the panel", () => {
  it("finds and steps through a race without a mouse", async () => {
    const page = await panels.open("vscode-dark", 900, 700, [show(2)]);
    const heading = page.getByRole("heading", { level: 1 });
    await heading.filter({ hasText: "Passes" }).waitFor();
    await page.keyboard.press("n");
    await heading.filter({ hasText: "Data race" }).waitFor();
    await page.getByRole("row", { selected: true, name: /Races with step 7\./ }).waitFor();
    await page.keyboard.press("Home");
    await page.getByText("1. main adds 1 to wg, which is 1.").waitFor();
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Enter");
    await expect
      .poll(async () => posted(page))
      .toContainEqual({
        type: "reveal",
        span: race.steps[1]?.span,
        focus: true,
      });
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys and legend" }).waitFor();
    await page.close();
  });

  it("a click reveals the step's line and leaves the keyboard in the panel", async () => {
    const page = await panels.open("vscode-light", 900, 700, [show(0)]);
    await page.getByRole("row", { name: /^8\. / }).click();
    const revealed = async (): Promise<FromWebview[]> =>
      (await posted(page)).filter((it) => it.type === "reveal");
    await expect
      .poll(revealed)
      .toEqual([{ type: "reveal", span: race.steps[7]?.span, focus: false }]);
    await page.close();
  });

  it("keeps to its content security policy, and names of the program stay text", async () => {
    const threads = race.threads.map((it) => ({ ...it, name: "<img src=x onerror=alert(1)>" }));
    const page = await panels.open("vscode-dark", 900, 700, []);
    const complaints: string[] = [];
    page.on("console", (it) => complaints.push(it.text()));
    page.on("pageerror", (it) => complaints.push(it.message));
    await postTo(page, show(0, [{ ...race, threads }]));
    await page.getByText("<img src=x").first().waitFor();
    expect(await page.locator("img").count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("draws of a long schedule only what is in sight, and still goes to its end", async () => {
    const page = await panels.open("vscode-dark", 1200, 700, [show(0, [large(8, 2000)])]);
    await page.getByRole("grid").press("End");
    await page.getByRole("row", { name: /^2000\. / }).waitFor();
    expect(await page.locator(".row").count()).toBeLessThan(120);
    await page.close();
  });

  it("draws the cycle of a deadlock", async () => {
    const page = await panels.open("vscode-light", 1200, 700, [show(1)]);
    await page.locator(".diagram svg").waitFor();
    expect(await page.locator(".diagram svg").textContent()).toContain("transfer a→b");
    await page.close();
  });

  it("lists the ways in which the program ends, and asks for the schedule of one", async () => {
    const page = await panels.open("vscode-dark", 1200, 900, [show(1)]);
    const tree = page.getByRole("tree", { name: "Schedules by outcome" });
    const item = (name: RegExp): Locator => tree.getByRole("treeitem", { name });
    await item(/Other ends, only counted 1 of 64 orders so far/).waitFor();
    await item(/^Data race 40 orders$/).waitFor();
    await item(/^2 pages 40 of 64/).click();
    await page.getByRole("heading", { level: 1 }).filter({ hasText: "Data race" }).waitFor();
    // By keyboard: closed, and on to the panic, whose schedule has to be run.
    await tree.focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowLeft");
    expect(await item(/^2 pages/).count()).toBe(0);
    await page.getByRole("checkbox", { name: "Failing only" }).check();
    expect(await item(/^Passes/).count()).toBe(0);
    await page.getByRole("searchbox", { name: "Filter schedules" }).fill("twice");
    expect(await tree.getByRole("treeitem").count()).toBe(2);
    await tree.focus();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await expect
      .poll(async () => posted(page))
      .toContainEqual({ type: "replay", schedule: panicking });
    await page.keyboard.press("c");
    await expect
      .poll(async () => posted(page))
      .toContainEqual({ type: "replay", schedule: panicking, compare: true });
    await page.close();
  });

  it("tells what the nearest passing run does otherwise, and asks for it", async () => {
    const page = await panels.open("vscode-light", 900, 700, [show(0)]);
    await page
      .getByText(/differs in one thing: main.go:23 of crawl .a before main.go:22/)
      .waitFor();
    await page.getByRole("button", { name: "show the nearest passing schedule" }).click();
    await expect
      .poll(async () => posted(page))
      .toContainEqual({ type: "replay", schedule: passing });
    await page.close();
  });

  it("tells steps that do not matter from those that do, and not by colour", async () => {
    const page = await panels.open("vscode-dark", 900, 700, [show(0)]);
    await page.getByRole("row", { name: /^5\. .* It would end the same way without/ }).waitFor();
    expect(await page.getByRole("row", { name: /without this step/ }).count()).toBe(7);
    // Steps 4 and 10 do not matter, 11 and 14 do.
    const hollow = await Promise.all([3, 9, 10, 13].map(async (it) => isHollow(page, it)));
    expect(hollow).toEqual([true, true, false, false]);
    await page.close();
  });

  it("says so when the source changed, and explores again when asked", async () => {
    const page = await panels.open("vscode-dark", 900, 700, [
      show(0),
      { type: "stale", stale: true },
    ]);
    await page.getByRole("button", { name: "Explore again" }).click();
    await expect.poll(async () => posted(page)).toContainEqual({ type: "refresh" });
    await page.close();
  });

  it("lights the steps of the editor's line", async () => {
    const uri = race.steps[0]?.span.uri ?? "";
    const page = await panels.open("vscode-dark", 900, 700, [
      show(0),
      { type: "cursor", uri, line: 21 },
    ]);
    await page.locator(".row.lit").nth(1).waitFor();
    expect(await page.locator(".row.lit").count()).toBe(2);
    await page.close();
  });
});
