import type { FuncBuilder } from "../../ir/builder.js";
import type { Instr, Reg, SpanId } from "../../ir/ir.js";
import type { TypeId } from "../../ir/types.js";
import type { TypeLinker } from "./link-types.js";

/** A call of a built-in function, in the function that makes it or in a thunk for `go` and `defer`. */
export interface BuiltinSite {
  readonly fb: FuncBuilder;
  readonly types: TypeLinker;
  readonly name: string;
  readonly args: readonly Reg[];
  readonly argTypes: readonly TypeId[];
  /** Tells the linker that the n-th argument goes into an interface. */
  readonly useDynamicType: (nth: number) => void;
  readonly dst: Reg | null;
  readonly span: SpanId;
}

/** Prims by the built-in function that is nothing else; the type is that of the first argument. */
const prims: Readonly<Record<string, string>> = {
  cap: "cap",
  complex: "complex",
  real: "real",
  imag: "imag",
  min: "min",
  max: "max",
  Add: "unsafe.Add",
  Slice: "unsafe.Slice",
  SliceData: "unsafe.SliceData",
  String: "unsafe.String",
  StringData: "unsafe.StringData",
  "ssa:wrapnilchk": "nil-check",
};

/** Says whether the function is known. */
export function lowerBuiltin(site: BuiltinSite): boolean {
  const { fb, name, args, span } = site;
  const [first] = args;
  switch (name) {
    case "append":
    case "copy":
      fb.emit({ op: "bulk", dst: site.dst, fn: name, args, type: firstType(site), span });
      return true;
    case "delete":
      fb.emit({ op: "map", dst: null, fn: "delete", args, type: firstType(site), span });
      return true;
    case "clear":
      lowerClear(site);
      return true;
    case "close":
      if (first !== undefined) fb.emit({ op: "close", chan: first, span });
      return true;
    case "panic":
      return lowerPanic(site);
    case "recover":
      // A deferred `recover()` itself is not called by a deferred function: it recovers nothing.
      if (site.dst !== null) fb.emit({ op: "recover", dst: site.dst, span });
      return true;
    case "print":
    case "println":
      lowerPrint(site);
      return true;
    case "ssa:deferstack":
      fb.emit(prim(site, "defer-stack", site.types.any));
      return true;
    default:
      return lowerPrim(site);
  }
}

function firstType(site: BuiltinSite): TypeId {
  return site.argTypes[0] ?? site.types.any;
}

function prim(site: BuiltinSite, fn: string, type: TypeId): Instr {
  const dst = site.dst ?? site.fb.reg(type);
  return { op: "prim", dst, fn, args: site.args, type, span: site.span };
}

function lowerPrim(site: BuiltinSite): boolean {
  const type = firstType(site);
  const made = site.types.underlying(type);
  if (made.kind === "chan" && site.name === "cap") {
    site.fb.emit(prim(site, "chan-cap", type));
    return true;
  }
  if (made.kind === "chan" && site.name === "len") {
    const dst = site.dst ?? site.fb.reg(site.types.basic("int"));
    const { args, span } = site;
    site.fb.emit({ op: "sync", dst, fn: "chan-len", object: null, args, span });
    return true;
  }
  if (site.name === "len") {
    if (made.kind !== "map") site.fb.emit(prim(site, "len", type));
    else {
      const dst = site.dst ?? site.fb.reg(site.types.basic("int"));
      site.fb.emit({ op: "map", dst, fn: "len", args: site.args, type, span: site.span });
    }
    return true;
  }
  const fn = prims[site.name];
  if (fn === undefined) return false;
  site.fb.emit(prim(site, fn, type));
  return true;
}

function lowerClear(site: BuiltinSite): void {
  const { args, span } = site;
  const type = firstType(site);
  if (site.types.underlying(type).kind === "map") {
    site.fb.emit({ op: "map", dst: null, fn: "clear", args, type, span });
  } else {
    site.fb.emit({ op: "bulk", dst: null, fn: "clear", args, type, span });
  }
}

/** Only deferred or spawned: elsewhere go/ssa has an instruction for it. */
function lowerPanic(site: BuiltinSite): boolean {
  const [value] = site.args;
  if (value === undefined) return false;
  site.fb.exit({ op: "panic", value, span: site.span });
  return true;
}

/** The arguments travel in interfaces, so that their types do too. */
function lowerPrint(site: BuiltinSite): void {
  const args = site.args.map((value, nth) => {
    const type = site.argTypes[nth] ?? site.types.any;
    if (site.types.underlying(type).kind === "interface") return value;
    const dst = site.fb.reg(site.types.emptyInterface);
    site.useDynamicType(nth);
    site.fb.emit({ op: "interface", dst, value, type, span: site.span });
    return dst;
  });
  const callee = { kind: "external", name: site.name } as const;
  site.fb.emit({ op: "call", dst: null, callee, args, span: site.span });
}
