// Async functions that others can call: those that a module exports by whatever way, methods of what it exports, what its
// factories return, and handlers that it gives to somebody outside.

import type { ts } from "ts-morph";
import { isCommonJs } from "./required.js";
import type { Shared } from "./context.js";

export type Callable =
  | ts.FunctionDeclaration
  | ts.MethodDeclaration
  | ts.ArrowFunction
  | ts.FunctionExpression;

/** How one comes to a function. */
export type Way =
  /** By the name of a global. */
  | { readonly kind: "global"; readonly known: ts.Identifier }
  /** By the name of a global object or class, and its own. */
  | { readonly kind: "member"; readonly known: ts.Identifier; readonly name: string }
  /** As a method of a new object of a class. */
  | { readonly kind: "method"; readonly owner: ts.ClassDeclaration; readonly name: string }
  /** The function itself, which the module has made. */
  | { readonly kind: "made" }
  /** Made by a call of another function; null: it is returned itself, else a member of what is returned. */
  | {
      readonly kind: "returned";
      readonly by: ts.FunctionDeclaration;
      readonly name: string | null;
    };

export interface Target {
  readonly node: Callable;
  readonly name: string;
  readonly way: Way;
}

/** Beyond these a file is looked at in part. */
const most = 8;

/** The async functions of a file that others can call and that could undo each other's work. */
export function targetsOf(shared: Shared, file: ts.SourceFile): readonly Target[] {
  const finder = new Finder(shared, file);
  return file.statements
    .flatMap((it) => finder.targets(it))
    .filter((it) => maySplitUpdate(shared, it.node))
    .slice(0, most);
}

const mostPairs = 3;
const takesLock = /\.(?:acquire|lock|runExclusive|request)\(/;

/** Different functions of those that take locks: together they can wait for each other. */
export function pairsOf(targets: readonly Target[]): readonly (readonly [Target, Target])[] {
  const taking = targets.filter(({ node }) => takesLock.test(node.getText()));
  return taking
    .flatMap((first, at) =>
      taking.slice(at + 1).map((it): readonly [Target, Target] => [first, it]),
    )
    .slice(0, mostPairs);
}

/** What calls it when something arrives, as often as it arrives. */
const registers = new Set(
  (
    "addEventListener addListener all consume createServer delete get handle on onMessage onRequest patch post put route " +
    "subscribe use"
  ).split(" "),
);

class Finder {
  readonly #shared: Shared;
  readonly #ts: Shared["ts"];
  readonly #exported: ReadonlySet<ts.Symbol>;
  readonly #isScript: boolean;

  constructor(shared: Shared, file: ts.SourceFile) {
    this.#shared = shared;
    this.#ts = shared.ts;
    this.#isScript = isCommonJs(shared.ts, file);
    this.#exported = exportsOf(shared, file, this.#isScript);
  }

  targets(node: ts.Statement): readonly Target[] {
    const ts = this.#ts;
    if (ts.isFunctionDeclaration(node)) {
      const { name } = node;
      if (name === undefined || !this.#isOpen(name)) return [];
      if (this.#isAsync(node)) {
        return [{ node, name: name.text, way: { kind: "global", known: name } }];
      }
      return this.#returned(node, name.text);
    }
    if (ts.isVariableStatement(node)) return this.#constants(node);
    if (ts.isClassDeclaration(node)) return this.#members(node);
    if (ts.isExportAssignment(node)) return this.#value(node.expression, "default");
    return ts.isExpressionStatement(node) ? this.#statement(node.expression) : [];
  }

  #isAsync(node: ts.Node): node is Callable {
    const ts = this.#ts;
    const isCallable =
      ts.isFunctionDeclaration(node) ||
      ts.isMethodDeclaration(node) ||
      ts.isArrowFunction(node) ||
      ts.isFunctionExpression(node);
    return isCallable && node.body !== undefined && this.#has(node, ts.SyntaxKind.AsyncKeyword);
  }

  #has(node: ts.HasModifiers, kind: ts.SyntaxKind): boolean {
    return node.modifiers?.some((it) => it.kind === kind) === true;
  }

  /** Whether calls may come from elsewhere: it is exported, or nothing in the program uses it yet. */
  #isOpen(known: ts.Identifier): boolean {
    const { checker, scopes } = this.#shared;
    const symbol = checker.getSymbolAtLocation(known);
    if (symbol === undefined || this.#exported.has(symbol)) return true;
    return scopes.variable(symbol)?.used !== true;
  }

  #constants(node: ts.VariableStatement): readonly Target[] {
    const ts = this.#ts;
    const { declarations, flags } = node.declarationList;
    if ((flags & ts.NodeFlags.Const) === 0) return [];
    return declarations.flatMap(({ name: known, initializer }): readonly Target[] => {
      if (initializer === undefined || !ts.isIdentifier(known)) return [];
      if (this.#isAsync(initializer)) {
        if (!this.#isOpen(known)) return [];
        return [{ node: initializer, name: known.text, way: { kind: "global", known } }];
      }
      const symbol = this.#shared.checker.getSymbolAtLocation(known);
      if (symbol !== undefined && this.#exported.has(symbol)) {
        return this.#ofObject(initializer, known);
      }
      return this.#given(initializer);
    });
  }

  /** Methods of an object that is exported, be it a literal or one of a class of the module. */
  #ofObject(value: ts.Expression, known: ts.Identifier): readonly Target[] {
    const ts = this.#ts;
    const target = (node: Callable, name: string): Target => ({
      node,
      name: `${known.text}.${name}`,
      way: { kind: "member", known, name },
    });
    if (ts.isObjectLiteralExpression(value)) {
      return this.#methodsOf(value).map(([name, node]) => target(node, name));
    }
    if (!ts.isNewExpression(value) || !ts.isIdentifier(value.expression)) return [];
    const type = this.#shared.scopes.symbolOf(value.expression)?.valueDeclaration;
    if (type === undefined || !ts.isClassDeclaration(type) || type.name === undefined) return [];
    if (type.getSourceFile() !== known.getSourceFile() || this.#isOpen(type.name)) return [];
    return type.members.flatMap((it) =>
      this.#isMethod(it) && !this.#has(it, ts.SyntaxKind.StaticKeyword)
        ? [target(it, it.name.getText())]
        : [],
    );
  }

  #methodsOf(value: ts.ObjectLiteralExpression): readonly (readonly [string, Callable])[] {
    const ts = this.#ts;
    return value.properties.flatMap((it): readonly (readonly [string, Callable])[] => {
      if (it.name === undefined || !ts.isIdentifier(it.name)) return [];
      if (this.#isAsync(it)) return [[it.name.text, it]];
      const isFunction = ts.isPropertyAssignment(it) && this.#isAsync(it.initializer);
      return isFunction ? [[it.name.text, it.initializer]] : [];
    });
  }

  #isMethod(node: ts.ClassElement): node is ts.MethodDeclaration & { name: ts.Identifier } {
    const ts = this.#ts;
    return ts.isMethodDeclaration(node) && ts.isIdentifier(node.name) && this.#isAsync(node);
  }

  #members(owner: ts.ClassDeclaration): readonly Target[] {
    const { name: known } = owner;
    if (known === undefined || !this.#isOpen(known)) return [];
    return owner.members
      .filter((it) => this.#isMethod(it))
      .map((node): Target => {
        const name = node.name.text;
        const isStatic = this.#has(node, this.#ts.SyntaxKind.StaticKeyword);
        const way: Way = isStatic
          ? { kind: "member", known, name }
          : { kind: "method", owner, name };
        return { node, name: `${known.text}.${name}`, way };
      });
  }

  /** What a function that is exported returns, itself async or with async methods. */
  #returned(by: ts.FunctionDeclaration, name: string): readonly Target[] {
    const ts = this.#ts;
    const last = by.body?.statements.at(-1);
    if (last === undefined || !ts.isReturnStatement(last) || last.expression === undefined) {
      return [];
    }
    const value = last.expression;
    if (this.#isAsync(value)) {
      return [{ node: value, name: `${name}()`, way: { kind: "returned", by, name: null } }];
    }
    if (!ts.isObjectLiteralExpression(value)) return [];
    const inner = [...(by.body?.statements ?? [])].filter((it) => ts.isFunctionDeclaration(it));
    const named = value.properties.flatMap((it): readonly (readonly [string, Callable])[] => {
      if (!ts.isShorthandPropertyAssignment(it)) return [];
      const own = inner.find((of) => of.name?.text === it.name.text && this.#isAsync(of));
      return own === undefined ? [] : [[it.name.text, own]];
    });
    return [...this.#methodsOf(value), ...named].map(
      ([method, node]): Target => ({
        node,
        name: `${name}().${method}`,
        way: { kind: "returned", by, name: method },
      }),
    );
  }

  /** `exports.name = …`, `module.exports = …`, and calls that give handlers away. */
  #statement(node: ts.Expression): readonly Target[] {
    const ts = this.#ts;
    if (!ts.isBinaryExpression(node)) return this.#given(node);
    const isAssignment = node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    if (!isAssignment || !this.#isScript || !ts.isPropertyAccessExpression(node.left)) return [];
    const exports = /^(?:module\.)?exports(?:\.(\w+))?$/.exec(node.left.getText());
    return exports === null ? [] : this.#value(node.right, exports[1] ?? "module.exports");
  }

  #value(value: ts.Expression, name: string): readonly Target[] {
    if (this.#isAsync(value)) return [{ node: value, name, way: { kind: "made" } }];
    if (!this.#ts.isObjectLiteralExpression(value)) return [];
    return this.#methodsOf(value).map(
      ([own, node]): Target => ({
        node,
        name: name === "module.exports" || name === "default" ? own : `${name}.${own}`,
        way: { kind: "made" },
      }),
    );
  }

  #given(node: ts.Expression): readonly Target[] {
    const ts = this.#ts;
    if (!ts.isCallExpression(node)) return [];
    const { expression } = node;
    const outer = ts.isPropertyAccessExpression(expression) ? expression.expression : null;
    const before = outer === null ? [] : this.#given(outer);
    const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
    if (!ts.isIdentifier(name) || !registers.has(name.text)) return before;
    const [first] = node.arguments;
    const what = first !== undefined && ts.isStringLiteral(first) ? `(${first.getText()})` : "";
    const text = ts.isIdentifier(expression) ? name.text : lastTwo(expression.getText());
    return [
      ...before,
      ...node.arguments.flatMap((it): readonly Target[] =>
        this.#isAsync(it) ? [{ node: it, name: `${text}${what}`, way: { kind: "made" } }] : [],
      ),
    ];
  }
}

/** `app.route("/x").get` → `app.get`: without what a chain has before. */
function lastTwo(text: string): string {
  return text.replace(/\([^]*\)/g, "").replace(/\s+/g, "");
}

/** What a module exports, by whatever name and statement. */
function exportsOf(
  { ts, checker, scopes }: Shared,
  file: ts.SourceFile,
  isScript: boolean,
): ReadonlySet<ts.Symbol> {
  if (isScript) return scriptExports({ ts, scopes }, file);
  const module = checker.getSymbolAtLocation(file);
  const symbols = module === undefined ? [] : checker.getExportsOfModule(module);
  const isAlias = ({ flags }: ts.Symbol): boolean => (flags & ts.SymbolFlags.Alias) !== 0;
  return new Set(symbols.map((it) => (isAlias(it) ? checker.getAliasedSymbol(it) : it)));
}

/** The variables that a script assigns to `module.exports`, in an object or one by one. */
function scriptExports(
  { ts, scopes }: Pick<Shared, "ts" | "scopes">,
  file: ts.SourceFile,
): ReadonlySet<ts.Symbol> {
  const symbols = new Set<ts.Symbol>();
  const add = (node: ts.Expression | ts.Identifier): void => {
    const symbol = ts.isIdentifier(node) ? scopes.symbolOf(node) : undefined;
    if (symbol !== undefined) symbols.add(symbol);
    if (!ts.isObjectLiteralExpression(node)) return;
    for (const it of node.properties) {
      if (ts.isShorthandPropertyAssignment(it)) add(it.name);
      if (ts.isPropertyAssignment(it)) add(it.initializer);
    }
  };
  for (const statement of file.statements) {
    if (!ts.isExpressionStatement(statement)) continue;
    const { expression } = statement;
    if (!ts.isBinaryExpression(expression)) continue;
    const isExports = /^(?:module\.)?exports(?:\.\w+)?$/.test(expression.left.getText());
    if (isExports) add(expression.right);
  }
  return symbols;
}

/** Waits and writes something that is not its own, or waits twice for others that may. */
function maySplitUpdate({ ts, scopes }: Shared, node: ts.Node): boolean {
  let awaits = 0;
  let writes = false;
  const visit = (at: ts.Node): void => {
    if (ts.isAwaitExpression(at)) awaits++;
    if (ts.isBinaryExpression(at)) {
      const { kind } = at.operatorToken;
      const assigns = kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
      const symbol = ts.isIdentifier(at.left) ? scopes.symbolOf(at.left) : undefined;
      const own = symbol !== undefined && scopes.variable(symbol)?.owner === node;
      if (assigns && !own) writes = true;
    }
    if (ts.isPostfixUnaryExpression(at)) writes = true;
    if (ts.isPrefixUnaryExpression(at)) {
      const { PlusPlusToken, MinusMinusToken } = ts.SyntaxKind;
      writes ||= at.operator === PlusPlusToken || at.operator === MinusMinusToken;
    }
    if (ts.isPropertyAccessExpression(at) && at.name.text === "set") writes = true;
    ts.forEachChild(at, visit);
  };
  visit(node);
  return awaits > 1 || (awaits === 1 && writes);
}
