// Andersen's inclusion constraints with difference propagation: pts(n) is the set of locations node n may hold.
//
//   copy   a ⊇ b            an edge b → a
//   load   a ⊇ *b + k       for each l in pts(b): an edge l+k → a
//   store  *a + k ⊇ b       for each l in pts(a): an edge b → l+k
//   offset a ⊇ b + k        for each l in pts(b) whose object is wide enough: l+k in pts(a)
//   watch  b                a function is called with each new location (calls, interfaces)
//
// Nodes and locations share one numbering: the slot of an object is the node of what it holds.

export type Node = number;

type Rule =
  | { readonly kind: "load"; readonly to: Node; readonly width: number; readonly skip: number }
  | { readonly kind: "store"; readonly from: Node; readonly width: number; readonly skip: number }
  | { readonly kind: "offset"; readonly to: Node; readonly offset: number }
  | { readonly kind: "watch"; readonly seen: (location: Node) => void };

/** A node with more locations than this is merged no further: what would be added is dropped and counted. */
const mostLocations = 4000;

export class Solver {
  #nNodes = 0;
  readonly #points: (Set<Node> | undefined)[] = [];
  readonly #fresh: (Node[] | undefined)[] = [];
  readonly #copies: (Set<Node> | undefined)[] = [];
  readonly #rules: (Rule[] | undefined)[] = [];
  readonly #work: Node[] = [];
  /** First node of the object a slot belongs to, and how many slots it has; -1 for plain nodes. */
  readonly #base: number[] = [];
  readonly #width: number[] = [];
  /** How many locations were dropped by the cap. */
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

  points(node: Node): ReadonlySet<Node> {
    return this.#points[node] ?? none;
  }

  add(node: Node, location: Node): void {
    let set = this.#points[node];
    if (set === undefined) this.#points[node] = set = new Set();
    if (set.has(location)) return;
    if (set.size >= mostLocations) {
      this.dropped++;
      return;
    }
    set.add(location);
    const fresh = this.#fresh[node];
    if (fresh !== undefined) {
      fresh.push(location);
      return;
    }
    this.#fresh[node] = [location];
    this.#work.push(node);
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
    if (set !== undefined) for (const location of set) this.add(to, location);
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
    if (set !== undefined) for (const location of [...set]) this.#apply(rule, location);
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
      const fresh = this.#fresh[node];
      if (fresh === undefined) continue;
      this.#fresh[node] = undefined;
      const edges = this.#copies[node];
      if (edges !== undefined) {
        for (const to of edges) for (const location of fresh) this.add(to, location);
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

const none: ReadonlySet<Node> = new Set();
