// Runs the functions of a TypeScript program. A call is a call of the host: only functions that suspend (async functions,
// generators) keep their frame, and they keep it alone, so nothing needs the host's stack to be saved.

import { present } from "../../base/assert.js";
import type { FuncId, GlobalId, Program, SpanId } from "../../ir/ir.js";
import { Activations } from "./js-async.js";
import {
  callText,
  type Code,
  compile,
  type Frame,
  funcOfFrame,
  newFrame,
  spanOfFrame,
  type Through,
} from "./js-code.js";
import type { EventLoop } from "./js-loop.js";
import type { Footprint } from "./js-footprint.js";
import type { Natives } from "./js-natives.js";
import type { Realm } from "./js-realm.js";
import type { Tracker } from "./js-track.js";
import {
  Abort,
  Cell,
  type Closure,
  functionPrototypes,
  isProgramError,
  type JsFunction,
  type Taint,
  uninitialised,
  union,
} from "./js-values.js";

/** How a call was written. */
export interface CallSite {
  readonly taints: readonly (Taint | undefined)[];
  readonly selfTaint: Taint | undefined;
  /** Its promise is awaited at once. */
  readonly awaited: boolean;
  /** The callee as messages spell it. */
  readonly name: () => string;
  /** An argument, the same way. */
  readonly arg?: (index: number) => string;
}

/** What a machine of several agents must be asked about. */
export interface Sharing {
  /** How the call that runs was written. */
  site: CallSite | null;
  get(base: unknown, key: unknown): { readonly value: unknown } | null;
  set(base: unknown, key: unknown, value: unknown): boolean;
  /** A call of a function of the host, when it is not the host's to answer. */
  native(
    fn: unknown,
    self: unknown,
    args: readonly unknown[],
    site: CallSite,
  ): { readonly value: unknown } | null;
  constructs(fn: unknown, args: readonly unknown[]): readonly unknown[];
  /** An array of shared memory as something whose elements can be gone through; null: of anything else. */
  elements(value: unknown): object | null;
  /** Whether a call of it changes nothing that only the agent sees. */
  isQuiet(fn: unknown): boolean;
}

const nativeSite: CallSite = {
  taints: [],
  selfTaint: undefined,
  awaited: false,
  name: () => "callback",
};

const deepest = 2500;

/** What a search is told of the tasks; a machine that tells its steps in words has none of it. */
export interface Seen {
  readonly footprint: Footprint;
  readonly natives: Natives;
}

/** One execution of a program. */
export class Vm {
  readonly program: Program;
  readonly loop: EventLoop;
  readonly track: Tracker;
  readonly realm: Realm;
  readonly activations: Activations;
  readonly seen: Seen | null;
  /** Taint of what the last call returned. */
  resultTaint: Taint | undefined = undefined;
  /** The innermost frame that runs. */
  top: Frame | null = null;
  /** Blocks that may still run before the execution is given up. */
  fuel = 400_000;
  /** Where agents share memory. */
  sharing: Sharing | null = null;
  /** What the property that is read or written belongs to, as the source spells it. */
  naming: (() => string) | null = null;
  /** Grows with whatever may change something that outlives an expression. */
  changes = 0;
  #depth = 0;
  readonly #codes: Map<FuncId, Code>;
  readonly #globals = new Map<GlobalId, Cell>();
  readonly #templates = new Map<string, object>();
  readonly #closures = new WeakMap<object, Closure>();
  /** The last async function made at each place. */
  readonly #made = new Map<SpanId, JsFunction>();

  constructor(
    program: Program,
    codes: Map<FuncId, Code>,
    parts: (vm: Vm) => { loop: EventLoop; track: Tracker; realm: Realm },
    see: ((vm: Vm) => Seen) | null = null,
  ) {
    this.program = program;
    this.#codes = codes;
    this.seen = see?.(this) ?? null;
    this.activations = new Activations(this);
    const { loop, track, realm } = parts(this);
    this.loop = loop;
    this.track = track;
    this.realm = realm;
  }

  get span(): SpanId {
    return this.top === null ? (0 as SpanId) : spanOfFrame(this.top);
  }

  get func(): string {
    return this.top === null ? "" : funcOfFrame(this.top);
  }

  /** The call of the program through which a function that stands in for what others wrote is run. */
  #through(awaited: boolean): Through {
    const { top, loop } = this;
    if (top === null) {
      const span = loop.taskSpan;
      return { span, func: "", text: "a promise", awaited: true, quiet: true, laned: false };
    }
    if (top.through !== null) return top.through;
    const text = callText(top, this);
    // What is awaited at once is told at the await.
    const next = awaited ? top.code.func.blocks[top.block]?.instrs[top.pc] : undefined;
    const span = next?.op === "await" ? next.span : this.span;
    return { span, func: this.func, text, awaited, quiet: false, laned: false };
  }

  unsupported(what: string): never {
    throw new Abort("unsupported", `${what} is not modelled`, this.span);
  }

  /** The strings of a tagged template: one object for each place in the source. */
  template(place: string, make: () => object): object {
    const known = this.#templates.get(place) ?? make();
    this.#templates.set(place, known);
    return known;
  }

  globalCell(id: GlobalId): Cell {
    let cell = this.#globals.get(id);
    if (cell === undefined) {
      cell = new Cell(this.globalName(id), uninitialised);
      this.#globals.set(id, cell);
      this.seen?.footprint.fixed(cell, `global ${id}`, cell.name);
    }
    return cell;
  }

  globalName(id: GlobalId): string {
    const { name } = present(this.program.globals[id], `global ${id}`);
    return name.slice(name.lastIndexOf("#") + 1);
  }

  initialised(cell: Cell): unknown {
    if (cell.value !== uninitialised) return cell.value;
    throw new ReferenceError(
      cell.name === "this"
        ? "Must call super constructor in derived class before accessing 'this' or returning from derived constructor"
        : `Cannot access '${cell.name}' before initialization`,
    );
  }

  /** What the machine knows of a function of the program; undefined for everything else. */
  closureOf(value: unknown): Closure | undefined {
    return typeof value === "function" ? this.#closures.get(value) : undefined;
  }

  /** What the program has made of an async function that is written there; undefined: it has not come there. */
  madeAt(place: SpanId): JsFunction | undefined {
    return this.#made.get(place);
  }

  /** A function object that host functions can call like any other. */
  closure(id: FuncId, captures: readonly unknown[]): JsFunction {
    const func = present(this.program.funcs[id], `function ${id}`);
    const closure: Closure = {
      func,
      captures,
      constructible: false,
      isClass: false,
      derived: false,
    };
    const invoke = this.invoke.bind(this);
    const fn = function (this: unknown, ...args: unknown[]): unknown {
      return invoke(fn, closure, this, args, new.target, nativeSite);
    };
    this.#closures.set(fn, closure);
    if (func.kind === "async") this.#made.set(func.span, fn);
    const name = func.display.slice(func.display.lastIndexOf(".") + 1);
    Object.defineProperty(fn, "name", {
      value: name.startsWith("(") ? "" : name,
      configurable: true,
    });
    Object.defineProperty(fn, "length", { value: func.params.length, configurable: true });
    if (func.kind !== "plain") Object.setPrototypeOf(fn, functionPrototypes[func.kind]);
    this.activations.prepare(fn, func.kind);
    return fn;
  }

  call(fn: unknown, self: unknown, args: readonly unknown[], site: CallSite): unknown {
    const closure = this.closureOf(fn);
    if (closure !== undefined)
      return this.invoke(fn as JsFunction, closure, self, args, undefined, site);
    if (typeof fn !== "function") throw new TypeError(`${site.name()} is not a function`);
    const { outside } = this.realm;
    if (outside.has(fn)) {
      this.resultTaint = site.taints.reduce<Taint | undefined>(union, site.selfTaint);
      return outside.call(fn, args, site.name());
    }
    this.realm.guardCall(fn, self, args);
    let taint = site.selfTaint;
    for (const it of site.taints) taint = union(taint, it);
    const read = this.track.beforeNative(fn, self, args, site.taints);
    this.seen?.natives.calls(fn, self, args);
    const result = outside.parsed(fn, args) ?? this.#native(fn, self, args, site);
    this.track.afterNative(fn, self);
    this.seen?.natives.returned(fn, self, result);
    this.resultTaint = union(taint, read);
    return result;
  }

  #native(fn: JsFunction, self: unknown, args: readonly unknown[], site: CallSite): unknown {
    const { sharing } = this;
    if (sharing === null) return Reflect.apply(fn, self, args);
    if (!sharing.isQuiet(fn)) this.changes++;
    const answer = sharing.native(fn, self, args, site);
    if (answer !== null) return answer.value;
    sharing.site = site;
    return Reflect.apply(fn, self, args);
  }

  construct(fn: unknown, args: readonly unknown[], newTarget: unknown, name: string): unknown {
    const closure = this.closureOf(fn);
    if (typeof fn !== "function" || (closure !== undefined && !closure.constructible)) {
      throw new TypeError(`${name} is not a constructor`);
    }
    if (this.realm.outside.has(fn)) return this.realm.outside.construct(fn, newTarget);
    if (closure === undefined) {
      this.realm.guardCall(fn, undefined, args);
      this.seen?.natives.constructs(fn, args);
    }
    const given = closure === undefined ? (this.sharing?.constructs(fn, args) ?? args) : args;
    const result = Reflect.construct(fn, [...given], (newTarget ?? fn) as JsFunction) as object;
    if (closure === undefined) this.seen?.natives.constructed(fn, result);
    return result;
  }

  invoke(
    callee: JsFunction,
    closure: Closure,
    self: unknown,
    args: readonly unknown[],
    newTarget: unknown,
    site: CallSite,
  ): unknown {
    if (this.loop.aborted !== null) throw this.loop.aborted;
    if (closure.isClass && newTarget === undefined) {
      throw new TypeError(`Class constructor ${callee.name} cannot be invoked without 'new'`);
    }
    if (newTarget !== undefined) this.seen?.footprint.made(self as object);
    const code = this.codeOf(closure.func.id);
    const through = code.isModel ? this.#through(site.awaited) : null;
    const call = { self, args, newTarget, callee, through };
    const frame = newFrame(code, closure, call, site.taints);
    if (closure.func.kind !== "plain") return this.activations.begin(frame, site.awaited);
    this.run(frame);
    this.resultTaint = frame.outTaint;
    return frame.out;
  }

  codeOf(id: FuncId): Code {
    let code = this.#codes.get(id);
    if (code === undefined) {
      code = compile(present(this.program.funcs[id], `function ${id}`), this);
      this.#codes.set(id, code);
    }
    return code;
  }

  /** Runs the frame until it returns, throws or is suspended. */
  run(frame: Frame): void {
    if (++this.#depth > deepest) this.#tooDeep();
    frame.parent = this.top;
    frame.status = "running";
    this.top = frame;
    try {
      for (;;) {
        try {
          this.#loop(frame);
          return;
        } catch (error) {
          this.#handle(frame, error);
        }
      }
    } finally {
      this.#depth--;
      this.top = frame.parent;
      frame.parent = null;
    }
  }

  #loop(frame: Frame): void {
    if (frame.injected !== null) {
      const { error } = frame.injected;
      frame.injected = null;
      throw error;
    }
    for (;;) {
      const block = present(frame.code.blocks[frame.block], "block");
      if (--this.fuel < 0) throw new Abort("limit", "too many instructions", this.span);
      while (frame.pc < block.ops.length) {
        const op = block.ops[frame.pc++];
        if (op?.(frame) === true) return;
      }
      if (block.exit(frame)) return;
    }
  }

  #handle(frame: Frame, error: unknown): void {
    if (!isProgramError(error)) throw error;
    if (error instanceof RangeError && error.message === "Maximum call stack size exceeded") {
      this.#tooDeep();
    }
    this.realm.noteError(error, this.span);
    const handler = frame.tries.pop();
    if (handler === undefined) throw error;
    frame.block = handler;
    frame.pc = 0;
    const [param] = present(frame.code.blocks[handler], "handler").params;
    if (param !== undefined) {
      frame.regs[param] = error;
      frame.taints[param] = undefined;
    }
  }

  #tooDeep(): never {
    throw new Abort("unsupported", "recursion this deep is not modelled", this.span);
  }

  getProp(base: unknown, key: unknown): unknown {
    if (key === "stack" && base instanceof Error) return `${String(base)}\n    at <anonymous>`;
    this.seen?.footprint.gets(base, key);
    const shared = this.sharing?.get(base, key) ?? null;
    if (shared !== null) return shared.value;
    const value = (base as Readonly<Record<PropertyKey, unknown>>)[key as string];
    if (typeof value === "function") this.realm.guardValue(value);
    return value;
  }

  setProp(base: unknown, key: unknown, value: unknown): void {
    if (base !== null && base !== undefined) this.realm.guardWrite(base);
    this.seen?.footprint.sets(base, key);
    if (this.sharing?.set(base, key, value) === true) return;
    this.changes++;
    (base as Record<PropertyKey, unknown>)[key as string] = value;
  }

  deleteProp(base: unknown, key: unknown): boolean {
    this.realm.guardWrite(base);
    this.seen?.footprint.sets(base, key);
    this.changes++;
    return Reflect.deleteProperty(Object(base) as object, key as PropertyKey);
  }
}
