// Models stand in place of a call. Where a function is wanted instead (`defer mu.Unlock()`, `go wg.Wait()`, a method
// table, a function value) one is made that holds the instruction, with the place of whoever wanted it.

import type { Callee, FuncId, Reg, SpanId } from "../../../ir/ir.js";
import type { TypeId } from "../../../ir/types.js";
import type { Unit } from "../link.js";
import type { FuncLowering } from "../lower-func.js";
import type { ProgramLowering } from "../program.js";
import { schedules } from "./visible.js";
import type { Model, Site } from "./model.js";

const nowhere = 0 as SpanId;

/** A function that takes registers like `args` and does what `emit` emits, at the place of a `go` or `defer`. */
export function makeThunk(
  f: FuncLowering,
  name: string,
  results: 0 | 1,
  args: readonly Reg[],
  span: SpanId,
  emit: (site: Site) => void,
): FuncId {
  const { program, row } = f;
  const { builder, types } = program;
  const id = builder.declareFunc({
    name: `${row.name}$${name}$${f.nextThunk()}`,
    display: displayOf(name),
    pkg: row.pkg,
    library: f.isLibrary && !schedules(row),
    results: 0,
    parent: f.fb.id,
    span,
  });
  const fb = builder.body(id);
  const params = args.map((it) => fb.param(f.fb.typeOfReg(it)));
  fb.enter(fb.block());
  const dst = results === 0 ? null : fb.reg(types.any);
  emit({ fb, types, args: params, dst, span });
  if (fb.reachable) fb.exit({ op: "return", values: [], span });
  fb.finish();
  return id;
}

/** The modelled function itself, for method tables and function values. Shown where it is called. */
export function defineModelFunc(
  program: ProgramLowering,
  name: string,
  model: Model,
  from: Unit,
): FuncId {
  const { builder, types } = program;
  const id = builder.declareFunc({
    name,
    display: displayOf(name),
    pkg: program.universe.owner(name)?.path ?? "",
    library: false,
    results: model.results,
  });
  const fb = builder.body(id);
  const receiver = receiverType(program, name, from);
  const args = Array.from({ length: model.params }, (_, nth) =>
    fb.param(nth === 0 ? receiver : types.any),
  );
  fb.enter(fb.block());
  const dst = model.results === 0 ? null : fb.reg(types.any);
  model.emit({ fb, types, args, dst, span: nowhere });
  fb.exit({ op: "return", values: dst === null ? [] : [dst], span: nowhere });
  fb.finish();
  return id;
}

/** `(*sync.Mutex).Lock` → pointer to sync.Mutex. */
function receiverType(program: ProgramLowering, name: string, from: Unit): TypeId {
  const match = /^\(\*(.*)\)\.[^)]*$/.exec(name);
  const type = match?.[1];
  if (type === undefined) return program.types.any;
  const place = program.universe.named(type, from);
  if (place === null) return program.types.any;
  return program.types.pointerTo(program.types.id(place.unit, place.index));
}

/** `(*sync.Mutex).Lock` → `(*Mutex).Lock`. */
function displayOf(name: string): string {
  return name.replace(/^(\(?\*?)[^()[\]]*\//, "$1").replace(/^(\(\*?)[^.[\]]*\./, "$1");
}

/** Defers the call in the function that `stack` belongs to. */
export function emitDeferAt(
  f: FuncLowering,
  stack: Reg,
  callee: Callee,
  args: readonly Reg[],
  span: SpanId,
): void {
  const isPlain = callee.kind === "dynamic" && args.length === 0;
  const closure = isPlain ? callee.value : bindCall(f, callee, args, span);
  const external = { kind: "external", name: "runtime.deferAt" } as const;
  f.emit({ op: "call", dst: null, callee: external, args: [stack, closure], span });
}

/** A function value without parameters that makes the call. */
function bindCall(f: FuncLowering, callee: Callee, args: readonly Reg[], span: SpanId): Reg {
  const { builder } = f.program;
  const id = builder.declareFunc({
    name: `${f.row.name}$deferred$${f.nextThunk()}`,
    display: f.row.display,
    pkg: f.row.pkg,
    library: f.isLibrary,
    parent: f.fb.id,
    span,
  });
  const fb = builder.body(id);
  const capture = (reg: Reg): Reg => fb.capture(f.fb.typeOfReg(reg));
  const inner = args.map(capture);
  const own = calleeValue(callee);
  const target = own === null ? callee : withValue(callee, capture(own));
  fb.enter(fb.block());
  fb.emit({ op: "call", dst: null, callee: target, args: inner, span });
  fb.exit({ op: "return", values: [], span });
  fb.finish();
  const dst = f.fb.reg(builder.type({ kind: "func", params: [], results: [], variadic: false }));
  const captures = own === null ? args : [...args, own];
  f.emit({ op: "closure", dst, func: id, captures, span });
  return dst;
}

function calleeValue(callee: Callee): Reg | null {
  if (callee.kind === "dynamic") return callee.value;
  return callee.kind === "method" ? callee.receiver : null;
}

function withValue(callee: Callee, value: Reg): Callee {
  if (callee.kind === "dynamic") return { ...callee, value };
  return callee.kind === "method" ? { ...callee, receiver: value } : callee;
}
