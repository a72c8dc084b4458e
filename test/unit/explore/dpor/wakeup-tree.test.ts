import { describe, expect, it } from "vitest";
import { WakeupTrees, type NodeId } from "../../../../language-server/explore/dpor/wakeup-tree.js";

/** Plans of a list of siblings, each with those below it. */
function shape(trees: WakeupTrees, list: NodeId): unknown[] {
  const all: unknown[] = [];
  for (let node = list; node !== 0; node = trees.next(node)) {
    const below = shape(trees, trees.firstChild(node));
    all.push(below.length === 0 ? trees.planOf(node) : [trees.planOf(node), below]);
  }
  return all;
}

describe("wakeup trees", () => {
  it("have siblings in the order in which they were appended", () => {
    const trees = new WakeupTrees();
    let list: NodeId = 0;
    for (const plan of [7, 8, 9]) list = trees.append(list, trees.add(plan));
    expect(shape(trees, list)).toEqual([7, 8, 9]);
    expect(trees.append(list, 0)).toBe(list);
  });

  it("have chains one node below the other, as long as asked for", () => {
    const trees = new WakeupTrees();
    const chain = trees.addChain(new Int32Array([3, 4, 5, 6]), 3);
    expect(shape(trees, chain)).toEqual([[3, [[4, [5]]]]]);
    expect(trees.addChain(new Int32Array([3]), 0)).toBe(0);
    expect(trees.size).toBe(3);
  });

  it("use freed nodes again, empty", () => {
    const trees = new WakeupTrees();
    const chain = trees.addChain(new Int32Array([3, 4]), 2);
    const list = trees.append(chain, trees.add(5));
    const [second, below] = [trees.next(list), trees.firstChild(list)];
    for (const it of [second, below, list]) trees.free(it);
    expect(trees.size).toBe(0);
    const again = [trees.add(6), trees.add(7), trees.add(8)];
    expect([...again].sort()).toEqual([list, second, below].sort());
    for (const it of again) expect([trees.firstChild(it), trees.next(it)]).toEqual([0, 0]);
    expect([trees.size, trees.peak]).toEqual([3, 3]);
  });

  it("keep what they hold when the pool grows", () => {
    const trees = new WakeupTrees();
    const plans = Int32Array.from({ length: 5000 }, (_, index) => index + 1);
    let node = trees.addChain(plans, plans.length);
    for (const plan of plans) {
      expect(trees.planOf(node)).toBe(plan);
      node = trees.firstChild(node);
    }
    expect([node, trees.peak]).toEqual([0, 5000]);
  });
});
