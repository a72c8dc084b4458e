// What each function does to locks, path by path.
//
// The state at a point is a set of at most eight *cases*: (locks held, deferred calls, what branches told). A
// conditional `defer mu.Unlock()` lives only in the cases that took it, so no meet has to guess (a single lockset
// per point fails there, see golang/go#46788). Cases with equal locks, defers and branches merge; a function that
// needs more is given up, and nothing is said about it.
// Calls apply the callee's summary, whose paths start at its parameters, captures and globals.

import { funcOf } from "../../ir/access.js";
import type { Callee, Func, FuncId, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import { def, exitUses } from "../../ir/shape.js";
import type { Fact } from "../check.js";
import { throwIfCancelled } from "../../base/cancel.js";
import { hasBody } from "./bodies.js";
import { Branches, type Literals } from "./branches.js";
import { callsOf } from "./instructions.js";
import { assignmentsOf, inCaller, Paths, type Assignments, type LockPath } from "./lock-paths.js";
import {
  holds,
  isReleased,
  knowsSomething,
  mergeCases,
  surelyHolds,
  taint,
  taintNamesakes,
  takesLock,
  type Case,
  type HeldPath,
  type ReleasedPath,
  type Taken,
} from "./lock-cases.js";
import { isDeferredLock, usesValue } from "./lock-operations.js";
import { pointsTo, type PointsTo } from "./points-to.js";

/** A lock is taken while the same lock is held. */
export interface DoubleAcquire {
  readonly func: Func;
  readonly held: HeldPath;
  /** The acquisition itself, or the call that comes to it. */
  readonly span: SpanId;
  readonly shared: boolean;
  /** The function the acquisition is in, and its place there, when it is not this one. */
  readonly inside: { readonly func: Func; readonly span: SpanId } | null;
  /** On every path that gets there. */
  readonly always: boolean;
  /** By `defer mu.Lock()`, when the function returns. */
  readonly deferred: boolean;
}

/** A release that does not fit what is held. */
export interface Mismatch {
  readonly func: Func;
  readonly span: SpanId;
  /** How it is released. */
  readonly shared: boolean;
  /** The lock as it was taken. */
  readonly held: HeldPath;
  /** Where it has been released before; null: it is held, in the other mode. */
  readonly before: SpanId | null;
  /** On every path that gets there. */
  readonly always: boolean;
}

/** A return with a lock that this function took. */
export interface Leak {
  readonly func: Func;
  readonly held: HeldPath;
  readonly span: SpanId;
  /** Whether the function gives the lock back on another path. */
  readonly releasedElsewhere: boolean;
}

export interface LockBalance {
  readonly doubles: readonly DoubleAcquire[];
  /** As doubles, where both are for reading. */
  readonly rereads: readonly DoubleAcquire[];
  readonly mismatches: readonly Mismatch[];
  readonly leaks: readonly Leak[];
  /** Declarations of locks that some function releases for its caller: protocols not to be judged here. */
  readonly handedOver: ReadonlySet<string>;
  /** Every acquisition, by the lock's declaration. */
  readonly acquisitions: ReadonlyMap<string, readonly SpanId[]>;
}

interface Summary {
  /** Locks taken on every path that returns, while not held by the function itself before. */
  readonly takes: readonly Taken[];
  /** Held when it returns, on every path. */
  readonly keeps: readonly HeldPath[];
  /** Released though it did not take them, on some path. */
  readonly releases: readonly Released[];
}

interface Released {
  readonly path: LockPath;
  readonly shared: boolean;
}

/** Instructions that `#instr` knows. */
const acting: ReadonlySet<Instr["op"]> = new Set([
  "acquire",
  "try-acquire",
  "release",
  "store",
  "call",
  "spawn",
  "defer",
  "run-defers",
  "send",
  "recv",
  "select",
  "sync",
]);
/** Calls are followed this deep: beyond it the stack would end first. May miss what happens further down. */
const deepest = 150;

export const lockBalance: Fact<LockBalance> = {
  name: "lock-balance",
  compute({ program, cancel, get }) {
    const analysis = new Analysis(program, get(pointsTo));
    for (const func of program.funcs) {
      throwIfCancelled(cancel);
      if (hasBody(func)) analysis.summary(func);
    }
    return analysis;
  },
};

const nothing: Summary = { takes: [], keeps: [], releases: [] };

class Analysis implements LockBalance {
  readonly doubles: DoubleAcquire[] = [];
  readonly rereads: DoubleAcquire[] = [];
  readonly mismatches: Mismatch[] = [];
  readonly leaks: Leak[] = [];
  readonly handedOver = new Set<string>();
  readonly acquisitions = new Map<string, SpanId[]>();
  readonly program: Program;
  readonly assignments: Assignments;
  readonly #summaries = new Map<FuncId, Summary | "open">();
  readonly #targets = new Map<Instr, Set<Func>>();
  readonly #matters: ReadonlySet<FuncId>;
  #depth = 0;

  constructor(program: Program, points: PointsTo) {
    this.program = program;
    this.assignments = assignmentsOf(program);
    this.#matters = lockingFuncs(program);
    for (const instance of points.instances) {
      for (const instr of callsOf(instance.func)) {
        if (!("callee" in instr)) continue;
        for (const target of points.targets(instance, instr)) {
          const funcs = this.#targets.get(instr);
          if (funcs === undefined) this.#targets.set(instr, new Set([target.instance.func]));
          else funcs.add(target.instance.func);
        }
      }
    }
  }

  summary(func: Func): Summary {
    const known = this.#summaries.get(func.id);
    if (known !== undefined) return known === "open" ? nothing : known;
    if (!this.#matters.has(func.id) || this.#depth >= deepest) return nothing;
    this.#summaries.set(func.id, "open");
    this.#depth++;
    const summary = new FuncAnalysis(this, func).run();
    this.#depth--;
    this.#summaries.set(func.id, summary);
    return summary;
  }

  /** Functions a call through a value may run. */
  dynamicTargets(instr: Instr): readonly Func[] {
    return [...(this.#targets.get(instr) ?? [])];
  }
}

/** Functions that contain a lock operation, or call one that does: the others have an empty summary. */
function lockingFuncs(program: Program): Set<FuncId> {
  const callers = new Map<FuncId, FuncId[]>();
  const locking = new Set<FuncId>();
  for (const func of program.funcs) {
    if (!hasBody(func)) continue;
    for (const block of func.blocks) {
      for (const it of block.instrs) {
        if (it.op === "acquire" || it.op === "release" || it.op === "try-acquire")
          locking.add(func.id);
        const callee =
          it.op === "closure"
            ? it.func
            : (it.op === "call" || it.op === "defer" || it.op === "spawn") &&
                it.callee.kind === "static"
              ? it.callee.func
              : null;
        if (callee === null) continue;
        const list = callers.get(callee);
        if (list === undefined) callers.set(callee, [func.id]);
        else list.push(func.id);
      }
    }
  }
  for (const id of locking) for (const caller of callers.get(id) ?? []) locking.add(caller);
  return locking;
}

class FuncAnalysis {
  readonly #all: Analysis;
  readonly #func: Func;
  readonly #paths: Paths;
  readonly #branches: Branches;
  readonly #releases = new Map<string, Released>();
  readonly #balanced = new Set<string>();
  #reporting = false;

  constructor(all: Analysis, func: Func) {
    this.#all = all;
    this.#func = func;
    this.#paths = new Paths(func, all.assignments);
    this.#branches = new Branches(this.#paths);
  }

  run(): Summary {
    const starts: Case[][] = this.#func.blocks.map(() => []);
    starts[0] = [{ held: [], deferred: [], literals: new Map(), takes: [], released: [] }];
    const work: number[] = [0];
    let rounds = 0;
    for (let index = work.shift(); index !== undefined; index = work.shift()) {
      const block = this.#func.blocks[index];
      if (block === undefined) continue;
      if (++rounds > 2000) return nothing;
      const ends = this.#block(index, starts[index] ?? []);
      for (const { edge, literal } of this.#branches.edges(block)) {
        const to = this.#func.blocks[edge.block];
        if (to === undefined) continue;
        const arriving = ends.flatMap((it) => {
          const literals = this.#branches.cross(it.literals, literal, to, edge.args);
          return literals === null ? [] : [{ ...this.#forget(it, to.params), literals }];
        });
        const merged = mergeCases(starts[edge.block] ?? [], arriving);
        if (merged === null) return nothing;
        if (merged === starts[edge.block]) continue;
        starts[edge.block] = merged;
        if (!work.includes(edge.block)) work.push(edge.block);
      }
    }
    this.#reporting = true;
    return this.#conclude(starts);
  }

  #conclude(starts: readonly Case[][]): Summary {
    const returns: { span: SpanId; cases: Case[] }[] = [];
    this.#func.blocks.forEach((block, index) => {
      const cases = starts[index] ?? [];
      if (cases.length === 0) return;
      const ends = this.#block(index, cases);
      if (block.exit.op === "return") returns.push({ span: block.exit.span, cases: ends });
    });
    const all = returns.flatMap((it) => it.cases);
    const inAll = (has: (it: Case) => boolean): boolean => all.every(has);
    const [first] = all;
    const summary: Summary = {
      // What it released for its caller before, the caller no longer holds when it is taken again.
      takes: (first?.takes ?? []).filter(
        ({ path }) => !this.#releases.has(path.text) && inAll((it) => takesLock(it, path)),
      ),
      keeps: (first?.held ?? []).filter(({ path }) => inAll((it) => surelyHolds(it, path))),
      releases: [...this.#releases.values()],
    };
    this.#noteLeaks(returns);
    if (this.#releasesForOthers())
      for (const { path } of summary.releases) this.#all.handedOver.add(path.declaration);
    return summary;
  }

  #noteLeaks(returns: readonly { span: SpanId; cases: readonly Case[] }[]): void {
    for (const { span, cases } of returns) {
      const seen = new Set<string>();
      for (const held of cases.flatMap((it) => it.held)) {
        if (seen.has(held.path.text)) continue;
        seen.add(held.path.text);
        const releasedElsewhere = this.#balanced.has(held.path.text);
        this.#all.leaks.push({
          func: this.#func,
          held,
          span: span === 0 ? held.span : span,
          releasedElsewhere,
        });
      }
    }
  }

  /** A literal that is only called or deferred where it is made works for its function, not for others. */
  #releasesForOthers(): boolean {
    const { parent } = this.#func;
    if (parent === null) return true;
    const { blocks } = funcOf(this.#all.program, parent);
    const escapes = (value: Reg): boolean =>
      blocks.some(
        ({ instrs, exit }) =>
          exitUses(exit).includes(value) || instrs.some((it) => usesValue(it, value)),
      );
    return blocks.some(({ instrs }) =>
      instrs.some((it) => it.op === "closure" && it.func === this.#func.id && escapes(it.dst)),
    );
  }

  /** Runs the instructions of a block on each case. */
  #block(index: number, cases: readonly Case[]): Case[] {
    const block = this.#func.blocks[index];
    let now: readonly Case[] = cases;
    for (const instr of block?.instrs ?? []) {
      const dst = def(instr);
      // Most instructions do nothing to a case, and most cases know nothing that could change.
      if (dst !== null && now.some(knowsSomething)) now = now.map((it) => this.#forget(it, [dst]));
      if (!acting.has(instr.op)) continue;
      const before = now;
      now = before.flatMap((it) => this.#instr(instr, it, before));
    }
    return [...now];
  }

  /** The registers are computed again: what depends on their old values is no longer known. */
  #forget(it: Case, regs: readonly Reg[]): Case {
    if (regs.length === 0) return it;
    const stale = (path: LockPath): boolean => path.regs.some((reg) => regs.includes(reg));
    const literals = this.#branches.forget(it.literals, regs);
    const paths = [...it.held, ...it.released.map(({ held }) => held)];
    if (literals === it.literals && !paths.some(({ path }) => stale(path))) return it;
    const held = it.held.filter(({ path }) => !stale(path));
    const released = it.released.filter((its) => !stale(its.held.path));
    return { ...it, literals, held, released };
  }

  #instr(instr: Instr, it: Case, all: readonly Case[]): Case[] {
    switch (instr.op) {
      case "acquire": {
        const after = this.#acquire(it, all, instr, instr.lock, instr.shared);
        // It waits for itself, and there is no way on.
        return this.#waitsForItself(it, instr) ? [] : [after];
      }
      case "try-acquire": {
        const took = this.#acquire(it, [], instr, instr.lock, instr.shared);
        const literals = (value: boolean): Literals =>
          new Map(it.literals).set(this.#branches.nameOf(instr.dst), value);
        return [
          { ...took, literals: literals(true) },
          { ...it, literals: literals(false) },
        ];
      }
      case "release":
        return [this.#release(it, all, { path: this.#paths.of(instr.lock), ...instr })];
      case "store":
        return [this.#overwrite(it, instr.addr)];
      case "call":
        return [this.#call(it, all, instr, instr.callee, instr.args)];
      case "spawn":
        return [this.#handOver(it, instr.callee, instr.args)];
      case "defer":
        return [it.deferred.includes(instr) ? it : { ...it, deferred: [...it.deferred, instr] }];
      case "run-defers": {
        let after: Case = { ...it, deferred: [] };
        for (const deferred of [...it.deferred].reverse()) {
          after = this.#call(after, all, deferred, deferred.callee, deferred.args);
        }
        return [after];
      }
      // Whoever it waits for may have taken what was released.
      case "send":
      case "recv":
      case "select":
      case "sync":
        return [it.released.length === 0 ? it : { ...it, released: [] }];
      default:
        return [it];
    }
  }

  #acquire(it: Case, all: readonly Case[], instr: Instr, reg: Reg, shared: boolean): Case {
    const path = this.#paths.of(reg);
    if (this.#reporting) this.#noteAcquisition(path, instr.span);
    if (instr.op === "acquire") this.#double(it, all, path, { shared, instr, inside: null });
    const held: HeldPath = { path, shared, span: instr.span, reg, tainted: false, from: null };
    // A caller that holds the lock does not wait for a try.
    const waits = instr.op === "acquire";
    return this.#hold(
      it,
      held,
      waits ? { path, shared, span: instr.span, func: this.#func } : null,
    );
  }

  #waitsForItself(
    { held }: Case,
    { lock, shared }: Extract<Instr, { op: "acquire" | "release" }>,
  ): boolean {
    const { text } = this.#paths.of(lock);
    return held.some((it) => it.path.text === text && !it.tainted && !(it.shared && shared));
  }

  #hold(it: Case, held: HeldPath, taken: Taken | null): Case {
    const again = holds(it, held.path);
    return {
      ...it,
      held: again ? it.held : [...it.held, held],
      released: it.released.filter((its) => its.held.path.text !== held.path.text),
      takes: again || taken === null || takesLock(it, held.path) ? it.takes : [...it.takes, taken],
    };
  }

  /** A value stored over the lock, or over what it is part of: from then on it is another lock, and free. */
  #overwrite(it: Case, addr: Reg): Case {
    if (it.held.length === 0) return it;
    const { text } = this.#paths.of(addr);
    const isPart = ({ path }: HeldPath): boolean =>
      path.text === text || path.text.startsWith(`${text}.`) || path.text.startsWith(`${text}[`);
    const held = it.held.filter((its) => !isPart(its));
    if (held.length === it.held.length) return it;
    for (const { path } of it.held.filter(isPart)) this.#all.handedOver.add(path.declaration);
    return { ...it, held };
  }

  #noteAcquisition(path: LockPath, span: SpanId): void {
    const spans = this.#all.acquisitions.get(path.declaration);
    if (spans === undefined) this.#all.acquisitions.set(path.declaration, [span]);
    else if (!spans.includes(span)) spans.push(span);
  }

  #double(
    it: Case,
    all: readonly Case[],
    path: LockPath,
    { shared, instr, inside }: Pick<DoubleAcquire, "shared" | "inside"> & { instr: Instr },
  ): void {
    const held = it.held.find((its) => its.path.text === path.text);
    if (!this.#reporting || held === undefined || held.tainted) return;
    const list = held.shared && shared ? this.#all.rereads : this.#all.doubles;
    const span = instr.span === 0 ? (inside?.span ?? instr.span) : instr.span;
    if (list.some((its) => its.span === span && its.func === this.#func)) return;
    const deferred = isDeferredLock(this.#all.program, instr);
    // Other deferred calls may have changed what the return began with.
    const comparable = all.length > 0 && (deferred || instr.op !== "defer");
    const always = comparable && all.every((other) => holds(other, path));
    list.push({ func: this.#func, held, span, shared, inside, always, deferred });
  }

  #release(
    it: Case,
    all: readonly Case[],
    { path, shared, span }: Released & { readonly span: SpanId },
  ): Case {
    const taken = it.held.find((its) => its.path.text === path.text);
    if (taken === undefined) {
      const before = isReleased(it, path);
      // How often one reads is not counted.
      if (before !== undefined && !before.held.shared) {
        const always = all.every((other) => isReleased(other, path) !== undefined);
        this.#mismatch({
          func: this.#func,
          held: before.held,
          before: before.span,
          shared,
          span,
          always,
        });
      } else if (before === undefined && !this.#releases.has(path.text)) {
        this.#releases.set(path.text, { path, shared });
      }
      return taintNamesakes(it, path);
    }
    if (taken.shared !== shared && !taken.tainted) {
      const always = all.every((other) => holds(other, path));
      this.#mismatch({ func: this.#func, held: taken, before: null, shared, span, always });
    }
    this.#balanced.add(path.text);
    const released: readonly ReleasedPath[] = taken.tainted
      ? it.released
      : [...it.released, { held: taken, span }];
    return { ...it, held: it.held.filter((its) => its !== taken), released };
  }

  #mismatch(it: Mismatch): void {
    if (!this.#reporting || it.span === 0) return;
    const { mismatches } = this.#all;
    if (!mismatches.some(({ span, func }) => span === it.span && func === it.func))
      mismatches.push(it);
  }

  /** The captures of a function value that is made in this function. */
  #closure(value: Reg): { func: Func; captures: readonly LockPath[] } | null {
    const made = this.#paths.definitions.get(value);
    if (made?.op !== "closure") return null;
    const func = funcOf(this.#all.program, made.func);
    return { func, captures: made.captures.map((it) => this.#paths.of(it)) };
  }

  #resolve(callee: Callee): { func: Func; captures: readonly LockPath[] | null } | null {
    if (callee.kind === "static")
      return { func: funcOf(this.#all.program, callee.func), captures: null };
    return callee.kind === "dynamic" ? this.#closure(callee.value) : null;
  }

  #call(it: Case, all: readonly Case[], instr: Instr, callee: Callee, args: readonly Reg[]): Case {
    const known = this.#resolve(callee);
    if (known === null || !hasBody(known.func)) return this.#unknown(it, instr);
    const summary = this.#all.summary(known.func);
    const paths = args.map((arg) => this.#paths.of(arg));
    const here = (path: LockPath): LockPath | null => inCaller(path, paths, known.captures);
    for (const taken of summary.takes) {
      const path = here(taken.path);
      if (path === null) continue;
      const inside = taken.span === 0 ? null : { func: taken.func, span: taken.span };
      this.#double(it, all, path, { shared: taken.shared, instr, inside });
    }
    let after = it;
    for (const released of summary.releases) {
      const path = here(released.path);
      const { shared } = released;
      after =
        path === null
          ? taint(after)
          : this.#release(after, all, { path, shared, span: instr.span });
    }
    for (const kept of summary.keeps) {
      const path = here(kept.path);
      if (path === null) continue;
      const span = instr.span === 0 ? kept.span : instr.span;
      const reg = args[0] ?? kept.reg;
      const { shared } = kept;
      const waits = summary.takes.some((its) => its.path.text === kept.path.text);
      const taken = waits ? { path, shared, span, func: this.#func } : null;
      const held = { path, shared, span, reg, tainted: false, from: known.func };
      after = this.#hold(after, held, taken);
      if (this.#reporting) this.#noteAcquisition(path, span);
    }
    for (const taken of summary.takes) {
      const path = here(taken.path);
      if (
        path !== null &&
        path.regs.length === 0 &&
        !after.takes.some((its) => its.path.text === path.text)
      ) {
        after = { ...after, takes: [...after.takes, { ...taken, path }] };
      }
    }
    return after;
  }

  /** A call through a value, or of code without a body: harmless unless something it may run releases locks. */
  #unknown(it: Case, instr: Instr): Case {
    if (it.held.length === 0 && it.released.length === 0) return it;
    const harmful = this.#all.dynamicTargets(instr).some((func) => {
      const { releases, keeps } = this.#all.summary(func);
      return releases.length > 0 || (it.released.length > 0 && keeps.length > 0);
    });
    const opaque = instr.op === "call" || instr.op === "defer" ? instr.callee : null;
    const anything =
      opaque !== null &&
      (opaque.kind === "dynamic" || opaque.kind === "method") &&
      this.#all.dynamicTargets(instr).length === 0;
    return harmful || anything ? taint(it) : it;
  }

  /** A goroutine that releases what it did not take has been given the lock. */
  #handOver(it: Case, callee: Callee, args: readonly Reg[]): Case {
    const known = this.#resolve(callee);
    if (known === null) return it;
    const paths = args.map((arg) => this.#paths.of(arg));
    let after = it;
    for (const released of this.#all.summary(known.func).releases) {
      const path = inCaller(released.path, paths, known.captures);
      after = path === null ? taint(after) : giveAway(after, path);
    }
    return after;
  }
}

/** It is for another goroutine to release. */
function giveAway(it: Case, path: LockPath): Case {
  return { ...it, held: it.held.filter((its) => its.path.text !== path.text) };
}
