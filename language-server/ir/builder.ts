// The only door through which IR is made. Interns types and spans, hands out ids, and refuses a function that is left open.

import { assert, present } from "../base/assert.js";
import type { Span } from "../../protocol/span.js";
import type {
  Block,
  BlockId,
  Entry,
  Exit,
  Func,
  FuncId,
  FuncKind,
  Global,
  GlobalId,
  Guard,
  Instr,
  Program,
  Reg,
  Requirement,
  SpanId,
  TimerRules,
  Workers,
} from "./ir.js";
import type { Type, TypeId } from "./types.js";

const nowhere: Span = {
  uri: "",
  start: { line: 0, character: 0 },
  end: { line: 0, character: 0 },
};

/** Columns of a line, for a number that stands for a position. */
const longestLine = 1 << 20;

/** What is known of a function before its body. */
export interface FuncHead {
  readonly name: string;
  readonly display: string;
  readonly pkg: string;
  readonly kind?: FuncKind;
  readonly library?: boolean;
  readonly results?: number;
  readonly parent?: FuncId | null;
  readonly span?: SpanId;
}

export class ProgramBuilder {
  readonly #language: Program["language"];
  readonly #switches: Program["switches"];
  /** How the channels of timers behave. */
  timers: TimerRules = "unbuffered";
  readonly #types: Type[] = [];
  readonly #typeIds = new Map<string, TypeId>();
  readonly #named = new Map<string, TypeId>();
  readonly #spans: Span[] = [nowhere];
  /** By file, then by the line and column that a span begins at. */
  readonly #spanIds = new Map<string, Map<number, SpanId[]>>();
  readonly #funcs: (Func | undefined)[] = [];
  readonly #heads: FuncHead[] = [];
  readonly #globals: Global[] = [];
  readonly #inits: FuncId[] = [];
  readonly #entries: Entry[] = [];
  readonly #methods: Program["methods"][number][] = [];
  readonly #guards: Guard[] = [];
  readonly #requires: Requirement[] = [];
  #workers: Workers | null = null;

  constructor(language: Program["language"], switches?: Program["switches"]) {
    this.#language = language;
    this.#switches = switches;
  }

  /** The id of a structural type; equal types get equal ids. Named types: `declareNamed`. */
  type(type: Exclude<Type, { kind: "named" }>): TypeId {
    const key = JSON.stringify(type);
    const known = this.#typeIds.get(key);
    if (known !== undefined) return known;
    const id = this.#types.length as TypeId;
    this.#types.push(type);
    this.#typeIds.set(key, id);
    return id;
  }

  /** The id of the named type, whose underlying type may be told later by `defineNamed` (types are recursive). */
  declareNamed(name: string): TypeId {
    const known = this.#named.get(name);
    if (known !== undefined) return known;
    const id = this.#types.length as TypeId;
    this.#types.push({ kind: "named", name, underlying: id });
    this.#named.set(name, id);
    return id;
  }

  /** First definition wins; says whether this one was it. */
  defineNamed(name: string, underlying: TypeId): boolean {
    const id = this.declareNamed(name);
    if (this.#isDefined(id)) return false;
    this.#types[id] = { kind: "named", name, underlying };
    return true;
  }

  #isDefined(id: TypeId): boolean {
    const type = this.typeOf(id);
    return type.kind !== "named" || type.underlying !== id;
  }

  typeOf(id: TypeId): Type {
    return present(this.#types[id], `type ${id}`);
  }

  span(span: Span): SpanId {
    const { uri, start, end } = span;
    let inFile = this.#spanIds.get(uri);
    if (inFile === undefined) this.#spanIds.set(uri, (inFile = new Map<number, SpanId[]>()));
    const begin = start.line * longestLine + start.character;
    let alike = inFile.get(begin);
    if (alike === undefined) inFile.set(begin, (alike = []));
    const known = alike.find((it) => {
      const other = this.#spans[it];
      // Of a line longer than that, positions may look alike.
      return (
        other?.start.line === start.line &&
        other.start.character === start.character &&
        other.end.line === end.line &&
        other.end.character === end.character
      );
    });
    if (known !== undefined) return known;
    const id = this.#spans.length as SpanId;
    this.#spans.push(span);
    alike.push(id);
    return id;
  }

  global(global: Global): GlobalId {
    this.#globals.push(global);
    return (this.#globals.length - 1) as GlobalId;
  }

  /** Reserves an id, so that calls can name the function before its body exists. */
  declareFunc(head: FuncHead): FuncId {
    this.#heads.push(head);
    this.#funcs.push(undefined);
    return (this.#funcs.length - 1) as FuncId;
  }

  /** The body of a declared function; `finish` it. */
  body(id: FuncId): FuncBuilder {
    const head = present(this.#heads[id], `function ${id}`);
    return new FuncBuilder(id, head, (func) => {
      assert(this.#funcs[id] === undefined, `${head.name} has two bodies`);
      this.#funcs[id] = func;
    });
  }

  addInit(func: FuncId): void {
    this.#inits.push(func);
  }

  addEntry(entry: Entry): void {
    this.#entries.push(entry);
  }

  addMethod(type: TypeId, id: string, func: FuncId): void {
    this.#methods.push({ type, id, func });
  }

  addGuard(guard: Guard): void {
    this.#guards.push(guard);
  }

  addRequirement(requirement: Requirement): void {
    this.#requires.push(requirement);
  }

  setWorkers(workers: Workers): void {
    this.#workers = workers;
  }

  /** Functions that were declared and never got a body become external ones. */
  build(): Program {
    const funcs = this.#funcs.map((it, index) => it ?? this.#external(index as FuncId));
    const any = this.type({ kind: "any" });
    this.#types.forEach((it, index) => {
      if (it.kind === "named" && it.underlying === index)
        this.#types[index] = { ...it, underlying: any };
    });
    return {
      language: this.#language,
      ...(this.#switches === undefined ? {} : { switches: this.#switches }),
      ...(this.timers === "unbuffered" ? {} : { timers: this.timers }),
      types: this.#types,
      funcs,
      globals: this.#globals,
      inits: this.#inits,
      entries: this.#entries,
      ...(this.#workers === null ? {} : { workers: this.#workers }),
      methods: this.#methods,
      guards: this.#guards,
      requires: this.#requires,
      spans: this.#spans,
    };
  }

  #external(id: FuncId): Func {
    const builder = new FuncBuilder(
      id,
      present(this.#heads[id], `function ${id}`),
      () => undefined,
    );
    return builder.finishExternal();
  }
}

interface OpenBlock {
  readonly id: BlockId;
  readonly params: Reg[];
  readonly instrs: Instr[];
  exit: Exit | undefined;
}

export class FuncBuilder {
  readonly id: FuncId;
  readonly #head: FuncHead;
  readonly #done: (func: Func) => void;
  readonly #params: Reg[] = [];
  readonly #captures: Reg[] = [];
  readonly #regTypes: TypeId[] = [];
  readonly #regNames: { reg: Reg; name: string }[] = [];
  readonly #blocks: OpenBlock[] = [];
  #current: OpenBlock | undefined;
  #recover: BlockId | null = null;

  constructor(id: FuncId, head: FuncHead, done: (func: Func) => void) {
    this.id = id;
    this.#head = head;
    this.#done = done;
  }

  reg(type: TypeId, name = ""): Reg {
    const reg = this.#regTypes.length as Reg;
    this.#regTypes.push(type);
    if (name !== "") this.#regNames.push({ reg, name });
    return reg;
  }

  nameReg(reg: Reg, name: string): void {
    this.#regNames.push({ reg, name });
  }

  typeOfReg(reg: Reg): TypeId {
    return present(this.#regTypes[reg], `register ${reg}`);
  }

  param(type: TypeId, name = ""): Reg {
    const reg = this.reg(type, name);
    this.#params.push(reg);
    return reg;
  }

  capture(type: TypeId, name = ""): Reg {
    const reg = this.reg(type, name);
    this.#captures.push(reg);
    return reg;
  }

  /** A new block; the first is the entry. Does not move there. */
  block(): BlockId {
    const id = this.#blocks.length as BlockId;
    this.#blocks.push({ id, params: [], instrs: [], exit: undefined });
    return id;
  }

  blockParam(block: BlockId, type: TypeId, name = ""): Reg {
    const reg = this.reg(type, name);
    this.#open(block).params.push(reg);
    return reg;
  }

  /** What is emitted from here on goes to the end of `block`. */
  enter(block: BlockId): void {
    this.#current = this.#open(block);
  }

  /** Whether the current block still wants an exit. */
  get reachable(): boolean {
    return this.#current !== undefined && this.#current.exit === undefined;
  }

  get currentBlock(): BlockId {
    return present(this.#current, "current block").id;
  }

  emit(instr: Instr): void {
    const block = present(this.#current, "current block");
    assert(block.exit === undefined, `${this.#head.name} b${block.id}: instruction after exit`);
    block.instrs.push(instr);
  }

  exit(exit: Exit): void {
    const block = present(this.#current, "current block");
    assert(block.exit === undefined, `${this.#head.name} b${block.id}: two exits`);
    block.exit = exit;
  }

  recoverAt(block: BlockId): void {
    this.#recover = block;
  }

  #open(id: BlockId): OpenBlock {
    return present(this.#blocks[id], `block ${id}`);
  }

  finish(): Func {
    assert(this.#blocks.length > 0, `${this.#head.name} has no block`);
    const blocks = this.#blocks.map((it): Block => {
      const exit = present(it.exit, `exit of ${this.#head.name} b${it.id}`);
      return { id: it.id, params: it.params, instrs: it.instrs, exit };
    });
    const func = this.#make(blocks);
    this.#done(func);
    return func;
  }

  /** A function without a body: the VM knows it by name, or stops there. */
  finishExternal(): Func {
    const func = this.#make([]);
    this.#done(func);
    return func;
  }

  #make(blocks: readonly Block[]): Func {
    const head = this.#head;
    return {
      id: this.id,
      name: head.name,
      display: head.display,
      kind: head.kind ?? "plain",
      pkg: head.pkg,
      library: head.library ?? false,
      params: this.#params,
      captures: this.#captures,
      regTypes: this.#regTypes,
      regNames: this.#regNames,
      results: head.results ?? 0,
      blocks,
      recover: this.#recover,
      parent: head.parent ?? null,
      span: head.span ?? (0 as SpanId),
    };
  }
}
