// The constraints one instance of a function contributes: one case per instruction.

import { funcOf, typeOf, underlying } from "../../ir/access.js";
import type { Callee, Func, Instr, Program, Reg } from "../../ir/ir.js";
import { edges } from "../../ir/shape.js";
import type { TypeId } from "../../ir/types.js";
import { hasBody } from "./bodies.js";
import { type Analysis, type Instance } from "./points-to.js";
import type { Node } from "./solver.js";

/** Functions of libraries that call what they are given later, in a goroutine of their own. */
const startsLater =
  /^(time\.AfterFunc|context\.AfterFunc|net\/http\.(HandleFunc|Handle)|\(\*net\/http\.ServeMux\)\.(HandleFunc|Handle))$/;

/** Whether a call of this function runs the functions given to it in other goroutines. */
export function callsLater(name: string): boolean {
  return startsLater.test(name);
}

/** Whether the functions given to it run once per request. */
export function isHandler(name: string): boolean {
  return callsLater(name) && name.includes("Handle");
}

/** Of a call that is known by name, "" otherwise. */
export function calledName(program: Program, callee: Callee): string {
  if (callee.kind === "external") return callee.name;
  return callee.kind === "static" ? funcOf(program, callee.func).name : "";
}

/** Library functions whose result is new though it has the type of an argument. */
const makesNew = /(Clone|Copy|New|Make|Repeat|Concat|Collect)[^.]*$/;

export function constrain(analysis: Analysis, instance: Instance): void {
  new Constrainer(analysis, instance).run();
}

class Constrainer {
  readonly #analysis: Analysis;
  readonly #instance: Instance;
  readonly #func: Func;
  #position = 0;

  constructor(analysis: Analysis, instance: Instance) {
    this.#analysis = analysis;
    this.#instance = instance;
    this.#func = instance.func;
  }

  run(): void {
    for (const block of this.#func.blocks) {
      for (const instr of block.instrs) {
        this.#position++;
        this.#instr(instr);
      }
      for (const edge of edges(block.exit)) {
        const params = this.#func.blocks[edge.block]?.params ?? [];
        params.forEach((param, index) => {
          const arg = edge.args[index];
          if (arg !== undefined) this.#copy(arg, param);
        });
      }
      if (block.exit.op === "return") {
        let at = this.#instance.results;
        for (const value of block.exit.values) {
          this.#solver.copy(this.#node(value), at, this.#width(value));
          at += this.#width(value);
        }
      }
    }
  }

  get #solver(): Analysis["solver"] {
    return this.#analysis.solver;
  }

  #node(reg: Reg): Node {
    return this.#instance.regs[reg] ?? 0;
  }

  #width(reg: Reg): number {
    return this.#analysis.widthOf(this.#func, reg);
  }

  #typeOf(reg: Reg): TypeId | undefined {
    return this.#func.regTypes[reg];
  }

  #copy(from: Reg, to: Reg): void {
    const width = Math.min(this.#width(from), this.#width(to));
    this.#solver.copy(this.#node(from), this.#node(to), width);
  }

  #instr(instr: Instr): void {
    switch (instr.op) {
      case "alloc":
      case "make":
      case "closure":
      case "global":
      case "interface":
        this.#allocates(instr);
        break;
      case "convert":
        this.#copy(instr.value, instr.dst);
        break;
      case "assert":
        this.#assert(instr);
        break;
      case "prim":
        if (instr.fn === "nil-check" && instr.args[0] !== undefined)
          this.#copy(instr.args[0], instr.dst);
        break;
      case "extract":
        this.#part(instr.tuple, this.#typeOf(instr.tuple), instr.index, instr.dst);
        break;
      case "project":
        this.#part(instr.value, instr.type, instr.field, instr.dst);
        break;
      case "at":
        this.#copy(instr.value, instr.dst);
        break;
      case "field": {
        const offset = this.#analysis.slots.offset(instr.type, instr.field);
        this.#solver.offset(this.#node(instr.base), this.#node(instr.dst), offset);
        break;
      }
      case "element":
      case "slice":
        this.#copy(instr.base, instr.dst);
        break;
      case "call":
      case "spawn":
      case "defer":
        this.#call(instr, instr.callee, instr.args, instr.op === "call" ? instr.dst : null);
        break;
      default:
        this.#memory(instr);
    }
  }

  #part(whole: Reg, type: TypeId | undefined, index: number, dst: Reg): void {
    if (type === undefined) return;
    const offset = this.#analysis.slots.offset(type, index);
    this.#solver.copy(this.#node(whole) + offset, this.#node(dst), this.#width(dst));
  }

  #allocates(
    instr: Extract<Instr, { op: "alloc" | "make" | "closure" | "global" | "interface" }>,
  ): void {
    const { slots } = this.#analysis;
    const dst = this.#node(instr.dst);
    const facts = { instance: this.#instance, span: instr.span, site: instr };
    switch (instr.op) {
      case "alloc": {
        const kind = instr.name === "new" || instr.name === "complit" ? "new" : "variable";
        const { type, name } = instr;
        this.#solver.add(
          dst,
          this.#analysis.object(kind, slots.width(type), { ...facts, type, name }).base,
        );
        break;
      }
      case "make":
        this.#make(instr, dst);
        break;
      case "closure": {
        const func = funcOf(this.#analysis.input.program, instr.func);
        if (!hasBody(func)) break;
        const code = this.#analysis.literal(this.#instance, func);
        this.#solver.add(dst, this.#analysis.object("closure", 1, { ...facts, code }).base);
        func.captures.forEach((capture, index) => {
          const from = instr.captures[index];
          const to = code.regs[capture];
          if (from !== undefined && to !== undefined)
            this.#solver.copy(this.#node(from), to, this.#width(from));
        });
        break;
      }
      case "global": {
        const object = this.#analysis.global(instr.global);
        if (object !== undefined) this.#solver.add(dst, object.base);
        break;
      }
      case "interface": {
        const width = slots.width(instr.type);
        const box = this.#analysis.object("box", width, { ...facts, type: instr.type });
        this.#solver.copy(
          this.#node(instr.value),
          box.base,
          Math.min(width, this.#width(instr.value)),
        );
        this.#solver.add(dst, box.base);
        break;
      }
    }
  }

  #make(instr: Extract<Instr, { op: "make" }>, dst: Node): void {
    const { slots, input } = this.#analysis;
    const type = underlying(input.program, instr.type);
    const facts = { instance: this.#instance, span: instr.span, site: instr, name: instr.name };
    if (type.kind === "slice") {
      const width = slots.width(type.elem);
      const object = this.#analysis.object("array", width, { ...facts, type: type.elem });
      this.#solver.add(dst, object.base);
    } else if (type.kind === "map") {
      const width = 1 + slots.width(type.key) + slots.width(type.value);
      this.#solver.add(
        dst,
        this.#analysis.object("map", width, { ...facts, type: instr.type }).base,
      );
    } else if (type.kind === "chan") {
      const capacity = this.#constant(instr.args[0]);
      const width = 1 + slots.width(type.elem);
      const object = this.#analysis.object("chan", width, { ...facts, type: instr.type, capacity });
      this.#solver.add(dst, object.base);
    }
  }

  #constant(reg: Reg | undefined): number | null {
    if (reg === undefined) return 0;
    for (const block of this.#func.blocks) {
      for (const it of block.instrs) {
        if (it.op === "const" && it.dst === reg)
          return typeof it.value === "number" ? it.value : null;
      }
    }
    return null;
  }

  #assert(instr: Extract<Instr, { op: "assert" }>): void {
    const { program } = this.#analysis.input;
    const to = this.#node(instr.dst);
    if (underlying(program, instr.type).kind === "interface") {
      this.#solver.copy(this.#node(instr.value), to);
      return;
    }
    const width = this.#analysis.slots.width(instr.type);
    this.#solver.watch(this.#node(instr.value), (location) => {
      const box = this.#analysis.objectAt(location);
      if (box?.kind === "box" && box.type === instr.type) this.#solver.copy(box.base, to, width);
    });
  }

  #memory(instr: Instr): void {
    const { slots } = this.#analysis;
    switch (instr.op) {
      case "load":
        this.#solver.load(this.#node(instr.addr), this.#node(instr.dst), slots.width(instr.type));
        break;
      case "store":
        this.#solver.store(
          this.#node(instr.addr),
          this.#node(instr.value),
          slots.width(instr.type),
        );
        break;
      case "atomic": {
        const pointer = this.#node(instr.addr);
        for (const arg of instr.args) this.#solver.store(pointer, this.#node(arg), 1);
        if (instr.dst !== null) this.#solver.load(pointer, this.#node(instr.dst), 1);
        break;
      }
      case "bulk":
        this.#bulk(instr);
        break;
      case "map":
        this.#map(instr);
        break;
      case "send":
        this.#solver.store(
          this.#node(instr.chan),
          this.#node(instr.value),
          this.#width(instr.value),
          1,
        );
        break;
      case "recv":
        if (instr.dst !== null) this.#receive(instr.chan, this.#node(instr.dst));
        break;
      case "select": {
        let at = this.#node(instr.dst) + 2;
        for (const it of instr.cases) {
          if (it.dir === "recv") at += this.#receive(it.chan, at);
          else if (it.value !== null) {
            this.#solver.store(this.#node(it.chan), this.#node(it.value), this.#width(it.value), 1);
          }
        }
        break;
      }
      case "sync":
        if (instr.fn === "timer-start") this.#call(instr, null, [], null, instr.args[2]);
        break;
      default:
        break;
    }
  }

  /** Loads a channel's payload; gives its width. */
  #receive(chan: Reg, to: Node): number {
    const id = this.#typeOf(chan);
    const type = id === undefined ? undefined : underlying(this.#analysis.input.program, id);
    const width = type?.kind === "chan" ? this.#analysis.slots.width(type.elem) : 1;
    this.#solver.load(this.#node(chan), to, width, 1);
    return width;
  }

  #bulk(instr: Extract<Instr, { op: "bulk" }>): void {
    const type = underlying(this.#analysis.input.program, instr.type);
    const [into, from] = instr.args;
    if (type.kind !== "slice" || into === undefined || from === undefined) return;
    const width = this.#analysis.slots.width(type.elem);
    const elements = this.#solver.nodes(width);
    this.#solver.load(this.#node(from), elements, width);
    if (instr.fn === "copy") this.#solver.store(this.#node(into), elements, width);
    if (instr.fn !== "append" || instr.dst === null) return;
    const dst = this.#node(instr.dst);
    const facts = { instance: this.#instance, span: instr.span, site: instr, type: type.elem };
    this.#solver.copy(this.#node(into), dst);
    this.#solver.add(dst, this.#analysis.object("array", width, facts).base);
    this.#solver.load(this.#node(into), elements, width);
    this.#solver.store(dst, elements, width);
  }

  #map(instr: Extract<Instr, { op: "map" }>): void {
    const { slots, input } = this.#analysis;
    const type = underlying(input.program, instr.type);
    const map = instr.args[0];
    if (type.kind !== "map" || map === undefined) return;
    const keys = slots.width(type.key);
    const values = slots.width(type.value);
    const dst = instr.dst === null ? null : this.#node(instr.dst);
    switch (instr.fn) {
      case "get":
      case "get-ok":
        if (dst !== null) this.#solver.load(this.#node(map), dst, values, 1 + keys);
        break;
      case "set": {
        const [, key, value] = instr.args;
        if (key !== undefined) this.#solver.store(this.#node(map), this.#node(key), keys, 1);
        if (value !== undefined)
          this.#solver.store(this.#node(map), this.#node(value), values, 1 + keys);
        break;
      }
      case "iterate":
        if (dst !== null) this.#solver.copy(this.#node(map), dst);
        break;
      case "next":
        if (dst !== null) this.#solver.load(this.#node(map), dst + 1, keys + values, 1);
        break;
      default:
        break;
    }
  }

  /** `closure`: the function value a timer runs. */
  #call(
    instr: Instr,
    callee: Callee | null,
    args: readonly Reg[],
    dst: Reg | null,
    closure?: Reg,
  ): void {
    if (callee === null) {
      if (closure !== undefined) this.#through(instr, closure, [], null);
      return;
    }
    switch (callee.kind) {
      case "static": {
        const func = funcOf(this.#analysis.input.program, callee.func);
        if (!hasBody(func)) this.#opaque(instr, args, dst);
        else {
          const target = this.#analysis.callee(this.#instance, instr, this.#position, func);
          this.#bind(instr, target, args, dst, false);
        }
        break;
      }
      case "dynamic":
        this.#through(instr, callee.value, args, dst);
        break;
      case "method":
        this.#invoke(instr, callee.receiver, callee.id, args, dst);
        break;
      case "external":
        this.#opaque(instr, args, dst);
        break;
    }
  }

  #through(instr: Instr, value: Reg, args: readonly Reg[], dst: Reg | null): void {
    this.#solver.watch(this.#node(value), (location) => {
      const code = this.#analysis.objectAt(location)?.code;
      if (code !== undefined && code !== null) this.#bind(instr, code, args, dst, false);
    });
  }

  #invoke(instr: Instr, receiver: Reg, id: string, args: readonly Reg[], dst: Reg | null): void {
    let library = false;
    const position = this.#position;
    this.#solver.watch(this.#node(receiver), (location) => {
      const box = this.#analysis.objectAt(location);
      if (box?.kind !== "box" || box.type === null) return;
      const func = this.#analysis.method(box.type, id);
      if (func === undefined || !hasBody(func)) {
        if (!library) this.#opaque(instr, args, dst);
        library = true;
        return;
      }
      // Locks that go through interfaces are told apart as those that do not.
      const target =
        func.pkg === "sync"
          ? this.#analysis.callee(this.#instance, instr, position, func)
          : this.#analysis.instance(func, "", 0, false);
      const self = func.params[0];
      const node = self === undefined ? undefined : target.regs[self];
      if (self !== undefined && node !== undefined) {
        this.#solver.copy(box.base, node, this.#analysis.widthOf(func, self));
      }
      this.#bind(instr, target, args, dst, false, 1);
    });
  }

  #bind(
    instr: Instr,
    target: Instance,
    args: readonly Reg[],
    dst: Reg | null,
    callback: boolean,
    skip = 0,
  ): void {
    if (!this.#analysis.addTarget(this.#instance, instr, { instance: target, callback })) return;
    args.forEach((arg, index) => {
      const param = target.func.params[index + skip];
      const node = param === undefined ? undefined : target.regs[param];
      if (param === undefined || node === undefined) return;
      const width = Math.min(this.#width(arg), this.#analysis.widthOf(target.func, param));
      this.#solver.copy(this.#node(arg), node, width);
    });
    if (dst !== null) this.#solver.copy(target.results, this.#node(dst), this.#width(dst));
  }

  /** A callee whose body is not looked at. */
  #opaque(instr: Instr, args: readonly Reg[], dst: Reg | null): void {
    const { program } = this.#analysis.input;
    const result = dst === null ? undefined : this.#typeOf(dst);
    const fresh = "callee" in instr && makesNew.test(calledName(program, instr.callee));
    if (dst !== null && result !== undefined) {
      this.#analysis.unknown(this.#node(dst), result, this.#instance, 1, instr);
    }
    for (const arg of args) {
      const id = this.#typeOf(arg);
      if (id === undefined) continue;
      if (dst !== null && id === result && !fresh) this.#copy(arg, dst);
      if (typeOf(program, id).kind === "func" || underlying(program, id).kind === "func")
        this.#callback(instr, arg);
    }
  }

  #callback(instr: Instr, value: Reg): void {
    this.#solver.watch(this.#node(value), (location) => {
      const code = this.#analysis.objectAt(location)?.code;
      if (code === undefined || code === null) return;
      if (!this.#analysis.addTarget(this.#instance, instr, { instance: code, callback: true }))
        return;
      for (const param of code.func.params) {
        const type = code.func.regTypes[param];
        const node = code.regs[param];
        if (type !== undefined && node !== undefined) this.#analysis.unknown(node, type, code, 1);
      }
    });
  }
}
