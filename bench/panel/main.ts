// The benchmark of the panel: generated schedules, in the panel and in the peer.

import type { ToWebview } from "../../protocol/webview.js";
import type { Witness } from "../../protocol/witness.js";
import { pack } from "../../src/timeline/pack.js";
import { openBrowser } from "../../test/harness/vscode/browser.js";
import { servePanel } from "../../test/ui/panel-page/page.js";
import { firstPaintAtOnce, type Measured, measurePanel, measurePeer } from "./measure.js";
import { generated } from "./witness.js";

export interface Options {
  /** The build of the panel. */
  readonly dist: string;
  /** The bundle of `peer.ts`; null: without the peer. */
  readonly peer: string | null;
  readonly steps: readonly number[];
  readonly lanes: number;
  readonly json: boolean;
}

interface Row extends Measured {
  readonly technique: string;
  readonly steps: number;
  readonly lanes: number;
  /** Size of the message, in megabytes of JSON. */
  readonly megabytes: number;
  /** Making it, in milliseconds; 0 where nothing is made. */
  readonly packing: number;
  /** First paint in a page that was opened just before, in milliseconds; null where it is not measured. */
  readonly atOnce: number | null;
}

export async function bench({ dist, peer, steps, lanes, json }: Options): Promise<void> {
  const { browser } = await openBrowser();
  const panels = await servePanel(browser, dist);
  const rows: Row[] = [];
  if (!json) process.stdout.write(header);
  const report = (row: Row): void => {
    rows.push(row);
    if (!json) process.stdout.write(line(row));
  };
  for (const count of steps) {
    const witness = generated(count, lanes);
    const shape = { steps: count, lanes };
    const begun = performance.now();
    const message = pack(shown(witness));
    const packing = performance.now() - begun;
    const fresh = await panels.open("vscode-dark", 1280, 900, []);
    const atOnce = await firstPaintAtOnce(fresh, message);
    await fresh.close();
    const page = await panels.open("vscode-dark", 1280, 900, []);
    const measured = await measurePanel(page, message);
    await page.close();
    report({
      technique: "panel",
      ...shape,
      megabytes: sizeOf(message),
      packing,
      atOnce,
      ...measured,
    });
    if (peer === null) continue;
    const other = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    other.setDefaultTimeout(180_000);
    const compared = await measurePeer(other, peer, witness);
    await other.close();
    report({
      technique: "SVG of all",
      ...shape,
      megabytes: sizeOf(witness),
      packing: 0,
      atOnce: null,
      ...compared,
    });
  }
  if (json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  await panels.close();
  await browser.close();
}

const shown = (witness: Witness): ToWebview => ({
  type: "show",
  origin: { uri: "file:///samples/pool/main.go", line: 0, fingerprint: null },
  title: "main.main",
  summary: [],
  witnesses: [witness],
  selected: 0,
});

const sizeOf = (it: unknown): number => JSON.stringify(it).length / 1e6;

/** The time that this share of the frames does not exceed. */
function quantile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const columns = [12, 7, 6, 8, 8, 12, 8, 8, 14, 14, 14, 6] as const;
const row = (cells: readonly string[]): string =>
  `${cells.map((it, index) => (index === 0 ? it.padEnd(columns[0]) : it.padStart(columns[index] ?? 8))).join("  ")}\n`;

const header = row([
  "technique",
  "steps",
  "lanes",
  "MB",
  "pack ms",
  "first paint",
  "whole",
  "at once",
  "zoom p50/p95",
  "pan p50/p95",
  "far p50/p95",
  "idle",
]);

function line(it: Row): string {
  const both = (times: readonly number[]): string =>
    `${quantile(times, 0.5).toFixed(1)}/${quantile(times, 0.95).toFixed(1)}`;
  return row([
    it.technique,
    `${it.steps}`,
    `${it.lanes}`,
    it.megabytes.toFixed(1),
    it.packing.toFixed(0),
    it.firstPaint.toFixed(0),
    it.wholePaint.toFixed(0),
    it.atOnce === null ? "–" : it.atOnce.toFixed(0),
    both(it.zoom),
    both(it.pan),
    both(it.panFar),
    it.idleFrames === null ? "–" : `${it.idleFrames}`,
  ]);
}
