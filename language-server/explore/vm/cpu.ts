// The interpreter: runs one thread at a time from one scheduling point to the next. Instructions are functions on the
// `Cpu` (`exec-*.ts`, `prims-*.ts`); this file is what they share: the loop, frames, memory, panics.

import { present } from "../../base/assert.js";
import type { Func, SpanId } from "../../ir/ir.js";
import type { TypeId } from "../../ir/types.js";
import type { Code } from "./code.js";
import type { Ins } from "./ins.js";
import type { AccessListener, Draw, Obj, OpInstr, Stop, Tracked, Value } from "./core.js";
import { callDeferred } from "./exec-control.js";
import { FatalPrinter } from "./fatal.js";
import { VmFrame, VmThread, type Boundary, type FrameKind, type Panic } from "./frames.js";
import type { Image, Native } from "./image.js";
import { errorObject } from "./prims-js.js";
import { pendingCall, RuntimePanic, Unsupported, ValuePanic } from "./signals.js";
import { idsPerThread } from "./thread-image.js";
import { UndoLog } from "./trail.js";
import { Cell, Chan, type Closure, Iface } from "./values.js";
import { MapObj } from "./maps.js";

const maxDepth = 400_000;
const noRegs: Value[] = [];

export interface Limits {
  /** Cells that one execution may allocate. */
  readonly cells: number;
}

export class Cpu implements Tracked {
  readonly image: Image;
  readonly trail = new UndoLog();
  readonly listener: AccessListener | null;
  readonly natives: ReadonlyMap<string, Native>;
  /** Made at their first use: a program has many it never touches, and some are huge. */
  readonly #globals: (Cell | undefined)[] = [];
  readonly #limits: Limits;
  // The running thread. Instructions read and write these directly.
  regs: Value[] = noRegs;
  pc = 0;
  frame: VmFrame;
  thread: VmThread;
  /** Set to leave the loop. */
  stop: Stop | null = null;
  /** Whether plain accesses have to be looked at before they happen. */
  observed: boolean;
  #visible: ReadonlySet<SpanId> | null = null;
  /** The access the thread stands before may go ahead. */
  #granted = false;
  /** Whether threads stop before draws. */
  draws = false;
  /** The draw the thread stands before is left to the program. */
  #passes = false;
  cells = 0;
  epoch = -1;

  constructor(
    image: Image,
    listener: AccessListener | null,
    natives: ReadonlyMap<string, Native>,
    limits: Limits,
  ) {
    this.image = image;
    this.listener = listener;
    this.natives = natives;
    this.#limits = limits;
    this.observed = listener !== null;
    this.thread = new VmThread(-1, null, 0);
    this.frame = undefined as unknown as VmFrame;
  }

  keep(): () => void {
    const { cells } = this;
    return () => {
      this.cells = cells;
    };
  }

  setVisible(spans: ReadonlySet<SpanId> | null): void {
    this.#visible = spans;
    this.observed = this.listener !== null || spans !== null;
  }

  // ── The loop ──────────────────────────────────────────────────────────────────────────────────

  run(thread: VmThread, limit: number, granted: boolean): Stop {
    if (thread.ending !== null) return thread.ending;
    this.stop = null;
    this.load(thread);
    this.#granted = granted;
    const stop = this.#untilStop(limit);
    thread.frame = stop.kind === "ended" || stop.kind === "panicked" ? null : this.frame;
    return stop;
  }

  #untilStop(limit: number): Stop {
    for (let fuel = limit; ; ) {
      try {
        fuel = this.#loop(fuel);
      } catch (signal) {
        this.#caught(signal);
      }
      if (this.stop !== null) return this.stop;
    }
  }

  #loop(limit: number): number {
    let fuel = limit;
    while (this.stop === null) {
      if (--fuel < 0) {
        this.halt({ kind: "limit", span: this.effectiveSpan(this.span) });
        break;
      }
      const ins = this.frame.code.ins[this.pc++] as Ins;
      ins.exec(this, ins);
    }
    return fuel;
  }

  #caught(signal: unknown): void {
    const span = this.span;
    if (signal instanceof RuntimePanic) {
      const { errorString, plainError } = this.image.runtime;
      this.raise(new Iface(signal.plain ? plainError : errorString, signal.text), span);
    } else if (signal instanceof ValuePanic) {
      this.raise(signal.value, span);
    } else if (signal instanceof Unsupported) {
      this.halt({ kind: "unsupported", reason: signal.reason, span: this.effectiveSpan(span) });
    } else if (signal instanceof RangeError) {
      // Strings, arrays or recursion beyond what the host can hold.
      this.halt({ kind: "unsupported", reason: "too much memory", span: this.effectiveSpan(span) });
    } else {
      throw signal;
    }
  }

  /** Leaves the loop; the thread stands where it is. */
  halt(stop: Stop): void {
    this.frame.pc = this.pc;
    this.stop = stop;
  }

  /** Makes `thread` the running one, with a top frame that may be changed. */
  load(thread: VmThread): void {
    const { trail } = this;
    trail.own(thread);
    this.thread = thread;
    const frame = present(thread.frame, "frame of a thread that runs");
    this.#resume(frame.owned(trail.epoch));
    thread.frame = this.frame;
  }

  /** A panic or exit that the machine started: if it ended the thread at once, the next `run` says so. */
  keepStop(thread: VmThread): void {
    this.frame.pc = this.pc;
    thread.frame = this.frame;
    if (this.stop !== null) this.trail.own(thread).ending = this.stop;
  }

  #resume(frame: VmFrame): void {
    this.frame = frame;
    this.regs = frame.regs;
    this.pc = frame.pc;
  }

  /** Span of the instruction being executed. */
  get span(): SpanId {
    return this.frame.code.ins[this.pc - 1]?.span ?? (0 as SpanId);
  }

  /** What the user sees for an instruction with this span in the running frame. */
  effectiveSpan(span: SpanId): SpanId {
    return span === 0 || this.frame.code.library ? this.frame.userSpan : span;
  }

  stopBefore(ins: Ins): void {
    this.pc--;
    const span = this.effectiveSpan(ins.span);
    const { library } = this.frame.code;
    this.halt({ kind: "op", instr: ins.instr as OpInstr, span, library });
  }

  unsupported(reason: string): Unsupported {
    return new Unsupported(reason);
  }

  // ── Memory ────────────────────────────────────────────────────────────────────────────────────

  global(index: number): Cell {
    return (this.#globals[index] ??= this.#makeGlobal(index));
  }

  /** Those that were used so far. */
  globals(): readonly Cell[] {
    return this.#globals.filter((it) => it !== undefined);
  }

  #makeGlobal(index: number): Cell {
    const { type, name, span } = present(this.image.program.globals[index], "global");
    // Its value before anything was written is zero whenever it is made.
    return new Cell(-1 - index, type, name, span, 0, [...this.image.info.zeroCells(type)], 0);
  }

  nextId(): number {
    const { thread } = this;
    return thread.path * idsPerThread + ++thread.allocations;
  }

  alloc(type: TypeId, name: string, cells: Value[]): Cell {
    this.charge(cells.length + 1);
    const span = this.effectiveSpan(this.span);
    return new Cell(this.nextId(), type, name, span, this.thread.id, cells, this.trail.epoch);
  }

  newMap(type: TypeId, name: string): MapObj {
    this.charge(1);
    const span = this.effectiveSpan(this.span);
    return new MapObj(this.nextId(), type, name, span, this.thread.id, this.trail.epoch);
  }

  newChan(type: TypeId, name: string, cap: number): Chan {
    this.charge(1);
    return new Chan(this.nextId(), type, name, this.effectiveSpan(this.span), this.thread.id, cap);
  }

  /** Counts the cells that the execution has allocated against the limit. */
  charge(cells: number): void {
    this.trail.own(this).cells += cells;
    if (this.cells > this.#limits.cells)
      throw this.unsupported(`more than ${this.#limits.cells} cells of memory`);
  }

  /** Tells the listener of an access that is about to happen; true when the thread stops before it instead. */
  pausesBefore(ins: Ins): boolean {
    if (this.#visible === null) return false;
    if (this.#granted) {
      this.#granted = false;
      return false;
    }
    const span = this.effectiveSpan(ins.span);
    if (!this.#visible.has(span) || ins.instr === null) return false;
    this.pc--;
    this.halt({ kind: "access", instr: ins.instr, span });
    return true;
  }

  passDraw(): void {
    this.#passes = true;
  }

  /** True when the thread stops; whoever explores completes the instruction or lets it pass. */
  stopsBeforeDraw(ins: Ins, draw: Draw): boolean {
    const passes = this.#passes;
    this.#passes = false;
    if (passes || (draw.all && draw.values.length === 0)) return false;
    this.pc--;
    this.halt({ kind: "draw", draw, span: this.effectiveSpan(ins.span) });
    return true;
  }

  access(ins: Ins, obj: Obj, off: number, cells: number, write: boolean): void {
    if (this.listener === null) return;
    const { frame } = this;
    const inside = ins.span === 0 || frame.code.library;
    const span = inside ? frame.userSpan : ins.span;
    const func = inside ? frame.userFunc : frame.code.func.display;
    this.listener.access(this.thread.id, obj, off, cells, write, span, func);
  }

  /** Where the user's code stands while a native function runs; the frame of the thread is only brought up to date at a stop. */
  get here(): { readonly span: SpanId; readonly func: string } {
    const { userSpan, userFunc, code } = this.frame;
    return code.library
      ? { span: userSpan, func: userFunc }
      : { span: this.span, func: code.func.display };
  }

  /** An access by a native function, shown where the library was called. */
  touch(obj: Obj, off: number, cells: number, write: boolean): void {
    if (this.listener === null || cells === 0) return;
    const { span, func } = this.here;
    this.listener.access(this.thread.id, obj, off, cells, write, span, func);
  }

  touchMap(map: MapObj, write: boolean): void {
    if (this.listener === null) return;
    const { span, func } = this.here;
    this.listener.mapAccess(this.thread.id, map, write, span, func);
  }

  mapAccess(ins: Ins, map: MapObj, write: boolean): void {
    if (this.listener === null) return;
    const { frame } = this;
    const inside = ins.span === 0 || frame.code.library;
    const span = inside ? frame.userSpan : ins.span;
    const func = inside ? frame.userFunc : frame.code.func.display;
    this.listener.mapAccess(this.thread.id, map, write, span, func);
  }

  // ── Calls ─────────────────────────────────────────────────────────────────────────────────────

  native(name: string, args: readonly Value[]): Value {
    const native = this.natives.get(name);
    if (native === undefined) throw this.unsupported(`call of ${name}`);
    return native(this, args);
  }

  /** For natives that call the program: the result of the native is the function's. */
  callFromNative(closure: Closure, args: readonly Value[]): typeof pendingCall {
    const ins = this.frame.code.ins[this.pc - 1] as Ins;
    this.call(closure, args, ins.dst, "call", ins.span);
    return pendingCall;
  }

  call(closure: Closure, args: readonly Value[], dst: number, kind: FrameKind, span: SpanId): void {
    const all = closure.bound.length === 0 ? args : [...closure.bound, ...args];
    this.callFunc(closure.func, closure.captures, all, dst, kind, span);
  }

  callFunc(
    func: Func,
    captures: readonly Value[],
    args: readonly Value[],
    dst: number,
    kind: FrameKind,
    span: SpanId,
  ): void {
    if (func.blocks.length === 0) {
      const result = this.native(func.name, args);
      if (kind === "call") this.regs[dst] = result;
      else if (kind === "unwinding") this.continueUnwinding();
      return;
    }
    const code = this.image.code(func);
    this.enter(code, arguments_(code, captures, args), dst, kind, span);
  }

  enter(code: Code, regs: Value[], dst: number, kind: FrameKind, span: SpanId): void {
    const { frame } = this;
    if (code.func.blocks.length === 0) {
      this.callFunc(
        code.func,
        [],
        code.func.params.map((it) => regs[it]),
        dst,
        kind,
        span,
      );
      return;
    }
    frame.pc = this.pc;
    const inside = span === 0 || frame.code.library;
    const next = new VmFrame(
      frame,
      code,
      regs,
      dst,
      kind,
      inside ? frame.userSpan : span,
      inside ? frame.userFunc : frame.code.func.display,
      this.trail.epoch,
    );
    if (next.depth > maxDepth) {
      const message = "stack overflow";
      this.halt({ kind: "panicked", message, span: next.userSpan, value: message });
      return;
    }
    this.#resume(next);
  }

  /** The running frame returns `value`. */
  leave(value: Value): void {
    const { frame } = this;
    if (frame.boundary !== null) {
      frame.boundary.returned(this, frame, value);
      return;
    }
    if (frame.parent === null) {
      this.halt({ kind: "ended", value });
      return;
    }
    this.#resume(frame.parent.owned(this.trail.epoch));
    if (frame.kind === "call") this.regs[frame.dst] = value;
    else if (frame.kind === "unwinding") this.continueUnwinding();
  }

  // ── Panics ────────────────────────────────────────────────────────────────────────────────────

  /** What a `panic` instruction panics with. */
  nilPanic(value: Value): Value {
    if (value !== null) return value;
    const text = "panic called with nil argument";
    return new Iface(this.image.runtime.plainError, text);
  }

  raise(value: Value, span: SpanId, goexit = false): void {
    let current: VmFrame | null = this.frame;
    while (current !== null && current.panic === null) current = current.parent;
    const link = current?.panic ?? null;
    const func = this.frame.code.library ? this.frame.userFunc : this.frame.code.func.display;
    const at = this.effectiveSpan(span);
    this.#unwind({ value, link, recovered: false, goexit, overtaken: null, span: at, func });
  }

  /** The panic goes up from the running frame to the next deferred call. */
  #unwind(start: Panic): void {
    let panic = start;
    let frame: VmFrame | null = this.frame;
    while (frame !== null) {
      this.#resume(frame.owned(this.trail.epoch));
      frame = this.frame;
      if (frame.boundary !== null) {
        frame.boundary.panicked(this, frame, panic);
        return;
      }
      if (frame.panic?.goexit === true && !panic.goexit)
        panic = { ...panic, overtaken: frame.panic };
      const handler = panic.goexit ? null : frame.tries;
      if (handler !== null) {
        frame.tries = handler.next;
        this.regs[handler.reg] = this.#thrown(panic.value);
        this.pc = handler.pc;
        return;
      }
      frame.panic = panic;
      const deferred = frame.defers;
      if (deferred !== null) {
        frame.defers = deferred.next;
        callDeferred(this, deferred, "unwinding");
        return;
      }
      frame = frame.parent;
    }
    this.#uncaught(panic);
  }

  /** Errors of the run-time are objects where they are caught. */
  #thrown(value: Value): Value {
    return value instanceof Iface ? errorObject(this, String(value.value)) : value;
  }

  #uncaught(panic: Panic): void {
    if (panic.goexit) this.halt({ kind: "ended", value: undefined });
    else new FatalPrinter(panic).start(this);
  }

  /** After a deferred call that the panic of the running frame made. */
  continueUnwinding(): void {
    const { frame } = this;
    const panic = present(frame.panic, "panic");
    if (!panic.recovered) {
      this.#unwind(panic);
      return;
    }
    frame.panic = null;
    if (panic.overtaken !== null) this.#unwind(panic.overtaken);
    else this.pc = frame.code.recoverPc;
  }

  /** `recover()` in the running frame. */
  recovered(): Value {
    let { frame } = this;
    while (frame.kind === "call" && frame.parent !== null && isWrapper(frame.parent.code.func))
      frame = this.#ownedParent(frame);
    const panic = frame.parent?.panic ?? null;
    if (frame.kind !== "unwinding" || panic === null || panic.recovered || panic.goexit)
      return null;
    this.#ownedParent(frame).panic = { ...panic, recovered: true };
    return panic.value;
  }

  /** The caller of a frame that may be changed, made changeable. */
  #ownedParent(frame: VmFrame): VmFrame {
    const parent = present(frame.parent, "parent").owned(this.trail.epoch);
    frame.parent = parent;
    return parent;
  }

  /** Calls a method for the run-time's own purposes, in a frame without a caller. */
  callAside(func: Func, args: readonly Value[], boundary: Boundary): void {
    const code = this.image.code(func);
    const { userSpan, userFunc } = this.frame;
    const regs = arguments_(code, [], args);
    const frame = new VmFrame(null, code, regs, 0, "call", userSpan, userFunc, this.trail.epoch);
    frame.boundary = boundary;
    this.#resume(frame);
  }

  /** Runs on with the frames in the cell, and leaves its own there. */
  switchTo(cell: Cell): void {
    const other = cell.cells[0] as VmFrame;
    this.frame.pc = this.pc;
    this.trail.setCell(cell, 0, this.frame);
    this.#resume(other.owned(this.trail.epoch));
  }

  /** The frame of the running thread whose deferred calls `stack` stands for, made changeable. */
  frameOf(stack: object): VmFrame | null {
    let frame = this.frame;
    while (frame.deferStack !== stack) {
      if (frame.parent === null) return null;
      frame = this.#ownedParent(frame);
    }
    return frame;
  }

  // ── Threads ───────────────────────────────────────────────────────────────────────────────────

  /** A base frame that calls `callee` with values. */
  baseFrame(closure: Closure, args: readonly Value[], span: SpanId, func: string): VmFrame {
    const code = this.image.code(closure.func);
    const regs = arguments_(code, closure.captures, [...closure.bound, ...args]);
    return new VmFrame(null, code, regs, 0, "call", span, func, this.trail.epoch);
  }
}

/** Functions that only pass a call on: whom they call counts as called by whoever called them. */
function isWrapper(func: Func): boolean {
  return /\$(?:bound|thunk|deferred\$\d+)$/.test(func.name);
}

/** Fresh registers with parameters and captured values in place. */
function arguments_(code: Code, captures: readonly Value[], args: readonly Value[]): Value[] {
  const { func } = code;
  const regs = new Array<Value>(code.nRegs);
  func.params.forEach((it, index) => {
    regs[it] = args[index];
  });
  func.captures.forEach((it, index) => {
    regs[it] = captures[index];
  });
  return regs;
}
