// Models stand in place of a call. Where a function is wanted instead (`defer mu.Unlock()`, `go wg.Wait()`, a method
// table, a function value) one is made that holds the instruction, with the place of whoever wanted it.

import type { FuncBuilder } from "../../../ir/builder.js";
import type { Callee, FuncId, Reg, SpanId } from "../../../ir/ir.js";
import type { TypeId } from "../../../ir/types.js";
import type { Unit } from "../link.js";
import type { FuncLowering } from "../lower-func.js";
import type { ProgramLowering } from "../program.js";
import { schedules } from "./visible.js";
import type { Model, Site, Thunk } from "./model.js";

const nowhere = 0 as SpanId;

/** Where thunks go, and how they look. */
interface Owner {
  readonly program: ProgramLowering;
  readonly fb: FuncBuilder;
  readonly name: string;
  readonly pkg: string;
  readonly library: boolean;
  readonly span: SpanId;
  readonly closureName: Site["closureName"];
}

function ownerOf(f: FuncLowering, span: SpanId): Owner {
  return {
    program: f.program,
    fb: f.fb,
    name: f.row.name,
    pkg: f.row.pkg,
    library: f.isLibrary && !schedules(f.row),
    span,
    closureName: (reg) => f.closureName(reg),
  };
}

/** A call in a function. */
export function siteIn(f: FuncLowering, args: readonly Reg[], dst: Reg | null, span: SpanId): Site {
  return siteOf(ownerOf(f, span), f.fb, args, dst, () => f.nextThunk());
}

function siteOf(
  owner: Owner,
  fb: FuncBuilder,
  args: readonly Reg[],
  dst: Reg | null,
  next: () => number,
): Site {
  const thunk = (it: Thunk): FuncId => define({ ...owner, fb }, it, next);
  const { closureName, span, program } = owner;
  return { fb, types: program.types, args, dst, span, thunk, closureName };
}

function define(owner: Owner, thunk: Thunk, next: () => number): FuncId {
  const { builder } = owner.program;
  const id = builder.declareFunc({
    name: `${owner.name}$${thunk.name}$${next()}`,
    display: thunk.display,
    pkg: owner.pkg,
    library: owner.library,
    parent: owner.fb.id,
    span: owner.span,
  });
  const fb = builder.body(id);
  const params = thunk.args.map((it) => fb.param(owner.fb.typeOfReg(it)));
  fb.enter(fb.block());
  thunk.emit(siteOf({ ...owner, closureName: () => null }, fb, params, null, next));
  if (fb.reachable) fb.exit({ op: "return", values: [], span: owner.span });
  fb.finish();
  return id;
}

/** A function that takes registers like `args` and does what `emit` emits, at the place of a `go` or `defer`. */
export function makeThunk(
  f: FuncLowering,
  name: string,
  args: readonly Reg[],
  span: SpanId,
  emit: (site: Site) => void,
): FuncId {
  const thunk = { name, display: displayOf(name), args, emit };
  return define(ownerOf(f, span), thunk, () => f.nextThunk());
}

/** The modelled function itself, for method tables and function values. Shown where it is called. */
export function defineModelFunc(
  program: ProgramLowering,
  name: string,
  model: Model,
  from: Unit,
): FuncId {
  const { builder, types } = program;
  const pkg = program.universe.owner(name)?.path ?? "";
  const id = builder.declareFunc({
    name,
    display: displayOf(name),
    pkg,
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
  let thunks = 0;
  const next = (): number => ++thunks;
  const closureName = (): null => null;
  const owner = { program, fb, name, pkg, library: false, span: nowhere, closureName };
  model.emit(siteOf(owner, fb, args, dst, next));
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
