import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import type { FromWebview } from "../../../protocol/webview.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Rules of axe that are broken, with the elements that break them. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(`${axe}; null`);
  return page.evaluate(async () => {
    const run = Reflect.get(window, "axe") as {
      run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
    };
    const { violations: found } = await run.run();
    return found.flatMap((it) => it.nodes.map((node) => `${it.id}: ${node.html}`));
  });
}

/** What the panel has told the extension. */
export async function posted(page: Page): Promise<FromWebview[]> {
  return page.evaluate(() => Reflect.get(window, "posted") as FromWebview[]);
}
