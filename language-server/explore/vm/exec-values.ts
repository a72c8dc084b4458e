// Instructions on values.

import type { TypeId } from "../../ir/types.js";
import type { Func } from "../../ir/ir.js";
import { gather } from "./exec-control.js";
import type { Exec, Ins } from "./ins.js";
import type { Value } from "./core.js";
import type { Cpu } from "./cpu.js";
import { indexOutOfRange, RuntimePanic } from "./signals.js";
import { Closure, Iface } from "./values.js";

export const move: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = cpu.regs[ins.a];
};

/** x: the value. */
export const constant: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = ins.x;
};

/** c: the type. Interfaces into interfaces stay what they are. */
export const toInterface: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = new Iface(ins.c as TypeId, cpu.regs[ins.a]);
};

/** b: index of a result, or of a cell of an aggregate. */
export const extract: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = (cpu.regs[ins.a] as readonly Value[])[ins.b];
};

/** b: first cell. c: how many. */
export const projectCells: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = (cpu.regs[ins.a] as readonly Value[]).slice(ins.b, ins.b + ins.c);
};

export function checkIndex(index: Value, length: number): number {
  if (typeof index === "number" && index >= 0 && index < length) return index;
  throw indexOutOfRange(index, length);
}

export const atString: Exec = (cpu, ins) => {
  const text = cpu.regs[ins.a] as string;
  cpu.regs[ins.dst] = text.charCodeAt(checkIndex(cpu.regs[ins.b], text.length));
};

/** c: length. */
export const atCell: Exec = (cpu, ins) => {
  const index = checkIndex(cpu.regs[ins.b], ins.c);
  cpu.regs[ins.dst] = (cpu.regs[ins.a] as readonly Value[])[index];
};

/** c: length. x: cells per element. */
export const atCells: Exec = (cpu, ins) => {
  const size = ins.x as number;
  const start = checkIndex(cpu.regs[ins.b], ins.c) * size;
  cpu.regs[ins.dst] = (cpu.regs[ins.a] as readonly Value[]).slice(start, start + size);
};

/** x: the function. */
export const closure: Exec = (cpu, ins) => {
  cpu.regs[ins.dst] = new Closure(ins.x as Func, gather(cpu, ins.list), []);
};

/** c: the concrete type. y: comma-ok. x: the zero value. b: the static interface type. */
export const assertConcrete: Exec = (cpu, ins) => {
  const value = cpu.regs[ins.a];
  const ok = value instanceof Iface && value.type === (ins.c as TypeId);
  if (ins.y === true) cpu.regs[ins.dst] = ok ? [value.value, true] : [ins.x, false];
  else if (ok) cpu.regs[ins.dst] = value.value;
  else throw failedAssertion(cpu, ins, value);
};

/** c: the interface type asserted. */
export const assertInterface: Exec = (cpu, ins) => {
  const value = cpu.regs[ins.a];
  const ok =
    value instanceof Iface && cpu.image.info.missingMethod(value.type, ins.c as TypeId) === null;
  if (ins.y === true) cpu.regs[ins.dst] = ok ? [value, true] : [null, false];
  else if (ok) cpu.regs[ins.dst] = value;
  else throw failedAssertion(cpu, ins, value);
};

function failedAssertion(cpu: Cpu, ins: Ins, value: Value): RuntimePanic {
  const { info } = cpu.image;
  const wanted = ins.c as TypeId;
  const isInterface = info.underlying(wanted).kind === "interface";
  const name = info.name(wanted);
  if (!(value instanceof Iface)) {
    const from = isInterface ? "interface" : info.name(ins.b as TypeId);
    return new RuntimePanic(`interface conversion: ${from} is nil, not ${name}`, true);
  }
  const has = info.name(value.type);
  if (!isInterface) {
    const from = info.name(ins.b as TypeId);
    const scopes = has === name ? " (types from different scopes)" : "";
    return new RuntimePanic(`interface conversion: ${from} is ${has}, not ${name}${scopes}`, true);
  }
  const missing = info.missingMethod(value.type, wanted) ?? "";
  const method = missing.slice(missing.lastIndexOf(".") + 1);
  const text = `interface conversion: ${has} is not ${name}: missing method ${method}`;
  return new RuntimePanic(text, true);
}
