import type { SpanId } from "../../ir/ir.js";
import { InitSlice } from "./init-slice.js";
import type { Unit } from "./link.js";
import { lowerBody } from "./lower-func.js";
import { operandsOf } from "./operands.js";
import type { ProgramLowering } from "./program.js";
import type { CallRow, InstrRow } from "./schema.js";

/**
 * Adds the initialisers of the packages in the order of their imports: whole for those that were handed in, for bundled
 * ones what the program needs of them, which may need more of the program in turn.
 */
export function lowerInits(program: ProgramLowering): void {
  for (const unit of program.universe.users) {
    const name = `${unit.path}.init`;
    if (unit.funcs.has(name)) program.func(name, unit);
  }
  program.drain();
  const slices = new Map<string, InitSlice>();
  let changed = true;
  while (changed) {
    changed = false;
    for (const [path, globals] of [...program.usedGlobals]) {
      const slice = sliceOf(program, path, slices);
      if (slice === null) continue;
      for (const row of slice.grow(globals)) {
        reference(program, slice.found.unit, row);
        changed = true;
      }
    }
    program.drain();
  }
  for (const path of importOrder(program)) addInit(program, path, slices.get(path));
}

function sliceOf(
  program: ProgramLowering,
  path: string,
  slices: Map<string, InitSlice>,
): InitSlice | null {
  const known = slices.get(path);
  if (known !== undefined) return known;
  const unit = program.universe.unit(path);
  if (unit === null || !unit.library) return null;
  const row = unit.funcs.get(`${path}.init`);
  if (row === undefined) return null;
  const slice = new InitSlice({ unit, row });
  slices.set(path, slice);
  return slice;
}

/** Tells the program of everything the row mentions, as lowering it would. */
function reference(program: ProgramLowering, unit: Unit, row: InstrRow): void {
  for (const operand of operandsOf(row)) {
    const pooled = operand < 0 ? unit.image.pool[-operand - 1] : undefined;
    if (pooled?.[0] === "func") program.func(pooled[2], unit);
    if (pooled?.[0] === "global") {
      program.global(pooled[2], program.types.id(unit, pooled[1]), unit);
    }
  }
  switch (row[0]) {
    case "Call":
    case "Go":
    case "Defer":
      referenceCall(program, unit, row[3]);
      return;
    case "MakeClosure":
      program.func(row[3], unit);
      return;
    case "MakeInterface": {
      const regs = unit.funcs.get(`${unit.path}.init`)?.regs ?? [];
      const pooled = unit.image.pool[-row[3] - 1];
      const type = row[3] >= 0 ? regs[row[3]] : pooled?.[1];
      if (type !== undefined) program.useDynamicType(unit, type);
      return;
    }
    case "TypeAssert": {
      const target = program.types.underlying(program.types.id(unit, row[4]));
      if (target.kind !== "interface") return;
      for (const method of target.methods) program.useMethodId(method.id);
      return;
    }
    default:
  }
}

function referenceCall(program: ProgramLowering, unit: Unit, call: CallRow): void {
  if (call[0] === "invoke") program.useMethodId(call[2]);
  if (call[0] === "static" && program.hasBody(call[1], unit)) program.func(call[1], unit);
}

function addInit(program: ProgramLowering, path: string, slice: InitSlice | undefined): void {
  const { builder, universe } = program;
  const unit = universe.unit(path);
  if (unit === null) return;
  if (!unit.library) {
    if (unit.funcs.has(`${path}.init`)) builder.addInit(program.func(`${path}.init`, unit));
    return;
  }
  if (slice === undefined) return;
  const name = `${path}.init`;
  const id = builder.declareFunc({
    name,
    display: name,
    pkg: path,
    library: true,
    span: 0 as SpanId,
  });
  lowerBody(program, id, slice.found, slice.rows());
  builder.addInit(id);
}

/** Packages, each after what it imports. */
function importOrder(program: ProgramLowering): readonly string[] {
  const { universe, usedGlobals } = program;
  const order: string[] = [];
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const it of universe.imports(path)) visit(it);
    order.push(path);
  };
  for (const path of [...usedGlobals.keys()].sort()) {
    if (universe.unit(path)?.library === true) visit(path);
  }
  for (const unit of universe.users) visit(unit.path);
  return order;
}
