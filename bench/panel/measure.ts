import type { Page } from "playwright-core";
import type { Packed } from "../../protocol/packed.js";
import type { Witness } from "../../protocol/witness.js";

/** All times in milliseconds. */
export interface Measured {
  /** From the data to the beginning of the frame after the first one with lanes and, in the panel, the text of steps. */
  readonly firstPaint: number;
  /** The same until everything beside the lanes is there too. */
  readonly wholePaint: number;
  /** Between frames: zooming all the way out and in again. */
  readonly zoom: readonly number[];
  /** Between frames: panning rows of text. */
  readonly pan: readonly number[];
  /** Between frames: panning where rows are too low for text. */
  readonly panFar: readonly number[];
  /** Drawn in two seconds in which nothing happens; null where nothing counts them. */
  readonly idleFrames: number | null;
}

const frames = 130;

/** A page that gets its data the moment it can take them, while the browser is still busy with opening it. */
export async function firstPaintAtOnce(page: Page, message: Packed): Promise<number> {
  return (await paints(page, message))[0];
}

/** A page that has said what is explored, as the extension has it do, and is at rest when the data come. */
export async function measurePanel(page: Page, message: Packed): Promise<Measured> {
  await page.evaluate(() => {
    window.postMessage({ type: "busy", title: "main.main" }, "*");
  });
  await settled(page);
  const [firstPaint, wholePaint] = await paints(page, message);
  await settled(page);
  const wheel = (it: number): string => {
    const deltaY = it < frames / 2 ? 120 : -120;
    return `document.querySelector(".grid").dispatchEvent(new WheelEvent("wheel",
      { deltaY: ${deltaY}, ctrlKey: true, cancelable: true, bubbles: true, clientX: 500, clientY: 450 }))`;
  };
  const scroll = `document.querySelector(".grid").scrollTop += 90`;
  const zoom = await frameTimes(
    page,
    Array.from({ length: frames }, (_, it) => wheel(it)),
  );
  const pan = await frameTimes(page, new Array<string>(frames).fill(scroll));
  await frameTimes(page, new Array<string>(20).fill(wheel(0)));
  const panFar = await frameTimes(page, new Array<string>(frames).fill(scroll));
  await settled(page);
  const drawn = async (): Promise<number> =>
    page.evaluate(() =>
      [...document.querySelectorAll("canvas")].reduce(
        (sum, it) => sum + Number(it.dataset["frames"] ?? 0),
        0,
      ),
    );
  const before = await drawn();
  await page.waitForTimeout(2000);
  return { firstPaint, wholePaint, zoom, pan, panFar, idleFrames: (await drawn()) - before };
}

async function paints(page: Page, message: Packed): Promise<readonly [number, number]> {
  await page.evaluate((text) => {
    Object.assign(window, { data: JSON.parse(text) as unknown });
  }, JSON.stringify(message));
  return page.evaluate(paintedPanel);
}

/** Runs in the page: shows the data; how long until lanes with text are painted, and until all is. */
async function paintedPanel(): Promise<readonly [number, number]> {
  const lanes = (): boolean => {
    const canvas = document.querySelector<HTMLCanvasElement>("canvas.drawing");
    const step = document.querySelector(".grid .row.here .what");
    return canvas?.dataset["frames"] !== undefined && (step?.textContent ?? "") !== "";
  };
  const exists = (selector: string): boolean => document.querySelector(selector) !== null;
  const strip = (): boolean =>
    document.querySelector<HTMLCanvasElement>(".strip canvas")?.dataset["frames"] !== undefined;
  const all = (): boolean =>
    lanes() && strip() && [".pane.state h2", ".tree-node", ".legend li"].every(exists);
  const begun = performance.now();
  const painted = async (there: () => boolean): Promise<number> =>
    new Promise((done) => {
      const over = (): void => {
        done(performance.now() - begun);
      };
      // Told of every change at once: a look in each frame could come before what the frame draws.
      const observer = new MutationObserver(() => {
        if (!there()) return;
        observer.disconnect();
        requestAnimationFrame(over);
      });
      observer.observe(document.body, { subtree: true, childList: true, attributes: true });
    });
  const both = [painted(lanes), painted(all)] as const;
  window.postMessage(Reflect.get(window, "data"), "*");
  return [await both[0], await both[1]];
}

export async function measurePeer(page: Page, script: string, witness: Witness): Promise<Measured> {
  await page.goto("about:blank");
  await page.addScriptTag({ path: script });
  await page.evaluate((text) => {
    Object.assign(window, { data: JSON.parse(text) as unknown });
  }, JSON.stringify(witness));
  await settled(page);
  const firstPaint = await page.evaluate(async () => {
    const begun = performance.now();
    (Reflect.get(window, "start") as (data: unknown) => void)(Reflect.get(window, "data"));
    await new Promise<void>((done) => {
      const over = (): void => {
        done();
      };
      requestAnimationFrame(() => requestAnimationFrame(over));
    });
    return performance.now() - begun;
  });
  const zoomTo = (it: number): string => {
    const away = Math.min(it, frames - it) / (frames / 2);
    return `zoom(${Math.pow(0.002, away)})`;
  };
  const zoom = await frameTimes(
    page,
    Array.from({ length: frames }, (_, it) => zoomTo(it)),
  );
  const pan = await frameTimes(page, new Array<string>(frames).fill("pan(90)"));
  await frameTimes(page, ["zoom(0.1)"]);
  const panFar = await frameTimes(page, new Array<string>(frames).fill("pan(90)"));
  return { firstPaint, wholePaint: firstPaint, zoom, pan, panFar, idleFrames: null };
}

async function settled(page: Page): Promise<void> {
  await page.waitForTimeout(500);
}

/** After this long no further frame is waited for. */
const patience = 20_000;

/** Does one thing in each frame; the times between one frame and the next. */
async function frameTimes(page: Page, acts: readonly string[]): Promise<readonly number[]> {
  const body = acts.map((it) => `() => { ${it} }`).join(",");
  return page.evaluate<number[]>(`(async () => {
    const acts = [${body}];
    const times = [];
    const frame = () => new Promise((done) => requestAnimationFrame(() => done(performance.now())));
    const begun = await frame();
    let last = begun;
    for (const act of acts) {
      act();
      const now = await frame();
      times.push(now - last);
      last = now;
      if (now - begun > ${patience}) break;
    }
    return times;
  })()`);
}
