// TypeScript: functions that wait for something, and only then begin to listen for an event that may have come meanwhile.

import type { Func, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import { isModel } from "../../ir/models.js";
import type { Fact } from "../check.js";
import type { Point, SharedPlaces } from "./shared-places.js";
import { type Call, comesAfter, executorOf, type TsCalls, tsCalls } from "./ts-calls.js";

export interface LateListener {
  readonly func: Func;
  readonly event: string;
  /** Where the event is waited for, or, of an error that nobody waits for, listened for. */
  readonly listens: SpanId;
  /** The wait before. */
  readonly await: SpanId;
  /** That is a wait for an event too. */
  readonly afterEvent: boolean;
  /** Where the event is told to whoever listens. */
  readonly emits: readonly SpanId[];
  /** Whether the function waits for the event itself. */
  readonly waits: boolean;
}

export const lateListeners: Fact<readonly LateListener[]> = {
  name: "late-listeners",
  compute: ({ program, get }) => {
    const calls = get(tsCalls);
    const own = program.funcs.filter((it) => !isModel(it));
    const emits = emissions(calls, own);
    if (emits.size === 0) return [];
    return own
      .filter((it) => it.kind === "async")
      .flatMap((it) => new Finder(program, calls, it, emits).find());
  },
};

/** By the name of the event. */
function emissions(calls: TsCalls, funcs: readonly Func[]): ReadonlyMap<string, SpanId[]> {
  const table = new Map<string, SpanId[]>();
  for (const func of funcs) {
    for (const { instr, name } of calls.methods(func)) {
      // What a controller aborts tells its signal.
      const event = name === "abort" ? name : eventOf(calls.places(func), instr);
      if (!(name === "emit" || name === "abort") || event === null) continue;
      table.set(event, [...(table.get(event) ?? []), instr.span]);
    }
  }
  return table;
}

function eventOf(places: SharedPlaces, { args }: Call, at = 0): string | null {
  const event = args[at];
  return event === undefined ? null : places.constant(event);
}

interface Listening {
  readonly point: Point;
  readonly span: SpanId;
  readonly event: string;
  /** Null: it was there before the function was called. */
  readonly emitter: Reg | null;
  readonly waits: boolean;
}

const listens = new Set(["on", "once", "addListener", "addEventListener"]);

class Finder {
  readonly #program: Program;
  readonly #calls: TsCalls;
  readonly #func: Func;
  readonly #places: SharedPlaces;
  readonly #emits: ReadonlyMap<string, readonly SpanId[]>;

  constructor(
    program: Program,
    calls: TsCalls,
    func: Func,
    emits: ReadonlyMap<string, readonly SpanId[]>,
  ) {
    this.#program = program;
    this.#calls = calls;
    this.#func = func;
    this.#places = calls.places(func);
    this.#emits = emits;
  }

  find(): readonly LateListener[] {
    const all = [...this.#waits(), ...this.#errors()];
    return all.flatMap((it): LateListener[] => {
      const emits = this.#emits.get(it.event) ?? [];
      const before = this.#awaitBefore(it);
      if (emits.length === 0 || before === null) return [];
      const afterEvent = all.some((other) => other.waits && other.span === before);
      const { event, span, waits } = it;
      return [{ func: this.#func, event, listens: span, await: before, afterEvent, emits, waits }];
    });
  }

  /** `await once(emitter, "event")`, and `await new Promise((resolve) => emitter.once("event", resolve))`. */
  #waits(): readonly Listening[] {
    return this.#func.blocks.flatMap(({ instrs }, block) =>
      instrs.flatMap((instr, index): Listening[] => {
        const next = instrs[index + 1];
        if (next?.op !== "await" || !("dst" in instr) || next.value !== instr.dst) return [];
        const what = instr.op === "call" ? this.#once(instr) : this.#promised(instr);
        if (what === null) return [];
        return [{ point: { block, index }, span: next.span, waits: true, ...what }];
      }),
    );
  }

  #once(instr: Call): Pick<Listening, "event" | "emitter"> | null {
    if (instr.callee.kind !== "static") return null;
    const target = this.#program.funcs[instr.callee.func];
    const [emitter] = instr.args;
    const event = eventOf(this.#places, instr, 1);
    const isOnce = target?.display === "once" && isModel(target);
    return isOnce && emitter !== undefined && event !== null ? { emitter, event } : null;
  }

  #promised(instr: Instr): Pick<Listening, "event" | "emitter"> | null {
    const id = executorOf(this.#places, instr);
    const executor = id === null ? undefined : this.#program.funcs[id];
    if (executor === undefined) return null;
    const inner = this.#calls.places(executor);
    const found = this.#calls.methods(executor).find((it) => listens.has(it.name));
    const event = found === undefined ? null : eventOf(inner, found.instr);
    if (found === undefined || event === null) return null;
    return { emitter: this.#outer(executor, inner, found.self), event };
  }

  /** What a register of a literal is in the function around it; null: it is nothing of that one. */
  #outer(inner: Func, places: SharedPlaces, reg: Reg): Reg | null {
    const made = places.definitions.get(reg)?.instr;
    const captured = made?.op === "load" ? made.addr : reg;
    const index = inner.captures.indexOf(captured);
    for (const { instrs } of this.#func.blocks) {
      for (const it of instrs) {
        if (it.op === "closure" && it.func === inner.id && index >= 0) {
          return it.captures[index] ?? null;
        }
      }
    }
    return null;
  }

  /** An error that nobody listens for ends the program. */
  #errors(): readonly Listening[] {
    return this.#calls.methods(this.#func).flatMap(({ instr, point, self, name }) => {
      if (!listens.has(name) || eventOf(this.#places, instr) !== "error") return [];
      return [{ point, span: instr.span, event: "error", emitter: self, waits: false }];
    });
  }

  /** The last wait before it at which the emitter was there. */
  #awaitBefore({ point, emitter }: Listening): SpanId | null {
    const born = emitter === null ? null : this.#bornAt(emitter);
    let last: SpanId | null = null;
    this.#func.blocks.forEach(({ instrs }, block) => {
      instrs.forEach((instr, index) => {
        const at = { block, index };
        if (instr.op !== "await" || !isBefore(at, point)) return;
        if (!comesAfter(this.#places, at, point)) return;
        if (born !== null && !comesAfter(this.#places, born, at)) return;
        last = instr.span;
      });
    });
    return last;
  }

  /** Where the function has made it; null: it was there before. */
  #bornAt(reg: Reg): Point | null {
    const definition = this.#places.definitions.get(reg);
    if (definition === undefined) return null;
    const { instr, point } = definition;
    if (instr.op === "alloc" || instr.op === "load") {
      const addr = instr.op === "alloc" ? reg : instr.addr;
      const made = (this.#places.stored.get(addr) ?? []).map((it) => this.#bornAt(it));
      return made.find((it) => it !== null) ?? null;
    }
    return instr.op === "get-prop" || instr.op === "global" ? null : point;
  }
}

function isBefore(a: Point, b: Point): boolean {
  return a.block < b.block || (a.block === b.block && a.index < b.index);
}
