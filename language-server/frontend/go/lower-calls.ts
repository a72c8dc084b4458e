import type { Callee, Reg } from "../../ir/ir.js";
import { lowerBuiltin, type BuiltinSite } from "./lower-builtins.js";
import type { FuncLowering } from "./lower-func.js";
import { isImportedInit } from "./init-slice.js";
import { calledFromLibrary, linkedName } from "./models/links.js";
import { modelOf } from "./models/models.js";
import { emitDeferAt, makeThunk, siteIn } from "./models/thunks.js";
import type { CallRow, InstrRow, Operand } from "./schema.js";

/** Calls, goroutines and deferred calls; says whether it was one. */
export function lowerCall(f: FuncLowering, row: InstrRow): boolean {
  switch (row[0]) {
    case "Call":
      call(f, row);
      return true;
    case "Go": {
      const { callee, args } = calleeOf(f, row);
      f.emit({ op: "spawn", callee, args, span: f.span(row[2]) });
      return true;
    }
    case "Defer": {
      const { callee, args } = calleeOf(f, row);
      const stack = row[4];
      // Inside the body of a range-over-func loop the call belongs to the function around it.
      if (stack !== undefined && !isOwnStack(f, stack)) {
        emitDeferAt(f, f.use(stack), callee, args, f.span(row[2]));
      } else f.emit({ op: "defer", callee, args, span: f.span(row[2]) });
      return true;
    }
    default:
      return false;
  }
}

/** The function keeps its own stack of deferred calls in a variable that loop bodies capture. */
function isOwnStack(f: FuncLowering, stack: Operand): boolean {
  const made = f.definition(stack);
  if (made?.[0] === "Call") return made[3][0] === "builtin";
  return made?.[0] === "UnOp" && f.definition(made[4])?.[0] === "Alloc";
}

function call(
  f: FuncLowering,
  row: Extract<InstrRow, readonly ["Call" | "Go", ...unknown[]]>,
): void {
  const callee = row[3];
  const dst = row[1] >= 0 ? f.dst(row[1]) : null;
  const span = f.span(row[2]);
  if (callee[0] === "builtin") {
    const site = builtinSite(f, callee, dst, row);
    if (!lowerBuiltin(site)) f.unmodelled(row, `built-in function ${callee[1]}`);
    return;
  }
  if (callee[0] === "static") {
    if (isImportedInit(f.unit, f.row, callee[1])) return;
    const model = modelOf(callee[1]);
    if (model !== null) {
      const args = callee[2].map((it) => f.use(it));
      model.emit(siteIn(f, args, dst, span));
      return;
    }
  }
  const target = calleeOf(f, row);
  f.emit({ op: "call", dst, ...target, span });
}

function builtinSite(
  f: FuncLowering,
  callee: Extract<CallRow, readonly ["builtin", ...unknown[]]>,
  dst: Reg | null,
  row: InstrRow,
): BuiltinSite {
  const operands = callee[2];
  return {
    fb: f.fb,
    types: f.program.types,
    name: callee[1],
    args: operands.map((it) => f.use(it)),
    argTypes: operands.map((it) => f.typeAt(it)),
    useDynamicType: (nth) => {
      const operand = operands[nth];
      if (operand !== undefined) f.program.useDynamicType(f.unit, f.typeIndex(operand));
    },
    dst,
    span: f.span(row[2]),
  };
}

interface Target {
  readonly callee: Callee;
  readonly args: readonly Reg[];
}

/** What a call row calls. Models and built-in functions get a function of their own when they cannot stand in place. */
function calleeOf(f: FuncLowering, row: InstrRow & { readonly 3: CallRow }): Target {
  const callee = row[3];
  switch (callee[0]) {
    case "value":
      return {
        callee: { kind: "dynamic", value: f.use(callee[1]), self: null },
        args: callee[2].map((it) => f.use(it)),
      };
    case "invoke":
      f.program.useMethodId(callee[2]);
      return {
        callee: { kind: "method", receiver: f.use(callee[1]), id: callee[2] },
        args: callee[3].map((it) => f.use(it)),
      };
    case "static": {
      const args = callee[2].map((it) => f.use(it));
      const model = modelOf(callee[1]);
      if (model !== null) {
        const span = f.span(row[2]);
        const func = makeThunk(f, callee[1], args, span, (site) => {
          model.emit(site);
        });
        return { callee: { kind: "static", func }, args };
      }
      const name = f.isLibrary ? calledFromLibrary(callee[1]) : callee[1];
      if (!f.program.hasBody(name, f.unit)) {
        return { callee: { kind: "external", name: linkedName(name) ?? name }, args };
      }
      return { callee: { kind: "static", func: f.program.func(name, f.unit) }, args };
    }
    case "builtin": {
      const site = builtinSite(f, callee, null, row);
      const func = makeThunk(f, callee[1], site.args, site.span, (inner) => {
        const done = lowerBuiltin({ ...site, ...inner });
        if (!done) {
          const missing = {
            kind: "external",
            name: `unmodelled: built-in function ${callee[1]}`,
          } as const;
          inner.fb.emit({ op: "call", dst: null, callee: missing, args: [], span: inner.span });
        }
      });
      return { callee: { kind: "static", func }, args: site.args };
    }
  }
}
