import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ExplorationSummary } from "../../protocol/finding.js";
import type { ToWebview } from "../../protocol/webview.js";
import type { Witness, WitnessObject } from "../../protocol/witness.js";
import { openBrowser } from "../harness/vscode/browser.js";
import { root } from "../harness/vscode/paths.js";
import { failing, passing } from "../unit/webview/compared-witnesses.js";
import { at, deadlock, race } from "../unit/webview/witnesses.js";
import { posted, violations } from "./panel-page/axe.js";
import { type PanelPages, postTo, reload, servePanel } from "./panel-page/page.js";
import { themes } from "./panel-page/themes.js";

// Two schedules side by side, in every theme and at every width, by keyboard.

const summary: ExplorationSummary = {
  entry: "main.main",
  span: at("file:///samples/counter/main.go", 12),
  executions: 4,
  complete: true,
  limit: null,
  estimate: null,
  sampled: 0,
  depth: 2000,
  unsupported: null,
  outcomes: [
    { kind: "panic", executions: 2 },
    { kind: "ok", executions: 2 },
  ],
  ends: [
    { kind: "panic", label: "x = 1", executions: 2, schedule: failing.schedule },
    { kind: "ok", label: "x = 2", executions: 2, schedule: passing.schedule },
  ],
  search: { blocked: 3, conservative: 0, states: 9 },
};

const show = (witnesses = [failing, passing, deadlock], more: object = {}): ToWebview => ({
  type: "show",
  origin: { uri: "file:///samples/counter/main.go", line: 0, fingerprint: null },
  title: "main.main",
  summary: [summary],
  witnesses,
  selected: 0,
  ...more,
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

describe.each(themes)("%s", (theme) => {
  it.each([300, 560, 900, 1600])("%i pixels wide: accessible, nothing cut off", async (width) => {
    const page = await panels.open(theme, width, 820, [show()]);
    await page.getByRole("grid").press("c");
    await page.getByRole("heading", { name: "Compare two schedules" }).waitFor();
    const folder = path.join(root, ".cache", "pictures");
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: path.join(folder, `compare-${theme}-${width}.png`) });
    expect(await violations(page)).toEqual([]);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    await page.close();
  });
});

/** `failing` with a channel, a wait group, and readers of a lock. */
const things: Witness = {
  ...race,
  objects: [
    ...race.objects.map(
      (it): WitnessObject => (it.kind === "mutex" ? { ...it, kind: "rwmutex" } : it),
    ),
    { name: "jobs", kind: "channel", span: null, capacity: 3 },
    { name: "done", kind: "channel", span: null, capacity: 0 },
  ],
  steps: race.steps.map((it, row) =>
    row === 9 ? { ...it, buffers: [{ object: 4, values: ["job 1", "job 2"] }] } : it,
  ),
};

describe("beside the lanes", () => {
  it.each(themes)("%s: channels, the tree and why are accessible", async (theme) => {
    for (const width of [300, 560, 1200]) {
      const page = await panels.open(theme, width, 900, [show([things], { step: 9 })]);
      await page.getByText("Why?").click();
      await page.getByText("By then crawl /a knows nothing of crawl /b").waitFor();
      await page.getByText("2/3 [job 1, job 2]").waitFor();
      const folder = path.join(root, ".cache", "pictures");
      await page.screenshot({ path: path.join(folder, `things-${theme}-${width}.png`) });
      expect(await violations(page)).toEqual([]);
      await page.close();
    }
  });

  it("goes to the step that is known last", async () => {
    const page = await panels.open("vscode-dark", 900, 700, [show([things])]);
    await page.getByText("Why?").click();
    await page.getByRole("button", { name: "step 2", exact: true }).press("Enter");
    await page.getByText("2. main starts goroutine crawl /a.").waitFor();
    await page.close();
  });
});

const selectedAt = (witness: number): unknown => {
  return expect.objectContaining({ type: "selected", witness }) as unknown;
};

describe("comparing", () => {
  it("names the switch, steps both sides together and each alone, without a mouse", async () => {
    const page = await panels.open("vscode-dark", 1200, 800, [show()]);
    await page.getByRole("grid").press("c");
    const difference = page.getByRole("region", { name: "What is different" });
    await difference.getByText("Steps 1–5 are the same.").waitFor();
    await difference
      .getByText(
        "At step 6, A lets add #2 run, which begins (L5); B lets add go on, which writes x = 1 (L7).",
      )
      .waitFor();
    await page.getByText("Here A lets add #2 run").waitFor();
    await page.getByText("Here B lets add go on").waitFor();
    const a = page.getByRole("grid", { name: "Steps of A" });
    const b = page.getByRole("grid", { name: "Steps of B" });
    const here = { selected: true } as const;
    await a.getByRole("row", here).filter({ hasText: "begins" }).waitFor();
    // Backwards they go together; what is the same is shown when the cursor is there.
    await page.keyboard.press("Home");
    await a.getByRole("row", here).filter({ hasText: "main" }).waitFor();
    await b.getByRole("row", here).filter({ hasText: "main" }).waitFor();
    // The same operation on the other side, wherever it is there.
    for (let it = 0; it < 6; it++) await page.keyboard.press("ArrowDown");
    await a.getByRole("row", here).filter({ hasText: "→ 0" }).waitFor();
    await b.getByRole("row", here).filter({ hasText: "→ 1" }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("End");
    await page.getByText("B: 13. main ends.").waitFor();
    await page.keyboard.press("Enter");
    await expect
      .poll(async () => posted(page))
      .toContainEqual({ type: "reveal", span: passing.steps[12]?.span, focus: true });
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { level: 1, name: "Panic" }).waitFor();
    await page.close();
  });

  it("asks for the run of the nearest passing schedule, and shows it when it comes", async () => {
    const page = await panels.open("vscode-light", 900, 700, [show([failing])]);
    await page.getByRole("button", { name: "Compare the two" }).click();
    await expect
      .poll(async () => posted(page))
      .toContainEqual({ type: "replay", schedule: passing.schedule, compare: true });
    await postTo(page, show([failing, passing], { compare: 1 }));
    await page.getByRole("grid", { name: "Steps of B" }).waitFor();
    await page.close();
  });

  it("is still there after a reload, whichever side had the cursor", async () => {
    const page = await panels.open("vscode-dark", 1200, 800, [show()]);
    await page.getByRole("grid").press("c");
    const heading = page.getByRole("heading", { name: "Compare two schedules" });
    await heading.waitFor();
    await page.keyboard.press("Tab");
    await expect.poll(async () => posted(page)).toContainEqual(selectedAt(1));
    await reload(page, "vscode-dark", [show(undefined, { selected: 1, step: 5 })]);
    await heading.waitFor();
    const difference = page.getByRole("region", { name: "What is different" });
    await difference.getByText(/A lets add #2 run, .*; B lets add go on/).waitFor();

    // The extension has run it only once, and is asked again.
    await reload(page, "vscode-dark", [show([failing])]);
    await expect
      .poll(async () => posted(page))
      .toContainEqual({ type: "replay", schedule: passing.schedule, compare: true });
    await page.close();
  });

  it("compares any two", async () => {
    const page = await panels.open("vscode-dark", 900, 700, [
      show(),
      { type: "command", command: "compareSchedules" },
    ]);
    await page.getByRole("combobox", { name: "Schedule B" }).selectOption({ index: 2 });
    await page.getByText("B ends: Deadlock.").waitFor();
    await page.close();
  });

  it("says why there is nothing to compare with", async () => {
    const alone = { ...summary, outcomes: [{ kind: "panic", executions: 4 }], ends: [] };
    const page = await panels.open("vscode-dark", 900, 700, [
      show([{ ...failing, contrast: null }], { summary: [alone] }),
    ]);
    await page.getByRole("grid").press("c");
    await page.getByRole("status").getByText("Every order fails: all 4 were run.").waitFor();
    await page.close();
  });
});
