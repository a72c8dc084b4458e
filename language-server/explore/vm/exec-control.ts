// Control flow: jumps, calls, returns, deferred calls, panics.

import type { Callee, Func } from "../../ir/ir.js";
import type { Exec } from "./ins.js";
import type { Value } from "./core.js";
import type { Cpu } from "./cpu.js";
import type { Deferred, NativeCall } from "./frames.js";
import { nilDereference, pendingCall, type Unsupported } from "./signals.js";
import { Closure, Iface } from "./values.js";

export const jump: Exec = (cpu, ins) => {
  cpu.pc = ins.a;
};

export const branch: Exec = (cpu, ins) => {
  cpu.pc = cpu.regs[ins.a] === true ? ins.b : ins.c;
};

export const returnNothing: Exec = (cpu) => {
  cpu.leave(undefined);
};

export const returnOne: Exec = (cpu, ins) => {
  cpu.leave(cpu.regs[ins.a]);
};

export const returnMany: Exec = (cpu, ins) => {
  cpu.leave(gather(cpu, ins.list));
};

/** a: where the handler begins. b: its register for what is thrown. */
export const openTry: Exec = (cpu, ins) => {
  const { frame } = cpu;
  frame.tries = { pc: ins.a, reg: ins.b, next: frame.tries };
};

export const closeTry: Exec = (cpu) => {
  const { frame } = cpu;
  frame.tries = frame.tries?.next ?? null;
};

export const panic: Exec = (cpu, ins) => {
  cpu.raise(cpu.nilPanic(cpu.regs[ins.a]), ins.span);
};

export function gather(cpu: Cpu, list: readonly number[]): Value[] {
  const { regs } = cpu;
  const values = new Array<Value>(list.length);
  for (let i = 0; i < list.length; i++) values[i] = regs[list[i] as number];
  return values;
}

/** x: the function. */
export const callStatic: Exec = (cpu, ins) => {
  const func = ins.x as Func;
  const code = cpu.image.code(func);
  const { regs } = cpu;
  const fresh = new Array<Value>(code.nRegs);
  const { params } = func;
  const { list } = ins;
  for (let i = 0; i < list.length; i++) fresh[params[i] as number] = regs[list[i] as number];
  cpu.enter(code, fresh, ins.dst, "call", ins.span);
};

/** x: qualified name. */
export const callExternal: Exec = (cpu, ins) => {
  const { regs } = cpu;
  const result = cpu.native(ins.x as string, gather(cpu, ins.list));
  if (result !== pendingCall) regs[ins.dst] = result;
};

/** a: register of the function value. */
export const callDynamic: Exec = (cpu, ins) => {
  const callee = cpu.regs[ins.a];
  const args = gather(cpu, ins.list);
  if (!(callee instanceof Closure)) throw nilDereference();
  cpu.call(callee, args, ins.dst, "call", ins.span);
};

/** a: register of the receiver. x: method id. */
export const callMethod: Exec = (cpu, ins) => {
  const receiver = cpu.regs[ins.a];
  const id = ins.x as string;
  if (!(receiver instanceof Iface)) throw nilDereference();
  const func = methodOf(cpu, receiver, id);
  cpu.callFunc(func, [], [receiver.value, ...gather(cpu, ins.list)], ins.dst, "call", ins.span);
};

function methodOf(cpu: Cpu, receiver: Iface, id: string): Func {
  const func = cpu.image.info.method(receiver.type, id);
  if (func === undefined)
    throw cpu.unsupported(`method ${id} of ${cpu.image.info.name(receiver.type)}`);
  return func;
}

/** The value a callee stands for now: a closure with what is known bound, or a native function. */
export function bind(
  cpu: Cpu,
  regs: readonly Value[],
  callee: Callee,
): Closure | NativeCall | null {
  switch (callee.kind) {
    case "static":
      return new Closure(cpu.image.info.func(callee.func), [], []);
    case "external":
      return { native: callee.name };
    case "dynamic": {
      const value = regs[callee.value];
      return value instanceof Closure ? value : null;
    }
    case "method": {
      const receiver = regs[callee.receiver];
      if (!(receiver instanceof Iface)) throw nilDereference();
      return new Closure(methodOf(cpu, receiver, callee.id), [], [receiver.value]);
    }
  }
}

/** x: the callee. */
export const defer: Exec = (cpu, ins) => {
  const callee = bind(cpu, cpu.regs, ins.x as Callee);
  const { frame } = cpu;
  frame.defers = { callee, args: gather(cpu, ins.list), span: ins.span, next: frame.defers };
};

/** Runs one deferred call and comes back until none is left. */
export const runDefers: Exec = (cpu) => {
  const { frame } = cpu;
  const deferred = frame.defers;
  if (deferred === null) return;
  frame.defers = deferred.next;
  cpu.pc--;
  callDeferred(cpu, deferred, "deferred");
};

export function callDeferred(cpu: Cpu, deferred: Deferred, kind: "deferred" | "unwinding"): void {
  const { callee, args, span } = deferred;
  if (callee === null) throw nilDereference();
  if (callee instanceof Closure) {
    cpu.call(callee, args, 0, kind, span);
    return;
  }
  cpu.native(callee.native, args);
  if (kind === "unwinding") cpu.continueUnwinding();
}

export const recover: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = cpu.recovered();
};

/** x: why the instruction could not be compiled. */
export const stopUnsupported: Exec = (_cpu, ins) => {
  throw ins.x as Unsupported;
};

/** An instruction that the machine completes. */
export const stopBefore: Exec = (cpu, ins) => {
  cpu.stopBefore(ins);
};
