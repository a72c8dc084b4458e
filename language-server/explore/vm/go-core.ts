// The `Core` of Go programs: the interpreter as the machine sees it.

import { assert, present } from "../../base/assert.js";
import { extentOf } from "../../ir/access.js";
import type { Callee, Reg, SpanId } from "../../ir/ir.js";
import type { TypeId } from "../../ir/types.js";
import type { AccessListener, Core, Obj, Ptr, Stop, Thread, Trail, Value } from "./core.js";
import { Cpu, type Limits } from "./cpu.js";
import { bind } from "./exec-control.js";
import { goNatives } from "./externals.js";
import { VmThread, type VmFrame } from "./frames.js";
import type { Image, Native } from "./image.js";
import { cellName, isSyncState, show } from "./show.js";
import { Cell, Closure, Iface } from "./values.js";

export interface CoreOptions {
  readonly listener?: AccessListener;
  /** Functions without bodies that only the machine can do, by qualified name; the VM's own are `goNatives`. */
  readonly natives?: ReadonlyMap<string, Native>;
  readonly limits?: Limits;
}

/** What the compiler calls allocations that no variable stands for. */
const nameless: ReadonlySet<string> = new Set(["", "new", "complit", "makeslice", "slicelit"]);

const defaultLimits: Limits = { cells: 20_000_000 };

export function createCore(image: Image, options: CoreOptions = {}): GoCore {
  return new GoCore(image, options);
}

export class GoCore implements Core {
  readonly trail: Trail;
  readonly #image: Image;
  readonly #cpu: Cpu;
  #userGlobals: readonly Obj[] | undefined;
  /** Numbers of paths of spawns, by the parent's and which child it is. Never taken back: the same path keeps its number. */
  readonly #paths: number[][] = [];
  /** The same of threads without a spawner, by their id and the how-manieth of that id. */
  readonly #rootPaths: number[][] = [];
  #pathCount = 0;
  /** How many threads without a spawner have had each id. */
  readonly #roots: Record<number, number> = {};

  constructor(image: Image, options: CoreOptions) {
    const natives = new Map([...goNatives, ...image.natives, ...(options.natives ?? [])]);
    this.#image = image;
    this.#cpu = new Cpu(image, options.listener ?? null, natives, options.limits ?? defaultLimits);
    this.trail = this.#cpu.trail;
  }

  newThread(id: number, callee: Callee, args: readonly Value[], from: Thread | null): Thread {
    const parent = from === null ? null : vmThread(from);
    const closure = from === null ? bind(this.#cpu, [], callee) : this.bindCallee(from, callee);
    if (!(closure instanceof Closure))
      throw this.#cpu.unsupported("go with a nil or native function");
    return this.#spawn(id, closure, args, parent);
  }

  newThreadOf(id: number, closure: Value, args: readonly Value[]): Thread {
    if (!(closure instanceof Closure)) throw this.#cpu.unsupported("a thread of a nil function");
    return this.#spawn(id, closure, args, null);
  }

  #spawn(id: number, closure: Closure, args: readonly Value[], parent: VmThread | null): VmThread {
    const place = parent === null ? { func: "", span: 0 as SpanId } : this.where(parent);
    const frame = this.#cpu.baseFrame(closure, args, place.span, place.func);
    return new VmThread(id, frame, parent === null ? this.#rootPath(id) : this.#childPath(parent));
  }

  #rootPath(id: number): number {
    const nth = this.#roots[id] ?? 0;
    this.trail.set<Record<number, number>, number>(this.#roots, id, nth + 1);
    return this.#numbered((this.#rootPaths[id] ??= []), nth);
  }

  #childPath(parent: VmThread): number {
    const nth = this.trail.own(parent).children++;
    return this.#numbered((this.#paths[parent.path] ??= []), nth);
  }

  #numbered(row: number[], nth: number): number {
    return (row[nth] ??= ++this.#pathCount);
  }

  run(thread: Thread, limit: number): Stop {
    return this.#cpu.run(vmThread(thread), limit, false);
  }

  stepAccess(thread: Thread): Stop | null {
    const stop = this.#cpu.run(vmThread(thread), 1, true);
    return stop.kind === "limit" ? null : stop;
  }

  operand(thread: Thread, reg: Reg): Value {
    return this.#frame(thread).regs[reg];
  }

  bindCallee(thread: Thread, callee: Callee): Value {
    return bind(this.#cpu, this.#frame(thread).regs, callee);
  }

  complete(thread: Thread, value: Value): void {
    const cpu = this.#cpu;
    cpu.load(vmThread(thread));
    const { frame } = cpu;
    const ins = present(frame.code.ins[frame.pc], "instruction");
    frame.regs[ins.dst] = value;
    frame.pc++;
  }

  panic(thread: Thread, message: string): void {
    const { errorString, plainError, string } = this.#image.runtime;
    // The library panics with plain strings, the run-time with errors.
    if (message.startsWith("sync: ")) this.#raise(thread, new Iface(string, message));
    else if (message.startsWith("runtime error: "))
      this.#raise(thread, new Iface(errorString, message.slice("runtime error: ".length)));
    else if (isRuntimeError(message)) this.#raise(thread, new Iface(errorString, message));
    else this.#raise(thread, new Iface(plainError, message));
  }

  #raise(thread: Thread, value: Value, goexit = false): void {
    const cpu = this.#cpu;
    cpu.load(vmThread(thread));
    cpu.pc++;
    cpu.stop = null;
    cpu.raise(value, cpu.span, goexit);
    cpu.keepStop(vmThread(thread));
  }

  goexit(thread: Thread): void {
    this.#raise(thread, null, true);
  }

  userGlobals(): readonly Obj[] {
    return (this.#userGlobals ??= this.#image.userGlobals().map((it) => this.#cpu.global(it)));
  }

  globals(): readonly Obj[] {
    return this.#cpu.globals();
  }

  peek({ obj, off }: Ptr): Value {
    return obj.cells[off];
  }

  poke({ obj, off }: Ptr, value: Value): void {
    assert(obj instanceof Cell, "memory of another machine");
    this.#cpu.trail.setCell(obj, off, value);
  }

  setVisible(places: ReadonlySet<string>): void {
    if (places.size === 0) {
      this.#cpu.setVisible(null);
      return;
    }
    const { program } = this.#image;
    const spans = program.spans.flatMap((_, index) =>
      index > 0 && places.has(extentOf(program, index as SpanId)) ? [index as SpanId] : [],
    );
    this.#cpu.setVisible(new Set(spans));
  }

  setDraws(draws: boolean): void {
    this.#cpu.draws = draws;
  }

  passDraw(): void {
    this.#cpu.passDraw();
  }

  #frame(thread: Thread): VmFrame {
    return present(vmThread(thread).frame, "frame");
  }

  where(thread: Thread): { readonly func: string; readonly span: SpanId } {
    const { frame } = vmThread(thread);
    if (frame === null) return { func: "", span: 0 as SpanId };
    const span = spanIn(frame);
    return frame.code.library || span === 0
      ? { func: frame.userFunc, span: frame.userSpan }
      : { func: frame.code.func.display, span };
  }

  stack(thread: Thread): readonly { readonly func: string; readonly span: SpanId }[] {
    const frames: { readonly func: string; readonly span: SpanId }[] = [];
    for (let it = vmThread(thread).frame; it !== null; it = it.parent)
      if (!it.code.library) frames.push({ func: it.code.func.display, span: spanIn(it) });
    return frames;
  }

  variables(thread: Thread): readonly { readonly name: string; readonly value: string }[] {
    let frame = vmThread(thread).frame;
    while (frame !== null && (frame.code.library || frame.code.func.regNames.length === 0))
      frame = frame.parent;
    return frame === null ? [] : this.#variablesOf(frame);
  }

  #variablesOf(frame: VmFrame): readonly { readonly name: string; readonly value: string }[] {
    const { info } = this.#image;
    const { func } = frame.code;
    const shown = new Map<string, string>();
    for (const { reg, name } of func.regNames) {
      const value = frame.regs[reg];
      const type = present(func.regTypes[reg], "register type");
      // Never written: not in scope yet.
      if (value === undefined) continue;
      if (!name.startsWith("&")) {
        shown.set(name, show(info, value, type));
        continue;
      }
      const at = value as Ptr | null;
      if (at === null) continue;
      const elem = info.elem(type);
      // Who holds a lock, and how far a wait group is, is told elsewhere.
      if (isSyncState(info, elem)) continue;
      const held = info.aggregate(elem)
        ? at.obj.cells.slice(at.off, at.off + info.layout.cells(elem))
        : at.obj.cells[at.off];
      shown.set(name.slice(1), show(info, held, elem));
    }
    return [...shown].map(([name, value]) => ({ name, value }));
  }

  nameOf(obj: Obj, off: number): string {
    const { info } = this.#image;
    const base = nameless.has(obj.name) ? shortType(info.name(obj.type)) : shortGlobal(obj);
    return cellName(info, base, obj.type, off, obj.cells.length > info.layout.cells(obj.type));
  }

  show(value: Value, type: TypeId | null): string {
    return show(this.#image.info, value, type);
  }
}

/** The threads of a core are its own. */
function vmThread(thread: Thread): VmThread {
  assert(thread instanceof VmThread, "a thread of another core");
  return thread;
}

function isRuntimeError(message: string): boolean {
  return /^(invalid memory address|index out of range|integer divide)/.test(message);
}

function spanIn(frame: VmFrame): SpanId {
  return (
    frame.code.ins[frame.pc]?.span ?? frame.code.ins[frame.pc - 1]?.span ?? frame.code.func.span
  );
}

/** `main.counter` → `counter`. */
function shortGlobal(obj: Obj): string {
  if (obj.id >= 0) return obj.name;
  return obj.name.slice(obj.name.lastIndexOf(".") + 1);
}

function shortType(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}
