// A digest of everything an execution can still depend on: what each thread would do next and all memory it can
// reach. Clocks are left out: they say how a state was reached. Two 32-bit lanes, so that a million states hardly
// collide. Numbers are mixed as they are: this runs once for each state of a search.

import type { Obj } from "./core.js";
import { VmFrame } from "./frames.js";
import type { Goroutine } from "./goroutine.js";
import { MapIterator, MapObj } from "./maps.js";
import { Chan, Closure, Complex, Iface, Pointer, Slice, StringIterator } from "./values.js";
import type { SyncMeta } from "./beside.js";
import type { Access } from "./race.js";
import { isParked } from "./spin.js";
import type { Clock } from "./vector-clock.js";
import type { World } from "./world.js";

/** As 16 hexadecimal digits. */
export function digest(world: World, output: string): string {
  const walk = new Walk(world);
  walk.all(output);
  return hex(walk.a) + hex(walk.b);
}

/** 53 bits of the digest, exact in a double. `ordered`: also of what orders accesses, on which races to come depend. */
export function digestNumber(world: World, output: string, ordered = false): number {
  const walk = new Walk(world, ordered);
  walk.all(output);
  return (walk.a & 0x1fffff) * 2 ** 32 + walk.b;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, "0");
}

/** What a value is, mixed in before it, so that `1` and `"1"` differ. */
const tags = {
  nothing: 1,
  integer: 2,
  float: 3,
  text: 4,
  yes: 5,
  no: 6,
  big: 7,
  list: 8,
  pointer: 9,
  slice: 10,
  interface: 11,
  complex: 12,
  closure: 13,
  object: 14,
  iterator: 15,
  other: 16,
} as const;

const float = new Float64Array(1);
const halves = new Uint32Array(float.buffer);

class Walk {
  a = 0x811c9dc5;
  b = 0x01234567;
  readonly #world: World;
  readonly #ordered: boolean;
  readonly #seen = new Set<object>();
  readonly #queue: (Obj | Chan | MapObj)[] = [];

  constructor(world: World, ordered = false) {
    this.#world = world;
    this.#ordered = ordered;
  }

  all(output: string): void {
    const { threads, now, core } = this.#world;
    for (const it of threads) this.#thread(it, now);
    for (const it of core.userGlobals()) this.#visit(it);
    this.#number(now);
    this.#text(output);
    for (let index = 0; index < this.#queue.length; index++) {
      this.#content(this.#queue[index] as Obj | Chan | MapObj);
    }
  }

  #mix(value: number): void {
    const a = Math.imul(this.a ^ value, 0x01000193);
    this.a = (a ^ (a >>> 15)) >>> 0;
    const b = Math.imul(this.b ^ value, 0x85ebca6b);
    this.b = (b ^ (b >>> 13)) >>> 0;
  }

  #number(value: number): void {
    if ((value | 0) === value && !Object.is(value, -0)) {
      this.#mix(tags.integer);
      this.#mix(value);
      return;
    }
    float[0] = value;
    this.#mix(tags.float);
    this.#mix(halves[0] as number);
    this.#mix(halves[1] as number);
  }

  #text(value: string): void {
    this.#mix(tags.text);
    this.#mix(value.length);
    for (let index = 0; index < value.length; index++) this.#mix(value.charCodeAt(index));
  }

  #thread(g: Goroutine, now: number): void {
    this.#text(g.phase);
    this.#mix(g.id);
    if (g.intent !== null) this.#intent(g.intent, now);
    if (g.timer !== null) this.#number(g.timer.when - now);
    if (g.stop !== null) this.#text(g.stop.kind);
    if (g.draws > 0) this.#mix(g.draws);
    // How far a thread has gone round decides when it is parked.
    this.#mix(g.quiet);
    if (g.parked !== null) this.#mix(-1 - g.parked.length);
    for (const it of g.held) this.#mix(it.lock);
    if (this.#ordered) this.#threadOrder(g);
    for (let frame = g.core?.frame ?? null; frame !== null; frame = frame.parent) {
      if (frame instanceof VmFrame) this.#frame(frame);
    }
  }

  #intent(intent: NonNullable<Goroutine["intent"]>, now: number): void {
    this.#text(intent.kind);
    if (intent.kind === "sleeping") this.#number(intent.settles === true ? -1 : intent.until - now);
  }

  #threadOrder(g: Goroutine): void {
    this.#clock(g.clock);
    this.#mix(g.tick);
    if (g.parked !== null) this.#mix(isParked(g) ? tags.yes : tags.no);
  }

  #clock(clock: Clock): void {
    this.#mix(clock.length);
    for (const it of clock) this.#mix(it);
  }

  /** What accesses of an object that are still to come will be compared with. */
  #order(object: Obj | Chan | MapObj): void {
    if (object instanceof Chan) {
      for (const it of object.sent) this.#clock(it);
      for (const it of object.freed) this.#clock(it);
      this.#clock(object.closing);
    }
    if (object.beside === null) return;
    const beside = this.#world.objects.beside(object);
    beside.syncs().forEach((it, off) => {
      if (it !== undefined) this.#sync(it, off);
    });
    beside.shadows().forEach((it, off) => {
      if (it === undefined || it.last.length === 0) return;
      this.#mix(off);
      // In whichever order they came: all of them are compared.
      this.#list(it.last.map((access) => accessKey(access)).sort());
    });
  }

  #sync({ clock, readers, woken }: SyncMeta, off: number): void {
    if (clock.length + readers.length + woken.length === 0) return;
    this.#mix(off);
    this.#clock(clock);
    this.#clock(readers);
    for (const it of woken) this.#clock(it.clock);
  }

  #frame({ code, pc, regs, defers }: VmFrame): void {
    this.#mix(code.func.id);
    this.#mix(pc);
    this.#list(regs);
    for (let it = defers; it !== null; it = it.next) {
      this.#mix(tags.closure);
      this.#value(it.callee);
      this.#list(it.args);
    }
  }

  #list(values: readonly unknown[]): void {
    this.#mix(tags.list);
    this.#mix(values.length);
    for (let index = 0; index < values.length; index++) this.#value(values[index]);
  }

  #value(value: unknown): void {
    switch (typeof value) {
      case "number":
        this.#number(value);
        return;
      case "string":
        this.#text(value);
        return;
      case "boolean":
        this.#mix(value ? tags.yes : tags.no);
        return;
      case "bigint":
        this.#mix(tags.big);
        this.#text(value.toString(36));
        return;
      default:
        if (typeof value === "object" && value !== null) this.#object(value);
        else this.#mix(tags.nothing);
    }
  }

  #object(value: object): void {
    if (Array.isArray(value)) this.#list(value);
    else if (value instanceof Pointer) {
      this.#mix(tags.pointer);
      this.#visit(value.obj);
      this.#mix(value.off);
    } else if (value instanceof Slice) {
      this.#mix(tags.slice);
      this.#visit(value.obj);
      this.#mix(value.off);
      this.#mix(value.len);
      this.#mix(value.cap);
    } else if (value instanceof Iface) {
      this.#mix(tags.interface);
      this.#mix(value.type);
      this.#value(value.value);
    } else if (value instanceof Closure) {
      this.#mix(tags.closure);
      this.#mix(value.func.id);
      this.#list(value.captures);
      this.#list(value.bound);
    } else if (value instanceof Chan || value instanceof MapObj) {
      this.#mix(tags.object);
      this.#visit(value);
    } else this.#rare(value);
  }

  #rare(value: object): void {
    if (value instanceof Complex) {
      this.#mix(tags.complex);
      this.#number(value.re);
      this.#number(value.im);
    } else if (value instanceof MapIterator) {
      this.#mix(tags.iterator);
      this.#number(value.seq);
      if (value.order !== "forward") this.#text(value.wrapped ? "wrapped" : value.order);
      if (value.start !== 0) this.#number(value.start);
      if (value.map !== null) this.#visit(value.map);
    } else if (value instanceof StringIterator) {
      this.#mix(tags.iterator);
      this.#mix(value.pos);
      this.#text(value.text);
    } else this.#mix(tags.other);
  }

  #visit(object: Obj | Chan | MapObj): void {
    this.#number(object.id);
    if (this.#seen.has(object)) return;
    this.#seen.add(object);
    this.#queue.push(object);
  }

  #content(object: Obj | Chan | MapObj): void {
    this.#number(object.id);
    if (this.#ordered) this.#order(object);
    if (object instanceof Chan) {
      this.#list(object.buffer);
      this.#value(object.closed);
    } else if (object instanceof MapObj) {
      for (const { key, value } of object.live()) {
        this.#value(key);
        this.#value(value);
      }
    } else {
      this.#list(object.cells);
      this.#waiters(object);
    }
  }

  /** Those whom nobody has woken yet are not those who have been woken. */
  #waiters(object: Obj): void {
    if (object.beside === null) return;
    const syncs = this.#world.objects.beside(object).syncs();
    syncs.forEach((it, off) => {
      if (it === undefined) return;
      const { queue, woken } = it;
      if (queue.length > 0) this.#list([off, ...queue]);
      if (woken.length > 0) this.#list([-1 - off, ...woken.map(({ thread }) => thread)]);
    });
  }
}

function accessKey({ thread, tick, write, atomic }: Access): string {
  return `${thread} ${tick} ${write ? "w" : "r"}${atomic ? "a" : ""}`;
}
