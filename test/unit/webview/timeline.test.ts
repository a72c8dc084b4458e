import { describe, expect, it } from "vitest";
import { orderEdges, edgesOf } from "../../../webview/model/order.js";
import { layOut } from "../../../webview/model/timeline.js";
import { deadlock, large, race } from "./witnesses.js";

describe("lanes", () => {
  const timeline = layOut(race);

  it("have the states of their thread, row by row", () => {
    const states = timeline.lanes.map((lane) =>
      lane.spans.map((it) => `${it.state} ${it.from}-${it.to}${it.reason && ` ${it.reason}`}`),
    );
    expect(states).toEqual([
      ["run 0-4", "blocked 5-16 waits for wg", "ready 17-18", "run 19-20"],
      ["ready 2-4", "run 5-5", "ready 6-10", "run 11-16"],
      ["ready 4-5", "run 6-10", "ready 11-16", "run 17-18"],
    ]);
  });

  it("begin where the thread was started and end where it ends", () => {
    expect(timeline.lanes.map((it) => [it.spawnRow, it.endRow])).toEqual([
      [-1, 20],
      [1, 16],
      [3, 18],
    ]);
  });

  it("show how long a lock is held", () => {
    expect(timeline.lanes.map((it) => it.locks.map((bar) => [bar.from, bar.to, bar.open]))).toEqual(
      [[], [[12, 14, false]], [[8, 10, false]]],
    );
  });

  it("leave a lock open that is never released", () => {
    const bars = layOut(deadlock).lanes.flatMap((it) => it.locks);
    expect(bars.map((it) => [it.object, it.from, it.open])).toEqual([
      [0, 3, true],
      [1, 4, true],
    ]);
  });
});

describe("rows", () => {
  it("tell a forced switch from one that the scheduler chose", () => {
    const switched = layOut(race).rows.flatMap((it) =>
      it.switched === "none" ? [] : [`${it.index} ${it.switched}`],
    );
    expect(switched).toEqual(["5 forced", "6 preempted", "11 preempted", "17 forced", "19 forced"]);
  });

  it("mark the two accesses that race", () => {
    const marked = layOut(race).rows.filter((it) => it.mark === "race");
    expect(marked.map((it) => it.index)).toEqual([6, 11]);
  });

  it("mark the step that fails", () => {
    const failing = layOut({ ...race, outcome: { kind: "panic", step: 7, message: "boom" } });
    expect(failing.rows.filter((it) => it.mark === "failure").map((it) => it.index)).toEqual([7]);
  });
});

describe("the happens-before order", () => {
  it("has the edges that clocks show, and none that others imply", () => {
    const edges = orderEdges(race).map((it) => `${it.from}→${it.to}`);
    expect(edges).toEqual(["1→5", "3→6", "10→12", "15→19", "17→19"]);
  });

  it("has no edge between the racing pair", () => {
    const edges = orderEdges(race);
    expect(edges.some((it) => it.from === 6 && it.to === 11)).toBe(false);
  });

  it("gives the arrows of one step", () => {
    const { incoming, outgoing } = edgesOf(orderEdges(race), 12);
    expect([incoming, outgoing]).toEqual([[{ from: 10, to: 12 }], []]);
  });

  it("stays usable on long schedules", () => {
    const witness = large(16, 3000);
    expect(layOut(witness).rows).toHaveLength(3000);
    expect(orderEdges(witness)).toHaveLength(15);
  });

  it("ignores clocks that name steps which are not there", () => {
    const [first, ...rest] = race.steps;
    if (first === undefined) throw new Error("no steps");
    const odd = { ...race, steps: [{ ...first, clock: [1, 9, 9, 9] }, ...rest] };
    expect(() => orderEdges(odd)).not.toThrow();
  });
});
