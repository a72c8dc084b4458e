import type { Entry, FuncId, Reg, SpanId } from "../../ir/ir.js";
import type { Unit } from "./link.js";
import type { ProgramLowering } from "./program.js";
import type { FuncRow } from "./schema.js";

/** The bundled `testing` runs one test or benchmark and reports what it did. */
const runners: Readonly<Record<string, string>> = {
  test: "testing.runTest",
  benchmark: "testing.runBenchmark",
};

/** Where threads begin that the program does not start itself. */
export function lowerEntries(program: ProgramLowering): void {
  for (const unit of program.universe.targets) {
    for (const [kind, name, assumption = ""] of unit.image.roots) {
      const row = unit.funcs.get(name);
      if (row === undefined || row.blocks.length === 0) continue;
      const func = program.func(name, unit);
      if (kind === "driver" || kind === "rehearsed driver") {
        const rehearsed = kind === "driver" ? {} : ({ rehearsed: true } as const);
        program.builder.addEntry({ kind: "snippet", func, assumption, ...rehearsed });
        continue;
      }
      const needsArgument = kind === "test" || kind === "benchmark";
      const start = needsArgument ? makeEntry(program, unit, row, kind, func) : func;
      program.builder.addEntry({ kind, func: start });
    }
  }
}

/**
 * A test needs a `*testing.T`: its entry is a function `pkg.TestX$entry`, shown under the test's name, that
 * hands the test to the bundled `testing`. Without that package it calls the test with nil, for the analyses.
 */
function makeEntry(
  program: ProgramLowering,
  unit: Unit,
  row: FuncRow,
  kind: Entry["kind"],
  test: FuncId,
): FuncId {
  const { builder, types } = program;
  const span = program.spans.id(unit, row.span);
  const id = builder.declareFunc({
    name: `${row.name}$entry`,
    display: row.display,
    pkg: row.pkg,
    span,
  });
  const fb = builder.body(id);
  fb.enter(fb.block());
  const runner = runners[kind] ?? "";
  const place = program.universe.func(runner, unit);
  const param = row.regs[0];
  const paramType = param === undefined ? types.any : types.id(unit, param);
  if (place === null) {
    const t = fb.reg(paramType);
    fb.emit({ op: "const", dst: t, value: null, span });
    fb.emit({ op: "call", dst: null, callee: { kind: "static", func: test }, args: [t], span });
  } else {
    const name = fb.reg(types.basic("string"));
    fb.emit({ op: "const", dst: name, value: row.display, span: 0 as SpanId });
    const type = { kind: "func", params: [paramType], results: [], variadic: false } as const;
    const value: Reg = fb.reg(builder.type(type));
    fb.emit({ op: "closure", dst: value, func: test, captures: [], span: 0 as SpanId });
    const callee = { kind: "static", func: program.func(runner, unit) } as const;
    fb.emit({ op: "call", dst: null, callee, args: [name, value], span: 0 as SpanId });
  }
  fb.exit({ op: "return", values: [], span });
  fb.finish();
  return id;
}
