// Who waits for what nobody who goes on can reach: such goroutines wait for ever, whatever the others do. As the garbage
// collector finds unreachable memory (golang/go#74609), with the live registers of each frame as roots. A lock is taken to
// be released by whoever holds it. May miss: what is reachable need not be used.

import type { Func } from "../../ir/ir.js";
import { choicesNow, later } from "./choices.js";
import { VmFrame } from "./frames.js";
import type { Goroutine } from "./goroutine.js";
import { Liveness } from "./liveness.js";
import { MapIterator, MapObj } from "./maps.js";
import { isParked } from "./spin.js";
import { Chan, Closure, Iface, Pointer, Slice } from "./values.js";
import type { OpInstr, Value } from "./core.js";
import { holdersOf } from "./waiting.js";
import { opOf, waits, type World } from "./world.js";

/** In the order of their numbers. */
export function forsaken(world: World): readonly Goroutine[] {
  const waiting = world.threads.filter((it) => mayBeForsaken(world, it));
  return waiting.length === 0 ? [] : new Reach(world, waiting).forsaken();
}

/** Whether a thread waits for another one, as things stand. */
export function standsStill(world: World, g: Goroutine): boolean {
  if (!waits(g) || isParked(g)) return false;
  const choices = choicesNow(world, g);
  return choices !== later && choices.length === 0;
}

/** Rendezvous are choices of one of the two only. A select without cases waits for ever on purpose, while others serve. */
function mayBeForsaken(world: World, g: Goroutine): boolean {
  const op = opOf(g);
  if (!standsStill(world, g) || (op?.op === "select" && op.cases.length === 0)) return false;
  return !world.threads.some((it) => {
    const choices = choicesNow(world, it);
    return choices !== later && choices.some(({ partner }) => partner === g.id);
  });
}

const livenesses = new WeakMap<Func, Liveness>();

function livenessOf(func: Func): Liveness {
  const known = livenesses.get(func) ?? new Liveness(func);
  livenesses.set(func, known);
  return known;
}

class Reach {
  readonly #world: World;
  readonly #waiting: Set<Goroutine>;
  readonly #seen = new Set<object>();
  readonly #queue: object[] = [];

  constructor(world: World, waiting: readonly Goroutine[]) {
    this.#world = world;
    this.#waiting = new Set(waiting);
  }

  forsaken(): readonly Goroutine[] {
    const { threads, core } = this.#world;
    for (const it of core.globals()) this.#value(it);
    for (const it of threads) if (!this.#waiting.has(it)) this.#thread(it);
    for (let woken = true; woken; ) {
      this.#follow();
      woken = false;
      for (const it of this.#waiting) {
        if (!this.#canWake(it)) continue;
        this.#waiting.delete(it);
        this.#thread(it);
        woken = true;
      }
    }
    return [...this.#waiting];
  }

  #canWake(g: Goroutine): boolean {
    const op = opOf(g);
    if (op === null) return true;
    const holders = holdersOf(this.#world, g).map((it) => this.#world.thread(it));
    const alive = holders.filter((it) => it.phase !== "ended");
    if (alive.length > 0 && alive.length === holders.length) {
      return alive.some((it) => !this.#waiting.has(it));
    }
    return waitedFor(this.#world, g, op).some((it) => this.#isReached(it));
  }

  #isReached(value: Value): boolean {
    if (value instanceof Pointer) return this.#seen.has(value.obj);
    return value instanceof Chan && this.#seen.has(value);
  }

  #thread(g: Goroutine): void {
    if (g.phase === "ended") return;
    if (g.phase === "timer" && g.timer === null) return;
    this.#value(g.target);
    let top = true;
    for (let frame = g.core?.frame ?? null; frame !== null; frame = frame.parent) {
      if (frame instanceof VmFrame) this.#frame(g, frame, top);
      top = false;
    }
  }

  #frame(g: Goroutine, frame: VmFrame, top: boolean): void {
    const live = top ? liveAtTop(g, frame) : liveBelow(frame);
    frame.regs.forEach((it, reg) => {
      if (live === null || live.has(reg)) this.#value(it);
    });
    for (let it = frame.defers; it !== null; it = it.next) {
      this.#value(it.callee);
      for (const arg of it.args) this.#value(arg);
    }
    for (let it = frame.panic; it !== null; it = it.link) this.#value(it.value);
  }

  #value(value: Value): void {
    if (typeof value !== "object" || value === null || this.#seen.has(value)) return;
    if (value instanceof Pointer || value instanceof Slice) this.#value(value.obj);
    else if (value instanceof Iface) this.#value(value.value);
    else {
      this.#seen.add(value);
      this.#queue.push(value);
    }
  }

  #follow(): void {
    for (let it = this.#queue.pop(); it !== undefined; it = this.#queue.pop()) this.#content(it);
  }

  #content(it: object): void {
    const all = (values: readonly Value[]): void => {
      for (const value of values) this.#value(value);
    };
    if (Array.isArray(it)) all(it);
    else if (it instanceof Closure) {
      all(it.captures);
      all(it.bound);
    } else if (it instanceof Chan) all(it.buffer);
    else if (it instanceof MapObj) {
      for (const { key, value } of it.live()) all([key, value]);
    } else if (it instanceof MapIterator) this.#value(it.map);
    else if ("cells" in it) all(it.cells as readonly Value[]);
  }
}

/** Null: nobody knows. */
function liveAtTop({ stop }: Goroutine, { code }: VmFrame): ReadonlySet<number> | null {
  if (stop?.kind !== "op" && stop?.kind !== "access") return null;
  return livenessOf(code.func).before(stop.instr);
}

/** Of a frame that waits for a call to return. */
function liveBelow({ code, pc }: VmFrame): ReadonlySet<number> | null {
  const call = code.ins[pc - 1]?.instr;
  if (call?.op !== "call") return null;
  return livenessOf(code.func).after(call);
}

/** What somebody else has to get hold of for the thread to go on. */
function waitedFor(world: World, g: Goroutine, op: OpInstr): readonly Value[] {
  switch (op.op) {
    case "acquire":
      return [world.operand(g, op.lock)];
    case "send":
    case "recv":
      return [world.operand(g, op.chan)];
    case "select":
      return op.cases.map((it) => world.operand(g, it.chan));
    case "sync":
      return op.object === null ? [] : [world.operand(g, op.object)];
    default:
      return [];
  }
}
