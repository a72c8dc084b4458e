// How the program can still end, and in how many ways: the schedules from here to each end are counted without running
// them one by one, because what can come of a state is counted once.

import type { PlayEnd, Reach, ReachableEnd, ReachLimit } from "../../../protocol/play.js";
import type { Choice } from "../../../protocol/witness.js";
import { present } from "../../base/assert.js";
import { walk } from "../random.js";
import { fair, type Strategy } from "../strategy.js";
import type { Position } from "./position.js";

export interface LookLimits {
  /** Steps of one execution. */
  readonly depth: number;
  /** States to look at. */
  readonly states: number;
  /** Why to stop; asked now and then. */
  readonly interrupted: () => "time" | "cancelled" | null;
}

/** Schedules by end, the ends in the order in which they were found. */
type Counts = bigint[];

/** What can come of a state. */
interface Known {
  readonly counts: Counts;
  /** Some of it was not looked at. */
  cut: boolean;
}

interface Place extends Known {
  readonly key: string;
  readonly mark: number;
  readonly length: number;
  readonly enabled: readonly Choice[];
  next: number;
}

/** Random ways to the end that are tried when there are too many for all. */
const mostWalks = 60;
/** Different ends beyond these are counted together. */
const mostEnds = 64;
const others: PlayEnd = { kind: null, label: "other ends" };

/** Leaves the position as it was. */
export function reachFrom(position: Position, limits: LookLimits): Reach {
  return new Reaching(position, limits).run();
}

class Reaching {
  readonly #position: Position;
  readonly #limits: LookLimits;
  readonly #known = new Map<string, Known>();
  /** Keys of the places on the path. */
  readonly #open = new Set<string>();
  readonly #ends: PlayEnd[] = [];
  readonly #indices = new Map<string, number>();
  #limit: ReachLimit | null = null;

  constructor(position: Position, limits: LookLimits) {
    this.#position = position;
    this.#limits = limits;
  }

  run(): Reach {
    const natural = this.#followed(fair());
    const { counts, cut } = this.#fromHere();
    if (cut) this.#sample(counts);
    if (this.#position.machine.drawn().examples !== null) this.#limit ??= "values";
    return { ends: this.#listed(counts), limit: this.#limit, natural };
  }

  #fromHere(): Known {
    const end = this.#position.end();
    if (end === null) return this.#searched(this.#place());
    const counts: Counts = [];
    add(counts, this.#index(end), 1n);
    return { counts, cut: end.kind === null };
  }

  /** Everything below a place. */
  #searched(root: Place): Known {
    const path: Place[] = [root];
    this.#open.add(root.key);
    for (let place = root; ; ) {
      const choice = this.#goesOn() ? place.enabled[place.next++] : undefined;
      if (choice === undefined) {
        place.cut ||= place.next < place.enabled.length;
        this.#open.delete(place.key);
        this.#known.set(place.key, place);
        path.pop();
        const above = path.at(-1);
        if (above === undefined) return place;
        include(above, place);
        this.#position.upTo(above.mark, above.length);
        place = above;
        continue;
      }
      this.#position.down(choice);
      const below = this.#enter(place);
      if (below === null) this.#position.upTo(place.mark, place.length);
      else {
        path.push(below);
        place = below;
      }
    }
  }

  /** Null where there is nothing more to look at: what is known of it has been added to the place above. */
  #enter(above: Place): Place | null {
    const end = this.#position.end();
    if (end !== null) {
      add(above.counts, this.#index(end), 1n);
      if (end.kind === null) this.#cut(above, "unsupported");
      return null;
    }
    if (this.#position.choices.length >= this.#limits.depth) {
      this.#cut(above, "depth");
      return null;
    }
    const place = this.#place();
    const known = this.#known.get(place.key);
    if (known !== undefined) include(above, known);
    else if (this.#open.has(place.key)) this.#cut(above, "endless");
    else {
      this.#open.add(place.key);
      return place;
    }
    return null;
  }

  #place(): Place {
    const { machine, choices } = this.#position;
    return {
      key: this.#position.key(),
      mark: machine.mark(),
      length: choices.length,
      enabled: machine.enabled(),
      counts: [],
      next: 0,
      cut: false,
    };
  }

  #cut(place: Place, why: ReachLimit): void {
    place.cut = true;
    this.#limit ??= why;
  }

  #goesOn(): boolean {
    if (this.#limit === "states" || this.#limit === "time" || this.#limit === "cancelled") {
      return false;
    }
    const why = this.#known.size >= this.#limits.states ? "states" : this.#limits.interrupted();
    // What ends the search is worth more telling than what it had to leave out before.
    if (why !== null) this.#limit = why;
    return why === null;
  }

  /** Ends that a search which was cut may not have come to. */
  #sample(counts: Counts): void {
    const { machine, choices } = this.#position;
    const steps = this.#limits.depth - choices.length;
    for (let seed = 0; seed < mostWalks; seed++) {
      if (this.#limits.interrupted() !== null) return;
      const index = this.#index(this.#followed(walk(seed, machine, Math.min(steps, 200))));
      if ((counts[index] ?? 0n) === 0n) counts[index] = 1n;
    }
  }

  /** How it ends when a strategy goes on from here. */
  #followed(strategy: Strategy): PlayEnd {
    const { machine } = this.#position;
    const mark = machine.mark();
    const { length } = this.#position.choices;
    let end = this.#position.end();
    while (end === null) {
      const long = this.#position.choices.length >= this.#limits.depth;
      if (long || this.#limits.interrupted() !== null) end = { kind: null, label: "not known" };
      else {
        this.#position.down(strategy.pick(machine.enabled(), this.#position.last));
        end = this.#position.end();
      }
    }
    this.#position.upTo(mark, length);
    return end;
  }

  #index(end: PlayEnd): number {
    const key = JSON.stringify(end);
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    if (this.#ends.length >= mostEnds && end !== others) return this.#index(others);
    const index = this.#ends.push(end) - 1;
    this.#indices.set(key, index);
    return index;
  }

  #listed(counts: Counts): readonly ReachableEnd[] {
    const order = ({ kind }: PlayEnd): number => (kind === null ? 2 : kind === "ok" ? 1 : 0);
    return counts
      .flatMap((count, index) => {
        const end = present(this.#ends[index], "end");
        return count === 0n ? [] : [{ ...end, ways: asNumber(count) }];
      })
      .sort((a, b) => order(a) - order(b) || b.ways - a.ways || (keyOf(a) < keyOf(b) ? -1 : 1));
  }
}

function keyOf({ kind, label }: PlayEnd): string {
  return `${kind ?? ""} ${label}`;
}

function include(above: Place, { counts, cut }: Known): void {
  above.cut ||= cut;
  counts.forEach((count, index) => {
    add(above.counts, index, count);
  });
}

function add(counts: Counts, index: number, count: bigint): void {
  while (counts.length <= index) counts.push(0n);
  counts[index] = (counts[index] ?? 0n) + count;
}

function asNumber(count: bigint): number {
  return count > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(count);
}
