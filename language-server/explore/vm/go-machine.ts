// Go's threads under the explorer's control. A step does the operation its thread stands before and runs on to before
// the next one; what happens there between is invisible to other threads unless it races, and races are found by
// vector clocks and then made visible.

import { assert, present } from "../../base/assert.js";
import { funcOf } from "../../ir/access.js";
import type { FuncId, Instr, Program, SpanId } from "../../ir/ir.js";
import type {
  Action,
  Blocked,
  Buffer,
  Choice,
  Outcome,
  ThreadId,
  WitnessObject,
  WitnessThread,
} from "../../../protocol/witness.js";
import { accessTeller, accessTouches } from "./accesses.js";
import { offersOf, passedOver } from "./channels.js";
import { choicesNow, collide, enabledChoices, later, othersLive, someEnabled } from "./choices.js";
import type { AccessListener, Core, OpInstr, Stop } from "./core.js";
import { atMainEnd, outcomeOf, stuckOutcome, type Ending } from "./ending.js";
import { Draws } from "./draws.js";
import { Execution, hasEnded, type Asked } from "./execution.js";
import { Goroutine } from "./goroutine.js";
import { describe, standingOf, threadsOf } from "./pending.js";
import { failure, untold, type Circle, type Event, type Failure, type Halt } from "./machine.js";
import type { Drawn, Forsaken, Machine, MachineOptions, Race } from "./machine.js";
import type { Native } from "./image.js";
import { noteReader, readersWait } from "./locks.js";
import type { MapObj } from "./maps.js";
import { choicesOf, mayBeInvisible, perform } from "./ops.js";
import { RaceLog, type Place } from "./race-log.js";
import { digest, digestNumber } from "./state-hash.js";
import { RuntimePanic, Unsupported } from "./signals.js";
import { OpAccesses } from "./op-accesses.js";
import { forsakenIn, noteCircle, noteForsaken } from "./partial.js";
import { Looked, noteSpin } from "./spin.js";
import { loadStale } from "./stale-load.js";
import { allocatedAfter } from "./thread-image.js";
import { fire, mayBeLate } from "./timers.js";
import { everything, touch, touches, type Standing } from "./touch.js";
import { blockedOf } from "./waiting.js";
import {
  Doing,
  effect,
  noTouches,
  running,
  spanOfStop,
  waits,
  World,
  type Effect,
} from "./world.js";

/** Makes the interpreter; the machine listens to its accesses. */
export type CoreMaker = (listener: AccessListener, natives: ReadonlyMap<string, Native>) => Core;

/** Instructions a thread runs before it must let others go first, and one execution may take in all. */
const stretch = 1_000_000;
const budget = 50_000_000;
/** Operations of library code that one step may do along the way. */
const maxInvisible = 200;
const nowhere: Place = { span: 0 as SpanId, func: "" };
const noChoices: readonly Choice[] = [];

export class GoMachine implements Machine {
  readonly #program: Program;
  readonly #core: Core;
  readonly #races: RaceLog;
  readonly #accesses: OpAccesses;
  readonly #now = new Execution();
  readonly #draws = new Draws();
  readonly #start: number;
  readonly #world: World;
  /** While a thread is watched that may go round in circles. */
  #looked: Looked | null = null;
  readonly #found: Asked = { enabled: null, halted: null };
  #entrySpan = 0 as SpanId;
  /** In force from the next reset on. */
  #options: MachineOptions;

  constructor(program: Program, makeCore: CoreMaker) {
    this.#program = program;
    this.#core = makeCore(this.#listener(), this.#natives());
    this.#world = new World(program, this.#core);
    this.#races = new RaceLog(this.#world, this.#now);
    this.#accesses = new OpAccesses(program, this.#world, this.#races, (g) => this.#standing(g));
    this.#options = this.#world.options;
    this.#start = this.#core.trail.mark();
  }

  configure(options: MachineOptions): void {
    this.#options = options;
  }

  reset(entry: FuncId): void {
    this.#entrySpan = funcOf(this.#program, entry).span;
    this.undoTo(this.#start);
    this.#core.trail.mark();
    this.#core.setDraws(this.#options.draws);
    if (this.#world.options !== this.#options) this.#core.setVisible(this.#options.visible);
    this.#world.options = this.#options;
    this.#world.doing = new Doing(0);
    this.#own().agenda = [...this.#program.inits, entry];
    const { kind } = this.#program.entries.find((it) => it.func === entry) ?? { kind: "main" };
    const name = kind === "main" ? "main" : funcOf(this.#program, entry).display;
    const thread = new Goroutine(0, name, 1, null, null, 0 as SpanId);
    this.#world.add(thread);
    if (this.#beginNext(thread)) this.#advance(thread);
    if (!this.#options.ghosts) this.#settle();
  }

  /** Thread 0 goes on to the next function of its agenda. True for initialisers, which run at once. */
  #beginNext(g: Goroutine): boolean {
    const [func, ...rest] = this.#now.agenda;
    this.#own().agenda = rest;
    const callee = { kind: "static", func: present(func, "entry") } as const;
    this.#world.own(g).core = this.#core.newThread(0, callee, [], null);
    g.phase = rest.length === 0 ? "new" : "live";
    return rest.length > 0;
  }

  /** The execution, which may now be changed. */
  #own(): Execution {
    return this.#core.trail.own(this.#now);
  }

  // ── What may run ──────────────────────────────────────────────────────────────────────────────

  enabled(): readonly Choice[] {
    if (this.#now.halt !== undefined) return noChoices;
    return (this.#found.enabled ??= enabledChoices(this.#world));
  }

  choicesOf(thread: ThreadId): readonly Choice[] {
    if (this.#now.halt !== undefined) return noChoices;
    const choices = choicesNow(this.#world, this.#world.thread(thread));
    return choices === later ? this.enabled().filter((it) => it.thread === thread) : choices;
  }

  threadCount(): number {
    return this.#world.threads.length;
  }

  halted(): Halt | undefined {
    if (this.#now.halt !== undefined) return this.#now.halt;
    return (this.#found.halted ??= { halt: this.#stuck() }).halt;
  }

  #stuck(): Halt | undefined {
    if (someEnabled(this.#world)) return undefined;
    return { kind: "finished", outcome: this.#lastOutcome() };
  }

  /** Where nobody can go on. */
  #lastOutcome(): Outcome {
    const [first] = this.#now.failures;
    if (!this.#options.ghosts) return stuckOutcome(this.#world);
    if (first !== undefined) return outcomeOf(first);
    if (!this.#world.over) return stuckOutcome(this.#world);
    return atMainEnd(this.#world, this.#ending()) ?? this.#races.outcome();
  }

  #forget(): void {
    this.#found.enabled = null;
    this.#found.halted = null;
  }

  races(): readonly Race[] {
    return this.#races.races;
  }

  failures(): readonly Failure[] {
    return this.#now.failures;
  }

  endStep(): number {
    return this.#now.endStep;
  }

  circle(): Circle | null {
    return this.#now.circle;
  }

  forsaken(): Forsaken | null {
    return forsakenIn(this.#world, this.#now);
  }

  rereads(): boolean {
    return readersWait(this.#world);
  }

  drawn(): Drawn {
    return this.#draws;
  }

  madeUp(): null {
    return null;
  }

  output(): string {
    return this.#now.output;
  }

  manyPrint(): boolean {
    return this.#now.printer === -1;
  }

  mark(): number {
    return this.#core.trail.mark();
  }

  undoTo(mark: number): void {
    this.#core.trail.undoTo(mark);
    this.#forget();
  }

  // ── Steps ─────────────────────────────────────────────────────────────────────────────────────

  step(choice: Choice): Event {
    assert(this.#now.halt === undefined, "step of a halted machine");
    this.#forget();
    const world = this.#world;
    const doing = (world.doing = new Doing(choice.thread));
    const g = world.thread(choice.thread);
    this.#own().steps++;
    const at = world.telling ? this.#standing(g) : nowhere;
    world.own(g).steps++;
    if (choice.partner !== undefined) world.own(world.thread(choice.partner)).steps++;
    doing.offers = offersOf(world, g);
    world.tick(g);
    if (g.held.length > 0) noteReader(world, g);
    if (g.parked !== null) g.parked = null;
    const done = this.#act(g, choice);
    doing.touch(done.touches);
    const { trail } = this.#core;
    trail.unnoticed = allocatedAfter(g, g.known);
    const { writes } = trail;
    const { output } = this.#now;
    this.#goOn(g, done);
    const wrote = trail.writes !== writes || output !== this.#now.output;
    noteSpin(world, g, wrote || doing.spawned.length > 0 || done.partner !== null);
    noteCircle(world, this.#now, g);
    if (!world.options.ghosts) this.#settle();
    if (world.telling) noteForsaken(world, this.#now, [g, done.partner ?? g]);
    // What ends the execution does not commute with what others would have done.
    if (hasEnded(this.#now)) doing.touch([touch(everything, touches.other)]);
    doing.partner = done.partner === null ? null : done.partner.id;
    doing.partnerOffers = done.partnerOffers;
    if (world.telling) doing.tell(done.action, at);
    return doing;
  }

  /** As programs run by themselves: that nothing can go on is noticed at once. */
  #settle(): void {
    if (this.#now.halt !== undefined || this.#world.looking) return;
    const stuck = this.#stuck();
    if (stuck !== undefined) this.#halt(stuck);
  }

  #aside(thread: ThreadId, action: Action, { span, func }: Place): void {
    const { doing, telling } = this.#world;
    if (telling) doing.asides = [...doing.asides, { thread, action, span, func }];
  }

  #standing(g: Goroutine): Place {
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
      this.#world.own(g).phase = "live";
      return starts;
    }
    if (g.phase === "timer") return fire(this.#world, g, present(g.timer, "timer"));
    const stop = present(g.stop, "where the thread stands");
    if (stop.kind === "access") return this.#access(g, stop.instr, choice);
    if (stop.kind === "op") return this.#operate(g, stop.instr, choice);
    if (stop.kind === "draw") return this.#draws.take(this.#world, g, stop, choice);
    if (stop.kind === "ended") {
      this.#world.own(g).phase = "ended";
      this.#end();
      return ends;
    }
    this.#world.doing.yielded = true;
    return effect({ kind: "yield", text: "goes on computing" }, noTouches);
  }

  #operate(g: Goroutine, op: OpInstr, choice: Choice): Effect {
    if (this.#world.threads.length > 1) this.#accesses.note(g, op, choice);
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
      return effect({ kind: "panic", text: signal.text }, noTouches);
    }
    if (!(signal instanceof Unsupported)) throw signal;
    this.#halt({ kind: "unsupported", reason: signal.reason, span: this.#standing(g).span });
    return effect({ kind: "yield", text: signal.reason }, noTouches);
  }

  #access(g: Goroutine, instr: Instr, choice: Choice): Effect {
    if (choice.partner !== undefined) return collide(this.#world, g, instr, choice);
    if (choice.arm !== undefined) return loadStale(this.#world, this.#races, g, instr, choice.arm);
    const touched = accessTouches(this.#world, g, instr);
    const tell = this.#world.telling ? accessTeller(this.#world, g, instr) : null;
    const stop = this.#core.stepAccess(running(g));
    if (stop === null) return effect(tell === null ? untold : tell(), touched);
    this.#stopped(g, stop);
    return effect({ kind: "panic", text: instr.op }, touched);
  }

  /** Runs the thread (and its partner) on to where they next stand. */
  #goOn(g: Goroutine, done: Effect): void {
    if (this.#world.fatal !== null || this.#world.exitCode !== null) this.#killed(g);
    else if (this.#now.halt !== undefined) return;
    else if (g.phase !== "ended" && !done.stays && g.core !== null) this.#advance(g);
    if (done.partner !== null) this.#advance(done.partner);
  }

  /** A fatal error or `os.Exit`. */
  #killed(g: Goroutine): void {
    const { fatal, exitCode, looking } = this.#world;
    if (looking) {
      this.#halt({ kind: "depth", span: 0 as SpanId });
      return;
    }
    if (this.#options.ghosts) {
      this.#world.own(this.#world).fatal = null;
      this.#world.exitCode = null;
      this.#world.own(g).phase = "ended";
    }
    if (fatal !== null) this.#crash(g, "panic", `fatal error: ${fatal}`);
    else if (exitCode === 0) this.#end();
    else this.#crash(g, "assertion", `exit status ${String(exitCode)}`);
  }

  /** Runs to before the thread's next visible operation. Synchronisation inside libraries happens on the way. */
  #advance(g: Goroutine): void {
    let invisible = 0;
    while (this.#now.halt === undefined && g.phase === "live") {
      const stop = this.#core.run(running(g), stretch);
      if (stop.kind !== "op" || !this.#hides(g, stop) || invisible >= maxInvisible) {
        if (!this.#stopped(g, stop)) return;
        continue;
      }
      this.#stands(g, stop);
      const choices = choicesOf(this.#world, g, stop.instr);
      const choice = choices[0];
      if (choice === undefined || choices.length > 1 || choice.partner !== undefined) return;
      invisible++;
      this.#hidden(g, stop.instr, choice);
    }
  }

  #hidden(g: Goroutine, op: OpInstr, choice: Choice): void {
    const { doing } = this.#world;
    if (op.op === "select") doing.touch(passedOver(this.#world, g, choice.arm ?? -1));
    this.#world.tick(g);
    const done = this.#operate(g, op, choice);
    if (op.op !== "select" || choice.arm !== -1) doing.touch(done.touches);
    if (this.#world.fatal !== null || this.#world.exitCode !== null) this.#killed(g);
  }

  #stands(g: Goroutine, stop: Stop): void {
    this.#world.own(g).stop = stop;
    g.willing = null;
  }

  #hides(g: Goroutine, stop: Extract<Stop, { kind: "op" }>): boolean {
    if (!mayBeInvisible(stop.instr) || this.#initialises(g)) return mayBeInvisible(stop.instr);
    return (stop.library || stop.span === 0) && !mayBeLate(this.#world, g, stop.instr);
  }

  /** Package initialisers run before anything is a step. */
  #initialises(g: Goroutine): boolean {
    return g.id === 0 && this.#now.agenda.length > 0;
  }

  /** The thread has come to a stop; true when there is something left for it to run at once. */
  #stopped(g: Goroutine, stop: Stop): boolean {
    this.#stands(g, stop);
    switch (stop.kind) {
      case "op":
      case "access":
        return false;
      case "draw":
        return this.#draws.passes(this.#world, g, stop, this.#initialises(g));
      case "ended":
        return this.#ended(g);
      case "panicked":
        this.#panicked(g, `panic: ${stop.message}`);
        return false;
      case "unsupported":
        this.#halt({ kind: "unsupported", reason: stop.reason, span: stop.span });
        return false;
      case "limit": {
        const round = this.#goRound(g);
        if (round !== null) return this.#stopped(g, round);
        this.#own().spent += stretch;
        if (this.#now.spent >= budget) this.#halt({ kind: "depth", span: stop.span });
        // Else a step of its own, so that others, and whoever waits for the search, get their turn.
        return this.#initialises(g);
      }
    }
  }

  /** A thread that computes for long may go round in circles: then it is parked. Where it came to stand instead, if it did. */
  #goRound(g: Goroutine): Stop | null {
    const looked = (this.#looked = new Looked());
    const stop = looked.run(this.#world, g);
    this.#looked = null;
    return stop;
  }

  #ended(g: Goroutine): boolean {
    if (this.#initialises(g)) return this.#beginNext(g);
    // Main's return ends the program under everybody's feet: when it happens is a choice like any other. Ghosts do not notice.
    if (this.#endsProgram(g) && !this.#options.ghosts && othersLive(this.#world)) return false;
    this.#world.own(g).phase = "ended";
    const span = g.id === 0 ? this.#entrySpan : g.spawnedAt;
    if (this.#world.telling) this.#aside(g.id, { kind: "end" }, { span, func: g.name });
    if (this.#endsProgram(g)) this.#end();
    return false;
  }

  /** `runtime.Goexit` in main ends only the goroutine; a test ends with it. */
  #endsProgram(g: Goroutine): boolean {
    return g.id === 0 && !this.#world.looking && !(g.goexit && g.base === "main");
  }

  #panicked(g: Goroutine, message: string): void {
    const { looking } = this.#world;
    if (looking || this.#options.ghosts) this.#world.own(g).phase = "ended";
    if (looking) return;
    if (this.#world.telling) {
      this.#aside(g.id, { kind: "panic", text: message }, this.#standing(g));
    }
    this.#crash(g, "panic", message);
  }

  #halt(halt: Halt): void {
    this.#own().halt = halt;
  }

  // ── The end ───────────────────────────────────────────────────────────────────────────────────

  /** The thread takes the program with it. */
  #crash(g: Goroutine, kind: Failure["kind"], message: string): void {
    const step = Math.max(0, this.#now.steps - 1);
    const { span } = this.#standing(g);
    const failed: Failure = { kind, thread: g.id, step, span, message };
    this.#own().failures = [...this.#now.failures, failed];
    this.#world.own(this.#world).over = true;
    if (!this.#options.ghosts) this.#halt({ kind: "finished", outcome: outcomeOf(failed) });
  }

  /** The program ends in order: by main's return or `os.Exit`. The worst that can be said of it counts. */
  #end(): void {
    const [failed] = this.#now.failures;
    if (this.#now.endStep < 0) this.#own().endStep = Math.max(0, this.#now.steps - 1);
    if (this.#options.ghosts) {
      this.#world.own(this.#world).over = true;
      return;
    }
    const left = atMainEnd(this.#world, this.#ending());
    const told = failed === undefined ? left : outcomeOf(failed);
    const outcome = left?.kind === "deadlock" ? left : (told ?? this.#races.outcome());
    this.#halt({ kind: "finished", outcome });
  }

  /** Its steps are not the running one. */
  #ending(): Ending {
    return {
      choices: () => enabledChoices(this.#world),
      step: (choice) => {
        const { doing } = this.#world;
        this.step(choice);
        this.#world.doing = doing;
      },
      stopped: () => this.#now.halt !== undefined,
    };
  }

  // ── Accesses ──────────────────────────────────────────────────────────────────────────────────

  #listener(): AccessListener {
    return {
      access: (thread, obj, off, cells, write, span, func) => {
        this.#looked?.at(obj, off, cells);
        if (this.#world.threads.length < 2) return;
        this.#races.cells(this.#world.thread(thread), obj, off, cells, write, { span, func });
      },
      mapAccess: (thread, map, write, span, func) => {
        if (this.#world.threads.length < 2) return;
        this.#races.map(this.#world.thread(thread), map as MapObj, write, { span, func });
      },
      output: (thread, _fd, text, span, func) => {
        if (this.#world.looking) return;
        this.#own().print(thread, text);
        this.#aside(thread, { kind: "output", text }, { span, func });
      },
    };
  }

  /** What library code tells the machine by calling functions without bodies. */
  #natives(): ReadonlyMap<string, Native> {
    const failed: Native = ({ thread, here: at }, [message]) => {
      const { failures } = this.#now;
      if (this.#world.looking || (!this.#options.ghosts && failures.length > 0)) return undefined;
      const step = Math.max(0, this.#now.steps - 1);
      const { id } = thread;
      const text = String(message);
      const it: Failure = { kind: "assertion", thread: id, step, span: at.span, message: text };
      this.#own().failures = [...failures, it];
      this.#aside(id, { kind: "yield", text: `${failure}${text}` }, at);
      return undefined;
    };
    return new Map([["testing.failed", failed]]);
  }

  // ── For drawing ───────────────────────────────────────────────────────────────────────────────

  standing(thread: ThreadId): Standing | null {
    return standingOf(this.#world, this.#world.thread(thread));
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
      const blocked = waits(g) && !able.has(g.id) ? blockedOf(this.#world, g) : null;
      return blocked === null ? [] : [blocked];
    });
  }

  hash(): string {
    return digest(this.#world, this.#now.output);
  }

  hashNumber(ordered = false): number {
    return digestNumber(this.#world, this.#now.output, ordered);
  }

  nameOf(object: number): string {
    return this.#world.objects.nameOf(object);
  }

  threads(): readonly WitnessThread[] {
    return threadsOf(this.#world, this.#program);
  }

  objects(): readonly WitnessObject[] {
    return this.#world.objects.list();
  }

  buffers(): readonly Buffer[] {
    return this.#world.objects.buffers((it) => this.#world.types.elem(it));
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

const starts = effect({ kind: "start" }, noTouches);
const ends = effect({ kind: "end" }, noTouches);
