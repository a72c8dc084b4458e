// What the type of an expression says of the object behind it.

import type { ts } from "ts-morph";
import { goLibraryFolder } from "../models.js";
import type { GoFn } from "./fn.js";
import type { Class } from "./types.js";

export type Kind =
  | { readonly kind: "class"; readonly class: Class }
  | { readonly kind: "array" | "map" | "set" | "string" | "error" | "object" }
  /** Of `happens-before/go`. */
  | { readonly kind: "library"; readonly name: string };

const declared: Readonly<Record<string, "array" | "map" | "set" | "string">> = {
  Array: "array",
  ReadonlyArray: "array",
  Map: "map",
  ReadonlyMap: "map",
  Set: "set",
  ReadonlySet: "set",
  String: "string",
};

export function kindOfType(fn: GoFn, type: ts.Type): Kind | null {
  const { kinds } = fn.snippet;
  const known = kinds.get(type);
  if (known !== undefined) return known;
  const kind = compute(fn, type);
  if (kind !== null) kinds.set(type, kind);
  return kind;
}

function compute(fn: GoFn, given: ts.Type): Kind | null {
  const { ts, checker } = fn.shared;
  const type = checker.getNonNullableType(checker.getAwaitedType(given) ?? given);
  if ((type.flags & ts.TypeFlags.StringLike) !== 0) return { kind: "string" };
  if (type.isUnion()) return sameOfAll(fn, type.types);
  if ((type.flags & ts.TypeFlags.Object) === 0) return null;
  if (checker.isTupleType(type) || checker.isArrayType(type)) return { kind: "array" };
  const symbol = type.getSymbol();
  const declaration = symbol?.valueDeclaration ?? symbol?.declarations?.[0];
  const known = symbol === undefined ? undefined : declaredKind(fn, symbol.name, declaration);
  return known ?? recordOrObject(type);
}

function declaredKind(
  fn: GoFn,
  name: string,
  declaration: ts.Declaration | undefined,
): Kind | null {
  if (declaration === undefined) return null;
  const { ts } = fn;
  const file = declaration.getSourceFile();
  if (file.fileName.startsWith(goLibraryFolder)) {
    if (name === "Context") return contextClass(fn);
    return ts.isClassLike(declaration) || name === "Locker" ? { kind: "library", name } : null;
  }
  if (!file.isDeclarationFile) {
    return ts.isClassLike(declaration)
      ? { kind: "class", class: fn.types.classOf(declaration) }
      : null;
  }
  const kind = Object.hasOwn(declared, name) ? declared[name] : undefined;
  if (kind !== undefined) return { kind };
  return name.endsWith("Error") ? { kind: "error" } : null;
}

/** Objects with names of any kind are maps. */
function recordOrObject(type: ts.Type): Kind | null {
  if (type.getStringIndexType() !== undefined) return { kind: "map" };
  if (type.getCallSignatures().length > 0) return null;
  return { kind: "object" };
}

function sameOfAll(fn: GoFn, types: readonly ts.Type[]): Kind | null {
  const [first, ...others] = types.map((it) => kindOfType(fn, it));
  if (first === undefined || first === null) return null;
  const isSame = (it: Kind | null): boolean =>
    it !== null &&
    it.kind === first.kind &&
    (it.kind !== "class" || (first.kind === "class" && it.class === first.class));
  return others.every(isSame) ? first : null;
}

/** What the prelude has for the library's contexts. */
function contextClass(fn: GoFn): Kind | null {
  const { ts } = fn;
  const node = fn.snippet.preludeFile?.statements.find(
    (it): it is ts.ClassDeclaration => ts.isClassDeclaration(it) && it.name?.text === "Ctx",
  );
  return node === undefined ? null : { kind: "class", class: fn.types.classOf(node) };
}
