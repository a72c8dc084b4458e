// What drivers pass: values by their declared types, and keys that the state of the module has.

import type { ts } from "ts-morph";
import type { Reg } from "../../ir/ir.js";
import type { Fn } from "./context.js";

/** Elements of lists, maps and sets that are passed: enough for two of them to run into each other. */
const elements = [1, 2];

/** A value for each parameter that must be given. */
export function argumentsOf(fn: Fn, node: ts.SignatureDeclaration): readonly Reg[] {
  const given = node.parameters.filter(
    (it) =>
      it.initializer === undefined &&
      it.questionToken === undefined &&
      it.dotDotDotToken === undefined,
  );
  return given.map((it) => argumentOf(fn, it, node));
}

function argumentOf(
  fn: Fn,
  parameter: ts.ParameterDeclaration,
  node: ts.SignatureDeclaration,
): Reg {
  const { checker } = fn.shared;
  const type = checker.getTypeAtLocation(parameter);
  const what = parameter.name.getText();
  const key = keyInState(fn, what, node);
  if (key !== undefined) return fn.literal(key, node);
  if (checker.isArrayType(type)) {
    // With nothing in it, loops over the argument would show nothing.
    return fn.prim("js.array", several(fn, type.getNumberIndexType(), what, node), node);
  }
  const name = type.getSymbol()?.name.replace(/^Readonly/, "");
  if (name !== "Map" && name !== "Set") return fn.shared.lowering.outside(fn, type, what, node);
  const of = checker.getTypeArguments(type as ts.TypeReference);
  const [keys = [], values = []] = of.map((it) => several(fn, it, what, node));
  const entries =
    name === "Set"
      ? keys
      : keys.map((it, index) => fn.prim("js.array", [it, values[index] ?? it], node));
  const constructor = fn.prim("js.global", [fn.literal(name, node)], node);
  const list = fn.prim("js.array", [fn.prim("js.array", entries, node)], node);
  return fn.prim("js.new", [constructor, list, fn.literal(name, node)], node);
}

/** Values of one type that differ. */
function several(fn: Fn, type: ts.Type | undefined, what: string, node: ts.Node): readonly Reg[] {
  const { TypeFlags } = fn.ts;
  if (type === undefined) return [];
  return elements.map((nth) => {
    if ((type.flags & TypeFlags.Number) !== 0) return fn.literal(nth, node);
    return fn.shared.lowering.outside(fn, type, `${what}[${nth - 1}]`, node);
  });
}

/**
 * Of a parameter by which a function looks something up in what the module keeps (`stock.get(sku)`, `accounts[id]`): a key that
 * is there from the start; undefined where there is none.
 */
function keyInState(fn: Fn, name: string, node: ts.SignatureDeclaration): string | undefined {
  const { ts } = fn;
  const text = node.getText();
  for (const statement of node.getSourceFile().statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name: state, initializer } of statement.declarationList.declarations) {
      if (initializer === undefined || !ts.isIdentifier(state)) continue;
      const looksUp = ["[", ".get(", ".has("].some((it) =>
        text.includes(`${state.text}${it}${name}${it === "[" ? "]" : ")"}`),
      );
      const key = looksUp ? firstKey(ts, initializer) : undefined;
      if (key !== undefined) return key;
    }
  }
  return undefined;
}

function firstKey(ts: Fn["ts"], value: ts.Expression): string | undefined {
  if (ts.isObjectLiteralExpression(value)) {
    const name = value.properties[0]?.name;
    return name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteral(name))
      ? name.text
      : undefined;
  }
  if (!ts.isNewExpression(value)) return undefined;
  const [entries] = value.arguments ?? [];
  if (entries === undefined || !ts.isArrayLiteralExpression(entries)) return undefined;
  const [entry] = entries.elements;
  const key = entry !== undefined && ts.isArrayLiteralExpression(entry) ? entry.elements[0] : entry;
  return key !== undefined && ts.isStringLiteral(key) ? key.text : undefined;
}
