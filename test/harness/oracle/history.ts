// What has happened so far, as its trace: for each lane its events with their outcomes and vector clocks. Kept up to date
// step by step, and taken back, so that prefixes of executions can be compared at once.

import { Clocks, Pairs } from "./interner.js";
import { Layout, Memory } from "./memory.js";
import type { Interpreter } from "./interpreter.js";
import { Objects } from "./objects.js";
import type { Manner, Occurrence, Touch } from "./occurrence.js";
import { isChannelTouch, type Relation } from "./dependence.js";

/** Manners in which an object that is no channel is met, each with those that it does not commute with. */
const conflicts: readonly (readonly [Manner, readonly Manner[]])[] = [
  ["write", ["write", "read", "share", "peek"]],
  ["read", ["write"]],
  ["share", ["write", "peek"]],
  ["peek", ["write", "share"]],
  ["count", ["wait", "undercount"]],
  ["undercount", ["count"]],
  ["wait", ["count"]],
];

const manners = conflicts.map(([manner]) => manner);

/** Clocks that a channel keeps: of the last of each kind, or of all of them. */
const channelClocks = ["send", "recv", "close", "probe", "rendezvous"] as const;
const slots = 2;

/** Where the numbers of all histories of one program come from. */
export class Numbers {
  readonly pairs = new Pairs();
  readonly clocks: Clocks;

  constructor(lanes: number) {
    this.clocks = new Clocks(lanes);
  }

  /** The lane's history with one more event. */
  event(before: number, label: number, clock: number): number {
    return this.pairs.of(this.pairs.of(before, label), clock);
  }

  /** Of what has happened in each lane. */
  trace(lanes: readonly number[]): number {
    return lanes.reduce((all, it) => this.pairs.of(all, it), 0);
  }
}

export class History {
  readonly #numbers: Numbers;
  readonly #clocks: Clocks;
  readonly #relation: Relation;
  readonly #memory: Memory;
  readonly #lanes: number;
  /** Last event and clock of each lane. */
  readonly #events: number;
  readonly #laneClocks: number;
  /** What lies before the clock's last advance. */
  readonly #advance: number;
  readonly #steps: number;
  /** One row an object, one column a manner. */
  readonly #objects: number;
  readonly #channels: number;
  readonly #sent: number;
  readonly #freed: number;
  readonly #stepClocks: number[] = [];
  /** Manners that a touch of each manner comes after. */
  readonly #after: ReadonlyMap<Manner, readonly number[]>;

  constructor({ program, lanes }: Interpreter, numbers: Numbers, relation: Relation) {
    const layout = new Layout();
    const { length } = program.channels;
    this.#numbers = numbers;
    this.#clocks = numbers.clocks;
    this.#relation = relation;
    this.#lanes = lanes;
    this.#events = layout.take(lanes);
    this.#laneClocks = layout.take(lanes);
    this.#advance = layout.take(1);
    this.#steps = layout.take(1);
    this.#objects = layout.take(new Objects(program).count * manners.length);
    this.#channels = layout.take(length * channelClocks.length);
    this.#sent = layout.take(length * slots);
    this.#freed = layout.take(length * slots);
    this.#memory = new Memory(layout.size);
    this.#after = new Map(
      conflicts.map(([manner, others]) => {
        const all = manner === "count" && relation.strict ? [...others, manner] : others;
        return [manner, all.map((it) => manners.indexOf(it))];
      }),
    );
  }

  mark(): number {
    return this.#memory.mark();
  }

  undoTo(mark: number): void {
    this.#memory.undoTo(mark);
  }

  /** The same number for the same trace. */
  signature(): number {
    const { pairs } = this.#numbers;
    let all = 0;
    for (let lane = 0; lane < this.#lanes; lane++) {
      all = pairs.of(all, this.#memory.get(this.#events + lane));
    }
    return all;
  }

  add(it: Occurrence): void {
    const memory = this.#memory;
    let clock = this.#before(it);
    for (const touch of it.touches) clock = this.#clocks.join(clock, this.#ordering(touch));
    clock = this.#clocks.tick(clock, it.lane);
    if (it.partner >= 0) clock = this.#clocks.tick(clock, it.partner);
    for (const touch of it.touches) this.#leave(touch, clock);
    this.#happened(it.lane, it.label, clock);
    if (it.partner >= 0) this.#happened(it.partner, it.partnerLabel, clock);
    if (it.spawned >= 0) memory.set(this.#laneClocks + it.spawned, clock);
    const step = memory.get(this.#steps);
    this.#stepClocks[step] = clock;
    memory.set(this.#steps, step + 1);
  }

  #happened(lane: number, label: number, clock: number): void {
    const before = this.#memory.get(this.#events + lane);
    this.#memory.set(this.#events + lane, this.#numbers.event(before, label, clock));
    this.#memory.set(this.#laneClocks + lane, clock);
  }

  /** What comes before because of the threads, of waking and of the time. */
  #before(it: Occurrence): number {
    const memory = this.#memory;
    let clock = memory.get(this.#laneClocks + it.lane);
    if (it.partner >= 0) {
      clock = this.#clocks.join(clock, memory.get(this.#laneClocks + it.partner));
    }
    if (it.wokenBy >= 0) clock = this.#clocks.join(clock, this.#stepClocks[it.wokenBy] ?? 0);
    if (it.advanced) this.#advanceClock();
    return it.timed ? this.#clocks.join(clock, memory.get(this.#advance)) : clock;
  }

  #advanceClock(): void {
    let all = 0;
    for (let lane = 0; lane < this.#lanes; lane++) {
      all = this.#clocks.join(all, this.#memory.get(this.#laneClocks + lane));
    }
    this.#memory.set(this.#advance, all);
  }

  /** The clocks that whoever touches the object in this way comes after. */
  #ordering(touch: Touch): number {
    if (isChannelTouch(touch)) return this.#channelOrdering(touch);
    const row = this.#objects + touch.object * manners.length;
    let clock = 0;
    for (const column of this.#after.get(touch.manner) ?? []) {
      clock = this.#clocks.join(clock, this.#memory.get(row + column));
    }
    return clock;
  }

  #channelOrdering({ manner, object, n }: Touch): number {
    switch (manner) {
      case "send":
        // A receive that freed the slot comes before; so does nothing while the slot is new.
        return this.#all(object, ["send", "probe"], this.#slot(this.#freed, object, n));
      case "recv":
        return this.#all(object, ["recv", "probe"], this.#slot(this.#sent, object, n));
      case "close":
        return this.#all(object, ["send", "rendezvous", "probe"], 0);
      case "recv-closed":
        return this.#all(object, ["close", "recv"], 0);
      case "send-closed":
      case "close-closed":
        return this.#all(object, ["close"], 0);
      case "probe":
        return this.#all(object, ["send", "recv", "close"], 0);
      default:
        return 0;
    }
  }

  #slot(base: number, channel: number, n: number): number {
    const capacity = this.#relation.channels[channel] ?? 0;
    return this.#memory.get(base + channel * slots + (n % capacity));
  }

  #all(channel: number, kinds: readonly (typeof channelClocks)[number][], more: number): number {
    let clock = more;
    for (const kind of kinds) {
      clock = this.#clocks.join(clock, this.#memory.get(this.#channelClock(channel, kind)));
    }
    return clock;
  }

  #channelClock(channel: number, kind: (typeof channelClocks)[number]): number {
    return this.#channels + channel * channelClocks.length + channelClocks.indexOf(kind);
  }

  /** Those who come later may come after this. */
  #leave({ manner, object, n }: Touch, clock: number): void {
    switch (manner) {
      case "send":
        this.#set(this.#sent, object, n, clock);
        this.#merge(this.#channelClock(object, manner), clock);
        return;
      case "recv":
        this.#set(this.#freed, object, n, clock);
        this.#merge(this.#channelClock(object, manner), clock);
        return;
      case "close":
      case "probe":
      case "rendezvous":
        this.#merge(this.#channelClock(object, manner), clock);
        return;
      case "recv-closed":
      case "send-closed":
      case "close-closed":
        return;
      default: {
        const row = this.#objects + object * manners.length;
        this.#merge(row + manners.indexOf(manner), clock);
      }
    }
  }

  #set(base: number, channel: number, n: number, clock: number): void {
    const capacity = this.#relation.channels[channel] ?? 0;
    this.#memory.set(base + channel * slots + (n % capacity), clock);
  }

  #merge(at: number, clock: number): void {
    this.#memory.set(at, this.#clocks.join(this.#memory.get(at), clock));
  }
}
