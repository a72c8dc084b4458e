// Which goroutines there are, what each does holding which locks, and what may happen in parallel.
//
// A thread is a spawn site in one instance. A forward data-flow analysis (state.ts) runs over the skeletons of
// instances, once per distinct state at their entry, following calls: so a helper called with the lock held is
// known to run under it, a closure called in place inherits what its caller holds, and joins take effect where
// they stand. This is the functional approach to interprocedural analysis (Sharir and Pnueli, 1981) with the
// state itself as context; an instance with many distinct entry states gets one merged one.

import { throwIfCancelled, type CancelToken } from "../../base/cancel.js";
import { funcOf, spanOf } from "../../ir/access.js";
import type { Func, Instr, SpanId } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { After } from "./after.js";
import { ordersTests } from "./bodies.js";
import { bothEffects, noEffects, seenFrom, type Effects } from "./effects.js";
import { escape, type Escape } from "./escape.js";
import { pointsTo, type Instance, type Target } from "./points-to.js";
import { mergeFlow, type Flow } from "./flow.js";
import { skeletonOf, type Op, type Skeleton } from "./skeleton.js";
import {
  acquire,
  allocate,
  atStart,
  beginning,
  StateKeys,
  merge,
  others,
  publish,
  receive,
  release,
  equal,
  sameState,
  signal,
  start,
  type State,
} from "./state.js";
import { functionsThatStart } from "./starters.js";
import type { Node } from "./solver.js";
import { TokenSets } from "./token-sets.js";
import { baseOfFresh, type Tokens } from "./tokens.js";

export interface Thread {
  readonly id: number;
  /** The place it is started from, its own or that of the library function's call. */
  readonly span: SpanId;
  readonly spawner: Frame;
  readonly instr: Instr;
  readonly targets: readonly Target[];
}

/** An instance run from one state; the state at its entry is what all its callers bring. */
export interface Frame {
  readonly id: number;
  readonly instance: Instance;
  readonly entry: State;
  /** Where it is called from: the call itself and the caller. */
  readonly callers: ReadonlyMap<Frame, ReadonlyMap<Instr, unknown>>;
}

/** An op as it happens in a frame. */
export interface Happening<Kind extends Op["kind"]> {
  readonly frame: Frame;
  readonly op: Extract<Op, { kind: Kind }>;
  readonly state: State;
  /** Tokens the same goroutine may still give afterwards. */
  readonly after: Tokens;
}

export interface Threads {
  readonly threads: readonly Thread[];
  readonly accesses: readonly Happening<"access">[];
  readonly acquires: readonly Happening<"acquire">[];
  readonly receives: readonly Happening<"receive">[];
  readonly signals: readonly Happening<"signal">[];
  readonly marks: readonly Happening<"mark">[];
  /** Whether an entry of the program comes to the frame; if not, its callers are unknown. */
  closed(frame: Frame): boolean;
  /** Whether only entries that nobody wrote come to the frame. */
  assumed(frame: Frame): boolean;
  /** The threads that may run a frame; empty for code only the roots run. */
  threadsOf(frame: Frame): ReadonlySet<Thread>;
  /** The frames of the function a frame is (part of) and of those that call it, innermost first. */
  spanOf(frame: Frame, instr: Instr): SpanId;
}

export const threads: Fact<Threads> = {
  name: "threads",
  compute({ program, cancel, get, gap }) {
    const points = get(pointsTo);
    const escaping = get(escape);
    const skeleton = (it: Instance): Skeleton => skeletonOf(program, points, escaping, it);
    const analysis = new Analysis(skeleton, escaping, cancel);
    // Of code that no entry comes to, only functions that start goroutines themselves tell anything.
    const starts = functionsThatStart(program);
    const worth = points.roots.filter((it) => !it.open || starts.has(it.func));
    const made = new Set(
      program.entries.filter((it) => it.assumption !== undefined).map((it) => it.func),
    );
    const isMade = ({ func }: Instance): boolean => made.has(func.id);
    if (
      !analysis.run(
        worth.filter((it) => escaping.relevant(it)),
        isMade,
      )
    ) {
      const span = spanOf(
        program,
        program.entries[0] === undefined ? noSpan : funcOf(program, program.entries[0].func).span,
      );
      gap({
        span,
        reason: "threads: the program is too large to look for races and lock-order cycles",
      });
    }
    return analysis;
  },
};

/** What a call site passed, and how it went on, in the caller's run of that number. */
interface Calls {
  readonly run: number;
  readonly all: { readonly before: State; readonly after: State | null }[];
}

/** Run from one state, from what several callers bring, or as a goroutine. */
type Role = "apart" | "merged" | "thread";

interface OpenFrame extends Frame {
  entry: State;
  readonly callers: Map<OpenFrame, Map<Instr, Calls>>;
  /** How often it was run. */
  run: number;
  readonly skeleton: Skeleton;
  exit: State | null;
  queued: boolean;
  /** Tokens given, locks released and goroutines started in here, or in what is called from here. */
  effects: Effects;
  readonly role: Role;
  /** The function nobody is known to call that this is reached from; null when an entry comes here. */
  readonly family: Func | null;
}

interface OpenThread extends Thread {
  entry: State | null;
  readonly frames: Set<OpenFrame>;
  /** Shared objects it can touch. */
  readonly touches: ReadonlySet<Node>;
}

/**
 * Entry states of one instance kept apart; further ones are merged. Fewer where little is believed anyway, and in
 * a program that has many frames.
 */
const mostFrames = 12;
const mostOpenFrames = 4;
const manyFrames = 1500;
const mostFramesOfMany = 2;
/** Calls that are followed at once, one in the other, before the rest waits. */
const deepest = 200;
/** Runs of a frame's data flow before the program counts as too large, and what they do: each op for each live goroutine. */
const mostFlows = 100_000;
const mostSteps = 80_000_000;
const noSpan = 0 as SpanId;
/** Blocks of a helper that is followed where callers are unknown. */
const smallHelper = 8;

class Analysis implements Threads {
  readonly threads: OpenThread[] = [];
  readonly accesses: Happening<"access">[] = [];
  readonly acquires: Happening<"acquire">[] = [];
  readonly receives: Happening<"receive">[] = [];
  readonly signals: Happening<"signal">[] = [];
  readonly marks: Happening<"mark">[] = [];
  readonly #skeletonOf: (instance: Instance) => Skeleton;
  readonly #touchedBy: Escape["touchedBy"];
  readonly #cancel: CancelToken;
  readonly #skeletons = new Map<Instance, Skeleton>();
  readonly #frames: OpenFrame[] = [];
  readonly #byKey = new Map<string, OpenFrame>();
  readonly #nFrames = new Map<Instance, number>();
  readonly #threadKeys = new Map<string, OpenThread>();
  readonly #threadsOf = new Map<Frame, Set<Thread>>();
  /** Frames that some entry comes to which somebody wrote, or whose callers are unknown. */
  #real: ReadonlySet<Frame> = new Set();
  readonly #work: Readonly<Record<Role, OpenFrame[]>> = { apart: [], merged: [], thread: [] };
  readonly #sets = new TokenSets();
  readonly #keys = new StateKeys(this.#sets);
  #collecting = false;
  #depth = 0;
  #left = mostSteps;

  constructor(skeleton: (instance: Instance) => Skeleton, escaping: Escape, cancel: CancelToken) {
    this.#skeletonOf = skeleton;
    this.#touchedBy = (it) => escaping.touchedBy(it);
    this.#cancel = cancel;
  }

  /** Whether it came to an end; if not, there are no results. */
  run(roots: readonly Instance[], isMade: (root: Instance) => boolean): boolean {
    const rootFrames = roots.map((it) => this.#frame(it, atStart, false, it.open ? it.func : null));
    let nFlows = 0;
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) {
      throwIfCancelled(this.#cancel);
      frame.queued = false;
      if (++nFlows > mostFlows || this.#left < 0) return false;
      this.#flow(frame);
    }
    if (this.#left < 0) return false;
    this.#left = Number.POSITIVE_INFINITY;
    this.#collect(rootFrames);
    this.#suppose(rootFrames.filter((it) => !isMade(it.instance)));
    return true;
  }

  #skeleton(instance: Instance): Skeleton {
    let skeleton = this.#skeletons.get(instance);
    if (skeleton === undefined)
      this.#skeletons.set(instance, (skeleton = this.#skeletonOf(instance)));
    return skeleton;
  }

  #frame(instance: Instance, entry: State, isThread: boolean, family: Func | null): OpenFrame {
    const n = this.#nFrames.get(instance) ?? 0;
    const most = this.#most(family);
    const name = family === null ? `${instance.id}` : `${instance.id} of ${family.id}`;
    let key = `${name} merged`;
    if (isThread) key = `${name} thread`;
    else if (n <= most) {
      const apart = `${name} ${this.#keys.of(entry)}`;
      if (n < most || this.#byKey.has(apart)) key = apart;
    }
    const known = this.#byKey.get(key);
    if (known === undefined) {
      const frame: OpenFrame = {
        id: this.#frames.length,
        instance,
        entry,
        family,
        callers: new Map(),
        skeleton: this.#skeleton(instance),
        exit: null,
        queued: false,
        effects: noEffects,
        run: 0,
        role: isThread ? "thread" : key.endsWith("merged") ? "merged" : "apart",
      };
      this.#frames.push(frame);
      this.#byKey.set(key, frame);
      this.#nFrames.set(instance, n + 1);
      if (isThread || this.#depth >= deepest) this.#enqueue(frame);
      else {
        this.#depth++;
        this.#flow(frame);
        this.#depth--;
      }
      return frame;
    }
    const merged = merge(known.entry, entry, this.#sets);
    if (merged !== known.entry) {
      known.entry = merged;
      this.#enqueue(known);
    }
    return known;
  }

  #most(family: Func | null): number {
    if (this.#frames.length > manyFrames) return mostFramesOfMany;
    return family === null ? mostFrames : mostOpenFrames;
  }

  #enqueue(frame: OpenFrame): void {
    if (frame.queued) return;
    frame.queued = true;
    this.#work[frame.role].push(frame);
  }

  /** What others wait for first: a merged frame or goroutine is run again once all have brought their states. */
  #next(): OpenFrame | undefined {
    const { apart, merged, thread } = this.#work;
    return apart.pop() ?? merged.shift() ?? thread.shift();
  }

  /** One frame to its fixpoint; gives the state at the start of each block. */
  #flow(frame: OpenFrame): (Flow | undefined)[] {
    const { skeleton, effects } = frame;
    if (this.#left < 0) return [];
    frame.run++;
    const starts: (Flow | undefined)[] = [{ state: frame.entry, deferred: [] }];
    const work = [0];
    let exit: State | null = null;
    for (let index = work.pop(); index !== undefined; index = work.pop()) {
      const block = skeleton[index];
      const flow = starts[index];
      if (block === undefined || flow === undefined) continue;
      const end = this.#ops(frame, block.ops, flow);
      if (end === null) continue;
      if (block.returns) exit = exit === null ? end.state : merge(exit, end.state, this.#sets);
      for (const edge of block.next) {
        const onEdge = this.#ops(frame, edge.ops, end);
        if (onEdge === null) continue;
        const known = starts[edge.to];
        const merged = known === undefined ? onEdge : mergeFlow(known, onEdge, this.#sets);
        if (merged === known) continue;
        starts[edge.to] = merged;
        if (!work.includes(edge.to)) work.push(edge.to);
      }
    }
    if (
      exit !== null &&
      (frame.exit === null || frame.effects !== effects || !sameState(exit, frame.exit))
    ) {
      frame.exit = exit;
      for (const [caller, sites] of frame.callers) {
        if (this.#matters(frame, exit, caller, sites)) this.#enqueue(caller);
      }
    }
    return starts;
  }

  #ops(frame: OpenFrame, ops: readonly Op[], flow: Flow): Flow | null {
    let { state, deferred } = flow;
    this.#left -= ops.length * state.live.size;
    for (const op of ops) {
      if (op.kind === "defer") {
        if (!deferred.includes(op)) deferred = [...deferred, op];
        continue;
      }
      if (op.kind === "run-defers") {
        for (const it of [...deferred].reverse()) {
          const after = this.#call(frame, it.instr, it.targets, state);
          if (after === null) return null;
          state = after;
        }
        deferred = [];
        continue;
      }
      const after = this.#op(frame, op, state);
      if (after === null) return null;
      state = after;
    }
    return { state, deferred };
  }

  /** The state after an op; null when it does not return (as far as is known yet). */
  #op(
    frame: OpenFrame,
    op: Exclude<Op, { kind: "defer" | "run-defers" }>,
    state: State,
  ): State | null {
    switch (op.kind) {
      case "access":
        if (this.#collecting) this.accesses.push({ frame, op, state, after: [] });
        return state;
      case "alloc":
        return allocate(state, op.fresh, (it) => this.#concerns(it, op.token), this.#sets);
      case "publish":
        return publish(state, op.what, op.into, this.#sets);
      case "acquire": {
        if (this.#collecting) this.acquires.push({ frame, op, state, after: [] });
        const span = this.spanOf(frame, op.instr);
        return acquire(state, { locks: op.locks, shared: op.shared, span });
      }
      case "release":
        this.#has(frame, { gives: [], releases: op.locks, starts: [] });
        return release(state, op.locks);
      case "signal":
        if (this.#collecting) this.signals.push({ frame, op, state, after: [] });
        this.#has(frame, { gives: op.tokens, releases: [], starts: [] });
        return signal(state, op.tokens, this.#sets);
      case "receive":
        if (this.#collecting) this.receives.push({ frame, op, state, after: [] });
        return receive(state, op.tokens, this.#sets);
      case "mark":
        if (this.#collecting) this.marks.push({ frame, op, state, after: [] });
        return state;
      case "spawn":
        return this.#spawn(frame, op, state);
      case "call":
        return this.#call(frame, op.instr, op.targets, state);
    }
  }

  /** Whether a thread touches the object that was allocated; everybody else might. */
  #concerns(thread: number, token: number): boolean {
    return thread === others || this.threads[thread]?.touches.has(baseOfFresh(token)) === true;
  }

  #spawn(frame: OpenFrame, op: Extract<Op, { kind: "spawn" }>, state: State): State {
    const { instr, targets, many } = op;
    const key = `${frame.instance.id} ${frame.family?.id ?? ""} ${instr.span} ${instr.op} ${targets.map((it) => it.instance.id).join(",")}`;
    let thread = this.#threadKeys.get(key);
    if (thread === undefined) {
      const span = this.spanOf(frame, instr);
      const id = this.threads.length;
      const touches = this.#touchedBy(targets.map((it) => it.instance));
      thread = {
        id,
        span,
        spawner: frame,
        instr,
        targets,
        entry: null,
        frames: new Set(),
        touches,
      };
      this.threads.push(thread);
      this.#threadKeys.set(key, thread);
    }
    const begins = beginning(state);
    const entry = many ? start(begins, thread.id) : begins;
    const merged = thread.entry === null ? entry : merge(thread.entry, entry, this.#sets);
    if (merged !== thread.entry) {
      thread.entry = merged;
      for (const it of targets)
        thread.frames.add(this.#frame(it.instance, merged, true, frame.family));
    }
    this.#has(frame, { gives: [], releases: [], starts: [thread.id] });
    return start(state, thread.id);
  }

  #has(frame: OpenFrame, more: Effects): void {
    frame.effects = bothEffects(frame.effects, more, this.#sets);
  }

  #call(frame: OpenFrame, instr: Instr, targets: readonly Target[], state: State): State | null {
    let result: State | null = targets.some((it) => it.callback) ? state : null;
    const followed = targets.filter((it) => this.#follows(frame, it.instance));
    if (followed.length < targets.length) result = state;
    for (const target of followed) {
      const callee = this.#frame(target.instance, state, false, frame.family);
      const after = this.#after(frame, instr, callee, state);
      if (after === null) continue;
      this.#has(frame, callee.effects);
      result = result === null ? after : merge(result, after, this.#sets);
    }
    return targets.length === 0 ? state : result;
  }

  /** How a caller goes on after a call; noted, to tell later whether it would go on otherwise. */
  #after(frame: OpenFrame, instr: Instr, callee: OpenFrame, before: State): State | null {
    const { exit, effects } = callee;
    const after =
      exit === null ? null : callee.role === "merged" ? this.#seen(before, exit, effects) : exit;
    const sites = callee.callers.get(frame) ?? new Map<Instr, Calls>();
    callee.callers.set(frame, sites);
    const known = sites.get(instr);
    const call = { before, after };
    if (known?.run === frame.run) known.all.push(call);
    else sites.set(instr, { run: frame.run, all: [call] });
    return after;
  }

  #seen(before: State, exit: State, effects: Effects): State {
    this.#left -= exit.live.size;
    return seenFrom(before, exit, effects, this.#sets);
  }

  /** Whether a caller would go on otherwise with the new end of a call. */
  #matters(
    callee: OpenFrame,
    exit: State,
    caller: OpenFrame,
    sites: ReadonlyMap<Instr, Calls>,
  ): boolean {
    if (callee.role !== "merged") return true;
    const { effects } = callee;
    if (bothEffects(caller.effects, effects, this.#sets) !== caller.effects) return true;
    return [...sites.values()].some(({ all }) =>
      all.some(
        ({ before, after }) => after === null || !equal(after, this.#seen(before, exit, effects)),
      ),
    );
  }

  /** Where callers are unknown, only the function's own literals and small helpers are followed. */
  #follows({ family }: OpenFrame, callee: Instance): boolean {
    if (!ordersTests(callee.func)) return false;
    if (family === null || callee.func.parent !== null) return true;
    return callee.func.blocks.length <= smallHelper;
  }

  spanOf(frame: Frame, instr: Instr): SpanId {
    let span = instr.span;
    const seen = new Set<Frame>();
    // What happens in a library is shown where the user calls it.
    const elsewhere = (at: Frame): boolean => span === 0 || at.instance.func.library;
    for (let at: Frame = frame; elsewhere(at) && !seen.has(at); ) {
      seen.add(at);
      const [caller] = at.callers;
      if (caller === undefined) break;
      span = [...caller[1].keys()].find((it) => it.span !== 0)?.span ?? span;
      at = caller[0];
    }
    return span;
  }

  closed(frame: Frame): boolean {
    return (frame as OpenFrame).family === null;
  }

  assumed(frame: Frame): boolean {
    return !this.#real.has(frame);
  }

  threadsOf(frame: Frame): ReadonlySet<Thread> {
    return this.#threadsOf.get(frame) ?? new Set();
  }

  /** Notes what the program runs without the entries that are made up. */
  #suppose(roots: readonly OpenFrame[]): void {
    const starts = new Map<Frame, OpenFrame[]>();
    const add = (from: Frame, to: OpenFrame): void => {
      const list = starts.get(from);
      if (list === undefined) starts.set(from, [to]);
      else list.push(to);
    };
    for (const frame of this.#frames) for (const it of frame.callers.keys()) add(it, frame);
    for (const { spawner, frames } of this.threads) for (const it of frames) add(spawner, it);
    const real = new Set<Frame>(roots);
    for (const frame of real) for (const it of starts.get(frame) ?? []) real.add(it);
    this.#real = real;
  }

  /** The fixpoint is reached: walks the frames that count once more and notes what happens in them. */
  #collect(roots: readonly OpenFrame[]): void {
    this.#collecting = true;
    const called = new Map<OpenFrame, OpenFrame[]>();
    for (const frame of this.#frames) {
      for (const caller of frame.callers.keys()) {
        const list = called.get(caller);
        if (list === undefined) called.set(caller, [frame]);
        else list.push(frame);
      }
    }
    const reach = (from: Iterable<OpenFrame>): Set<OpenFrame> => {
      const seen = new Set(from);
      for (const frame of seen) for (const it of called.get(frame) ?? []) seen.add(it);
      return seen;
    };
    const live = reach([...roots, ...this.threads.flatMap((it) => [...it.frames])]);
    for (const thread of this.threads) {
      for (const frame of reach(thread.frames)) {
        const known = this.#threadsOf.get(frame);
        if (known === undefined) this.#threadsOf.set(frame, new Set([thread]));
        else known.add(thread);
      }
    }
    const after = new After(live, this.#sets);
    for (const frame of live) {
      throwIfCancelled(this.#cancel);
      this.#note(frame, after);
    }
  }

  #note(frame: OpenFrame, after: After): void {
    const flows = this.#settled(frame);
    const noted = [this.accesses, this.acquires, this.receives, this.signals, this.marks];
    frame.skeleton.forEach((block, index) => {
      const flow = flows[index];
      if (flow === undefined) return;
      let at: Flow | null = flow;
      block.ops.forEach((op, position) => {
        if (at === null) return;
        const before = noted.map((it) => it.length);
        at = this.#ops(frame, [op], at);
        noted.forEach((list, nth) => {
          const from = before[nth] ?? list.length;
          if (list.length > from) complete(list, from, after.at(frame, index, position));
        });
      });
    });
  }

  #settled(frame: OpenFrame): (Flow | undefined)[] {
    this.#collecting = false;
    const flows = this.#flow(frame);
    this.#collecting = true;
    return flows;
  }
}

function complete(list: { readonly after: Tokens }[], from: number, after: Tokens): void {
  for (let index = from; index < list.length; index++) {
    const it = list[index];
    if (it !== undefined) list[index] = { ...it, after };
  }
}
