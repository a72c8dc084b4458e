import { mkdirSync } from "node:fs";
import path from "node:path";
import type { FrameLocator, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formWords } from "../../protocol/lab.js";
import { root } from "../harness/vscode/paths.js";
import { squiggles, webview, type Workbench } from "../harness/vscode/workbench.js";
import { picture } from "./acceptance.js";
import { openEmpty, palette, pick } from "./palette.js";

// The crawlers as a user meets them in VS Code: in a folder without code, and without Go.

mkdirSync(path.join(root, ".cache", "pictures"), { recursive: true });

describe("Explore Crawler", () => {
  let vscode: Workbench;
  beforeAll(async () => {
    vscode = await openEmpty();
  });
  afterAll(async () => vscode.close());

  it("shows the page that is fetched twice after two actions, without Go and without a file", async () => {
    const { page } = vscode;
    const start = performance.now();
    await palette(page, "Happens Before: Explore Crawler…");
    await pick(page, "No lock");
    const picked = (performance.now() - start) / 1000;
    const panel = webview(page);
    await panel
      .getByText(/fetched twice/)
      .first()
      .waitFor();
    const seconds = (performance.now() - start) / 1000;
    console.log(
      `the duplicate fetch is on screen after 2 actions and ${seconds.toFixed(1)} s, ${(seconds - picked).toFixed(1)} s of them after the second`,
    );
    await squiggles(page, "error").first().waitFor();
    await picture(page, "lab-explore");
  });
});

describe("Run Crawler Demo", () => {
  let vscode: Workbench;
  let lab: FrameLocator;
  beforeAll(async () => {
    vscode = await openEmpty();
    lab = webview(vscode.page);
  });
  afterAll(async () => vscode.close());

  const rows = (): Locator => lab.locator(".one-clock tbody tr");
  const state = (words: string): Locator =>
    rows().filter({ has: lab.locator(".state", { hasText: new RegExp(`^${words}$`) }) });

  it("runs all forms on the website: the same pages each, none twice", async () => {
    const { page } = vscode;
    await palette(page, "Happens Before: Run Crawler Demo…");
    await pick(page, "All side by side");
    await pick(page, "Small website");
    await state("done").nth(5).waitFor();
    await picture(page, "lab-run");
    const figures = (await rows().allInnerTexts()).map((it) => it.split("\t"));
    console.log(figures.map((it) => it.join("  ")).join("\n"));
    expect(figures.map(([form]) => form)).toEqual(formWords.map((it) => it.label));
    const pages = figures.map((it) => it[4]);
    expect(new Set(pages).size).toBe(1);
    expect(Number(pages[0])).toBeGreaterThanOrEqual(40);
    expect(figures.map((it) => it[5])).toEqual(formWords.map(() => "0"));
  });

  it("measures throughput, beside the serial crawler", async () => {
    await lab.getByRole("combobox", { name: "Crawler" }).selectOption("pool");
    await lab.getByRole("button", { name: "Measure throughput" }).click();
    await lab.locator(".curve-words", { hasText: /At most \d+ pages\/s/ }).waitFor();
    console.log(await lab.locator(".curve-words").first().innerText());
    await picture(vscode.page, "lab-curve");
  });

  it("stops from the palette, and says so", async () => {
    const { page } = vscode;
    await lab.getByRole("combobox", { name: "Crawler" }).selectOption("serial");
    await lab.getByRole("combobox", { name: "Website" }).selectOption("large");
    await lab.getByRole("spinbutton", { name: "Latency" }).fill("200");
    await lab.getByRole("button", { name: "Run" }).click();
    await state("running").waitFor();
    await palette(page, "Happens Before: Stop Crawler");
    await state("stopped").waitFor();
    await lab.getByRole("button", { name: "Run" }).and(lab.locator(":enabled")).waitFor();
  });

  it("the sample of a form opens beside the figures, and they are still there after it", async () => {
    const { page } = vscode;
    await lab.getByRole("button", { name: "Open source" }).click();
    await page.locator(".tab.active", { hasText: "serial.ts" }).waitFor();
    await page.locator(".tab", { hasText: "Crawler Lab" }).click();
    await state("stopped").waitFor();
  });

  it("the orders of a form in TypeScript are searched, too: all of them pass", async () => {
    const { page } = vscode;
    await lab.getByRole("combobox", { name: "Crawler" }).selectOption("event-loop");
    await lab.getByRole("button", { name: "Explore this form" }).click();
    await page.locator(".tab", { hasText: "event-loop.ts" }).waitFor();
    await page.locator(".tab", { hasText: "Interleavings" }).waitFor();
    const panel = webview(page);
    await panel.locator(".headline h1").waitFor();
    await picture(page, "lab-typescript");
    expect(await panel.locator(".headline.good .badge.complete").count()).toBe(1);
  });
});

describe("the walkthrough", () => {
  let vscode: Workbench;
  beforeAll(async () => {
    vscode = await openEmpty();
  });
  afterAll(async () => vscode.close());

  it("has five steps, and the first one opens the crawler", async () => {
    const { page } = vscode;
    await page.setViewportSize({ width: 1600, height: 900 }); // below that its pictures are left out
    await palette(page, "Welcome: Open Walkthrough...");
    await pick(page, "See a Race Before It Happens");
    await page.locator(".getting-started-step").nth(4).waitFor();
    expect(await page.locator(".getting-started-step").count()).toBe(5);
    await page.getByRole("button", { name: "Explore Crawler", exact: true }).waitFor();
    for (const [i, step] of (await page.locator(".getting-started-step").all()).entries()) {
      await step.click();
      await page.waitForTimeout(500); // its picture is faded in
      await picture(page, `lab-walkthrough-${i + 1}`);
    }
    await page.locator(".getting-started-step").first().click();
    await page.getByRole("button", { name: "Explore Crawler", exact: true }).click();
    await webview(page)
      .getByText(/fetched twice/)
      .first()
      .waitFor();
  });

  it("the third step makes one the scheduler, and is then done", async () => {
    const { page } = vscode;
    const step = page.locator(".getting-started-step", { hasText: "Be the scheduler" });
    await page.locator(".tab", { hasText: "Welcome" }).click();
    await step.click();
    await page.getByRole("button", { name: "Be the Scheduler", exact: true }).click();
    // The picture of the walkthrough is a webview, too, until it is hidden.
    const shown = page.locator("iframe.webview.ready");
    await expect.poll(async () => shown.count(), { timeout: 60_000 }).toBe(1);
    await webview(page).locator("main.scheduler").waitFor();
    await page.locator(".tab", { hasText: "Welcome" }).click();
    await step.locator(".codicon.complete").first().waitFor();
  });
});
