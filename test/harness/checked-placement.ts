import { expect } from "vitest";
import type { Witness } from "../../protocol/witness.js";
import { dependences } from "../../webview/model/lens/dependence.js";
import type { Placement } from "../../webview/model/lens/placement.js";

/** Whether goroutines are placed as they may be: each step once, nothing dependent out of order, nobody in two places. */
export function checked(witness: Witness, placement: Placement): void {
  const cells = placement.cells.flat();
  // Every step once.
  const rows = cells.flatMap((it) => (it.row === null ? [] : [it.row]));
  expect([...rows].sort((a, b) => a - b)).toEqual(witness.steps.map((_, row) => row));
  expect(placement.byRow.map((it) => it.row)).toEqual(witness.steps.map((_, row) => row));
  // No two goroutines on one processor, no goroutine or thread on two.
  for (const at of placement.cells) {
    expect(at.length).toBeLessThanOrEqual(placement.processors);
    for (const by of ["processor", "thread", "os"] as const) {
      expect(new Set(at.map((it) => it[by])).size).toBe(at.length);
    }
  }
  // Whoever must come first does.
  dependences(witness).forEach((before, row) => {
    for (const it of before) {
      expect(placement.byRow[it]?.time).toBeLessThan(placement.byRow[row]?.time ?? -1);
    }
  });
  // A goroutine in a queue is nowhere else.
  placement.queues.forEach(({ local, global }, time) => {
    const queued = [
      ...local.flatMap((it) => (it.next === null ? it.others : [it.next, ...it.others])),
      ...global,
    ];
    const running = placement.cells[time]?.map((it) => it.thread) ?? [];
    expect(new Set([...queued, ...running]).size).toBe(queued.length + running.length);
  });
  const { counts } = placement;
  expect(counts.switches).toBeGreaterThanOrEqual(
    cells.filter((it) => it.arrival !== "goes on").length,
  );
  expect(cells.filter((it) => it.arrival === "stolen").length).toBeLessThanOrEqual(counts.steals);
  expect(new Set(cells.map((it) => it.os)).size).toBeLessThanOrEqual(counts.threads);
  expect(counts.vain).toBeLessThanOrEqual(counts.wakes + counts.threads);
}
