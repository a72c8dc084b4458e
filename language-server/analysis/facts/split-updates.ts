// A read in one critical section and the write that comes of it in a later one, where another goroutine may write in
// between: the pieces are locked, the whole is not.

import { spanOf } from "../../ir/access.js";
import type { Func, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import type { Candidate, Fact } from "../check.js";
import { dependenceOf } from "./dependence.js";
import { graphOf } from "./graph.js";
import { orders } from "./orders.js";
import { ignoring, type Parallel, type Place } from "./parallel.js";
import { pointsTo, type Instance } from "./points-to.js";
import { protectedBoth } from "./races.js";
import {
  isReference,
  samePoint,
  sections,
  unknownKey,
  type SectionEvent,
  type Sections,
} from "./sections.js";
import { threads, type Frame, type Threads } from "./threads.js";
import { calledName } from "./constraints.js";

export interface SplitUpdate {
  /** The function in which both are, or from which both are called. */
  readonly func: Func;
  readonly read: SectionEvent;
  readonly write: SectionEvent;
  /** `value`: what is written is made of what was read; `branch`: whether it is written. */
  readonly by: "value" | "branch";
  /** Writes that may come in between. */
  readonly others: readonly SectionEvent[];
}

export const splitUpdates: Fact<readonly SplitUpdate[]> = {
  name: "split-updates",
  compute({ program, get }) {
    const all = get(sections);
    const finder = new Finder(program, all, get(threads), get(orders));
    const found = new Map<string, SplitUpdate>();
    for (const instance of get(pointsTo).instances) {
      for (const it of finder.of(instance)) {
        const key = `${it.read.where.instr.span} ${it.write.where.instr.span}`;
        if (!found.has(key)) found.set(key, it);
      }
    }
    return [...found.values()];
  },
};

class Finder {
  readonly #program: Program;
  readonly #sections: Sections;
  readonly #threads: Threads;
  readonly #parallel: Parallel;
  readonly #writes: readonly SectionEvent[];
  readonly #places = new Map<Instr, Map<Instance, Place[]>>();

  constructor(program: Program, all: Sections, everyone: Threads, parallel: Parallel) {
    this.#program = program;
    this.#sections = all;
    this.#threads = everyone;
    this.#parallel = parallel;
    this.#writes = all.own.filter((it) => it.kind === "write");
    for (const it of everyone.accesses) this.#note(it.op.instr, it.frame, it);
    for (const it of everyone.acquires) this.#noteCallers(it.frame, it);
  }

  #note(instr: Instr, frame: Frame, place: Place): void {
    if (!this.#threads.closed(frame)) return;
    const byInstance = this.#places.get(instr) ?? new Map<Instance, Place[]>();
    this.#places.set(instr, byInstance);
    const list = byInstance.get(frame.instance);
    if (list === undefined) byInstance.set(frame.instance, [place]);
    else list.push(place);
  }

  /** What a library function does is done by the call of it. */
  #noteCallers(frame: Frame, place: Place, depth = 0): void {
    const { func } = frame.instance;
    if (depth > 4 || (!func.library && !func.name.startsWith("(*sync.Map).enter"))) return;
    for (const [caller, sites] of frame.callers) {
      for (const site of sites.keys()) this.#note(site, caller, place);
      this.#noteCallers(caller, place, depth + 1);
    }
  }

  *of(instance: Instance): Generator<SplitUpdate> {
    const { func } = instance;
    if (func.library || func.span === 0) return;
    const events = this.#sections.eventsOf(instance);
    for (const write of events) {
      if (write.kind !== "write" || write.again || write.section === null) continue;
      for (const read of events) {
        const by = this.#dependence(func, read, write);
        if (by === null || comparesVersions(func, events, read, write)) continue;
        if (!this.#tells(func, read, write, by)) continue;
        if (by === "branch" && this.#looksAgain(func, events, read, write)) continue;
        if (by === "branch" && actsAtOnce(events, read)) continue;
        const others = this.#others(read, write);
        if (others.length > 0) yield { func, read, write, by, others };
      }
    }
  }

  #dependence(func: Func, read: SectionEvent, write: SectionEvent): SplitUpdate["by"] | null {
    if (read.kind !== "read" || read.value === null || read.section === null) return null;
    if (read.location !== write.location || read.lock !== write.lock) return null;
    if (read.guard !== write.guard || read.key !== write.key || read.key === unknownKey)
      return null;
    if (samePoint(read.section, write.section)) return null;
    if (!graphOf(func).reaches(read.point, write.point)) return null;
    const dependence = dependenceOf(func);
    const { stored } = write;
    if (stored.kind === "register" && dependence.on(read.value).has(stored.reg)) return "value";
    return dependence.sideOf(read.value, write.point) === null ? null : "branch";
  }

  /** Whether it is looked at again, and nobody can come between that look and the write. */
  #looksAgain(
    func: Func,
    events: readonly SectionEvent[],
    read: SectionEvent,
    write: SectionEvent,
  ): boolean {
    return events.some(
      (it) =>
        it !== read &&
        it.kind === "read" &&
        it.value !== null &&
        it.location === write.location &&
        dependenceOf(func).sideOf(it.value, write.point) !== null &&
        this.#others(it, write).length === 0,
    );
  }

  /** Whether doing it twice differs from doing it once. */
  #tells(func: Func, read: SectionEvent, write: SectionEvent, by: SplitUpdate["by"]): boolean {
    const { stored } = write;
    if (by === "value" || stored.kind === "updated" || stored.kind === "new") return true;
    if (stored.kind === "register") return isReference(this.#program, func, stored.reg);
    return stored.kind === "constant" && this.#doesMore(func, read, write);
  }

  /** Whether the branch that writes does something else as well that is not to be done twice. */
  #doesMore(func: Func, read: SectionEvent, write: SectionEvent): boolean {
    const graph = graphOf(func);
    const side = read.value === null ? null : dependenceOf(func).sideOf(read.value, write.point);
    if (side === null) return false;
    return func.blocks.some(
      ({ instrs }, block) =>
        graph.blockDominates(side, block) &&
        instrs.some(
          (it, index) => !samePoint({ block, index }, write.point) && this.#hasEffect(it),
        ),
    );
  }

  #hasEffect(instr: Instr): boolean {
    switch (instr.op) {
      case "spawn":
      case "send":
        return true;
      case "call": {
        if (instr.callee.kind === "dynamic" || instr.callee.kind === "method") return true;
        const name = calledName(this.#program, instr.callee);
        const func =
          instr.callee.kind === "static" ? this.#program.funcs[instr.callee.func] : undefined;
        return func?.library === false && !name.startsWith("(*sync.");
      }
      default:
        return false;
    }
  }

  #placesOf({ where }: SectionEvent): readonly Place[] {
    return this.#places.get(where.instr)?.get(where.instance) ?? [];
  }

  /** Writes of the same place that another goroutine may do while this one is between the two sections. */
  #others(read: SectionEvent, write: SectionEvent): readonly SectionEvent[] {
    const before = this.#placesOf(read);
    const after = this.#placesOf(write);
    const own = write.location;
    return this.#writes.filter(
      (it) =>
        it.location === write.location &&
        it.lock === write.lock &&
        mayBeSame(it.key, write.key) &&
        this.#placesOf(it).some((other) =>
          before.some(
            (from) =>
              !after.every((to) => isKeptApart(from, to, other)) &&
              // An atomic orders what is around it, not itself.
              this.#parallel.mayHappenInParallel(ignoring(from, own), ignoring(other, own)),
          ),
        ),
    );
  }
}

/**
 * Whether the section that reads it writes it as well: the act that the test was for is done there (a page is taken from the
 * queue), and the later write is another matter (new pages are put in). May miss a later write that is part of the act.
 */
function actsAtOnce(events: readonly SectionEvent[], read: SectionEvent): boolean {
  return events.some(
    (it) =>
      it.kind === "write" &&
      it.location === read.location &&
      it.key === read.key &&
      samePoint(it.section, read.section),
  );
}

/** Whether the write is done only if something else that was read with it is still what it was. */
function comparesVersions(
  func: Func,
  events: readonly SectionEvent[],
  read: SectionEvent,
  write: SectionEvent,
): boolean {
  return events.some(
    (it) =>
      it.kind === "read" &&
      it.value !== null &&
      samePoint(it.section, write.section) &&
      dependenceOf(func).sideOf(it.value, write.point) !== null &&
      events.some(
        (before) => before.location === it.location && samePoint(before.section, read.section),
      ),
  );
}

/** Two constants are two entries. */
function mayBeSame(left: string | null, right: string | null): boolean {
  const isConstant = (key: string | null): boolean => key?.startsWith('"') === true;
  return !isConstant(left) || !isConstant(right) || left === right;
}

/** Whether a lock that is held from the read to the write keeps the other one out. */
function isKeptApart(from: Place, to: Place, other: Place): boolean {
  const throughout = from.state.held.filter((it) =>
    to.state.held.some((its) => its.span === it.span && its.shared === it.shared),
  );
  return protectedBoth(throughout, other.state.held);
}

/** What shows it: another goroutine's write between the two. */
export function candidateOf(program: Program, update: SplitUpdate): Candidate {
  const span = (it: SectionEvent): SpanId => it.where.instr.span;
  const places = update.others.map((it) =>
    [span(update.read), span(it), span(update.write)].map((id) => spanOf(program, id)),
  );
  return { outcome: "ok", places };
}

/** The register through which the place is written, for its name. */
export function throughOf({ where: { instr } }: SectionEvent): Reg | null {
  switch (instr.op) {
    case "store":
    case "atomic":
    case "load":
      return instr.addr;
    case "map":
    case "call":
      return instr.args[0] ?? null;
    default:
      return null;
  }
}
