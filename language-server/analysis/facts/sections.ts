// Reads and writes of shared places by the critical section they are in: what is done under one hold of a lock, one atomic
// operation, one operation of a sync.Map. Each function has those of the functions it calls as well, in its own terms.

import { funcOf, typeOf, underlying } from "../../ir/access.js";
import type { Func, Instr, Program, Reg } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { accessesOf } from "./accesses.js";
import { dependenceOf } from "./dependence.js";
import { graphOf, type Point } from "./graph.js";
import { pointsTo, type Instance, type PointsTo } from "./points-to.js";
import { definitionsOf } from "./skeleton.js";
import type { Node } from "./solver.js";
import { edges } from "../../ir/shape.js";

/** What a write puts there. `updated`: made of what is there. `new`: a thing of its own, which others can tell apart. */
export type Stored =
  | { readonly kind: "constant" | "updated" | "new" | "removed" | "other" }
  | { readonly kind: "register"; readonly reg: Reg };

export interface SectionEvent {
  readonly kind: "read" | "write";
  readonly guard: "lock" | "atomic" | "map";
  /** Null: no lock is held in this function. */
  readonly lock: Node | null;
  readonly location: Node;
  /** Entry of a map as text in this function's terms; null: there are no entries, "?": not known. */
  readonly key: string | null;
  /** Where the section begins; null while no lock is held. */
  readonly section: Point | null;
  readonly point: Point;
  /** Of a read: the register that has the value, or something that was made of it. */
  readonly value: Reg | null;
  readonly stored: Stored;
  /** Of a write: whether its own section looks again before. */
  readonly again: boolean;
  /** The operation itself, where it stands. */
  readonly where: { readonly instance: Instance; readonly instr: Instr };
}

export interface Sections {
  /** With those of what it calls. */
  eventsOf(instance: Instance): readonly SectionEvent[];
  /** Only what stands in the function itself, with the locks held there. */
  readonly own: readonly SectionEvent[];
}

const deepest = 5;
/** Functions with more events than this tell nothing to their callers. */
const mostEvents = 120;
export const unknownKey = "?";

export const sections: Fact<Sections> = {
  name: "sections",
  compute: ({ program, get }) => new Finder(program, get(pointsTo)),
};

class Finder implements Sections {
  readonly #program: Program;
  readonly #points: PointsTo;
  readonly #known = new Map<Instance, readonly SectionEvent[]>();
  readonly #matters: ReadonlySet<Instance>;
  #depth = 0;

  constructor(program: Program, points: PointsTo) {
    this.#program = program;
    this.#points = points;
    this.#matters = this.#reaching();
  }

  /** Instances with a lock, an atomic or a sync.Map operation, and those that call or are called by them. */
  #reaching(): Set<Instance> {
    const callers = new Map<Instance, Set<Instance>>();
    const reaching = new Set<Instance>();
    for (const instance of this.#points.instances) {
      if (instance.func.library) continue;
      for (const { instrs } of instance.func.blocks) {
        for (const instr of instrs) {
          if (instr.op === "acquire" || instr.op === "atomic") reaching.add(instance);
          if (mapMethod(this.#program, instr) !== null) reaching.add(instance);
          for (const { instance: callee } of this.#points.targets(instance, instr)) {
            const list = callers.get(callee) ?? new Set();
            callers.set(callee, list.add(instance));
          }
        }
      }
    }
    for (const it of reaching) for (const caller of callers.get(it) ?? []) reaching.add(caller);
    // What is called with a lock held is in the section of its caller.
    for (const it of reaching) {
      for (const { instrs } of it.func.blocks) {
        for (const instr of instrs) {
          if (instr.op !== "call") continue;
          for (const target of this.#points.targets(it, instr)) {
            if (!target.instance.func.library) reaching.add(target.instance);
          }
        }
      }
    }
    return reaching;
  }

  get own(): readonly SectionEvent[] {
    return this.#points.instances.flatMap((instance) =>
      this.eventsOf(instance).filter((it) => it.where.instance === instance),
    );
  }

  eventsOf(instance: Instance): readonly SectionEvent[] {
    const known = this.#known.get(instance);
    if (known !== undefined) return known;
    if (!this.#matters.has(instance) || this.#depth >= deepest) return [];
    this.#known.set(instance, []);
    this.#depth++;
    const events = this.#find(instance);
    this.#depth--;
    this.#known.set(instance, events);
    return events;
  }

  #find(instance: Instance): readonly SectionEvent[] {
    const held = new HeldFrom(this.#points, instance);
    const raw: SectionEvent[] = [];
    instance.func.blocks.forEach(({ instrs }, block) => {
      instrs.forEach((instr, index) => {
        const point = { block, index };
        const found = this.#instr(instance, instr, point);
        for (const it of found) {
          if (it.guard !== "lock" || it.section !== null) raw.push(it);
          else {
            const locks = held.at(point);
            if (locks.size === 0) raw.push(it);
            for (const [lock, section] of locks) raw.push({ ...it, lock, section });
          }
        }
      });
    });
    return this.#judged(instance.func, raw);
  }

  /** Writes that are made of a read in the same section, or come after another look. */
  #judged(func: Func, events: readonly SectionEvent[]): readonly SectionEvent[] {
    const dependence = dependenceOf(func);
    const graph = graphOf(func);
    return events.map((write) => {
      if (write.kind !== "write" || write.section === null) return write;
      const reads = events.filter(
        (it) =>
          it.kind === "read" &&
          it.value !== null &&
          it.location === write.location &&
          it.lock === write.lock &&
          samePoint(it.section, write.section) &&
          (it.key === write.key || it.key === unknownKey) &&
          graph.reaches(it.point, write.point),
      );
      const { stored } = write;
      const isMadeOf = (it: SectionEvent): boolean =>
        stored.kind === "register" && it.value !== null && dependence.on(it.value).has(stored.reg);
      const updated: Stored = { kind: "updated" };
      return {
        ...write,
        stored: reads.some(isMadeOf) ? updated : stored,
        again:
          write.again ||
          reads.some(
            (it) => it.value !== null && dependence.sideOf(it.value, write.point) !== null,
          ),
      };
    });
  }

  #instr(instance: Instance, instr: Instr, point: Point): readonly SectionEvent[] {
    const base = { point, where: { instance, instr }, again: false, lock: null } as const;
    if (instr.op === "atomic") return this.#atomic(instance, instr, base);
    const method = mapMethod(this.#program, instr);
    if (method !== null && instr.op === "call") return this.#syncMap(instance, instr, method, base);
    if (instr.op === "call") return this.#lifted(instance, instr, point);
    return this.#accesses(instance, instr, base);
  }

  #accesses(instance: Instance, instr: Instr, base: Base): readonly SectionEvent[] {
    return accessesOf(this.#program, this.#points, instance, instr).flatMap((it) => {
      const [location, ...others] = it.locations;
      if (location === undefined || others.length > 0 || it.width > 8) return [];
      const value = !it.write && "dst" in instr ? instr.dst : null;
      const key = instr.op === "map" ? this.#mapKey(instance.func, instr) : null;
      return [
        {
          ...base,
          kind: it.write ? ("write" as const) : ("read" as const),
          guard: "lock" as const,
          location,
          key: this.#points.objectAt(location)?.kind === "array" ? unknownKey : key,
          section: null,
          value,
          stored: it.write ? this.#storedBy(instance.func, instr) : { kind: "other" as const },
        },
      ];
    });
  }

  #mapKey(func: Func, instr: Extract<Instr, { op: "map" }>): string {
    const key = instr.args[1];
    return key === undefined ? unknownKey : textOf(func, key);
  }

  #storedBy(func: Func, instr: Instr): Stored {
    if (instr.op === "store") return this.#stored(func, instr.value);
    if (instr.op === "map" && instr.fn === "set") return this.#stored(func, instr.args[2]);
    return { kind: instr.op === "map" ? "removed" : "other" };
  }

  #stored(func: Func, reg: Reg | undefined): Stored {
    if (reg === undefined) return { kind: "other" };
    const definition = definitionsOf(func).get(reg);
    if (definition?.op === "const" || definition?.op === "zero") return { kind: "constant" };
    if (definition?.op === "interface") {
      const inner = this.#stored(func, definition.value);
      return inner.kind === "register" ? { kind: "register", reg } : inner;
    }
    return { kind: "register", reg };
  }

  #atomic(
    instance: Instance,
    instr: Extract<Instr, { op: "atomic" }>,
    base: Base,
  ): readonly SectionEvent[] {
    if (instr.fn !== "load" && instr.fn !== "store") return [];
    const [location, ...others] = this.#points.locations(instance, instr.addr);
    if (location === undefined || others.length > 0) return [];
    const kind = instr.fn === "load" ? "read" : "write";
    const stored = this.#stored(instance.func, instr.args[0]);
    const { point } = base;
    return [
      {
        ...base,
        kind,
        guard: "atomic",
        location,
        key: null,
        section: point,
        value: instr.dst,
        stored,
      },
    ];
  }

  #syncMap(
    instance: Instance,
    instr: Extract<Instr, { op: "call" }>,
    method: string,
    base: Base,
  ): readonly SectionEvent[] {
    const [map, key, value] = instr.args;
    if (map === undefined || key === undefined) return [];
    if (method !== "Load" && method !== "Store") return [];
    const [location, ...others] = this.#points.locations(instance, map);
    if (location === undefined || others.length > 0) return [];
    const { point } = base;
    return [
      {
        ...base,
        kind: method === "Load" ? "read" : "write",
        guard: "map",
        location,
        key: textOf(instance.func, key),
        section: point,
        value: instr.dst,
        stored: this.#stored(instance.func, value),
      },
    ];
  }

  /** The events of what is called, in the caller's terms. */
  #lifted(
    instance: Instance,
    instr: Extract<Instr, { op: "call" }>,
    point: Point,
  ): readonly SectionEvent[] {
    const targets = this.#points.targets(instance, instr);
    const [target] = targets;
    if (target === undefined || targets.length > 1 || target.instance.func.library) return [];
    const callee = target.instance.func;
    const events = this.eventsOf(target.instance);
    if (events.length > mostEvents) return [];
    const dependence = dependenceOf(callee);
    return events.map((it) => ({
      ...it,
      point,
      section: it.section === null ? null : point,
      key: this.#keyInCaller(instance.func, instr, callee, it.key),
      value: it.value !== null && dependence.isReturned(it.value) ? instr.dst : null,
      stored: this.#storedInCaller(callee, instr, it.stored),
    }));
  }

  #keyInCaller(
    func: Func,
    instr: Extract<Instr, { op: "call" }>,
    callee: Func,
    key: string | null,
  ): string | null {
    if (key === null || key.startsWith('"')) return key;
    const match = /^p(\d+)(.*)$/.exec(key);
    if (match === null) return unknownKey;
    const skipped = callee.params.length - instr.args.length;
    const arg = instr.args[Number(match[1]) - skipped];
    return arg === undefined ? unknownKey : `${textOf(func, arg)}${match[2] ?? ""}`;
  }

  #storedInCaller(callee: Func, instr: Extract<Instr, { op: "call" }>, stored: Stored): Stored {
    if (stored.kind !== "register") return stored;
    const definition = definitionsOf(callee).get(stored.reg);
    const reg = definition?.op === "interface" ? definition.value : stored.reg;
    const param = callee.params.indexOf(reg);
    const arg = instr.args[param - (callee.params.length - instr.args.length)];
    if (param >= 0 && arg !== undefined) return { kind: "register", reg: arg };
    return { kind: isReference(this.#program, callee, stored.reg) ? "new" : "other" };
  }
}

type Base = Pick<SectionEvent, "point" | "where" | "again" | "lock">;

/** Locks a function surely holds at a point, and where it took each. */
class HeldFrom {
  readonly #points: PointsTo;
  readonly #instance: Instance;
  readonly #starts: (ReadonlyMap<Node, Point> | undefined)[];

  constructor(points: PointsTo, instance: Instance) {
    this.#points = points;
    this.#instance = instance;
    const { blocks } = instance.func;
    this.#starts = blocks.map(() => undefined);
    this.#starts[0] = new Map();
    const work = [0];
    for (let block = work.pop(); block !== undefined; block = work.pop()) {
      const start = this.#starts[block];
      const last = blocks[block];
      if (start === undefined || last === undefined) continue;
      const end = this.#after(block, last.instrs.length, start);
      for (const { block: to } of edges(last.exit)) {
        const known = this.#starts[to];
        const merged = known === undefined ? end : common(known, end);
        if (known !== undefined && merged.size === known.size) continue;
        this.#starts[to] = merged;
        work.push(to);
      }
    }
  }

  at({ block, index }: Point): ReadonlyMap<Node, Point> {
    const start = this.#starts[block];
    return start === undefined ? new Map() : this.#after(block, index, start);
  }

  #after(block: number, index: number, start: ReadonlyMap<Node, Point>): ReadonlyMap<Node, Point> {
    const held = new Map(start);
    const instrs = this.#instance.func.blocks[block]?.instrs ?? [];
    for (const [at, instr] of instrs.slice(0, index).entries()) {
      if (instr.op === "acquire") {
        const [lock, ...others] = this.#points.locations(this.#instance, instr.lock);
        if (lock !== undefined && others.length === 0) held.set(lock, { block, index: at });
      } else if (instr.op === "release") {
        for (const lock of this.#points.locations(this.#instance, instr.lock)) held.delete(lock);
      } else if (instr.op === "run-defers") held.clear();
    }
    return held;
  }
}

function common(
  left: ReadonlyMap<Node, Point>,
  right: ReadonlyMap<Node, Point>,
): ReadonlyMap<Node, Point> {
  return new Map([...left].filter(([lock, point]) => samePoint(right.get(lock) ?? null, point)));
}

export function samePoint(left: Point | null, right: Point | null): boolean {
  return (
    left !== null && right !== null && left.block === right.block && left.index === right.index
  );
}

/** `Load` of a call of `(*sync.Map).Load`; null: it is none. */
function mapMethod(program: Program, instr: Instr): string | null {
  if (instr.op !== "call" || instr.callee.kind !== "static") return null;
  const { name } = funcOf(program, instr.callee.func);
  return name.startsWith("(*sync.Map).") ? name.slice("(*sync.Map).".length) : null;
}

/** Equal texts mean equal values: parameters, captured variables and constants by what they are, else by register. */
function textOf(func: Func, reg: Reg): string {
  const param = func.params.indexOf(reg);
  if (param >= 0) return `p${param}`;
  const capture = func.captures.indexOf(reg);
  if (capture >= 0) return `c${capture}`;
  const definition = definitionsOf(func).get(reg);
  switch (definition?.op) {
    case "const":
      return `"${JSON.stringify(definition.value)}"`;
    case "interface":
    case "convert":
      return textOf(func, definition.value);
    case "load":
      return `*${textOf(func, definition.addr)}`;
    case "field":
      return `${textOf(func, definition.base)}.${definition.name}`;
    default:
      return `r${reg}`;
  }
}

/** Whether the value of a register can be told from another one made in the same way. */
export function isReference(program: Program, func: Func, reg: Reg): boolean {
  const definition = definitionsOf(func).get(reg);
  if (definition?.op === "interface") return isReference(program, func, definition.value);
  const id = func.regTypes[reg];
  if (id === undefined || typeOf(program, id).kind === "any") return false;
  return ["pointer", "map", "chan"].includes(underlying(program, id).kind);
}
