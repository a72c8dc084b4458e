import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PanelState, ToWebview } from "../../protocol/webview.js";
import { openBrowser } from "../harness/vscode/browser.js";
import { root } from "../harness/vscode/paths.js";
import { posted, violations } from "./panel-page/axe.js";
import { type PanelPages, postTo, reload, servePanel } from "./panel-page/page.js";
import { counter, type Player, Players, transfers } from "./panel-page/player.js";
import { type Theme, themes } from "./panel-page/themes.js";

// Being the scheduler in the panel alone, of real programs, in every theme and at every width.

let browser: Browser;
let panels: PanelPages;
const players = new Players();
let lostUpdate: Player;
let deadlock: Player;
beforeAll(async () => {
  ({ browser } = await openBrowser());
  panels = await servePanel(browser);
  lostUpdate = await players.read(counter);
  deadlock = await players.read(transfers);
});
afterAll(async () => {
  await panels.close();
  await browser.close();
  await players.dispose();
});

async function picture(page: Page, name: string): Promise<void> {
  const folder = path.join(root, ".cache", "pictures");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `scheduler-${name}.png`) });
}

const command: ToWebview = { type: "command", command: "beTheScheduler" };

/** A panel in which somebody has just begun to be the scheduler, and knows all there is to know. */
async function begun(
  player: Player,
  theme: Theme = "vscode-dark",
  width = 900,
  height = 820,
): Promise<Page> {
  const page = await panels.open(theme, width, height, []);
  await page.exposeFunction("answerPlay", player.answer);
  for (const it of [player.show, command]) await postTo(page, it);
  await known(page);
  await page.getByText(/^Make it go wrong/).waitFor();
  await page.getByText(/Best/).waitFor();
  return page;
}

/** Until everything that was asked has been answered. */
async function known(page: Page): Promise<void> {
  await page.getByRole("heading", { name: "Be the scheduler" }).waitFor();
  await page.getByText("Counting…").waitFor({ state: "detached" });
}

const saved = async (page: Page): Promise<PanelState> =>
  page.evaluate(() => JSON.parse(sessionStorage.getItem("state") ?? "null") as PanelState);

/** Lets a thread run that would do this next. */
async function pick(page: Page, move: RegExp): Promise<void> {
  await page.getByRole("button", { name: move }).click();
  await known(page);
}

/** Presses the key of the thread that the hint would let run, until the end. */
async function followHint(page: Page): Promise<void> {
  await page.keyboard.press("x");
  await page.locator(".move.hinted").waitFor();
  for (let turn = 0; turn < 40; turn++) {
    const hinted = page.locator(".move.hinted kbd");
    await hinted.or(page.locator(".outcome.end")).first().waitFor();
    if (await page.locator(".outcome.end").isVisible()) return;
    const before = await page.locator(".row").count();
    await page.keyboard.press(await hinted.innerText());
    await expect.poll(async () => page.locator(".row").count()).not.toBe(before);
  }
  throw new Error("the hint does not end");
}

describe.each(themes)("%s", (theme) => {
  it.each([300, 560, 900, 1600])(
    "%i pixels wide: accessible, and nothing is cut off",
    async (width) => {
      const page = await begun(deadlock, theme, width);
      const check = async (moment: string): Promise<void> => {
        await picture(page, `${theme}-${width}-${moment}`);
        expect(await violations(page)).toEqual([]);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow).toBeLessThanOrEqual(0);
      };
      await page.keyboard.press("x");
      await page.locator(".move.hinted").waitFor();
      await check("hint");
      await followHint(page);
      await check("end");
      await page.keyboard.press("u");
      await known(page);
      await check("stuck");
      await page.close();
    },
  );
});

describe("somebody who is the scheduler", () => {
  it("reaches the deadlock by keyboard with the hint, and is told how well", async () => {
    const page = await begun(deadlock);
    await page.getByText(/^Make it go wrong: deadlock/).waitFor();
    await followHint(page);
    await page.getByText(/^Well done: deadlock.*: nobody needs fewer\./).waitFor();
    await page.close();
  });

  it("sees who waits, for what and who holds it", async () => {
    const page = await begun(deadlock);
    await pick(page, /main starts transfer #2/);
    await pick(page, /transfer begins/);
    await pick(page, /transfer locks alice/);
    await pick(page, /transfer locks bob/);
    await pick(page, /transfer #2 begins/);
    await page
      .getByRole("list", { name: "Cannot run" })
      .getByText(/waits for lock bob, held by transfer/)
      .first()
      .waitFor();
    await page.close();
  });

  it("splits a count into read and write, and makes the count go wrong", async () => {
    const page = await begun(lostUpdate);
    await page.getByText("Make it go wrong: data race, 1 hits.").waitFor();
    const reach = page.getByRole("list", { name: "You may still reach" });
    expect(await reach.getByRole("listitem").count()).toBe(2);
    await followHint(page);
    await page.getByText(/^Well done: data race, 1 hits\..*nobody needs fewer\./).waitFor();
    const words = await page.locator(".cell").allInnerTexts();
    expect(words.join(" ")).toMatch(/reads\s+hits/);
    expect(words.join(" ")).toMatch(/writes\s+hits/);
    await page.close();
  });

  it("undoes to the start and redoes to the end", async () => {
    const page = await begun(lostUpdate);
    const moves = page.locator(".move");
    const first = await moves.allInnerTexts();
    await page.keyboard.press("b");
    await page.locator(".outcome.end").waitFor();
    const end = await page.locator(".outcome.end span").nth(1).innerText();
    await page.keyboard.press("r");
    await known(page);
    await moves.first().waitFor();
    expect(await moves.allInnerTexts()).toEqual(first);
    await page
      .getByRole("button", { name: "Undo" })
      .and(page.locator("[aria-disabled=true]"))
      .waitFor();
    await page.keyboard.press("Shift+U");
    await page.locator(".outcome.end", { hasText: end }).waitFor();
    await page.close();
  });

  it("says aloud what has happened and what there is to pick", async () => {
    const page = await begun(lostUpdate);
    const live = page.locator(".scheduler [aria-live=polite]");
    const before = await live.first().textContent();
    expect(before).toMatch(/You can pick 1: .*; 2: /);
    await page.keyboard.press("2");
    await expect.poll(async () => live.first().textContent()).not.toBe(before);
    await expect.poll(async () => live.nth(1).textContent()).toMatch(/^You may still reach: /);
    await page.close();
  });

  it("loses ways with each choice, and can aim at another end", async () => {
    const page = await begun(lostUpdate);
    const reach = page.getByRole("list", { name: "You may still reach" });
    const before = await reach.innerText();
    await page.keyboard.press("2");
    await known(page);
    await expect.poll(async () => reach.innerText()).not.toBe(before);
    await reach.getByRole("button", { name: /2 hits/ }).click();
    await page.getByText(/^Make it go wrong: data race, 2 hits/).waitFor();
    await page.close();
  });

  it("keeps the schedule among the others", async () => {
    const page = await begun(lostUpdate);
    await page.keyboard.press("b");
    await page.getByRole("button", { name: "Keep this schedule" }).click();
    await page.getByRole("heading", { level: 1, name: "Data race" }).waitFor();
    const kept = (await posted(page)).find((it) => it.type === "replay");
    if (kept?.type !== "replay") throw new Error("nothing was kept");
    const state = lostUpdate.answer({
      schedule: kept.schedule,
      ask: { kind: "state", finish: false },
    });
    expect(state).toMatchObject({ kind: "state", state: { end: { kind: "race" } } });
    await page.close();
  });

  it("goes on where he was after the page was built again", async () => {
    const page = await begun(lostUpdate);
    await page.keyboard.press("2");
    await known(page);
    await page.locator(".move").first().waitFor();
    const moves = await page.locator(".move").allInnerTexts();
    const state = await saved(page);
    expect(state.play?.at).toBe(1);
    await reload(page, "vscode-dark", [lostUpdate.show]);
    await known(page);
    await expect.poll(async () => page.locator(".move").allInnerTexts()).toEqual(moves);
    await page.keyboard.press("u");
    await page
      .getByRole("button", { name: "Undo" })
      .and(page.locator("[aria-disabled=true]"))
      .waitFor();
    await page.close();
  });

  it("is told when the program is another one, and starts again", async () => {
    const page = await begun(lostUpdate);
    await page.evaluate(() => {
      window.postMessage({ type: "stale", stale: true }, "*");
    });
    await page.getByRole("button", { name: "Start again with the new one" }).click();
    await expect.poll(async () => posted(page)).toContainEqual({ type: "refresh" });
    await page.close();
  });

  it("goes back to the schedules, and comes back to his choices", async () => {
    const page = await begun(lostUpdate);
    await page.keyboard.press("2");
    await known(page);
    await page.getByRole("button", { name: "All schedules" }).click();
    await page.getByRole("button", { name: "Be the scheduler" }).click();
    await known(page);
    await page
      .getByRole("button", { name: "Undo" })
      .and(page.locator("[aria-disabled=false]"))
      .waitFor();
    await page.close();
  });
});
