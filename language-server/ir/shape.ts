// One table that says which fields each instruction has, in which order and of which kind.
// The printer, the parser, the verifier and `uses` are all read off it, so a new instruction is one row.

import type { Edge, Exit, Instr, Reg } from "./ir.js";
import type { Callee } from "./ir.js";

export type FieldShape =
  /** A register read; `reg?` may be null. */
  | "reg"
  | "reg?"
  | "regs"
  /** A register written; `def?` may be null. */
  | "def"
  | "def?"
  | "type"
  | "func"
  | "global"
  | "block"
  | "text"
  | "number"
  | "flag"
  | "literal"
  | "callee"
  | "cases";

export type InstrOp = Instr["op"];

export const shapes: { readonly [Op in InstrOp]: readonly (readonly [string, FieldShape])[] } = {
  const: [
    ["dst", "def"],
    ["value", "literal"],
  ],
  zero: [
    ["dst", "def"],
    ["type", "type"],
  ],
  prim: [
    ["dst", "def"],
    ["fn", "text"],
    ["args", "regs"],
    ["type", "type"],
  ],
  convert: [
    ["dst", "def"],
    ["value", "reg"],
    ["from", "type"],
    ["to", "type"],
  ],
  interface: [
    ["dst", "def"],
    ["value", "reg"],
    ["type", "type"],
  ],
  assert: [
    ["dst", "def"],
    ["value", "reg"],
    ["from", "type"],
    ["type", "type"],
    ["commaOk", "flag"],
  ],
  extract: [
    ["dst", "def"],
    ["tuple", "reg"],
    ["index", "number"],
  ],
  project: [
    ["dst", "def"],
    ["value", "reg"],
    ["type", "type"],
    ["field", "number"],
  ],
  at: [
    ["dst", "def"],
    ["value", "reg"],
    ["index", "reg"],
    ["type", "type"],
  ],
  closure: [
    ["dst", "def"],
    ["func", "func"],
    ["captures", "regs"],
  ],
  alloc: [
    ["dst", "def"],
    ["type", "type"],
    ["name", "text"],
  ],
  global: [
    ["dst", "def"],
    ["global", "global"],
  ],
  field: [
    ["dst", "def"],
    ["base", "reg"],
    ["type", "type"],
    ["field", "number"],
    ["name", "text"],
  ],
  element: [
    ["dst", "def"],
    ["base", "reg"],
    ["index", "reg"],
    ["type", "type"],
  ],
  slice: [
    ["dst", "def"],
    ["base", "reg"],
    ["low", "reg?"],
    ["high", "reg?"],
    ["max", "reg?"],
    ["type", "type"],
  ],
  make: [
    ["dst", "def"],
    ["type", "type"],
    ["args", "regs"],
    ["name", "text"],
  ],
  load: [
    ["dst", "def"],
    ["addr", "reg"],
    ["type", "type"],
  ],
  store: [
    ["addr", "reg"],
    ["value", "reg"],
    ["type", "type"],
  ],
  atomic: [
    ["dst", "def?"],
    ["addr", "reg"],
    ["fn", "text"],
    ["args", "regs"],
    ["type", "type"],
  ],
  bulk: [
    ["dst", "def?"],
    ["fn", "text"],
    ["args", "regs"],
    ["type", "type"],
  ],
  map: [
    ["dst", "def?"],
    ["fn", "text"],
    ["args", "regs"],
    ["type", "type"],
  ],
  "get-prop": [
    ["dst", "def"],
    ["base", "reg"],
    ["key", "reg"],
  ],
  "set-prop": [
    ["base", "reg"],
    ["key", "reg"],
    ["value", "reg"],
  ],
  "delete-prop": [
    ["dst", "def"],
    ["base", "reg"],
    ["key", "reg"],
  ],
  call: [
    ["dst", "def?"],
    ["callee", "callee"],
    ["args", "regs"],
  ],
  defer: [
    ["callee", "callee"],
    ["args", "regs"],
  ],
  "run-defers": [],
  recover: [["dst", "def"]],
  try: [["handler", "block"]],
  "end-try": [],
  spawn: [
    ["callee", "callee"],
    ["args", "regs"],
  ],
  acquire: [
    ["lock", "reg"],
    ["shared", "flag"],
  ],
  release: [
    ["lock", "reg"],
    ["shared", "flag"],
  ],
  "try-acquire": [
    ["dst", "def"],
    ["lock", "reg"],
    ["shared", "flag"],
  ],
  send: [
    ["chan", "reg"],
    ["value", "reg"],
  ],
  recv: [
    ["dst", "def?"],
    ["chan", "reg"],
    ["commaOk", "flag"],
  ],
  close: [["chan", "reg"]],
  select: [
    ["dst", "def"],
    ["cases", "cases"],
    ["blocking", "flag"],
  ],
  sync: [
    ["dst", "def?"],
    ["fn", "text"],
    ["object", "reg?"],
    ["args", "regs"],
  ],
  await: [
    ["dst", "def"],
    ["value", "reg"],
  ],
  yield: [
    ["dst", "def"],
    ["value", "reg"],
  ],
};

/** The register an instruction writes, or null. */
export function def(instr: Instr): Reg | null {
  return "dst" in instr ? instr.dst : null;
}

/** The registers a callee is made of. */
export function calleeRegs(callee: Callee): readonly Reg[] {
  switch (callee.kind) {
    case "dynamic":
      return callee.self === null ? [callee.value] : [callee.value, callee.self];
    case "method":
      return [callee.receiver];
    case "static":
    case "external":
      return [];
  }
}

const reading: ReadonlySet<FieldShape> = new Set(["reg", "reg?", "regs", "callee", "cases"]);

/** Of each instruction the fields that hold registers it reads. */
const read = new Map(
  Object.entries(shapes).map(([op, fields]) => [op, fields.filter(([, it]) => reading.has(it))]),
);

/** The registers an instruction reads, in the order of its fields. */
export function uses(instr: Instr): readonly Reg[] {
  const fields = instr as unknown as Readonly<Record<string, unknown>>;
  const regs: Reg[] = [];
  for (const [name, shape] of read.get(instr.op) ?? []) {
    const value = fields[name];
    if (shape === "regs") regs.push(...(value as readonly Reg[]));
    else if (shape === "callee") regs.push(...calleeRegs(value as Callee));
    else if (shape === "cases") {
      for (const it of (instr as Extract<Instr, { op: "select" }>).cases) {
        regs.push(it.chan);
        if (it.value !== null) regs.push(it.value);
      }
    } else if (value !== null) regs.push(value as Reg);
  }
  return regs;
}

/** The registers an exit reads. */
export function exitUses(exit: Exit): readonly Reg[] {
  switch (exit.op) {
    case "jump":
      return exit.to.args;
    case "branch":
      return [exit.cond, ...exit.then.args, ...exit.else.args];
    case "return":
      return exit.values;
    case "panic":
      return [exit.value];
  }
}

/** The edges that leave a block (exception handlers not included). */
export function edges(exit: Exit): readonly Edge[] {
  switch (exit.op) {
    case "jump":
      return [exit.to];
    case "branch":
      return [exit.then, exit.else];
    case "return":
    case "panic":
      return [];
  }
}
