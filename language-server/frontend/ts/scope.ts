// Which variables need a cell of memory: those that another function sees, that change, or that may be read too early.

import type { ts } from "ts-morph";
import type { Compiler } from "./program.js";

export interface Variable {
  /** The function (or file) whose activation it belongs to. */
  readonly owner: ts.Node;
  /** Declared at the top of a module: a global of the program. */
  readonly topLevel: boolean;
  /** Used anywhere, its declaration apart. */
  used: boolean;
  captured: boolean;
  assigned: boolean;
  /** Referred to before its declaration, or across the clauses of a `switch`. */
  early: boolean;
}

const commonJs = new Set(["module", "exports", "require"]);

export class Scopes {
  readonly #ts: Compiler;
  readonly #checker: ts.TypeChecker;
  readonly #variables = new Map<ts.Symbol, Variable>();

  constructor(ts: Compiler, checker: ts.TypeChecker, files: readonly ts.SourceFile[]) {
    this.#ts = ts;
    this.#checker = checker;
    for (const file of files) this.#visit(file);
  }

  /** What is known of a variable of the program; undefined for globals of the host and for types. */
  variable(symbol: ts.Symbol): Variable | undefined {
    return this.#variables.get(symbol);
  }

  /** The variable that an identifier stands for, through imports. */
  symbolOf(node: ts.Node): ts.Symbol | undefined {
    const { parent } = node;
    // In CommonJS files the compiler takes these for what is assigned to them.
    if (this.#ts.isIdentifier(node) && commonJs.has(node.text) && this.#isScript(node)) {
      return undefined;
    }
    const shorthand = this.#ts.isShorthandPropertyAssignment(parent) && parent.name === node;
    const symbol = shorthand
      ? this.#checker.getShorthandAssignmentValueSymbol(parent)
      : this.#checker.getSymbolAtLocation(node);
    return symbol === undefined ? undefined : this.resolve(symbol);
  }

  #isScript(node: ts.Node): boolean {
    return /\.[cm]?jsx?$/.test(node.getSourceFile().fileName);
  }

  resolve(symbol: ts.Symbol): ts.Symbol {
    const alias = (symbol.flags & this.#ts.SymbolFlags.Alias) !== 0;
    // To the compiler `const it = require(…)` is an import; here it is a variable.
    if (alias && this.#required(symbol) !== undefined) return symbol;
    return alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  #required({ declarations }: ts.Symbol): ts.Declaration | undefined {
    const [first] = declarations ?? [];
    const isVariable =
      first !== undefined &&
      (this.#ts.isVariableDeclaration(first) || this.#ts.isBindingElement(first));
    return isVariable ? first : undefined;
  }

  #visit(node: ts.Node): void {
    if (this.#ts.isIdentifier(node)) this.#identifier(node);
    this.#ts.forEachChild(node, (child) => {
      this.#visit(child);
    });
  }

  #identifier(node: ts.Identifier): void {
    if (!this.#isReference(node)) return;
    const symbol = this.symbolOf(node);
    if (symbol === undefined) return;
    const variable = this.#declare(symbol);
    if (variable === undefined) return;
    if (ownerOf(this.#ts, node) !== variable.owner) variable.captured = true;
    if (this.#isAssigned(node)) variable.assigned = true;
    const declaration = symbol.valueDeclaration ?? this.#required(symbol);
    if (node.parent !== declaration) variable.used = true;
    if (declaration !== undefined && node.getSourceFile() === declaration.getSourceFile()) {
      if (node.end <= declaration.pos || this.#inClause(declaration)) variable.early = true;
    }
  }

  /** Names of properties and labels are no references. */
  #isReference(node: ts.Identifier): boolean {
    const { parent } = node;
    const { isPropertyAccessExpression, isPropertyAssignment, isQualifiedName } = this.#ts;
    if (isPropertyAccessExpression(parent)) return parent.expression === node;
    if (isPropertyAssignment(parent)) return parent.initializer === node;
    return !isQualifiedName(parent) && !this.#ts.isTypeReferenceNode(parent);
  }

  #declare(symbol: ts.Symbol): Variable | undefined {
    const known = this.#variables.get(symbol);
    if (known !== undefined) return known;
    const declaration = symbol.valueDeclaration ?? this.#required(symbol);
    if (declaration === undefined || declaration.getSourceFile().isDeclarationFile)
      return undefined;
    if (!this.#isVariable(declaration)) return undefined;
    const variable: Variable = {
      owner: ownerOf(this.#ts, this.#scopeStart(declaration)),
      topLevel: this.#isTopLevel(declaration),
      used: false,
      captured: false,
      assigned: false,
      early: false,
    };
    this.#variables.set(symbol, variable);
    return variable;
  }

  #isVariable(node: ts.Declaration): boolean {
    const ts = this.#ts;
    return (
      ts.isVariableDeclaration(node) ||
      ts.isBindingElement(node) ||
      ts.isParameter(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isClassDeclaration(node) ||
      ts.isEnumDeclaration(node) ||
      ts.isFunctionExpression(node) ||
      ts.isClassExpression(node) ||
      ts.isExportAssignment(node)
    );
  }

  /** Functions and parameters belong to the scope around them and to the function they are of. */
  #scopeStart(node: ts.Declaration): ts.Node {
    const ts = this.#ts;
    const names =
      ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isClassLike(node);
    return names ? node.parent : node;
  }

  #isTopLevel(node: ts.Declaration): boolean {
    const ts = this.#ts;
    let at: ts.Node = node;
    while (
      ts.isBindingElement(at) ||
      ts.isObjectBindingPattern(at) ||
      ts.isArrayBindingPattern(at)
    ) {
      at = at.parent;
    }
    if (ts.isVariableDeclaration(at)) {
      const list = at.parent;
      const isVar = (list.flags & ts.NodeFlags.BlockScoped) === 0;
      if (isVar && ts.isVariableDeclarationList(list)) return ts.isSourceFile(ownerOf(ts, at));
      return ts.isVariableStatement(list.parent) && ts.isSourceFile(list.parent.parent);
    }
    const declares =
      ts.isFunctionDeclaration(at) || ts.isClassDeclaration(at) || ts.isEnumDeclaration(at);
    return (declares || ts.isExportAssignment(at)) && ts.isSourceFile(at.parent);
  }

  #inClause(declaration: ts.Node): boolean {
    if (!this.#ts.isVariableDeclaration(declaration)) return false;
    const statement = declaration.parent.parent;
    return (
      this.#ts.isVariableStatement(statement) && this.#ts.isCaseOrDefaultClause(statement.parent)
    );
  }

  #isAssigned(node: ts.Node): boolean {
    const ts = this.#ts;
    const { parent } = node;
    if (ts.isBinaryExpression(parent) && parent.left === node) {
      const { kind } = parent.operatorToken;
      const { FirstAssignment, LastAssignment } = ts.SyntaxKind;
      return kind >= FirstAssignment && kind <= LastAssignment;
    }
    if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) {
      return (
        parent.operator === ts.SyntaxKind.PlusPlusToken ||
        parent.operator === ts.SyntaxKind.MinusMinusToken
      );
    }
    if (ts.isForOfStatement(parent) || ts.isForInStatement(parent))
      return parent.initializer === node;
    return this.#inPattern(node);
  }

  /** Inside the left side of a destructuring assignment. */
  #inPattern(node: ts.Node): boolean {
    const ts = this.#ts;
    let at = node;
    for (;;) {
      const { parent } = at;
      if (ts.isBinaryExpression(parent) && parent.left === at) {
        const assigns = parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
        const pattern = ts.isObjectLiteralExpression(at) || ts.isArrayLiteralExpression(at);
        if (assigns && pattern) return true;
        if (!assigns) return false;
      }
      const inside =
        ts.isArrayLiteralExpression(parent) ||
        ts.isObjectLiteralExpression(parent) ||
        ts.isPropertyAssignment(parent) ||
        ts.isShorthandPropertyAssignment(parent) ||
        ts.isSpreadElement(parent) ||
        ts.isSpreadAssignment(parent) ||
        ts.isParenthesizedExpression(parent) ||
        ts.isBinaryExpression(parent);
      if (!inside) {
        const loop = ts.isForOfStatement(parent) || ts.isForInStatement(parent);
        return loop && parent.initializer === at;
      }
      at = parent;
    }
  }
}

/** The function whose body a node runs in; initialisers of fields run in the constructor, which is another function. */
export function ownerOf(ts: Compiler, node: ts.Node): ts.Node {
  let at = node;
  while (!ts.isSourceFile(at)) {
    if (ts.isFunctionLike(at) || ts.isClassStaticBlockDeclaration(at)) return at;
    const { parent } = at;
    if (ts.isPropertyDeclaration(parent) && parent.initializer === at) return parent;
    at = parent;
  }
  return at;
}
