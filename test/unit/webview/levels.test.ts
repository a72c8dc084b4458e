import { describe, expect, it } from "vitest";
import { waitPhrase } from "../../../webview/model/labels.js";
import { type Lane, spanAt } from "../../../webview/model/lanes.js";
import {
  coveredRows,
  levelsOf,
  pixelRows,
  stretchBefore,
  stretchesIn,
  stretchesOf,
} from "../../../webview/model/levels.js";
import { layOut } from "../../../webview/model/timeline.js";
import { Random } from "../../harness/random.js";
import { randomWitness } from "./random-witness.js";

const seeds = Array.from({ length: 150 }, (_, it) => it + 1);

describe("lanes", () => {
  it("say of every row what the step says, on random schedules", () => {
    for (const seed of seeds) {
      const witness = randomWitness(seed);
      for (const lane of layOut(witness).lanes) {
        witness.steps.forEach((step, row) => {
          const span = spanAt(lane, row);
          if (span === undefined) return;
          const blocked = step.blocked.find((it) => it.thread === lane.thread);
          const waits = blocked === undefined ? "" : waitPhrase(blocked.reason);
          const state =
            step.thread === lane.thread ? "run" : blocked === undefined ? "ready" : "blocked";
          expect([seed, row, span.state, span.reason]).toEqual([
            seed,
            row,
            state,
            state === "blocked" ? waits : "",
          ]);
        });
      }
    }
  });

  it("have every step of their thread in a span, and neighbours that differ", () => {
    for (const seed of seeds) {
      const witness = randomWitness(seed);
      const { lanes } = layOut(witness);
      const missing = witness.steps.filter((it, row) => {
        const lane = lanes[it.thread];
        return lane === undefined || spanAt(lane, row)?.state !== "run";
      });
      expect([seed, missing]).toEqual([seed, []]);
      for (const { spans } of lanes) {
        spans.slice(1).forEach((it, index) => {
          const before = spans[index];
          expect(it.from).toBe((before?.to ?? -2) + 1);
          expect(`${it.state} ${it.reason}`).not.toBe(`${before?.state} ${before?.reason}`);
        });
      }
    }
  });

  it("hold a lock for the rows in which the steps say so", () => {
    for (const seed of seeds) {
      const witness = randomWitness(seed);
      for (const lane of layOut(witness).lanes) {
        witness.steps.forEach((step, row) => {
          if (step.thread !== lane.thread) return;
          const bars = lane.locks.filter(
            (it) => it.from <= row && (row < it.to || (it.open && row <= it.to)),
          );
          expect([seed, row, bars.map((it) => it.object).sort()]).toEqual([
            seed,
            row,
            [...step.held].sort(),
          ]);
        });
      }
    }
  });
});

/** What `coveredRows` says, one row after the other. */
function bruteForce(
  ranges: readonly { from: number; to: number }[],
  from: number,
  to: number,
): number {
  let count = 0;
  for (let row = from; row < to; row++) {
    if (ranges.some((it) => it.from <= row && row <= it.to)) count += 1;
  }
  return count;
}

describe("level of detail", () => {
  const states = ["run", "ready", "blocked"] as const;
  const ranges = (lane: Lane, state: (typeof states)[number]): Lane["spans"] =>
    lane.spans.filter((it) => it.state === state);

  it("of any window is what counting row by row gives, pixel by pixel", () => {
    for (const seed of seeds) {
      const random = new Random(seed);
      const timeline = layOut(randomWitness(seed, 400));
      const levels = levelsOf(timeline);
      const rows = timeline.rows.length;
      const perRow = [0.01, 0.07, 0.5, 1, 1.7][random.below(5)] ?? 1;
      const first = random.below(Math.ceil(rows * perRow) + 3);
      const pixels = pixelRows(first, 1 + random.below(80), perRow, rows);
      timeline.lanes.forEach((lane, index) => {
        for (const state of states) {
          const stretches = levels[index]?.states[state] ?? stretchesOf([]);
          const wanted = Array.from(pixels.from, (from, pixel) =>
            bruteForce(ranges(lane, state), from, pixels.to[pixel] ?? 0),
          );
          expect([seed, state, ...coveredRows(stretches, pixels)]).toEqual([
            seed,
            state,
            ...wanted,
          ]);
        }
      });
    }
  });

  it("shows every row in some pixel", () => {
    const rows = 1234;
    for (const perRow of [0.003, 0.02, 0.4, 1, 1.99]) {
      const { from, to } = pixelRows(0, Math.ceil(rows * perRow), perRow, rows);
      const shown = new Set<number>();
      from.forEach((start, it) => {
        for (let row = start; row < (to[it] ?? 0); row++) shown.add(row);
      });
      expect([perRow, shown.size]).toEqual([perRow, rows]);
    }
  });

  it("keeps the bars of locks beside their stretches", () => {
    for (const seed of seeds) {
      const timeline = layOut(randomWitness(seed));
      timeline.lanes.forEach((lane, index) => {
        const slots = levelsOf(timeline)[index]?.locks ?? [];
        const bars = slots.flatMap((it) => it.bars);
        expect(bars).toHaveLength(lane.locks.length);
        for (const { stretches, bars: own } of slots) {
          expect([...stretches.to]).toEqual(own.map((it) => it.to));
        }
      });
    }
  });
});

describe("looking up stretches", () => {
  const stretches = stretchesOf([
    { from: 2, to: 3 },
    { from: 7, to: 7 },
    { from: 10, to: 19 },
  ]);

  it("finds the last one that begins at or before a row, wherever it begins to look", () => {
    const rows = [0, 1, 2, 6, 7, 9, 10, 30];
    expect(rows.map((it) => stretchBefore(stretches, it))).toEqual([-1, -1, 0, 0, 1, 1, 2, 2]);
    expect(rows.slice(4).map((it) => stretchBefore(stretches, it, 1))).toEqual([1, 1, 2, 2]);
  });

  it("finds those that touch a range", () => {
    const touching = (from: number, to: number): readonly number[] => {
      const [first, last] = stretchesIn(stretches, from, to);
      return [0, 1, 2].filter((it) => first <= it && it <= last);
    };
    expect([touching(0, 1), touching(3, 7), touching(4, 6), touching(15, 99)]).toEqual([
      [],
      [0, 1],
      [],
      [2],
    ]);
  });
});
