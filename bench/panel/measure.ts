import type { Page } from "playwright-core";
import type { Packed } from "../../protocol/packed.js";
import type { Witness } from "../../protocol/witness.js";

/** All times in milliseconds. */
export interface Measured {
  /** From the message to the frame after the first one in which lanes are drawn. */
  readonly firstPaint: number;
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

export async function measurePanel(page: Page, message: Packed): Promise<Measured> {
  await page.evaluate((text) => {
    Object.assign(window, { data: JSON.parse(text) as unknown });
  }, JSON.stringify(message));
  const firstPaint = await page.evaluate(async () => {
    const begun = performance.now();
    window.postMessage(Reflect.get(window, "data"), "*");
    await new Promise<void>((done) => {
      const over = (): void => {
        done();
      };
      const look = (): void => {
        const canvas = document.querySelector<HTMLCanvasElement>("canvas.drawing");
        if (canvas?.dataset["frames"] === undefined) requestAnimationFrame(look);
        else requestAnimationFrame(over);
      };
      look();
    });
    return performance.now() - begun;
  });
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
  return { firstPaint, zoom, pan, panFar, idleFrames: (await drawn()) - before };
}

export async function measurePeer(page: Page, script: string, witness: Witness): Promise<Measured> {
  await page.goto("about:blank");
  await page.addScriptTag({ path: script });
  await page.evaluate((text) => {
    Object.assign(window, { data: JSON.parse(text) as unknown });
  }, JSON.stringify(witness));
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
  return { firstPaint, zoom, pan, panFar, idleFrames: null };
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
