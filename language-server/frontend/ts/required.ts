// Which files are CommonJS scripts, and what they require.

import type { ts } from "ts-morph";
import type { GlobalId } from "../../ir/ir.js";
import type { Compiler } from "./program.js";

/** Where the `module` and `exports` of a file are kept. */
interface Kept {
  readonly module: GlobalId;
  readonly exports: GlobalId;
}

export interface ModuleNames extends Kept {
  /** Those that have no values before this file runs and are used by it: its own, unless one before it has asked for them. */
  readonly starts: readonly Kept[];
}

export function isCommonJs(ts: Compiler, file: ts.SourceFile): boolean {
  if (!/\.[cm]?jsx?$/.test(file.fileName) || !/\b(?:require|exports)\b/.test(file.text)) {
    return false;
  }
  return !file.statements.some(
    (it) => ts.isImportDeclaration(it) || ts.isExportDeclaration(it) || ts.isExportAssignment(it),
  );
}

/** The name that `require` is called with; null: the node is no such call. */
export function requiredName(ts: Compiler, node: ts.Node): ts.StringLiteral | null {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return null;
  const [name] = node.arguments;
  const isOne = node.expression.text === "require" && name !== undefined;
  return isOne && ts.isStringLiteral(name) ? name : null;
}

/** The files that a script requires, in the order of its text. */
export function requiredFiles(
  { ts, checker }: { readonly ts: Compiler; readonly checker: ts.TypeChecker },
  file: ts.SourceFile,
): readonly ts.SourceFile[] {
  const files: ts.SourceFile[] = [];
  const visit = (node: ts.Node): void => {
    const name = requiredName(ts, node);
    const required = name === null ? undefined : fileOf(checker, name);
    if (required !== undefined) files.push(required);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return files;
}

export function fileOf(checker: ts.TypeChecker, name: ts.StringLiteral): ts.SourceFile | undefined {
  return checker.getSymbolAtLocation(name)?.declarations?.[0]?.getSourceFile();
}
