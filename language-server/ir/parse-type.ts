import type { ProgramBuilder } from "./builder.js";
import type { Lexer } from "./lex.js";
import type { BasicName, Field, TypeId } from "./types.js";

const basics: ReadonlySet<string> = new Set<BasicName>([
  "bool",
  "int",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "uintptr",
  "float32",
  "float64",
  "complex64",
  "complex128",
  "string",
  "unsafe.Pointer",
  "untyped nil",
  "invalid",
]);

/** Reads a type as `print.ts` writes it. */
export function parseType(lexer: Lexer, builder: ProgramBuilder): TypeId {
  const again = (): TypeId => parseType(lexer, builder);
  if (lexer.take("*")) return builder.type({ kind: "pointer", elem: again() });
  if (lexer.take("[")) {
    if (lexer.take("]")) return builder.type({ kind: "slice", elem: again() });
    const length = lexer.number();
    lexer.expect("]");
    return builder.type({ kind: "array", elem: again(), length });
  }
  if (lexer.take("(")) return builder.type({ kind: "tuple", elems: list(lexer, ")", again) });
  if (lexer.peek().kind === "word") {
    const keyword = keywordType(lexer, builder, again);
    if (keyword !== null) return keyword;
  }
  const name = lexer.name();
  return basics.has(name)
    ? builder.type({ kind: "basic", name: name as BasicName })
    : builder.declareNamed(name);
}

function keywordType(lexer: Lexer, builder: ProgramBuilder, again: () => TypeId): TypeId | null {
  if (lexer.take("any")) return builder.type({ kind: "any" });
  if (lexer.take("map")) {
    lexer.expect("[");
    const key = again();
    lexer.expect("]");
    return builder.type({ kind: "map", key, value: again() });
  }
  if (lexer.take("chan")) {
    const dir = lexer.name();
    if (dir !== "both" && dir !== "send" && dir !== "recv")
      lexer.fail("expected both, send or recv");
    return builder.type({ kind: "chan", dir, elem: again() });
  }
  if (lexer.take("struct")) {
    lexer.expect("{");
    return builder.type({ kind: "struct", fields: list(lexer, "}", () => field(lexer, again)) });
  }
  if (lexer.take("interface")) {
    lexer.expect("{");
    const methods = list(lexer, "}", () => ({ id: lexer.name(), type: again() }));
    return builder.type({ kind: "interface", methods });
  }
  if (lexer.take("func")) {
    lexer.expect("(");
    const params = list(lexer, ")", again);
    lexer.expect("(");
    const results = list(lexer, ")", again);
    const variadic = lexer.take(".") && lexer.take(".") && lexer.take(".");
    return builder.type({ kind: "func", params, results, variadic });
  }
  return null;
}

function field(lexer: Lexer, again: () => TypeId): Field {
  const name = lexer.name();
  const type = again();
  const embedded = lexer.take("embedded");
  const pkg = lexer.take("pkg") ? lexer.name() : "";
  const tag = lexer.take("tag") ? lexer.name() : "";
  return { name, type, embedded, tag, pkg };
}

function list<T>(lexer: Lexer, close: string, item: () => T): T[] {
  const items: T[] = [];
  while (!lexer.take(close)) {
    items.push(item());
    lexer.take(",");
  }
  return items;
}
