// How many workers until throughput stops rising.

import type { CrawlResult, CurvePoint } from "../protocol/crawl.js";

export const workerCounts = [1, 2, 4, 8, 16, 32] as const;

export function throughputOf({ pages, millis }: CrawlResult): number {
  return millis === 0 ? 0 : (pages * 1000) / millis;
}

/**
 * The knee of a curve that rises and then stops: the point that lies farthest above the straight line from the first to the
 * last, both axes stretched to 1 (Satopää et al., "Finding a 'Kneedle' in a Haystack", 2011, section III).
 * @param points workers ascending
 * @returns `null` when there are too few points or the curve lies nowhere above that line: more workers still pay in full
 */
export function kneeOf(points: readonly CurvePoint[]): CurvePoint | null {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 3) return null;
  const most = Math.max(...points.map((it) => it.throughput));
  const rise = most - first.throughput;
  if (rise <= 0) return first;
  const width = last.workers - first.workers;
  const above = (it: CurvePoint): number =>
    (it.throughput - first.throughput) / rise - (it.workers - first.workers) / width;
  const knee = points.reduce((best, it) => (above(it) > above(best) ? it : best), first);
  return above(knee) > 0.1 ? knee : null;
}
