// The types of a snippet's memory. Values are JavaScript's; what matters is which cells an object has.
//
//   objects of classes   a struct with the class's fields
//   other objects        one struct with every name that such objects have in the program
//   arrays               a variable that holds a slice
//   Map, Set, records    Go's maps, in the order of insertion
//   locks and their like Go's

import type { ts } from "ts-morph";
import type { ProgramBuilder } from "../../../ir/builder.js";
import type { Field, TypeId } from "../../../ir/types.js";
import { goLibraryFolder } from "../models.js";
import type { Compiler } from "../program.js";

export interface Class {
  readonly node: ts.ClassLikeDeclaration;
  readonly type: TypeId;
  readonly fields: readonly string[];
  /** Fields that are a lock or the like, and no reference to one. */
  readonly inline: ReadonlySet<string>;
  readonly base: Class | null;
  /** It extends `Error`. */
  readonly isError: boolean;
}

const inlined = new Set(["Mutex", "RWMutex", "WaitGroup", "Once"]);

export class Types {
  readonly any: TypeId;
  readonly cell: TypeId;
  readonly bool: TypeId;
  readonly int: TypeId;
  readonly slice: TypeId;
  readonly map: TypeId;
  readonly chan: TypeId;
  readonly received: TypeId;
  readonly error: TypeId;
  readonly object: TypeId;
  readonly names: readonly string[];
  readonly #program: ProgramBuilder;
  readonly #checker: ts.TypeChecker;
  readonly #ts: Compiler;
  readonly #classes = new Map<ts.Node, Class>();
  /** Names of fields of classes. */
  readonly #ofClasses = new Set<string>();

  constructor(
    ts: Compiler,
    checker: ts.TypeChecker,
    program: ProgramBuilder,
    files: readonly ts.SourceFile[],
  ) {
    this.#ts = ts;
    this.#checker = checker;
    this.#program = program;
    this.any = program.type({ kind: "any" });
    this.cell = program.type({ kind: "pointer", elem: this.any });
    this.bool = program.type({ kind: "basic", name: "bool" });
    this.int = program.type({ kind: "basic", name: "int" });
    this.slice = program.type({ kind: "slice", elem: this.any });
    this.map = program.type({ kind: "map", key: this.any, value: this.any });
    this.chan = program.type({ kind: "chan", dir: "both", elem: this.any });
    this.received = this.tuple([this.any, this.bool]);
    this.error = this.struct("Error", ["name", "message"]);
    this.names = namesOfObjects(ts, files);
    this.object = this.struct("object", this.names);
  }

  tuple(elems: readonly TypeId[]): TypeId {
    return this.#program.type({ kind: "tuple", elems });
  }

  pointer(elem: TypeId): TypeId {
    return this.#program.type({ kind: "pointer", elem });
  }

  struct(name: string, names: readonly string[]): TypeId {
    const fields = names.map((it): Field => this.#field(it, this.any));
    return this.#named(name, fields);
  }

  /** One of Go's own: its first cell is the machine's. */
  sync(name: string, more: readonly string[] = []): TypeId {
    const fields = [this.#field("state", this.int), ...more.map((it) => this.#field(it, this.any))];
    return this.#named(`sync.${name}`, fields);
  }

  #field(name: string, type: TypeId): Field {
    return { name, type, embedded: false, tag: "", pkg: "" };
  }

  #named(name: string, fields: readonly Field[]): TypeId {
    const id = this.#program.declareNamed(name);
    this.#program.defineNamed(name, this.#program.type({ kind: "struct", fields }));
    return id;
  }

  /** A class of the program. */
  classOf(node: ts.ClassLikeDeclaration): Class {
    const known = this.#classes.get(node);
    if (known !== undefined) return known;
    const heritage = node.heritageClauses?.find(
      (it) => it.token === this.#ts.SyntaxKind.ExtendsKeyword,
    )?.types[0]?.expression;
    const base = heritage === undefined ? null : this.classNamed(heritage);
    const isError = heritage !== undefined && base === null;
    const inherited = isError ? ["name", "message"] : (base?.fields ?? []);
    const own = this.#ownFields(node).filter((it) => !inherited.includes(it));
    const fields = [...inherited, ...own];
    for (const it of fields) this.#ofClasses.add(it);
    const name = node.name?.text ?? "class";
    const same = [...this.#classes.values()].filter((it) => it.node.name?.text === name).length;
    const inline = new Map(node.members.flatMap((it) => this.#inlineOf(it)));
    const type = this.#named(
      same === 0 ? name : `${name}#${same + 1}`,
      fields.map((it) => this.#field(it.replace(/^#/, ""), inline.get(it) ?? this.any)),
    );
    const made: Class = {
      node,
      type,
      fields,
      inline: new Set([...inline.keys(), ...(base?.inline ?? [])]),
      base,
      isError: isError || base?.isError === true,
    };
    this.#classes.set(node, made);
    return made;
  }

  /** `readonly mu = new Mutex()`: the lock lies in the object, as Go's do. */
  #inlineOf(node: ts.ClassElement): readonly (readonly [string, TypeId])[] {
    const ts = this.#ts;
    if (!ts.isPropertyDeclaration(node) || isStatic(ts, node)) return [];
    const fixed = node.modifiers?.some((it) => it.kind === ts.SyntaxKind.ReadonlyKeyword) === true;
    const type = fixed ? this.inlineType(node.initializer) : null;
    return type === null ? [] : [[node.name.getText(), type]];
  }

  /** A variable at the top of a module. */
  ofGlobal(symbol: ts.Symbol): TypeId {
    const ts = this.#ts;
    const declaration = symbol.valueDeclaration;
    if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return this.any;
    const fixed = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
    return (fixed ? this.inlineType(declaration.initializer) : null) ?? this.any;
  }

  /** The type of what `new Mutex()` and its like make; null for all else. */
  inlineType(node: ts.Expression | undefined): TypeId | null {
    const ts = this.#ts;
    if (node === undefined || !ts.isNewExpression(node)) return null;
    const symbol = this.#checker.getSymbolAtLocation(node.expression);
    const alias = symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0;
    const own = alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
    const file = own?.valueDeclaration?.getSourceFile().fileName ?? "";
    const known = own !== undefined && inlined.has(own.name) && file.startsWith(goLibraryFolder);
    return known ? this.sync(own.name) : null;
  }

  classNamed(node: ts.Expression): Class | null {
    const symbol = this.#checker.getSymbolAtLocation(node);
    const alias = symbol !== undefined && (symbol.flags & this.#ts.SymbolFlags.Alias) !== 0;
    const own = alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
    const declaration = own?.valueDeclaration;
    if (declaration === undefined || declaration.getSourceFile().isDeclarationFile) return null;
    return this.#ts.isClassLike(declaration) ? this.classOf(declaration) : null;
  }

  #ownFields(node: ts.ClassLikeDeclaration): readonly string[] {
    const ts = this.#ts;
    return node.members.flatMap((it) => {
      if (ts.isPropertyDeclaration(it)) return isStatic(ts, it) ? [] : [it.name.getText()];
      if (!ts.isConstructorDeclaration(it)) return [];
      return it.parameters.flatMap((param) =>
        ts.isParameterPropertyDeclaration(param, it) ? [param.name.getText()] : [],
      );
    });
  }

  /** Whether only objects that are of no class have the name. */
  isOfObjects(name: string): boolean {
    return this.names.includes(name) && !this.#ofClasses.has(name);
  }
}

export function isStatic(ts: Compiler, node: ts.ClassElement): boolean {
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  return modifiers?.some((it) => it.kind === ts.SyntaxKind.StaticKeyword) === true;
}

/** The names that object literals give their properties. */
function namesOfObjects(ts: Compiler, files: readonly ts.SourceFile[]): readonly string[] {
  const names = new Set(["value", "ok"]);
  const visit = (node: ts.Node): void => {
    const named =
      ts.isPropertyAssignment(node) ||
      ts.isShorthandPropertyAssignment(node) ||
      (ts.isMethodDeclaration(node) && ts.isObjectLiteralExpression(node.parent));
    if (named && (ts.isIdentifier(node.name) || ts.isStringLiteralLike(node.name))) {
      names.add(node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  for (const file of files) visit(file);
  return [...names];
}
