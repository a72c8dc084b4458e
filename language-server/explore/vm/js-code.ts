// Compiles a function of the IR to a list of host closures per block, once per program: running is then one call per instruction.

import { present } from "../../base/assert.js";
import { isModel } from "../../ir/models.js";
import type { Block, Callee, Exit, Func, Instr, Literal, Reg, SpanId } from "../../ir/ir.js";
import type { Vm } from "./js-interp.js";
import type { Outside } from "./js-outside.js";
import { primUses } from "./js-prim-uses.js";
import { primOf } from "./js-prims.js";
import { Cell, type Closure, type JsFunction, type Taint, union } from "./js-values.js";

/** A function that runs, or is suspended at an `await` or `yield`. */
export interface Frame {
  readonly code: Code;
  readonly regs: unknown[];
  readonly taints: (Taint | undefined)[];
  readonly self: unknown;
  readonly args: readonly unknown[];
  readonly newTarget: unknown;
  readonly callee: JsFunction | undefined;
  /** Of a function that stands in for what others wrote: the call of the program that led into it. */
  readonly through: Through | null;
  /** Blocks of the handlers of the open `try`s, innermost last. */
  readonly tries: number[];
  block: number;
  pc: number;
  status: "running" | "await" | "yield" | "returned";
  /** What it returned, awaits or yields. */
  out: unknown;
  outTaint: Taint | undefined;
  /** Register that takes the value it is resumed with. */
  dst: Reg | null;
  /** Thrown at the place where it was suspended. */
  injected: { readonly error: unknown } | null;
  /** Who called it, as long as it runs. */
  parent: Frame | null;
}

/** A call of the program of something that others wrote. */
export interface Through {
  readonly span: SpanId;
  readonly func: string;
  /** As the source spells it. */
  readonly text: string;
  /** Its promise is awaited at once. */
  readonly awaited: boolean;
  /** Called by the event loop: no lane of the program waits when it does. */
  readonly quiet: boolean;
  /** It has a lane of its own. */
  laned: boolean;
}

/** Node's words for an expression without a name. */
const unknownText = "(intermediate value)";

/** Executes one instruction; true when the frame is suspended by it. */
export type Op = (frame: Frame) => boolean | undefined;

export interface CodeBlock {
  readonly params: readonly Reg[];
  readonly ops: readonly Op[];
  readonly spans: readonly SpanId[];
  /** True when the function has returned. */
  readonly exit: (frame: Frame) => boolean;
  readonly exitSpan: SpanId;
}

export interface Code {
  readonly func: Func;
  readonly isModel: boolean;
  readonly blocks: readonly CodeBlock[];
  /** What registers hold, for messages and for the state view. */
  readonly definitions: ReadonlyMap<Reg, Instr>;
  readonly variables: readonly { readonly reg: Reg; readonly name: string }[];
}

export function compile(func: Func, vm: Vm): Code {
  const definitions = new Map<Reg, Instr>();
  const variables = [...func.regNames];
  for (const block of func.blocks) {
    for (const instr of block.instrs) {
      if ("dst" in instr && instr.dst !== null) definitions.set(instr.dst, instr);
      if (instr.op === "alloc" && instr.name !== "")
        variables.push({ reg: instr.dst, name: instr.name });
    }
  }
  const context: Context = { vm, func, definitions, locals: localCells(func) };
  const blocks = func.blocks.map((block) => compileBlock(block, context));
  return { func, isModel: isModel(func), blocks, definitions, variables };
}

interface Context {
  readonly vm: Vm;
  readonly func: Func;
  readonly definitions: ReadonlyMap<Reg, Instr>;
  /** Variables that no closure captures. */
  readonly locals: ReadonlySet<Reg>;
}

function localCells(func: Func): ReadonlySet<Reg> {
  const locals = new Set<Reg>();
  const captured = new Set<Reg>();
  for (const { instrs } of func.blocks) {
    for (const instr of instrs) {
      if (instr.op === "alloc") locals.add(instr.dst);
      if (instr.op === "closure") for (const it of instr.captures) captured.add(it);
    }
  }
  for (const it of captured) locals.delete(it);
  return locals;
}

function compileBlock(block: Block, context: Context): CodeBlock {
  const ops = block.instrs.map((instr, index) => {
    const next = block.instrs[index + 1];
    const make = compilers[instr.op] as Compiler<Instr> | undefined;
    if (make === undefined) return unsupported(instr, context.vm);
    return make(instr, context, next);
  });
  return {
    params: block.params,
    ops,
    spans: block.instrs.map((it) => it.span),
    exit: compileExit(block.exit, context),
    exitSpan: block.exit.span,
  };
}

function unsupported(instr: Instr, vm: Vm): Op {
  return () => vm.unsupported(`the instruction ${instr.op}`);
}

type Compiler<I> = (instr: I, context: Context, next: Instr | undefined) => Op;

const compilers: {
  readonly [K in Instr["op"]]?: Compiler<Extract<Instr, { op: K }>>;
} = {
  const: ({ dst, value }) => {
    const literal = valueOf(value);
    if (typeof value === "object" && value !== null && value.kind === "regexp") {
      const { source, flags } = regexpOf(value.text);
      return (f) => void (f.regs[dst] = new RegExp(source, flags));
    }
    return (f) => void (f.regs[dst] = literal);
  },
  prim: ({ dst, fn, args }, { vm }) => {
    const run = primOf(fn);
    if (run === undefined) return () => vm.unsupported(`the operation ${fn}`);
    const seen = vm.seen === null ? null : primUses(fn, vm.seen.footprint);
    return (f) => {
      const values = args.map((it) => f.regs[it]);
      seen?.before(values);
      f.regs[dst] = run(values, vm, f);
      seen?.after(f.regs[dst]);
      let taint: Taint | undefined;
      for (const it of args) taint = union(taint, f.taints[it]);
      f.taints[dst] = taint;
      // Literals are filled after they are made: what goes in, the whole depends on.
      const target = args[0];
      if (target !== undefined && taint !== undefined && fills.has(fn)) f.taints[target] = taint;
      return undefined;
    };
  },
  closure: ({ dst, func, captures }, { vm }) => {
    return (f) => {
      const values = captures.map((it) => f.regs[it]);
      const fn = vm.closure(func, values);
      vm.seen?.footprint.made(fn);
      f.regs[dst] = fn;
      return undefined;
    };
  },
  alloc: ({ dst, name }, { vm, locals }) => {
    const seen = locals.has(dst) ? null : vm.seen;
    return (f) => {
      const cell = new Cell(name, undefined);
      seen?.footprint.made(cell);
      f.regs[dst] = cell;
      return undefined;
    };
  },
  global: ({ dst, global }, { vm }) => {
    return (f) => void (f.regs[dst] = vm.globalCell(global));
  },
  load: ({ dst, addr }, { vm, locals }) => {
    const local = locals.has(addr);
    return (f) => {
      const cell = f.regs[addr] as Cell;
      if (!local) vm.seen?.footprint.uses(cell, false);
      f.regs[dst] = vm.initialised(cell);
      f.taints[dst] = local ? cell.taint : vm.track.read(cell, cell.value);
      return undefined;
    };
  },
  store: ({ addr, value }, { vm, locals }) => {
    const local = locals.has(addr);
    return (f) => {
      const cell = f.regs[addr] as Cell;
      if (!local) vm.seen?.footprint.uses(cell, true);
      if (cell.value !== f.regs[value]) vm.changes++;
      cell.value = f.regs[value];
      if (local) cell.taint = f.taints[value];
      else vm.track.write(cell, cell.value, f.taints[value]);
      return undefined;
    };
  },
  "get-prop": ({ dst, base, key }, context) => {
    const { vm } = context;
    return (f) => {
      const object = f.regs[base];
      const name = f.regs[key];
      if (vm.sharing !== null) vm.naming = () => describe(base, context);
      const value = vm.getProp(object, name);
      f.regs[dst] = value;
      const place = vm.track.place(object, name, () => describe(base, context));
      const read = place === null ? undefined : vm.track.read(place, value);
      f.taints[dst] = union(read, f.taints[base]);
      return undefined;
    };
  },
  "set-prop": ({ base, key, value }, context) => {
    const { vm } = context;
    return (f) => {
      const object = f.regs[base];
      const name = f.regs[key];
      if (vm.sharing !== null) vm.naming = () => describe(base, context);
      vm.setProp(object, name, f.regs[value]);
      const place = vm.track.place(object, name, () => describe(base, context));
      if (place !== null) vm.track.write(place, f.regs[value], f.taints[value]);
      return undefined;
    };
  },
  "delete-prop": ({ dst, base, key }, context) => {
    const { vm } = context;
    return (f) => {
      const object = f.regs[base];
      f.regs[dst] = vm.deleteProp(object, f.regs[key]);
      const place = vm.track.place(object, f.regs[key], () => describe(base, context));
      if (place !== null) vm.track.write(place, undefined, undefined);
      return undefined;
    };
  },
  call: (instr, context, next) => compileCall(instr, context, next),
  try: ({ handler }) => {
    return (f) => void f.tries.push(handler);
  },
  "end-try": () => (f) => void f.tries.pop(),
  await: ({ dst, value }) => suspension("await", dst, value),
  yield: ({ dst, value }) => suspension("yield", dst, value),
};

/** Prims that put their later arguments into the first. */
const fills = new Set(["js.define", "js.spread", "js.push", "js.push-all"]);

function suspension(status: "await" | "yield", dst: Reg, value: Reg): Op {
  return (f) => {
    f.status = status;
    f.dst = dst;
    f.out = f.regs[value];
    f.outTaint = f.taints[value];
    return true;
  };
}

function compileCall(
  instr: Extract<Instr, { op: "call" }>,
  context: Context,
  next: Instr | undefined,
): Op {
  const { vm } = context;
  const { dst, callee, args } = instr;
  // An async call whose promise is awaited at once goes on in its caller's lane.
  const awaited = next?.op === "await" && next.value === dst;
  const target = targetOf(callee, context);
  // Asked for only where agents share memory.
  const arg = (index: number): string => describe(args[index] as Reg, context);
  const named = vm.sharing === null ? {} : { arg };
  return (f) => {
    const { fn, self, taint } = target(f);
    const values = args.map((it) => f.regs[it]);
    const taints = args.map((it) => f.taints[it]);
    const name = (): string => calleeName(callee, context);
    const site = { taints, selfTaint: taint, awaited, name, ...named };
    const result = vm.call(fn, self, values, site);
    if (dst !== null) {
      f.regs[dst] = result;
      f.taints[dst] = vm.resultTaint;
    }
    return undefined;
  };
}

interface Target {
  readonly fn: unknown;
  readonly self: unknown;
  readonly taint: Taint | undefined;
}

function targetOf(callee: Callee, context: Context): (frame: Frame) => Target {
  const { vm } = context;
  switch (callee.kind) {
    case "dynamic": {
      const { value, self } = callee;
      if (self === null) return (f) => ({ fn: f.regs[value], self: undefined, taint: undefined });
      return (f) => ({ fn: f.regs[value], self: f.regs[self], taint: f.taints[self] });
    }
    case "method": {
      const { receiver, id } = callee;
      return (f) => {
        const self = f.regs[receiver];
        return { fn: vm.getProp(self, id), self, taint: f.taints[receiver] };
      };
    }
    case "static": {
      const { func } = callee;
      let fn: JsFunction | undefined;
      return () => ({ fn: (fn ??= vm.closure(func, [])), self: undefined, taint: undefined });
    }
    case "external":
      return () => vm.unsupported(callee.name);
  }
}

function compileExit(exit: Exit, context: Context): (frame: Frame) => boolean {
  switch (exit.op) {
    case "jump":
      return jump(exit.to, context);
    case "branch": {
      const { cond } = exit;
      const outside = (): Outside => context.vm.realm.outside;
      const yes = jump(exit.then, context);
      const no = jump(exit.else, context);
      return (f) => {
        const value = f.regs[cond];
        if (typeof value === "function" && outside().has(value)) outside().looksInto(value);
        return truthy(value) ? yes(f) : no(f);
      };
    }
    case "return": {
      const value = exit.values[0];
      return (f) => {
        f.status = "returned";
        f.out = value === undefined ? undefined : f.regs[value];
        f.outTaint = value === undefined ? undefined : f.taints[value];
        return true;
      };
    }
    case "panic": {
      const { value } = exit;
      return (f) => {
        throw f.regs[value];
      };
    }
  }
}

function truthy(value: unknown): boolean {
  return Boolean(value);
}

function jump(
  to: { readonly block: number; readonly args: readonly Reg[] },
  { func }: Context,
): (frame: Frame) => boolean {
  const { block, args } = to;
  const params = present(func.blocks[block], `block ${block}`).params;
  return (f) => {
    const values = args.map((it) => f.regs[it]);
    const taints = args.map((it) => f.taints[it]);
    params.forEach((param, index) => {
      f.regs[param] = values[index];
      f.taints[param] = taints[index];
    });
    f.block = block;
    f.pc = 0;
    return false;
  };
}

/** The value of a literal of the IR. */
export function valueOf(literal: Literal): unknown {
  if (typeof literal !== "object" || literal === null) return literal;
  switch (literal.kind) {
    case "undefined":
      return undefined;
    case "bigint":
      return BigInt(literal.text);
    case "int":
    case "float":
      return Number(literal.text);
    case "regexp":
    case "complex":
      return undefined;
  }
}

function regexpOf(text: string): { readonly source: string; readonly flags: string } {
  const end = text.lastIndexOf("/");
  return { source: text.slice(1, end), flags: text.slice(end + 1) };
}

/** The source expression a register came from, as Node's messages spell it. */
export function describe(reg: Reg, context: Pick<Context, "definitions" | "func" | "vm">): string {
  const { definitions, func, vm } = context;
  const instr = definitions.get(reg);
  const named = func.regNames.find((it) => it.reg === reg);
  if (named !== undefined) return named.name;
  if (instr === undefined) return unknownText;
  switch (instr.op) {
    case "alloc":
      return instr.name;
    case "global":
      return vm.globalName(instr.global);
    case "load":
      return describe(instr.addr, context);
    case "get-prop":
      return `${describe(instr.base, context)}${keyText(definitions.get(instr.key))}`;
    case "closure":
      return present(vm.program.funcs[instr.func], "function").display;
    case "prim":
      return primText(instr, definitions);
    case "call":
      return `${calleeName(instr.callee, context)}(...)`;
    case "const":
      return typeof instr.value === "object" ? "undefined" : JSON.stringify(instr.value);
    default:
      return unknownText;
  }
}

function primText(
  instr: Extract<Instr, { op: "prim" }>,
  definitions: ReadonlyMap<Reg, Instr>,
): string {
  if (instr.fn === "js.this") return "this";
  const name = instr.args[0];
  const literal = name === undefined ? undefined : definitions.get(name);
  const isGlobal = instr.fn === "js.global" && literal?.op === "const";
  return isGlobal && typeof literal.value === "string" ? literal.value : unknownText;
}

function keyText(key: Instr | undefined): string {
  if (key?.op !== "const" || typeof key.value === "object") return "[...]";
  return typeof key.value === "string" ? `.${key.value}` : `[${key.value}]`;
}

function calleeName(callee: Callee, context: Pick<Context, "definitions" | "func" | "vm">): string {
  switch (callee.kind) {
    case "dynamic":
      return describe(callee.value, context);
    case "method":
      return `${describe(callee.receiver, context)}.${callee.id}`;
    case "static":
      return present(context.vm.program.funcs[callee.func], "callee").display;
    case "external":
      return callee.name;
  }
}

/** What a suspended frame awaits, as its source spells it. */
export function awaitedText({ code, block, pc, through }: Frame, vm: Vm): string {
  if (through !== null) return through.text;
  const instr = code.func.blocks[block]?.instrs[pc - 1];
  if (instr?.op !== "await") return "a promise";
  const { definitions, func } = code;
  const text = describe(instr.value, { definitions, func, vm });
  return text.includes(unknownText) || text.length > 40 ? "a promise" : text;
}

/** A frame that stands at the start of the function. */
export function newFrame(
  code: Code,
  closure: Closure,
  call: Pick<Frame, "self" | "args" | "newTarget" | "callee" | "through">,
  taints: readonly (Taint | undefined)[],
): Frame {
  const frame: Frame = {
    code,
    regs: [],
    taints: [],
    ...call,
    tries: [],
    block: 0,
    pc: 0,
    status: "running",
    out: undefined,
    outTaint: undefined,
    dst: null,
    injected: null,
    parent: null,
  };
  code.func.params.forEach((reg, index) => {
    frame.regs[reg] = call.args[index];
    frame.taints[reg] = taints[index];
  });
  code.func.captures.forEach((reg, index) => {
    frame.regs[reg] = closure.captures[index];
  });
  return frame;
}

/** The call that a frame stands at, as its source spells it. */
export function callText({ code, block, pc }: Frame, vm: Vm): string {
  const instr = code.func.blocks[block]?.instrs[pc - 1];
  if (instr?.op !== "call") return "a call";
  const { definitions, func } = code;
  const text = `${calleeName(instr.callee, { definitions, func, vm })}(...)`;
  return text.includes(unknownText) || text.length > 40 ? "a call" : text;
}

/** Where a frame stands: at the instruction it executes or is suspended at. */
export function spanOfFrame(frame: Frame): SpanId {
  if (frame.through !== null) return frame.through.span;
  const block = present(frame.code.blocks[frame.block], "block");
  return frame.pc === 0
    ? (block.spans[0] ?? block.exitSpan)
    : (block.spans[frame.pc - 1] ?? block.exitSpan);
}

/** Whether its lane waits when the frame is suspended. */
export function standsForLane({ through }: Frame): boolean {
  return through === null || (!through.quiet && (through.awaited || through.laned));
}

/** The function of the program that a frame runs for. */
export function funcOfFrame({ through, code }: Frame): string {
  return through === null ? code.func.display : through.func;
}
