// What lowering one function needs: its builder, where its variables live, and what a jump must undo on its way out.

import type { ts } from "ts-morph";
import type { Gap } from "../../../protocol/finding.js";
import type { Span } from "../../../protocol/span.js";
import type { CancelToken } from "../../base/cancel.js";
import type { FuncBuilder, ProgramBuilder } from "../../ir/builder.js";
import type { BlockId, FuncId, FuncKind, GlobalId, Literal, Reg, SpanId } from "../../ir/ir.js";
import type { TypeId } from "../../ir/types.js";
import { type Compiler, uriOf } from "./program.js";
import type { ModuleNames } from "./required.js";
import type { Scopes } from "./scope.js";

/** A variable, "this", or a class itself as its methods see it. */
export type Key = ts.Symbol | ts.ClassLikeDeclaration | ts.ComputedPropertyName | "this";

export type Storage =
  | { readonly kind: "value"; readonly reg: Reg }
  | { readonly kind: "cell"; readonly reg: Reg };

/** The parts of lowering, which call each other through this table. */
export interface Lowering {
  expression(fn: Fn, node: ts.Expression): Reg;
  statements(fn: Fn, nodes: readonly ts.Statement[]): void;
  statement(fn: Fn, node: ts.Statement): void;
  declarations(fn: Fn, list: ts.VariableDeclarationList): void;
  /** A function, arrow, method or accessor; its closure. */
  func(fn: Fn, node: ts.SignatureDeclaration, name: string): Reg;
  class(fn: Fn, node: ts.ClassLikeDeclaration, name: string): Reg;
  forOf(fn: Fn, node: ts.ForOfStatement, labels: readonly string[]): void;
  /** Gives the value to the variables of a declaration's name or pattern. */
  bind(fn: Fn, name: ts.BindingName, value: Reg): void;
  /** Assigns to what stands on the left of `=`. */
  assign(fn: Fn, target: ts.Expression, value: Reg): void;
  /** A value of the type, for what comes from outside the program. */
  outside(fn: Fn, type: ts.Type, what: string, node: ts.Node): Reg;
}

/** What all functions of a program share while they are lowered. */
export interface Shared {
  readonly ts: Compiler;
  readonly checker: ts.TypeChecker;
  readonly scopes: Scopes;
  readonly program: ProgramBuilder;
  /** The module that is run; the others are what it imports. */
  readonly main: ts.SourceFile | undefined;
  readonly any: TypeId;
  /** Of the address of a variable. */
  readonly cell: TypeId;
  readonly cancel: CancelToken;
  readonly lowering: Lowering;
  readonly gaps: Gap[];
  readonly globals: Map<ts.Symbol, GlobalId>;
  /** What is lowered. */
  readonly files: ReadonlySet<ts.SourceFile>;
  /** Scripts that are modules of CommonJS. */
  readonly commonJs: ReadonlyMap<ts.SourceFile, ModuleNames>;
  /** Functions at the top of modules, which need no closure to be called. */
  readonly statics: Map<ts.Symbol, FuncId>;
  /** Whether what a file does is told where it is called. */
  readonly isLibrary: (file: ts.SourceFile) => boolean;
  readonly names: Map<string, number>;
  readonly spans: Map<ts.Node, SpanId>;
  /** What the program knows as a global of the platform, where it is modelled. */
  readonly modelled: (name: string) => ts.Symbol | undefined;
  /** Values made up for what comes from outside the program. */
  readonly outside: { count: number };
}

/** What encloses a statement and matters to a jump out of it. */
export interface Enclosing {
  readonly labels: readonly string[];
  /** Whether a `break` without a label may mean it. */
  readonly plain: boolean;
  readonly breakTo: BlockId | null;
  readonly continueTo: BlockId | null;
  /** Emitted when control jumps out: the end of a `try`, a copy of `finally`, the close of an iterator. */
  readonly leave: (() => void) | null;
}

export class Fn {
  readonly shared: Shared;
  readonly b: FuncBuilder;
  readonly parent: Fn | null;
  readonly kind: FuncKind;
  readonly isArrow: boolean;
  /** Whose prototype `super` looks in: the class kept under this key. */
  home: { readonly key: Key; readonly isStatic: boolean } | null = null;
  /** In the constructor of a derived class: initialises the fields once `this` exists. */
  afterSuper: ((self: Reg) => void) | null = null;
  derivedConstructor = false;
  readonly enclosing: Enclosing[] = [];
  readonly captured: { readonly key: Key; readonly storage: Storage }[] = [];
  readonly #env = new Map<Key, Storage>();

  constructor(
    shared: Shared,
    parent: Fn | null,
    b: FuncBuilder,
    how: { readonly kind: FuncKind; readonly isArrow: boolean },
  ) {
    this.shared = shared;
    this.parent = parent;
    this.b = b;
    this.kind = how.kind;
    this.isArrow = how.isArrow;
  }

  get ts(): Compiler {
    return this.shared.ts;
  }

  /** For a function that is written in this one. */
  child(b: FuncBuilder, how: { readonly kind: FuncKind; readonly isArrow: boolean }): Fn {
    return new Fn(this.shared, this, b, how);
  }

  expr(node: ts.Expression): Reg {
    return this.shared.lowering.expression(this, node);
  }

  // Places in the source

  span(node: ts.Node): SpanId {
    const { spans, program } = this.shared;
    const known = spans.get(node);
    if (known !== undefined) return known;
    const span = program.span(spanOfNode(node));
    spans.set(node, span);
    return span;
  }

  /** From the end of one node to the end of another: the brackets of `a[i]`. */
  spanAfter(before: ts.Node, whole: ts.Node): SpanId {
    const file = whole.getSourceFile();
    return this.shared.program.span(spanOf(file, before.end, whole.end));
  }

  /** Says what is not modelled; the execution that gets there stops with the same words. */
  gap(node: ts.Node, reason: string): Reg {
    this.shared.gaps.push({ span: spanOfNode(node), reason });
    const what = this.literal(reason, node);
    return this.prim("js.gap", [what], node);
  }

  // Instructions

  reg(name = ""): Reg {
    return this.b.reg(this.shared.any, name);
  }

  literal(value: Literal, node: ts.Node): Reg {
    const dst = this.reg();
    this.b.emit({ op: "const", dst, value, span: this.span(node) });
    return dst;
  }

  undefined(node: ts.Node): Reg {
    return this.literal({ kind: "undefined" }, node);
  }

  prim(fn: string, args: readonly Reg[], node: ts.Node, span = this.span(node)): Reg {
    const dst = this.reg();
    this.b.emit({ op: "prim", dst, fn, args, type: this.shared.any, span });
    return dst;
  }

  getProp(base: Reg, key: Reg, span: SpanId): Reg {
    const dst = this.reg();
    this.b.emit({ op: "get-prop", dst, base, key, span });
    return dst;
  }

  /** A property whose name is known, for what the language itself reads. */
  getNamed(base: Reg, name: string, node: ts.Node): Reg {
    return this.getProp(base, this.literal(name, node), this.span(node));
  }

  setProp(base: Reg, key: Reg, value: Reg, span: SpanId): void {
    this.b.emit({ op: "set-prop", base, key, value, span });
  }

  call(value: Reg, self: Reg | null, args: readonly Reg[], span: SpanId): Reg {
    const dst = this.reg();
    this.b.emit({ op: "call", dst, callee: { kind: "dynamic", value, self }, args, span });
    return dst;
  }

  await(value: Reg, span: SpanId): Reg {
    const dst = this.reg();
    this.b.emit({ op: "await", dst, value, span });
    return dst;
  }

  alloc(name: string, node: ts.Node): Reg {
    const dst = this.b.reg(this.shared.cell);
    this.b.emit({ op: "alloc", dst, type: this.shared.any, name, span: this.span(node) });
    return dst;
  }

  load(addr: Reg, span: SpanId): Reg {
    const dst = this.reg();
    this.b.emit({ op: "load", dst, addr, type: this.shared.any, span });
    return dst;
  }

  store(addr: Reg, value: Reg, span: SpanId): void {
    this.b.emit({ op: "store", addr, value, type: this.shared.any, span });
  }

  // Control flow

  jump(block: BlockId, args: readonly Reg[], node: ts.Node): void {
    if (!this.b.reachable) return;
    this.b.exit({ op: "jump", to: { block, args }, span: this.span(node) });
  }

  branch(cond: Reg, yes: BlockId, no: BlockId, node: ts.Node): void {
    const edge = (block: BlockId): { block: BlockId; args: Reg[] } => ({ block, args: [] });
    this.b.exit({ op: "branch", cond, then: edge(yes), else: edge(no), span: this.span(node) });
  }

  /** After a jump, `return` or `throw`: what follows is dead but still needs a block. */
  enterDead(): void {
    this.b.enter(this.b.block());
  }

  /** The value of whichever of two ways was taken. */
  choose(cond: Reg, yes: () => Reg, no: () => Reg, node: ts.Node): Reg {
    const [then, otherwise, join] = [this.b.block(), this.b.block(), this.b.block()];
    const result = this.b.blockParam(join, this.shared.any);
    this.branch(cond, then, otherwise, node);
    this.b.enter(then);
    this.jump(join, [yes()], node);
    this.b.enter(otherwise);
    this.jump(join, [no()], node);
    this.b.enter(join);
    return result;
  }

  /** Emits what must be undone between here and the enclosing statement at `depth`. */
  leaveTo(depth: number): void {
    const all = [...this.enclosing];
    for (let index = all.length - 1; index >= depth; index--) {
      // While a `finally` is copied, jumps in it see only what encloses it.
      this.enclosing.length = index;
      all[index]?.leave?.();
      if (!this.b.reachable) this.enterDead();
    }
    this.enclosing.length = 0;
    this.enclosing.push(...all);
  }

  // Variables

  declare(key: Key, storage: Storage): void {
    this.#env.set(key, storage);
  }

  /** Where a variable lives, seen from this function; undefined when no function around declares it. */
  lookup(key: Key): Storage | undefined {
    const own = this.#env.get(key);
    if (own !== undefined) return own;
    if (this.parent === null || (key === "this" && !this.isArrow)) return undefined;
    const outer = this.parent.lookup(key);
    if (outer === undefined) return undefined;
    const name = nameOfKey(key);
    const { any, cell } = this.shared;
    const isCell = outer.kind === "cell";
    const reg = this.b.capture(isCell ? cell : any, isCell ? `&${name}` : name);
    const storage: Storage = { kind: outer.kind, reg };
    this.#env.set(key, storage);
    this.captured.push({ key, storage });
    return storage;
  }

  /** The registers of this function that a closure of `inner` captures. */
  capturesOf(inner: Fn): readonly Reg[] {
    return inner.captured.map(({ key }) => {
      const storage = this.lookup(key);
      if (storage === undefined) throw new Error("captured variable without storage");
      return storage.reg;
    });
  }

  /** Lowers something that has another `this` than the function around it: static fields of a class. */
  withThis(self: Reg, run: () => void): void {
    const outer = this.#env.get("this");
    this.#env.set("this", { kind: "value", reg: self });
    run();
    if (outer === undefined) this.#env.delete("this");
    else this.#env.set("this", outer);
  }

  globalAddress(id: GlobalId, span: SpanId): Reg {
    const dst = this.reg();
    this.b.emit({ op: "global", dst, global: id, span });
    return dst;
  }
}

/** A name that no other function has. */
export function uniqueName(shared: Shared, name: string): string {
  const count = (shared.names.get(name) ?? 0) + 1;
  shared.names.set(name, count);
  return count === 1 ? name : `${name}#${count}`;
}

function nameOfKey(key: Key): string {
  if (key === "this") return "this";
  if (!("kind" in key)) return key.name;
  return "members" in key ? (key.name?.text ?? "class") : "key";
}

export function spanOfNode(node: ts.Node): Span {
  const file = node.getSourceFile();
  return spanOf(file, node.getStart(file), node.end);
}

function spanOf(file: ts.SourceFile, from: number, to: number): Span {
  const at = (offset: number): Span["start"] => file.getLineAndCharacterOfPosition(offset);
  return { uri: uriOf(file.fileName), start: { ...at(from) }, end: { ...at(to) } };
}
