// A program whose operations on shared memory, messages and workers ask for their turn, see `gate.mjs`.

import { ts } from "ts-morph";

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Sites are `line:column`, counted from 0, as the spans of the IR begin. */
export function instrumented(name: string, text: string): string {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
  const rewritten = (node: ts.Node): string => {
    const own = replaced(node);
    if (own !== null) return own;
    const edits: Edit[] = [];
    ts.forEachChild(node, (child) => {
      edits.push({ start: child.getStart(file), end: child.end, text: rewritten(child) });
    });
    let result = "";
    let at = node.getStart(file);
    for (const it of edits) {
      result += text.slice(at, it.start) + it.text;
      at = it.end;
    }
    return result + text.slice(at, node.end);
  };
  const site = (offset: number): string => {
    const { line, character } = file.getLineAndCharacterOfPosition(offset);
    return `"${line}:${character}"`;
  };
  const element = (node: ts.ElementAccessExpression): string =>
    `${rewritten(node.expression)}, ${rewritten(node.argumentExpression)}`;
  const get = (node: ts.ElementAccessExpression): string =>
    `__get(${element(node)}, ${site(node.expression.end)})`;
  const set = (node: ts.ElementAccessExpression, value: string): string =>
    `__set(${element(node)}, ${value}, ${site(node.expression.end)})`;
  const replaced = (node: ts.Node): string | null => {
    if (ts.isBinaryExpression(node) && ts.isElementAccessExpression(node.left)) {
      const operator = node.operatorToken.getText(file);
      if (operator === "=") return set(node.left, rewritten(node.right));
      const compound = /^(.+)=$/.exec(operator)?.[1];
      if (compound !== undefined && !/^[=!<>]/.test(operator)) {
        return set(node.left, `${get(node.left)} ${compound} ${rewritten(node.right)}`);
      }
    }
    const counts = ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node);
    if (counts && ts.isElementAccessExpression(node.operand)) {
      if (node.operator === ts.SyntaxKind.PlusPlusToken) {
        return set(node.operand, `${get(node.operand)} + 1`);
      }
      if (node.operator === ts.SyntaxKind.MinusMinusToken) {
        return set(node.operand, `${get(node.operand)} - 1`);
      }
    }
    if (ts.isElementAccessExpression(node)) return get(node);
    return ts.isCallExpression(node) ? call(node) : null;
  };
  const call = (node: ts.CallExpression): string | null => {
    const { expression } = node;
    if (!ts.isPropertyAccessExpression(expression)) return null;
    const method = expression.name.text;
    const args = node.arguments.map(rewritten).join(", ");
    const at = site(node.getStart(file));
    if (expression.expression.getText(file) === "Atomics") {
      return `__atomic("${method}", ${at}, ${args})`;
    }
    if (method !== "postMessage") return null;
    const target = text.slice(node.getStart(file), expression.end);
    return `__op(${at}, (...them) => ${target}(...them), ${args})`;
  };
  return rewritten(file);
}
