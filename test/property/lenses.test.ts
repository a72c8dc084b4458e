// What the two lenses must keep to, on random programs: nothing is placed twice, nothing dependent changes its order,
// and who sees what is what the order of the steps says, edge by edge.

import { describe, expect, it } from "vitest";
import { partsOf } from "../../webview/model/lens/dependence.js";
import { placeByGo } from "../../webview/model/lens/go-scheduler.js";
import { placeAsScheduled, speedUp } from "../../webview/model/lens/placement.js";
import { type Seen, variablesOf, visibilityAt } from "../../webview/model/lens/visibility.js";
import { happensBefore, orderEdges } from "../../webview/model/order.js";
import { checked } from "../harness/checked-placement.js";
import { Random } from "../harness/random.js";
import { type Ordered, randomWitness } from "../harness/random-witness.js";

const programs = Array.from({ length: 300 }, (_, seed) => randomWitness(new Random(seed)));

/** For each row the rows that happen before it, or are it: the closure of the edges, without clocks. */
function closure({ witness, edges }: Ordered): readonly ReadonlySet<number>[] {
  const before = witness.steps.map((_, row) => new Set([row]));
  for (const [from, to] of [...edges].sort((a, b) => a[1] - b[1])) {
    for (const it of before[from] ?? []) before[to]?.add(it);
  }
  return before;
}

describe("the programs", () => {
  it("have all that can happen", () => {
    const kinds = new Set(
      programs.flatMap(({ witness }) => witness.steps.map((s) => s.action.kind)),
    );
    expect([...kinds].sort()).toEqual([
      "acquire",
      "done",
      "end",
      "output",
      "read",
      "recv",
      "release",
      "send",
      "sleep",
      "spawn",
      "start",
      "wait",
      "write",
      "yield",
    ]);
    expect(new Set(programs.map(({ witness }) => witness.outcome.kind))).toEqual(
      new Set(["ok", "deadlock"]),
    );
    expect(Math.max(...programs.map(({ witness }) => witness.steps.length))).toBeGreaterThan(30);
  });

  it("have clocks that say what their edges say", () => {
    for (const it of programs) {
      const before = closure(it);
      it.witness.steps.forEach((_, to) => {
        it.witness.steps.forEach((_from, from) => {
          expect(happensBefore(it.witness, from, to)).toBe(before[to]?.has(from));
        });
      });
    }
  });

  it("have arrows from which all of the order follows", () => {
    for (const { witness, edges } of programs) {
      const own = edges.filter(([from, to]) =>
        partsOf(witness.steps[from] ?? fail()).some((p) =>
          partsOf(witness.steps[to] ?? fail()).includes(p),
        ),
      );
      const arrows = orderEdges(witness).map((it) => [it.from, it.to] as const);
      expect(closure({ witness, edges: [...own, ...arrows] })).toEqual(closure({ witness, edges }));
    }
  });
});

function fail(): never {
  throw new Error("no such step");
}

describe("goroutines on processors", () => {
  it.each([1, 2, 3, 4, 8])("keep the rules with %i of them", (processors) => {
    for (const { witness } of programs) {
      checked(witness, placeByGo(witness, { processors, callLength: 0 }));
      checked(witness, placeByGo(witness, { processors, callLength: 3 }));
    }
  });

  it("are no faster on one processor, and never faster than there are processors", () => {
    for (const { witness } of programs) {
      expect(speedUp(placeByGo(witness, { processors: 1, callLength: 0 }))).toBe(1);
      for (const processors of [2, 3, 8]) {
        expect(speedUp(placeByGo(witness, { processors, callLength: 0 }))).toBeLessThanOrEqual(
          processors,
        );
      }
    }
  });

  it("run side by side in some", () => {
    const faster = programs.filter(
      ({ witness }) => speedUp(placeByGo(witness, { processors: 4, callLength: 0 })) > 1.2,
    );
    expect(faster.length).toBeGreaterThan(20);
  });

  it("are as in the schedule when that is asked for", () => {
    for (const { witness } of programs) {
      const placement = placeAsScheduled(witness);
      checked(witness, placement);
      expect(placement.byRow.map((it) => it.time)).toEqual(witness.steps.map((_, row) => row));
    }
  });

  it("come out the same every time", () => {
    for (const { witness } of programs.slice(0, 50)) {
      const options = { processors: 3, callLength: 3 };
      expect(placeByGo(witness, options)).toEqual(placeByGo(witness, options));
    }
  });
});

/** Who sees a write, by the order alone: what the text of Go's memory model says, with every pair looked at. */
function bruteForce(
  { witness }: Ordered,
  before: readonly ReadonlySet<number>[],
  object: number,
  row: number,
  thread: number,
): ReadonlyMap<number, Seen> {
  const steps = witness.steps.slice(0, row + 1);
  const part = (it: number): boolean => partsOf(steps[it] ?? fail()).includes(thread);
  const rows = steps.map((_, it) => it);
  const spawn = rows.find((it) => {
    const { action } = steps[it] ?? fail();
    return action.kind === "spawn" && action.thread === thread;
  });
  const own = rows.filter(part);
  const ended = own.some((it) => steps[it]?.action.kind === "end");
  const there = !ended && (thread === 0 || spawn !== undefined);
  const known = new Set(
    [...own, ...(spawn === undefined ? [] : [spawn])].flatMap((it) => [...(before[it] ?? [])]),
  );
  const writes = rows.filter((it) => {
    const { action } = steps[it] ?? fail();
    return action.kind === "write" && action.object === object;
  });
  const visible = (write: number): boolean =>
    !writes.some(
      (it) => it !== write && known.has(it) && (write < 0 || before[it]?.has(write) === true),
    );
  const all = [-1, ...writes];
  const possible = all.filter(visible);
  return new Map(
    all.map((it) => [
      it,
      !there ? "nobody" : !possible.includes(it) ? "gone" : possible.length === 1 ? "sees" : "may",
    ]),
  );
}

describe("who sees a write", () => {
  it("is what the order says, edge by edge", () => {
    const counts = new Map<string, number>();
    for (const it of programs) {
      const { witness } = it;
      const before = closure(it);
      const edges = orderEdges(witness);
      for (const object of variablesOf(witness)) {
        for (let row = 0; row < witness.steps.length; row += 3) {
          const { writes, sights } = visibilityAt(witness, object, row, edges);
          witness.threads.forEach((_, thread) => {
            const expected = bruteForce(it, before, object, row, thread);
            expect(writes.map((w) => w.row ?? -1)).toEqual([...expected.keys()]);
            expect(sights.map((w) => w[thread]?.seen)).toEqual([...expected.values()]);
            for (const seen of expected.values()) counts.set(seen, (counts.get(seen) ?? 0) + 1);
          });
        }
      }
    }
    for (const it of ["sees", "may", "gone", "nobody"]) expect(counts.get(it)).toBeGreaterThan(100);
  });

  it("is told with the steps that hand it on, from the write to the reader", () => {
    let hands = 0;
    for (const it of programs) {
      const { witness } = it;
      const before = closure(it);
      const row = witness.steps.length - 1;
      for (const object of variablesOf(witness)) {
        const { writes, sights } = visibilityAt(witness, object, row, orderEdges(witness));
        writes.forEach((write, index) => {
          sights[index]?.forEach(({ known }, thread) => {
            if (known === null || write.row === null) return;
            let at = write.row;
            for (const hand of known.by) {
              expect(before[hand.from]?.has(at)).toBe(true);
              expect(before[hand.to]?.has(hand.from)).toBe(true);
              at = hand.to;
              hands += 1;
            }
            if (write.by === thread) expect(known).toEqual({ row: write.row, by: [] });
            else expect(at).toBe(known.row);
          });
        });
      }
    }
    expect(hands).toBeGreaterThan(100);
  });
});
