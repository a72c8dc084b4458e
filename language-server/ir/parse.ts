// Reads the text of `print.ts` back, so that analyses, the machine and the explorer are tested without a front end.
// Hand-written programs may leave out register types (`any`), spans and the function's trimmings.

import type { ProgramBuilder as Builder, FuncHead, FuncBuilder } from "./builder.js";
import { ProgramBuilder } from "./builder.js";
import type {
  BlockId,
  Callee,
  Edge,
  Entry,
  Exit,
  FuncId,
  FuncKind,
  GlobalId,
  Instr,
  Literal,
  Program,
  Reg,
  SelectCase,
  SpanId,
  WorkerFile,
} from "./ir.js";
import { Lexer } from "./lex.js";
import { parseType } from "./parse-type.js";
import { shapes, type FieldShape, type InstrOp } from "./shape.js";
import type { TypeId } from "./types.js";

/** Throws `IrSyntaxError` with the line when the text is not IR. */
export function parseProgram(text: string): Program {
  return new Parser(new Lexer(text)).program();
}

class Parser {
  readonly #lexer: Lexer;
  #builder: Builder = new ProgramBuilder("go");
  readonly #funcs = new Map<string, FuncId>();
  readonly #globals = new Map<string, GlobalId>();
  readonly #bodies: { readonly id: FuncId; readonly head: FuncHead }[] = [];
  /** Registers of the function being read, by the number in the text. */
  #regs = new Map<number, Reg>();

  constructor(lexer: Lexer) {
    this.#lexer = lexer;
  }

  program(): Program {
    const lexer: Lexer = this.#lexer;
    lexer.expect("program");
    const language = lexer.name();
    if (language !== "go" && language !== "ts") lexer.fail("expected go or ts");
    this.#builder = new ProgramBuilder(language);
    this.#declare();
    while (lexer.peek().kind !== "end") this.#item();
    return this.#builder.build();
  }

  /** Names of types, and functions with the trimmings of their heads, are known before bodies. */
  #declare(): void {
    const reader = this.#lexer.fork();
    while (reader.peek().kind !== "end") {
      const startsLine = reader.startsLine();
      if (startsLine && reader.take("type")) this.#builder.declareNamed(reader.name());
      if (!startsLine || !reader.take("func")) {
        reader.next();
        continue;
      }
      const head = scanHead(reader);
      const id = this.#builder.declareFunc(head);
      this.#funcs.set(head.name, id);
      this.#bodies.push({ id, head });
    }
  }

  #item(): void {
    const lexer = this.#lexer;
    if (lexer.take("type")) {
      const name = lexer.name();
      lexer.expect("=");
      this.#builder.defineNamed(name, this.#type());
    } else if (lexer.take("global")) {
      const name = lexer.name();
      const type = this.#type();
      this.#globals.set(name, this.#builder.global({ name, type, span: this.#span() }));
    } else if (lexer.take("func")) this.#parseFunc();
    else if (lexer.take("method")) {
      const type = this.#type();
      this.#builder.addMethod(type, lexer.name(), this.#funcId(lexer.name()));
    } else if (lexer.take("init")) this.#builder.addInit(this.#funcId(lexer.name()));
    else if (lexer.take("entry")) {
      const kind = lexer.name() as Entry["kind"];
      const func = this.#funcId(lexer.name());
      const assumption = lexer.take("assuming") ? { assumption: lexer.name() } : {};
      const rehearsed = lexer.take("rehearsed") ? ({ rehearsed: true } as const) : {};
      this.#builder.addEntry({ kind, func, ...assumption, ...rehearsed });
    } else if (lexer.take("workers")) {
      const web = lexer.name() === "web";
      const files: WorkerFile[] = [];
      while (lexer.take("worker")) files.push(this.#workerFile());
      this.#builder.setWorkers({ web, files });
    } else if (lexer.take("guard")) {
      const [owner, field, lock, said] = [lexer.name(), lexer.name(), lexer.name(), lexer.name()];
      this.#builder.addGuard({ owner, field, lock, said, span: this.#span() });
    } else if (lexer.take("requires")) {
      const [func, param, lock] = [lexer.name(), this.#prefixed("p"), lexer.name()];
      this.#builder.addRequirement({ func, param, lock, shared: lexer.take("shared") });
    } else
      lexer.fail("expected type, global, func, method, init, entry, workers, guard or requires");
  }

  #workerFile(): WorkerFile {
    const lexer = this.#lexer;
    const uri = lexer.name();
    const func = this.#funcId(lexer.name());
    const inits: FuncId[] = [];
    while (!lexer.startsLine() && lexer.peek().kind !== "end") {
      inits.push(this.#funcId(lexer.name()));
    }
    return { uri, func, inits };
  }

  #funcId(name: string): FuncId {
    return this.#funcs.get(name) ?? this.#lexer.fail(`no function ${name}`);
  }

  #type(): TypeId {
    return parseType(this.#lexer, this.#builder);
  }

  #parseFunc(): void {
    const lexer = this.#lexer;
    const id = this.#funcId(lexer.name());
    const declared = this.#bodies.find((it) => it.id === id);
    const func = this.#builder.body(id);
    this.#regs = new Map();
    lexer.expect("(");
    this.#typedRegs((type) => func.param(type));
    let span: SpanId = 0 as SpanId;
    let recover: number | undefined;
    const names: [number, string][] = [];
    while (!lexer.take("{")) {
      if (lexer.take("external")) {
        func.finishExternal();
        return;
      }
      if (lexer.take("captures")) {
        lexer.expect("(");
        this.#typedRegs((type) => func.capture(type));
      } else if (lexer.take("recover")) recover = this.#prefixed("b");
      else if (lexer.take("name")) names.push([this.#prefixed("r"), lexer.name()]);
      else if (lexer.take("parent"))
        this.#setHead(declared, { parent: this.#funcId(lexer.name()) });
      else if (lexer.take("library")) continue;
      else if (lexer.peek().text === "@") span = this.#span();
      else {
        lexer.name();
        lexer.next();
      }
    }
    this.#setHead(declared, { span });
    this.#blocks(func);
    if (recover !== undefined) func.recoverAt(recover as BlockId);
    for (const [reg, name] of names) func.nameReg(this.#existing(reg), name);
    func.finish();
  }

  #setHead(declared: { readonly head: FuncHead } | undefined, more: Partial<FuncHead>): void {
    if (declared !== undefined) Object.assign(declared.head, more);
  }

  #typedRegs(make: (type: TypeId) => Reg): void {
    while (!this.#lexer.take(")")) {
      const number = this.#prefixed("r");
      this.#regs.set(number, make(this.#optionalType()));
      this.#lexer.take(",");
    }
  }

  #optionalType(): TypeId {
    return this.#lexer.take(":") ? this.#type() : this.#builder.type({ kind: "any" });
  }

  /** `r12` or `b3`: the number after the letter. */
  #prefixed(letter: string): number {
    const name = this.#lexer.name();
    const number = Number(name.slice(1));
    if (!name.startsWith(letter) || Number.isNaN(number))
      this.#lexer.fail(`expected ${letter} and a number`);
    return number;
  }

  #existing(number: number): Reg {
    return this.#regs.get(number) ?? this.#lexer.fail(`r${number} is not defined above`);
  }

  /** Blocks may be named before they stand in the text, and registers of a loop before their definition. */
  #blocks(func: FuncBuilder): void {
    const lexer = this.#lexer;
    const blockCount = this.#countBlocks();
    for (let index = 0; index < blockCount; index += 1) func.block();
    this.#predefine(func);
    while (!lexer.take("}")) {
      const block = this.#prefixed("b") as BlockId;
      func.enter(block);
      if (lexer.take("(")) {
        while (!lexer.take(")")) {
          this.#prefixed("r");
          this.#optionalType();
          lexer.take(",");
        }
      }
      lexer.expect(":");
      while (func.reachable) this.#line(func);
    }
  }

  #countBlocks(): number {
    let count = 0;
    for (let ahead = 0; this.#lexer.peek(ahead).text !== "}" || this.#braces(ahead); ahead += 1) {
      if (this.#isBlockHead(ahead)) count += 1;
      if (this.#lexer.peek(ahead).kind === "end") this.#lexer.fail("function is not closed");
    }
    return count;
  }

  /** A `}` that closes a struct or interface type, not the function. */
  #braces(ahead: number): boolean {
    const before = this.#lexer.peek(Math.max(0, ahead - 1));
    return ahead > 0 && before.line === this.#lexer.peek(ahead).line;
  }

  #isBlockHead(ahead: number): boolean {
    const token = this.#lexer.peek(ahead);
    const startsLine = ahead === 0 || this.#lexer.peek(ahead - 1).line < token.line;
    return startsLine && token.kind === "word" && /^b\d+$/.test(token.text);
  }

  /** Defines every register of the body in the order of the text, so that uses may come first. */
  #predefine(func: FuncBuilder): void {
    const reader = this.#lexer.fork();
    const parser = new HeadReader(reader, this.#builder);
    let block: BlockId | undefined;
    while (reader.peek().text !== "}" || !reader.startsLine()) {
      if (reader.startsLine() && /^b\d+$/.test(reader.peek().text)) {
        block = Number(reader.name().slice(1)) as BlockId;
        if (reader.take("(")) {
          while (!reader.take(")")) {
            const [number, type] = parser.typedReg();
            this.#regs.set(number, func.blockParam(block, type));
            reader.take(",");
          }
        }
      } else if (reader.startsLine() && /^r\d+$/.test(reader.peek().text)) {
        const [number, type] = parser.typedReg();
        this.#regs.set(number, func.reg(type));
      } else reader.next();
    }
  }

  #line(func: FuncBuilder): void {
    const lexer = this.#lexer;
    let dst: Reg | null = null;
    if (/^r\d+$/.test(lexer.peek().text) && [":", "="].includes(lexer.peek(1).text)) {
      dst = this.#existing(this.#prefixed("r"));
      this.#optionalType();
      lexer.expect("=");
    }
    const op = lexer.name();
    const exit = this.#exit(op);
    if (exit !== null) {
      func.exit(exit);
      return;
    }
    if (!(op in shapes)) lexer.fail(`no instruction ${op}`);
    const fields: Record<string, unknown> = { op };
    for (const [name, shape] of shapes[op as InstrOp]) {
      fields[name] = shape === "def" || shape === "def?" ? dst : this.#field(shape);
    }
    fields["span"] = this.#span();
    func.emit(fields as unknown as Instr);
  }

  #exit(op: string): Exit | null {
    switch (op) {
      case "jump": {
        const to = this.#edge();
        return { op, to, span: this.#span() };
      }
      case "branch": {
        const cond = this.#reg();
        const then = this.#edge();
        const otherwise = this.#edge();
        return { op, cond, then, else: otherwise, span: this.#span() };
      }
      case "return": {
        const values = this.#lexer.peek().text === "[" ? this.#regList() : [];
        return { op, values, span: this.#span() };
      }
      case "panic": {
        const value = this.#reg();
        return { op, value, span: this.#span() };
      }
      default:
        return null;
    }
  }

  #edge(): Edge {
    const block = this.#prefixed("b") as BlockId;
    const args: Reg[] = [];
    if (this.#lexer.take("(")) while (!this.#lexer.take(")")) args.push(this.#reg());
    return { block, args };
  }

  #reg(): Reg {
    return this.#existing(this.#prefixed("r"));
  }

  #regOrNone(): Reg | null {
    return this.#lexer.take("_") ? null : this.#reg();
  }

  #regList(): Reg[] {
    const regs: Reg[] = [];
    this.#lexer.expect("[");
    while (!this.#lexer.take("]")) regs.push(this.#reg());
    return regs;
  }

  #field(shape: FieldShape): unknown {
    const lexer = this.#lexer;
    switch (shape) {
      case "reg":
        return this.#reg();
      case "reg?":
        return this.#regOrNone();
      case "regs":
        return this.#regList();
      case "type":
        return this.#type();
      case "func":
        return this.#funcId(lexer.name());
      case "global": {
        const name = lexer.name();
        return this.#globals.get(name) ?? lexer.fail(`no global ${name}`);
      }
      case "block":
        return this.#prefixed("b");
      case "text":
        return lexer.name();
      case "number":
        return lexer.number();
      case "flag":
        return this.#flag();
      case "literal":
        return this.#literal();
      case "callee":
        return this.#callee();
      case "cases":
        return this.#cases();
      case "def":
      case "def?":
        return null;
    }
  }

  #flag(): boolean {
    if (this.#lexer.take("yes")) return true;
    this.#lexer.expect("no");
    return false;
  }

  #literal(): Literal {
    const lexer = this.#lexer;
    const { kind, text } = lexer.next();
    if (kind === "string") return text;
    if (kind === "number") return Number(text);
    if (text === "true" || text === "false") return text === "true";
    if (text === "null") return null;
    if (text === "undefined") return { kind: "undefined" };
    if (text === "complex") return { kind: "complex", re: lexer.number(), im: lexer.number() };
    if (text === "int" || text === "float" || text === "bigint" || text === "regexp") {
      return { kind: text, text: lexer.name() };
    }
    return lexer.fail("expected a literal");
  }

  #callee(): Callee {
    const lexer = this.#lexer;
    if (lexer.take("external")) return { kind: "external", name: lexer.name() };
    if (lexer.peek().kind === "word" && /^r\d+$/.test(lexer.peek().text)) {
      const value = this.#reg();
      if (lexer.take("method")) return { kind: "method", receiver: value, id: lexer.name() };
      return { kind: "dynamic", value, self: lexer.take("self") ? this.#reg() : null };
    }
    return { kind: "static", func: this.#funcId(lexer.name()) };
  }

  #cases(): SelectCase[] {
    const cases: SelectCase[] = [];
    this.#lexer.expect("[");
    while (!this.#lexer.take("]")) {
      const dir = this.#lexer.name() as SelectCase["dir"];
      const chan = this.#reg();
      const value = this.#regOrNone();
      cases.push({ dir, chan, value, span: this.#span() });
      this.#lexer.expect(";");
    }
    return cases;
  }

  #span(): SpanId {
    const lexer = this.#lexer;
    if (!lexer.take("@")) return 0 as SpanId;
    const uri = lexer.name();
    const position = (): { line: number; character: number } => {
      const line = lexer.number() - 1;
      lexer.expect(":");
      return { line, character: lexer.number() - 1 };
    };
    const start = position();
    lexer.expect("~");
    return this.#builder.span({ uri, start, end: position() });
  }
}

/** The head of a function from its name to its `{`: what `FuncHead` holds, wherever it stands there. */
function scanHead(reader: Lexer): FuncHead {
  const name = reader.name();
  const head: { -readonly [K in keyof FuncHead]: FuncHead[K] } = { name, display: name, pkg: "" };
  for (;;) {
    const token = reader.peek();
    const opensBody = token.text === "{" && reader.peek(1).line > token.line;
    if (token.kind === "end" || opensBody || token.text === "external") return head;
    reader.next();
    const value = reader.peek().text;
    if (token.kind !== "word") continue;
    if (token.text === "display") head.display = value;
    if (token.text === "pkg") head.pkg = value;
    if (token.text === "kind") head.kind = value as FuncKind;
    if (token.text === "library") head.library = true;
    if (token.text === "results") head.results = Number(value);
  }
}

/** Reads `r3:*int`. */
class HeadReader {
  readonly #lexer: Lexer;
  readonly #builder: Builder;

  constructor(lexer: Lexer, builder: Builder) {
    this.#lexer = lexer;
    this.#builder = builder;
  }

  typedReg(): [number, TypeId] {
    const number = Number(this.#lexer.name().slice(1));
    const type = this.#lexer.take(":")
      ? parseType(this.#lexer, this.#builder)
      : this.#builder.type({ kind: "any" });
    return [number, type];
  }
}
