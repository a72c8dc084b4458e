// Go's threads under the explorer's control. A step does the operation its thread stands before and runs on to before
// the next one; what happens there between is invisible to other threads unless it races, and races are found by
// vector clocks and then made visible.

import { assert, present } from "../../base/assert.js";
import { funcOf, spanOf } from "../../ir/access.js";
import type { FuncId, Instr, Program, SpanId } from "../../ir/ir.js";
import type {
  Action,
  Blocked,
  Choice,
  Outcome,
  ThreadId,
  WitnessObject,
  WitnessThread,
} from "../../../protocol/witness.js";
import { mapName, mapOf, targetOf, writes } from "./accesses.js";
import { choicesNow, enabledChoices, isMapWrite } from "./choices.js";
import type { AccessListener, Core, Obj, OpInstr, Stop } from "./core.js";
import { willing } from "./channels.js";
import { atMainEnd, ghostOutcome, stuckOutcome, type Ending } from "./ending.js";
import { Goroutine } from "./goroutine.js";
import { describe } from "./pending.js";
import { asItRuns, failure, untold, type Aside, type Event, type Failure } from "./machine.js";
import type { Halt, Machine, MachineOptions, Race, Spawned } from "./machine.js";
import type { Native } from "./image.js";
import type { MapObj } from "./maps.js";
import { everything, touches, type Standing, type Touch } from "./touch.js";
import { choicesOf, mayBeInvisible, perform, touchesOf } from "./ops.js";
import { pairKey, plainAccess, RaceDetector, type Access } from "./race.js";
import { digest, digestNumber } from "./state-hash.js";
import { RuntimePanic, Unsupported } from "./signals.js";
import { fire } from "./timers.js";
import { blockedOf } from "./waiting.js";
import { noTouches, running, spanOfStop, touch, World, type Effect } from "./world.js";

/** Makes the interpreter; the machine listens to its accesses. */
export type CoreMaker = (listener: AccessListener, natives: ReadonlyMap<string, Native>) => Core;

/** Instructions a thread runs before it must let others go first, and one execution may take in all. */
const stretch = 1_000_000;
const budget = 50_000_000;
/** Operations of library code that one step may do along the way. */
const maxInvisible = 200;

/** What changes from step to step; all of it through the trail. */
interface State {
  halt: Halt | undefined;
  steps: number;
  spent: number;
  output: string;
  races: readonly Race[];
  raceKeys: ReadonlySet<string>;
  /** Functions that thread 0 has yet to run: initialisers, then the entry. */
  agenda: readonly FuncId[];
  /** What a failed test said, and in which step. */
  failed: Extract<Outcome, { kind: "assertion" }> | null;
  /** Main has ended and we look what becomes of the others. */
  ghost: boolean;
  failures: readonly Failure[];
  /** Step in which main ended, with ghosts; else -1. */
  endStep: number;
}

export class GoMachine implements Machine {
  readonly #program: Program;
  readonly #core: Core;
  readonly #races: RaceDetector;
  readonly #state: State;
  readonly #start: number;
  readonly #world: World;
  #options: MachineOptions = asItRuns;
  /** Asked for once per step. */
  #enabled: readonly Choice[] | null = null;
  #entrySpan = 0 as SpanId;
  // What the running step gathers; empty between steps.
  #asides: Aside[] = [];
  #touches: Touch[] = [];

  constructor(program: Program, makeCore: CoreMaker) {
    this.#program = program;
    this.#core = makeCore(this.#listener(), this.#natives());
    this.#races = new RaceDetector(this.#core.trail);
    this.#world = new World(program, this.#core);
    this.#state = emptyState();
    this.#start = this.#core.trail.mark();
  }

  configure(options: MachineOptions): void {
    this.#options = options;
  }

  #apply({ visible, telling, writerPreference, time, overlaps }: MachineOptions): void {
    this.#core.setVisible(visible);
    this.#world.telling = telling;
    this.#world.announces = writerPreference;
    this.#world.anyTime = time === "any";
    this.#world.overlapping = overlaps;
  }

  reset(entry: FuncId): void {
    this.#apply(this.#options);
    this.#enabled = null;
    this.#entrySpan = funcOf(this.#program, entry).span;
    this.#core.trail.undoTo(this.#start);
    Object.assign(this.#state, emptyState());
    this.#core.trail.mark();
    this.#set("agenda", [...this.#program.inits, entry]);
    const { kind } = this.#program.entries.find((it) => it.func === entry) ?? { kind: "main" };
    const name = kind === "main" ? "main" : funcOf(this.#program, entry).display;
    const thread = new Goroutine(0, name, null, null, 0 as SpanId);
    this.#world.add(thread);
    if (this.#beginNext(thread)) this.#advance(thread);
    this.#world.began = this.#core.trail.epoch;
    this.#asides = [];
    this.#touches = [];
  }

  /** Thread 0 goes on to the next function of its agenda. True for initialisers, which run at once. */
  #beginNext(g: Goroutine): boolean {
    const [func, ...rest] = this.#state.agenda;
    const isLast = rest.length === 0;
    this.#set("agenda", rest);
    const core = this.#core.newThread(
      0,
      { kind: "static", func: present(func, "entry") },
      [],
      null,
    );
    this.#world.set(g, "core", core);
    this.#world.set<Goroutine, "phase">(g, "phase", isLast ? "new" : "live");
    return !isLast;
  }

  #set<K extends keyof State>(key: K, value: State[K]): void {
    this.#core.trail.set<State, K>(this.#state, key, value);
  }

  enabled(): readonly Choice[] {
    if (this.#state.halt !== undefined) return [];
    return (this.#enabled ??= enabledChoices(this.#world));
  }

  choicesOf(thread: ThreadId): readonly Choice[] {
    const g = this.#world.threads[thread];
    if (g === undefined || this.#state.halt !== undefined) return [];
    const now = choicesNow(this.#world, g);
    if (now.length > 0 || this.#world.over) return now;
    return this.enabled().filter((it) => it.thread === thread);
  }

  threadCount(): number {
    return this.#world.threads.length;
  }

  /** Nothing that may run is the end. */
  halted(): Halt | undefined {
    if (this.#state.halt !== undefined || this.#state.ghost) return this.#state.halt;
    if (this.enabled().length > 0) return undefined;
    return { kind: "finished", outcome: this.#stuck() };
  }

  #stuck(): Outcome {
    if (!this.#options.ghosts) return stuckOutcome(this.#world);
    const { failures, failed, endStep } = this.#state;
    const [first] = failures;
    if (first !== undefined) return { kind: first.kind, step: first.step, message: first.message };
    const ending = this.#ending();
    return ghostOutcome(this.#world, ending, endStep >= 0) ?? failed ?? this.#raceOutcome();
  }

  failures(): readonly Failure[] {
    return this.#state.failures;
  }

  endStep(): number {
    return this.#state.endStep;
  }

  rereads(): boolean {
    return this.#world.waitsAsReader;
  }

  races(): readonly Race[] {
    return this.#state.races;
  }

  output(): string {
    return this.#state.output;
  }

  mark(): number {
    return this.#core.trail.mark();
  }

  undoTo(mark: number): void {
    this.#enabled = null;
    this.#core.trail.undoTo(mark);
  }

  // ── Steps ─────────────────────────────────────────────────────────────────────────────────────

  step(choice: Choice): Event {
    assert(this.#state.halt === undefined, "step of a halted machine");
    const g = this.#world.thread(choice.thread);
    const partner = choice.partner === undefined ? null : this.#world.thread(choice.partner);
    const { telling, ghosts } = this.#options;
    const threads = this.#world.threads.length;
    this.#enabled = null;
    this.#asides = [];
    this.#touches = [];
    this.#set("steps", this.#state.steps + 1);
    const at = telling ? this.#placeOf(g) : nowhere;
    const timed = g.phase === "timer" || g.intent?.kind === "sleeping";
    const offers = willing(this.#world, g);
    const partnerOffers = partner === null ? null : willing(this.#world, partner);
    this.#countStep(g);
    if (partner !== null) this.#countStep(partner);
    this.#world.tick(g);
    this.#noteWaiting(g);
    const effect = this.#act(g, choice);
    for (const it of effect.touches) this.#touches.push(it);
    this.#goOn(g, effect);
    const ended = !ghosts && this.halted() !== undefined;
    if (ended) this.#touches.push(touch(everything, touches.write));
    if (effect.advanced === true && !ghosts) this.#touches.push(touch(everything, touches.timer));
    return {
      thread: g.id,
      partner: effect.partner?.id ?? null,
      touches: this.#touches,
      offers,
      partnerOffers,
      spawned: this.#spawnedSince(threads, g.id),
      advanced: effect.advanced === true,
      timed,
      yielded: effect.yielded === true,
      values: 0,
      action: telling ? effect.action : untold,
      span: at.span,
      func: at.func,
      asides: this.#asides,
    };
  }

  #spawnedSince(threads: number, by: ThreadId): readonly Spawned[] {
    const all = this.#world.threads;
    if (all.length === threads) return noneSpawned;
    return all.slice(threads).map(({ id, spawnedBy }) => ({ thread: id, by: spawnedBy ?? by }));
  }

  /** A reader that may have to wait for others keeps writers waiting, and with them new readers. */
  #noteWaiting({ held, stop }: Goroutine): void {
    if (stop?.kind !== "op" || this.#world.waitsAsReader) return;
    const waits = stop.instr.op !== "release" && stop.instr.op !== "atomic";
    if (!waits || !held.some((it) => it.shared)) return;
    this.#world.set<World, "waitsAsReader">(this.#world, "waitsAsReader", true);
  }

  #countStep(g: Goroutine): void {
    this.#world.set(g, "steps", g.steps + 1);
  }

  #placeOf(g: Goroutine): { readonly span: SpanId; readonly func: string } {
    const start = g.id === 0 ? this.#entrySpan : g.spawnedAt;
    if (g.core === null) return { span: start, func: g.name };
    if (g.phase !== "new" && g.stop?.kind === "ended") return { span: start, func: g.name };
    const { func, span } = this.#core.where(g.core);
    if (g.phase === "new") return { span: start, func };
    return { span: g.stop === null ? span : spanOfStop(g.stop, span), func };
  }

  /** The effect of what the thread stands before. */
  #act(g: Goroutine, choice: Choice): Effect {
    if (g.phase === "new") {
      this.#world.set<Goroutine, "phase">(g, "phase", "live");
      return { action: started, touches: noTouches };
    }
    if (g.phase === "timer") return fire(this.#world, g, present(g.timer, "timer"));
    const stop = present(g.stop, "where the thread stands");
    if (stop.kind === "access") return this.#access(g, stop.instr, choice);
    if (stop.kind === "op") return this.#operate(g, stop.instr, choice);
    if (stop.kind === "ended") {
      this.#world.set<Goroutine, "phase">(g, "phase", "ended");
      this.#end();
      return { action: { kind: "end" }, touches: noTouches };
    }
    const action: Action = { kind: "yield", text: "goes on computing" };
    return { action, touches: noTouches, yielded: true };
  }

  #operate(g: Goroutine, op: OpInstr, choice: Choice): Effect {
    if (op.op === "atomic") {
      const at = this.#world.address(g, op.addr);
      if (at !== null) {
        const write = writes(this.#world, g, op, at);
        const { span, func } = this.#placeOf(g);
        const step = this.#state.steps - 1;
        const now = { thread: g.id, tick: g.tick, write, atomic: true, span, func, step };
        this.#record(at.obj, at.off, g, now);
      }
    }
    try {
      return perform(this.#world, g, op, choice);
    } catch (signal) {
      return this.#refused(g, signal);
    }
  }

  /** What the interpreter says to an operation it cannot begin: `go` with a nil function, a method of a nil interface. */
  #refused(g: Goroutine, signal: unknown): Effect {
    if (signal instanceof RuntimePanic) {
      this.#world.panic(g, signal.text);
      return { action: { kind: "panic", text: signal.text }, touches: noTouches };
    }
    if (!(signal instanceof Unsupported)) throw signal;
    this.#halt({ kind: "unsupported", reason: signal.reason, span: this.#placeOf(g).span });
    return { action: { kind: "yield", text: signal.reason }, touches: noTouches };
  }

  #access(g: Goroutine, instr: Instr, choice: Choice): Effect {
    if (choice.partner !== undefined) return this.#overlap(g, instr, choice);
    const target = targetOf(this.#world, g, instr);
    const stop = this.#core.stepAccess(running(g));
    if (stop !== null) this.#stopped(g, stop);
    const action: Action =
      stop === null ? target.told(this.#world, g) : { kind: "panic", text: instr.op };
    return { action, touches: target.touches };
  }

  /** Two threads in the same map at the same time: the run-time notices and ends the program. */
  #overlap(g: Goroutine, instr: Instr, choice: Choice): Effect {
    const map = mapOf(this.#world, g, instr);
    const other = this.#world.thread(present(choice.partner, "partner")).stop;
    const both = isMapWrite(instr) && other?.kind === "access" && isMapWrite(other.instr);
    const text = both ? "concurrent map writes" : "concurrent map read and map write";
    this.#world.fail(text);
    const action: Action = { kind: "panic", text: `fatal error: ${text}` };
    const touched = map === null ? [] : [touch(this.#world.objects.mapNumber(map), touches.write)];
    return { action, touches: touched };
  }

  /** Runs the thread (and its partner) on to where they next stand. */
  #goOn(g: Goroutine, effect: Effect): void {
    const { fatal, exitCode } = this.#world;
    if (this.#state.ghost && (fatal !== null || exitCode !== null)) {
      this.#halt({ kind: "depth", span: 0 as SpanId });
      return;
    }
    if (fatal !== null) {
      this.#fail(g, "panic", `fatal error: ${fatal}`);
      return;
    }
    if (exitCode !== null) {
      if (exitCode === 0) this.#end();
      else this.#fail(g, "assertion", `exit status ${exitCode}`);
      this.#leave(g);
      return;
    }
    if (this.#state.halt !== undefined || g.phase === "ended") return;
    if (effect.moved !== false && g.core !== null) this.#advance(g);
    if (effect.partner !== undefined) this.#advance(effect.partner);
  }

  /** Runs to before the thread's next visible operation. Synchronisation inside libraries happens on the way. */
  #advance(g: Goroutine): void {
    let invisible = 0;
    while (this.#state.halt === undefined && g.phase === "live") {
      const stop = this.#core.run(running(g), stretch);
      if (stop.kind !== "op" || !this.#hides(g, stop) || invisible >= maxInvisible) {
        if (!this.#stopped(g, stop)) return;
        continue;
      }
      this.#world.set<Goroutine, "stop">(g, "stop", stop);
      const [choice, other] = choicesOf(this.#world, g, stop.instr);
      if (choice === undefined || other !== undefined || choice.partner !== undefined) return;
      invisible++;
      this.#touches.push(...touchesOf(this.#world, g, stop.instr));
      this.#world.tick(g);
      const effect = this.#operate(g, stop.instr, choice);
      if (this.#world.fatal !== null || this.#world.exitCode !== null) {
        this.#goOn(g, effect);
        return;
      }
    }
  }

  #hides(g: Goroutine, stop: Extract<Stop, { kind: "op" }>): boolean {
    const hidden = stop.library || stop.span === 0 || this.#initialises(g);
    return hidden && mayBeInvisible(stop.instr);
  }

  /** Package initialisers run before anything is a step. */
  #initialises(g: Goroutine): boolean {
    return g.id === 0 && this.#state.agenda.length > 0;
  }

  /** The thread has come to a stop; true when there is something left for it to run at once. */
  #stopped(g: Goroutine, stop: Stop): boolean {
    this.#world.set<Goroutine, "stop">(g, "stop", stop);
    switch (stop.kind) {
      case "op":
      case "access":
        return false;
      case "ended":
        return this.#ended(g);
      case "panicked":
        this.#panicked(g, `panic: ${stop.message}`);
        return false;
      case "unsupported":
        this.#halt({ kind: "unsupported", reason: stop.reason, span: stop.span });
        return false;
      case "limit":
        this.#set("spent", this.#state.spent + stretch);
        if (this.#state.spent >= budget) this.#halt({ kind: "depth", span: stop.span });
        // Else a step of its own, so that others, and whoever waits for the search, get their turn.
        return this.#initialises(g);
    }
  }

  #ended(g: Goroutine): boolean {
    if (this.#initialises(g)) return this.#beginNext(g);
    // Main's return ends the program under everybody's feet: when it happens is a choice like any other.
    if (this.#endsProgram(g) && this.#othersLive() && !this.#options.ghosts) return false;
    this.#world.set<Goroutine, "phase">(g, "phase", "ended");
    const span = g.id === 0 ? this.#entrySpan : g.spawnedAt;
    this.#asides.push({ thread: g.id, action: { kind: "end" }, span, func: g.name });
    if (this.#endsProgram(g)) this.#end();
    return false;
  }

  /** `runtime.Goexit` in main ends only the goroutine; a test ends with it. */
  #endsProgram(g: Goroutine): boolean {
    return g.id === 0 && !this.#state.ghost && !(g.goexit && g.name === "main");
  }

  #othersLive(): boolean {
    return this.#world.threads.some(
      (it) => it.id !== 0 && (it.phase === "new" || it.phase === "live"),
    );
  }

  #panicked(g: Goroutine, message: string): void {
    if (this.#state.ghost) {
      this.#world.set<Goroutine, "phase">(g, "phase", "ended");
      return;
    }
    const { span, func } = this.#placeOf(g);
    this.#asides.push({ thread: g.id, action: { kind: "panic", text: message }, span, func });
    this.#fail(g, "panic", message);
  }

  /** What ends the program badly; with ghosts, its thread. */
  #fail(g: Goroutine, kind: Failure["kind"], message: string): void {
    const step = Math.max(0, this.#state.steps - 1);
    const { span } = this.#placeOf(g);
    this.#set("failures", [...this.#state.failures, { kind, thread: g.id, step, span, message }]);
    if (this.#options.ghosts) this.#leave(g);
    else this.#halt({ kind: "finished", outcome: { kind, step, message } });
  }

  /** With ghosts: the thread is gone, and the others go on as if nothing had happened. */
  #leave(g: Goroutine): void {
    if (!this.#options.ghosts) return;
    this.#world.set<Goroutine, "phase">(g, "phase", "ended");
    this.#world.set<World, "over">(this.#world, "over", true);
    this.#world.set<World, "fatal">(this.#world, "fatal", null);
    this.#world.set<World, "exitCode">(this.#world, "exitCode", null);
  }

  #halt(halt: Halt): void {
    this.#set("halt", halt);
  }

  // ── The end ───────────────────────────────────────────────────────────────────────────────────

  /** The program ends in order: by main's return or `os.Exit`. The worst that can be said of it counts. */
  #end(): void {
    if (this.#options.ghosts) {
      this.#set("endStep", Math.max(0, this.#state.steps - 1));
      this.#world.set<World, "over">(this.#world, "over", true);
      return;
    }
    const left = atMainEnd(this.#world, this.#ending());
    const { failed } = this.#state;
    const outcome = left?.kind === "deadlock" ? left : (failed ?? left ?? this.#raceOutcome());
    this.#halt({ kind: "finished", outcome });
  }

  #ending(): Ending {
    return {
      choices: () => enabledChoices(this.#world),
      step: (choice) => {
        const touches = this.#touches;
        const asides = this.#asides;
        const event = this.step(choice);
        this.#touches = touches;
        this.#asides = asides;
        return event;
      },
      ghost: (on) => {
        this.#set("ghost", on);
        this.#world.set<World, "over">(this.#world, "over", false);
        this.#enabled = null;
      },
      stopped: () => this.#state.halt !== undefined,
    };
  }

  #raceOutcome(): Outcome {
    const [race] = this.#state.races;
    if (race === undefined) return { kind: "ok" };
    const { first, second } = race;
    return { kind: "race", object: race.object, steps: [first.step, second.step] };
  }

  // ── What may run ──────────────────────────────────────────────────────────────────────────────

  // ── Accesses ──────────────────────────────────────────────────────────────────────────────────

  #listener(): AccessListener {
    return {
      access: (thread, obj, off, cells, write, span, func) => {
        if (this.#quiet()) return;
        const g = this.#world.thread(thread);
        const now = this.#accessNow(g, write, span, func);
        for (let index = off; index < off + cells; index++) {
          this.#record(obj, index, g, now);
        }
      },
      mapAccess: (thread, map, write, span, func) => {
        if (this.#quiet()) return;
        const g = this.#world.thread(thread);
        const now = this.#accessNow(g, write, span, func);
        this.#record(map, 0, g, now);
      },
      output: (thread, _fd, text) => {
        if (this.#state.ghost) return;
        this.#set("output", this.#state.output + text);
        if (!this.#options.telling) return;
        const { core } = this.#world.thread(thread);
        const where = core === null ? { span: 0 as SpanId, func: "" } : this.#core.where(core);
        this.#asides.push({ thread, action: { kind: "output", text }, ...where });
      },
    };
  }

  /** What library code tells the machine by calling functions without bodies. */
  #natives(): ReadonlyMap<string, Native> {
    const failed: Native = ({ thread }, [message]) => {
      if (this.#state.failed !== null || this.#state.ghost) return undefined;
      const step = Math.max(0, this.#state.steps - 1);
      const failed = { kind: "assertion", step, message: String(message) } as const;
      const where = this.#core.where(thread);
      const { span } = where;
      this.#set("failed", failed);
      this.#set("failures", [...this.#state.failures, { ...failed, thread: thread.id, span }]);
      const action: Action = { kind: "yield", text: `${failure}${String(message)}` };
      this.#asides.push({ thread: thread.id, action, ...where });
      return undefined;
    };
    return new Map([["testing.failed", failed]]);
  }

  /** While there has only ever been one thread, everything it does comes before all others. */
  #quiet(): boolean {
    return this.#state.ghost || this.#world.threads.length < 2;
  }

  /** Plain accesses since the thread's last operation belong to the time after it. */
  #accessNow(g: Goroutine, write: boolean, span: SpanId, func: string): Access {
    const step = Math.max(0, this.#state.steps - 1);
    return { thread: g.id, tick: g.tick + 1, write, atomic: false, span, func, step };
  }

  #record(owner: Obj | object, off: number, g: Goroutine, now: Access): void {
    const conflicts = this.#races.access(owner, off, g.clock, now);
    for (const { first, second } of conflicts) {
      const label = this.#raceName(owner, off);
      const key = `${pairKey(first.span, second.span)} ${label}`;
      if (this.#state.raceKeys.has(key)) continue;
      this.#set("raceKeys", new Set([...this.#state.raceKeys, key]));
      const object = this.#raceObject(owner, off);
      const race: Race = {
        object,
        name: label,
        first: plainAccess(first),
        second: plainAccess(second),
      };
      this.#set("races", [...this.#state.races, race]);
    }
  }

  #raceName(owner: Obj | object, off: number): string {
    return "cells" in owner ? this.#core.nameOf(owner, off) : mapName(owner as MapObj);
  }

  #raceObject(owner: Obj | object, off: number): number {
    const { objects } = this.#world;
    if ("cells" in owner) return objects.cell({ obj: owner, off }, "variable").object;
    const map = owner as MapObj;
    return objects.map(map, mapName(map), null).object;
  }

  // ── For drawing ───────────────────────────────────────────────────────────────────────────────

  standing(thread: ThreadId): Standing | null {
    const g = this.#world.threads[thread];
    if (g === undefined || g.phase === "ended" || g.phase === "timer") return null;
    if (g.phase === "new" || g.stop === null) return standsStill;
    if (g.stop.kind === "op") {
      const touched = touchesOf(this.#world, g, g.stop.instr);
      return { touches: touched, offers: willing(this.#world, g), access: 0 };
    }
    if (g.stop.kind !== "access") return standsStill;
    const { telling } = this.#world;
    this.#world.telling = false;
    const { touches: touched } = targetOf(this.#world, g, g.stop.instr);
    this.#world.telling = telling;
    return { touches: touched, offers: null, access: g.stop.span };
  }

  pending(thread: ThreadId): ReturnType<Machine["pending"]> {
    const g = this.#world.threads[thread];
    if (g === undefined || g.phase === "ended") return null;
    // Naming objects numbers them; asking must change nothing.
    const mark = this.mark();
    const answer = describe(this.#world, g);
    this.undoTo(mark);
    return answer;
  }

  blocked(): readonly Blocked[] {
    const able = new Set(this.enabled().flatMap((it) => [it.thread, it.partner ?? it.thread]));
    return this.#world.threads.flatMap((g) => {
      if (g.phase !== "live" || able.has(g.id) || g.intent?.kind === "sleeping") return [];
      const blocked = blockedOf(this.#world, g);
      return blocked === null ? [] : [blocked];
    });
  }

  hash(): string {
    return digest(this.#world, this.#state.output);
  }

  hashNumber(): number {
    return digestNumber(this.#world, this.#state.output);
  }

  nameOf(object: number): string {
    return this.#world.objects.nameOf(object);
  }

  threads(): readonly WitnessThread[] {
    return this.#world.threads.map(({ name, spawnedAt, spawnedBy }) => ({
      name,
      spawnedAt: spawnedAt === 0 ? null : spanOf(this.#program, spawnedAt),
      spawnedBy,
    }));
  }

  objects(): readonly WitnessObject[] {
    return this.#world.objects.list();
  }

  clock(thread: ThreadId): readonly number[] {
    const g = this.#world.thread(thread);
    return this.#world.threads.map((it) => it.stepsAtTick[g.clock[it.id] ?? 0] ?? 0);
  }

  held(thread: ThreadId): readonly number[] {
    return this.#world.thread(thread).held.map((it) => it.object);
  }

  variables(thread: ThreadId): readonly { readonly name: string; readonly value: string }[] {
    const { core } = this.#world.thread(thread);
    return core === null || core.frame === null ? [] : this.#core.variables(core);
  }
}

function emptyState(): State {
  return {
    halt: undefined,
    steps: 0,
    spent: 0,
    output: "",
    races: [],
    raceKeys: new Set(),
    agenda: [],
    failed: null,
    ghost: false,
    failures: [],
    endStep: -1,
  };
}

const nowhere = { span: 0 as SpanId, func: "" };
const noneSpawned: readonly Spawned[] = [];
const started: Action = { kind: "start" };
const standsStill: Standing = { touches: noTouches, offers: null, access: 0 };
