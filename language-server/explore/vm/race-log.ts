// The races of an execution: what the detector finds, once per pair of places and object, with names for people.

import type { Outcome } from "../../../protocol/witness.js";
import type { SpanId } from "../../ir/ir.js";
import type { Kept } from "./beside.js";
import type { Obj, Ptr, Tracked } from "./core.js";
import { mapName } from "./accesses.js";
import type { Execution } from "./execution.js";
import type { Race } from "./machine.js";
import type { MapObj } from "./maps.js";
import { noteAccess, noteAtomic } from "./observable.js";
import { plainAccess, recordAccess, type Access, type Conflict } from "./race.js";
import type { Goroutine } from "./goroutine.js";
import type { SyncAccess } from "./op-accesses.js";
import { Chan } from "./values.js";
import type { World } from "./world.js";

export interface Place {
  readonly span: SpanId;
  readonly func: string;
}

/** What races: memory, a map, or a channel as such. */
type Owner = Obj | MapObj | Chan;

interface Logged extends Race {
  readonly key: string;
}

/** More than a program has places. */
const places = 2 ** 26;

export class RaceLog implements Tracked {
  races: readonly Logged[] = [];
  epoch = -1;
  readonly #world: World;
  readonly #execution: Execution;
  /** Names of what raced, by pair of places and number of the object. Never taken back: they stay the same. */
  readonly #names = new Map<number, string[]>();

  constructor(world: World, execution: Execution) {
    this.#world = world;
    this.#execution = execution;
  }

  keep(): () => void {
    const { races } = this;
    return () => {
      this.races = races;
    };
  }

  /** How an execution ends that shows nothing else. */
  outcome(): Outcome {
    const [race] = this.races;
    if (race === undefined) return { kind: "ok" };
    const { first, second } = race;
    return { kind: "race", object: race.object, steps: [first.step, second.step] };
  }

  /** While there has only ever been one thread, everything it does comes before all others, and nobody need call. */
  cells(g: Goroutine, obj: Obj, off: number, cells: number, write: boolean, at: Place): void {
    if (this.#world.options.weak) noteAccess(this.#world, g, { obj, off }, cells, write);
    if (this.#world.looking) return;
    const now = this.#access(g, g.tick + 1, write, false, at);
    for (let index = off; index < off + cells; index++) this.#record(obj, index, g, now);
  }

  /** A read that does not observe the newest write. */
  stale(g: Goroutine, { obj, off }: Ptr, at: Place): void {
    if (this.#world.looking) return;
    this.#record(obj, off, g, this.#access(g, g.tick + 1, false, false, at));
  }

  map(g: Goroutine, map: MapObj, write: boolean, at: Place): void {
    if (this.#world.looking) return;
    this.#record(map, 0, g, this.#access(g, g.tick + 1, write, false, at));
  }

  atomic(g: Goroutine, { obj, off }: Ptr, write: boolean, at: Place): void {
    if (this.#world.options.weak && write) noteAtomic(this.#world, g, { obj, off });
    if (this.#world.looking) return;
    this.#record(obj, off, g, this.#access(g, g.tick, write, true, at));
  }

  /** As an atomic access: in the thread's present, which ends with it. */
  sync(g: Goroutine, { owner, off, write, atomic, does }: SyncAccess, at: Place): void {
    if (this.#world.looking) return;
    this.#record(owner, off, g, { ...this.#access(g, g.tick, write, atomic, at), does });
  }

  /** Plain accesses since the thread's last operation belong to the time after it. */
  #access(g: Goroutine, tick: number, write: boolean, atomic: boolean, at: Place): Access {
    const step = Math.max(0, this.#execution.steps - 1);
    return { thread: g.id, tick, write, atomic, span: at.span, func: at.func, step };
  }

  #record(owner: Owner, off: number, g: Goroutine, now: Access): void {
    const shadow = this.#world.objects.beside(owner).shadow(off);
    const conflicts = recordAccess(this.#world.core.trail, shadow, g.clock, now);
    for (const it of conflicts) this.#log(owner, off, it);
  }

  #log(owner: Owner, off: number, { first, second }: Conflict): void {
    const pair = pairOf(first.span, second.span);
    const name = this.#nameOf(pair, owner, off);
    const key = `${pair} ${name}`;
    if (this.races.some((it) => it.key === key)) return;
    const object = this.#world.telling ? this.#objectOf(owner, off) : 0;
    const race = { key, object, name, first: plainAccess(first), second: plainAccess(second) };
    this.#world.own(this);
    this.races = [...this.races, race];
  }

  #nameOf(pair: number, owner: Owner, off: number): string {
    let names = this.#names.get(pair);
    if (names === undefined) this.#names.set(pair, (names = []));
    const number = this.#world.objects.number(owner satisfies Kept, off);
    return (names[number] ??= this.#named(owner, off));
  }

  #named(owner: Owner, off: number): string {
    if (owner instanceof Chan) return owner.name === "" ? "a channel" : owner.name;
    return "cells" in owner ? this.#world.core.nameOf(owner, off) : mapName(owner);
  }

  #objectOf(owner: Owner, off: number): number {
    const { objects } = this.#world;
    if (owner instanceof Chan) return objects.chan(owner);
    if ("cells" in owner) return objects.cell({ obj: owner, off }, "variable");
    return objects.map(owner, mapName(owner), null);
  }
}

/** The same for both orders. */
function pairOf(a: number, b: number): number {
  return a < b ? a * places + b : b * places + a;
}
