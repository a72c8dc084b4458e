// Andersen's inclusion constraints with difference propagation: pts(n) is the set of locations node n may hold.
//
//   copy   a ⊇ b            an edge b → a
//   load   a ⊇ *b + k       for each l in pts(b): an edge l+k → a
//   store  *a + k ⊇ b       for each l in pts(a): an edge b → l+k
//   offset a ⊇ b + k        for each l in pts(b) whose object is wide enough: l+k in pts(a)
//   watch  b                a function is called with each new location (calls, interfaces)
//
// Nodes and locations share one numbering: the slot of an object is the node of what it holds.

import { LocationSet, type Locations } from "./locations.js";

export type Node = number;

type Rule =
  | { readonly kind: "load"; readonly to: Node; readonly width: number; readonly skip: number }
  | { readonly kind: "store"; readonly from: Node; readonly width: number; readonly skip: number }
  | { readonly kind: "offset"; readonly to: Node; readonly offset: number }
  | { readonly kind: "watch"; readonly seen: (location: Node) => void };

/** A node with more locations than this is merged no further: what would be added is dropped and counted. */
const mostLocations = 4000;
/** Once all nodes together have more than this, the program is one of which little can be told: nodes take fewer from then on. */
const manyInAll = 6_000_000;
const mostOfMany = 100;

export class Solver {
  #nNodes = 0;
  readonly #points: (LocationSet | undefined)[] = [];
  /** Of the locations of a node, how many have been passed on. */
  readonly #passed: number[] = [];
  readonly #copies: (Set<Node> | undefined)[] = [];
  readonly #rules: (Rule[] | undefined)[] = [];
  readonly #work: Node[] = [];
  /** First node of the object a slot belongs to, and how many slots it has; -1 for plain nodes. */
  readonly #base: number[] = [];
  readonly #width: number[] = [];
  #most = mostLocations;
  #inAll = 0;
  /** More than 0: locations were dropped by the cap. */
  dropped = 0;

  nodes(count: number): Node {
    const first = this.#nNodes;
    this.#nNodes += count;
    return first;
  }

  object(width: number): Node {
    const first = this.nodes(width);
    for (let index = 0; index < width; index++) {
      this.#base[first + index] = first;
      this.#width[first + index] = width;
    }
    return first;
  }

  /** The first slot of the object that `location` is part of. */
  baseOf(location: Node): Node {
    return this.#base[location] ?? location;
  }

  within(location: Node, offset: number): boolean {
    const base = this.#base[location];
    return base !== undefined && location + offset < base + (this.#width[location] ?? 0);
  }

  /** How many slots the object has from this location on. */
  room(location: Node): number {
    return this.baseOf(location) + (this.#width[location] ?? 1) - location;
  }

  points(node: Node): Locations {
    return this.#points[node] ?? none;
  }

  add(node: Node, location: Node): void {
    let set = this.#points[node];
    if (set === undefined) {
      this.#points[node] = set = new LocationSet();
      this.#passed[node] = 0;
    }
    if (set.has(location)) return;
    if (set.size >= this.#most) {
      this.dropped++;
      return;
    }
    if (++this.#inAll === manyInAll) this.#most = mostOfMany;
    if (set.size === this.#passed[node]) this.#work.push(node);
    set.append(location);
  }

  copy(from: Node, to: Node, width = 1): void {
    for (let index = 0; index < width; index++) this.#edge(from + index, to + index);
  }

  #edge(from: Node, to: Node): void {
    if (from === to) return;
    let edges = this.#copies[from];
    if (edges === undefined) this.#copies[from] = edges = new Set();
    if (edges.has(to)) return;
    edges.add(to);
    const set = this.#points[from];
    if (set !== undefined) this.#addAll(to, set.items);
  }

  #addAll(node: Node, locations: readonly Node[]): void {
    // Of what a full node does not take it counts only that there is something.
    const isFull = (this.#points[node]?.size ?? 0) >= this.#most;
    if (isFull && this.dropped > 0) return;
    for (const it of locations) this.add(node, it);
  }

  /** `skip`: slots of the object before the value (a channel's payload stands behind its state). */
  load(pointer: Node, to: Node, width: number, skip = 0): void {
    this.#rule(pointer, { kind: "load", to, width, skip });
  }

  store(pointer: Node, from: Node, width: number, skip = 0): void {
    this.#rule(pointer, { kind: "store", from, width, skip });
  }

  offset(pointer: Node, to: Node, offset: number): void {
    if (offset === 0) this.copy(pointer, to);
    else this.#rule(pointer, { kind: "offset", to, offset });
  }

  watch(node: Node, seen: (location: Node) => void): void {
    this.#rule(node, { kind: "watch", seen });
  }

  #rule(node: Node, rule: Rule): void {
    const rules = this.#rules[node];
    if (rules === undefined) this.#rules[node] = [rule];
    else rules.push(rule);
    const set = this.#points[node];
    if (set !== undefined) for (const location of [...set.items]) this.#apply(rule, location);
  }

  #apply(rule: Rule, location: Node): void {
    switch (rule.kind) {
      case "load":
        for (let index = 0; index < rule.width; index++) {
          if (!this.within(location, rule.skip + index)) break;
          this.#edge(location + rule.skip + index, rule.to + index);
        }
        break;
      case "store":
        for (let index = 0; index < rule.width; index++) {
          if (!this.within(location, rule.skip + index)) break;
          this.#edge(rule.from + index, location + rule.skip + index);
        }
        break;
      case "offset":
        if (this.within(location, rule.offset)) this.add(rule.to, location + rule.offset);
        break;
      case "watch":
        rule.seen(location);
        break;
    }
  }

  /** Propagates until nothing changes; `tick` is called now and then, to poll for cancellation. */
  solve(tick: () => void): void {
    let steps = 0;
    for (;;) {
      const node = this.#work.pop();
      if (node === undefined) return;
      if (++steps % 4096 === 0) tick();
      const all = this.#points[node];
      if (all === undefined) continue;
      const fresh = all.items.slice(this.#passed[node]);
      this.#passed[node] = all.size;
      const edges = this.#copies[node];
      if (edges !== undefined) {
        for (const to of edges) this.#addAll(to, fresh);
      }
      const rules = this.#rules[node];
      if (rules === undefined) continue;
      for (let index = 0; index < rules.length; index++) {
        const rule = rules[index];
        if (rule !== undefined) for (const location of fresh) this.#apply(rule, location);
      }
    }
  }
}

const none: Locations = new LocationSet();
