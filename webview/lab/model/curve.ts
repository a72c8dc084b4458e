// Throughput against the number of workers, as points of a drawing.

import type { CurvePoint, FormName } from "../../../protocol/crawl.js";

export interface Curve {
  readonly form: FormName;
  readonly points: readonly CurvePoint[];
  readonly knee: CurvePoint | null;
  /** All points are there. */
  readonly complete: boolean;
}

/** Numbers of workers that are measured. */
export const workerCounts: readonly number[] = [1, 2, 4, 8, 16, 32];

export interface Frame {
  readonly width: number;
  readonly height: number;
  /** Room for the numbers at the axes. */
  readonly left: number;
  readonly bottom: number;
  readonly top: number;
  readonly right: number;
}

export interface Scales {
  readonly x: (workers: number) => number;
  readonly y: (throughput: number) => number;
  /** Numbers at the upright axis, from 0 up. */
  readonly ticks: readonly number[];
}

/** Across, each doubling of workers is as wide as the next; upright, from 0 to a round number above all that is shown. */
export function scalesOf(most: number, frame: Frame): Scales {
  const top = roundUp(Math.max(most, 1));
  const [wide, high] = [
    frame.width - frame.left - frame.right,
    frame.height - frame.top - frame.bottom,
  ];
  return {
    x: (workers) => frame.left + (Math.log2(workers) / (workerCounts.length - 1)) * wide,
    y: (throughput) => frame.top + (1 - throughput / top) * high,
    ticks: [0, top / 2, top],
  };
}

/** A few times a power of ten, so that half of it is a round number, too. */
function roundUp(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  const factor = [1, 2, 3, 4, 5, 6, 8, 10].find((it) => it * power >= most) ?? 10;
  return factor * power;
}

/** What the curve says, in a sentence. */
export function kneeSentence(curve: Curve | undefined, serial: number | null): string {
  if (curve === undefined) return "Not measured yet.";
  const [first] = curve.points;
  if (first === undefined || !curve.complete) return "Being measured…";
  const most = curve.points.reduce((a, b) => (b.throughput > a.throughput ? b : a), first);
  const times =
    serial === null || serial === 0
      ? ""
      : `, ${(most.throughput / serial).toFixed(1)} times serial`;
  const top = `At most ${Math.round(most.throughput)} pages/s, with ${most.workers} workers${times}.`;
  return curve.knee === null
    ? `${top} No knee up to ${curve.points.at(-1)?.workers ?? 0} workers: each doubling still pays.`
    : `${top} The knee is at ${curve.knee.workers}: beyond it more workers pay less.`;
}
