// Types that the run-time itself makes values of. A program that holds the library has them already; for the others
// (tests, half-typed code) they are added, with their methods.

import type { Block, BlockId, Func, FuncId, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import type { Type, TypeId } from "../../ir/types.js";

export interface RuntimeTypes {
  readonly string: TypeId;
  /** `Error()` puts `runtime error: ` before the text. */
  readonly errorString: TypeId;
  readonly plainError: TypeId;
}

const nowhere = 0 as SpanId;

export function linkRuntime(program: Program): { linked: Program; types: RuntimeTypes } {
  const types = [...program.types];
  const funcs = [...program.funcs];
  const methods = [...program.methods];
  const add = (type: Type): TypeId => (types.push(type) - 1) as TypeId;
  const find = (wanted: (type: Type) => boolean): TypeId | undefined => {
    const at = types.findIndex(wanted);
    return at < 0 ? undefined : (at as TypeId);
  };
  const string =
    find((it) => it.kind === "basic" && it.name === "string") ??
    add({ kind: "basic", name: "string" });
  const named = (name: string, prefix: string): TypeId => {
    const known = find((it) => it.kind === "named" && it.name === name);
    const hasMethods =
      known !== undefined && methods.some((it) => it.type === known && it.id === "Error");
    if (hasMethods) return known;
    const type = known ?? add({ kind: "named", name, underlying: string });
    for (const [id, make] of [
      ["Error", errorMethod(prefix)],
      ["RuntimeError", emptyMethod],
    ] as const) {
      const func = make(funcs.length as FuncId, `(${name}).${id}`, string, type);
      funcs.push(func);
      methods.push({ type, id, func: func.id });
    }
    return type;
  };
  return {
    types: {
      string,
      errorString: named("runtime.errorString", "runtime error: "),
      plainError: named("runtime.plainError", ""),
    },
    linked: { ...program, types, funcs, methods },
  };
}

type MakeMethod = (id: FuncId, name: string, string: TypeId, self: TypeId) => Func;

function method(
  id: FuncId,
  name: string,
  regTypes: readonly TypeId[],
  instrs: readonly Instr[],
  values: readonly Reg[],
): Func {
  const block: Block = {
    id: 0 as BlockId,
    params: [],
    instrs,
    exit: { op: "return", values, span: nowhere },
  };
  return {
    id,
    name,
    display: name,
    kind: "plain",
    pkg: "runtime",
    library: true,
    params: [0 as Reg],
    captures: [],
    regTypes,
    regNames: [],
    results: values.length,
    blocks: [block],
    recover: null,
    parent: null,
    span: nowhere,
  };
}

function errorMethod(prefix: string): MakeMethod {
  return (id, name, string, self) => {
    const [receiver, before, text] = [0 as Reg, 1 as Reg, 2 as Reg];
    const instrs: readonly Instr[] = [
      { op: "const", dst: before, value: prefix, span: nowhere },
      { op: "prim", dst: text, fn: "add", args: [before, receiver], type: string, span: nowhere },
    ];
    return method(id, name, [self, string, string], instrs, [text]);
  };
}

const emptyMethod: MakeMethod = (id, name, _string, self) => method(id, name, [self], [], []);
