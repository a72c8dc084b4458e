// Wakeup trees (Abdulla, Aronis, Jonsson, Sagonas: Optimal Dynamic Partial Order Reduction, POPL'14, §4): the sequences
// that are still to be explored from a place of an execution, in order, merged where they begin alike.
// All trees of a search live in one pool of numbers: there may be hundreds of thousands of nodes at a time.

import type { PlanId } from "./plans.js";

/** Number of a node; 0 is none. */
export type NodeId = number;

export class WakeupTrees {
  #plan = new Int32Array(1024);
  #child = new Int32Array(1024);
  #next = new Int32Array(1024);
  #used = 1;
  /** Freed nodes, linked through `#next`. */
  #free: NodeId = 0;
  #count = 0;
  /** The most nodes at a time. */
  peak = 0;

  get size(): number {
    return this.#count;
  }

  planOf(node: NodeId): PlanId {
    return this.#plan[node] as PlanId;
  }

  setPlan(node: NodeId, plan: PlanId): void {
    this.#plan[node] = plan;
  }

  firstChild(node: NodeId): NodeId {
    return this.#child[node] as NodeId;
  }

  setFirstChild(node: NodeId, child: NodeId): void {
    this.#child[node] = child;
  }

  next(node: NodeId): NodeId {
    return this.#next[node] as NodeId;
  }

  /** A node without children or siblings. */
  add(plan: PlanId): NodeId {
    let node = this.#free;
    if (node !== 0) this.#free = this.next(node);
    else {
      node = this.#used++;
      if (node >= this.#plan.length) this.#grow();
    }
    this.#plan[node] = plan;
    this.#child[node] = 0;
    this.#next[node] = 0;
    this.#count++;
    if (this.#count > this.peak) this.peak = this.#count;
    return node;
  }

  /** A path of nodes, one below the other, for `plans[0]` … `plans[length - 1]`; its first node. */
  addChain(plans: Int32Array, length: number): NodeId {
    let below: NodeId = 0;
    for (let index = length - 1; index >= 0; index--) {
      const node = this.add(plans[index] as PlanId);
      this.#child[node] = below;
      below = node;
    }
    return below;
  }

  /** `list` with `node` at its end; both are first siblings. */
  append(list: NodeId, node: NodeId): NodeId {
    if (list === 0) return node;
    let last = list;
    for (let next = this.next(last); next !== 0; next = this.next(last)) last = next;
    this.#next[last] = node;
    return list;
  }

  /** Gives back one node; what is below it is somebody else's. */
  free(node: NodeId): void {
    this.#next[node] = this.#free;
    this.#free = node;
    this.#count--;
  }

  #grow(): void {
    const wider = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const array = new Int32Array(old.length * 2);
      array.set(old);
      return array;
    };
    this.#plan = wider(this.#plan);
    this.#child = wider(this.#child);
    this.#next = wider(this.#next);
  }
}
