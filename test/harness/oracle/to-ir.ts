// A program as the product's IR: the same objects as globals, the same operations as one visible instruction each, with a
// line of their own, and the same branches. Registers are cells that no other thread knows.

import { present, unreachable } from "../../../language-server/base/assert.js";
import { ProgramBuilder, type FuncBuilder } from "../../../language-server/ir/builder.js";
import type {
  AtomicFn,
  BlockId,
  FuncId,
  GlobalId,
  Instr,
  Program,
  Reg,
  SpanId,
  SyncFn,
} from "../../../language-server/ir/ir.js";
import type { BasicName, TypeId } from "../../../language-server/ir/types.js";
import { registersOf, type Operand, type Operation, type OracleProgram } from "./program.js";

export function toIr(program: OracleProgram): Program {
  const builder = new ProgramBuilder("go");
  const types = new Types(builder);
  const globals = declareGlobals(builder, types, program);
  const funcs = program.threads.map((_, thread) => {
    const name = thread === 0 ? "main" : `thread${thread}`;
    const span = lineOf(builder, thread, 0);
    return builder.declareFunc({ name: `main.${name}`, display: name, pkg: "main", span });
  });
  program.threads.forEach((operations, thread) => {
    const body = builder.body(present(funcs[thread], `function of thread ${thread}`));
    const spans = [0, ...operations.map((_, index) => index + 1)].map((line) =>
      lineOf(builder, thread, line),
    );
    new Writer(body, { program, types, globals, funcs, spans }).write(operations, thread === 0);
  });
  builder.addEntry({ kind: "main", func: present(funcs[0], "main") });
  return builder.build();
}

/** Every operation has a line, those of a thread a hundred. */
function lineOf(builder: ProgramBuilder, thread: number, line: number): SpanId {
  const at = thread * 100 + line;
  return builder.span({
    uri: "file:///oracle.go",
    start: { line: at, character: 0 },
    end: { line: at, character: 8 },
  });
}

class Types {
  readonly int: TypeId;
  readonly bool: TypeId;
  readonly channel: TypeId;
  readonly any: TypeId;
  readonly #builder: ProgramBuilder;

  constructor(builder: ProgramBuilder) {
    const basic = (name: BasicName): TypeId => builder.type({ kind: "basic", name });
    this.#builder = builder;
    this.int = basic("int");
    this.bool = basic("bool");
    this.channel = builder.type({ kind: "chan", dir: "both", elem: this.int });
    this.any = builder.type({ kind: "interface", methods: [] });
  }

  pointer(elem: TypeId): TypeId {
    return this.#builder.type({ kind: "pointer", elem });
  }

  tuple(...elems: readonly TypeId[]): TypeId {
    return this.#builder.type({ kind: "tuple", elems });
  }

  /** `sync.Mutex` and the like, whose one field is the machine's. */
  object(name: string): TypeId {
    const named = this.#builder.declareNamed(name);
    const [pkg = ""] = name.split(".");
    const field = { name: "state", type: this.int, embedded: false, tag: "", pkg };
    this.#builder.defineNamed(name, this.#builder.type({ kind: "struct", fields: [field] }));
    return named;
  }
}

type Kind =
  | "cell"
  | "mutex"
  | "rwmutex"
  | "channel"
  | "group"
  | "once"
  | "cond"
  | "timer"
  | "never";

interface GlobalObject {
  readonly id: GlobalId;
  readonly type: TypeId;
}

type Globals = ReadonlyMap<Kind, readonly GlobalObject[]>;

function declareGlobals(builder: ProgramBuilder, types: Types, program: OracleProgram): Globals {
  const declare = (kind: Kind, count: number, type: TypeId): [Kind, readonly GlobalObject[]] => {
    const objects = Array.from({ length: count }, (_, index): GlobalObject => {
      const span = lineOf(builder, program.threads.length, 0);
      return { id: builder.global({ name: `main.${kind}${index}`, type, span }), type };
    });
    return [kind, objects];
  };
  return new Map([
    declare("cell", program.cells, types.int),
    declare("mutex", program.mutexes, types.object("sync.Mutex")),
    declare("rwmutex", program.rwmutexes, types.object("sync.RWMutex")),
    declare("channel", program.channels.length, types.channel),
    declare("group", program.groups, types.object("sync.WaitGroup")),
    declare("once", program.onces, types.object("sync.Once")),
    declare("cond", program.conds, types.object("sync.Cond")),
    declare("never", 1, types.object("sync.Cond")),
    declare("timer", program.timers.length, types.object("time.timer")),
  ]);
}

interface Context {
  readonly program: OracleProgram;
  readonly types: Types;
  readonly globals: Globals;
  readonly funcs: readonly FuncId[];
  /** Of the function and then of each operation. */
  readonly spans: readonly SpanId[];
}

/** Writes the body of one thread. */
class Writer {
  readonly #func: FuncBuilder;
  readonly #context: Context;
  readonly #types: Types;
  /** Addresses of the registers. */
  readonly #cells: Reg[] = [];
  readonly #blocks = new Map<number, BlockId>();
  #span: SpanId;

  constructor(func: FuncBuilder, context: Context) {
    this.#func = func;
    this.#context = context;
    this.#types = context.types;
    this.#span = present(context.spans[0], "span of the function");
  }

  write(operations: readonly Operation[], isMain: boolean): void {
    this.#func.enter(this.#func.block());
    for (let register = 0; register < registersOf(operations); register++) {
      const at = this.#func.reg(this.#types.pointer(this.#types.int));
      this.#emit({ op: "alloc", dst: at, type: this.#types.int, name: `r${register}` });
      this.#cells.push(at);
    }
    if (isMain) this.#makeChannels();
    for (const it of operations) {
      if (it.kind === "unless") this.#blockAt(it.to);
    }
    operations.forEach((it, index) => {
      this.#enter(index);
      this.#span = present(this.#context.spans[index + 1], `span of operation ${index}`);
      this.#operation(it, index);
    });
    this.#enter(operations.length);
    // After main's end the clock would stand still.
    if (isMain) this.#sync("cond-park", this.#address("never", 0));
    this.#func.exit({ op: "return", values: [], span: this.#span });
    this.#func.finish();
  }

  #blockAt(index: number): BlockId {
    const known = this.#blocks.get(index);
    if (known !== undefined) return known;
    const block = this.#func.block();
    this.#blocks.set(index, block);
    return block;
  }

  /** What follows belongs to the operation of the given index, to which somebody may jump. */
  #enter(index: number): void {
    const block = this.#blocks.get(index);
    if (block === undefined) return;
    if (this.#func.reachable) this.#jump(block);
    this.#func.enter(block);
  }

  #jump(block: BlockId): void {
    this.#func.exit({ op: "jump", to: { block, args: [] }, span: this.#span });
  }

  #makeChannels(): void {
    const { program, types } = this.#context;
    program.channels.forEach((capacity, index) => {
      const cap = this.#constant(capacity);
      const dst = this.#func.reg(types.channel);
      this.#emit({ op: "make", dst, type: types.channel, args: [cap], name: `c${index}` });
      const addr = this.#address("channel", index);
      this.#emit({ op: "store", addr, value: dst, type: types.channel });
    });
  }

  #emit(instr: Omitted<Instr>): void {
    this.#func.emit({ ...instr, span: this.#span });
  }

  #constant(value: number): Reg {
    const dst = this.#func.reg(this.#types.int);
    this.#emit({ op: "const", dst, value });
    return dst;
  }

  #operand(operand: Operand): Reg {
    if (typeof operand === "number") return this.#constant(operand);
    return this.#read(operand.register);
  }

  #cell(register: number): Reg {
    return present(this.#cells[register], `register ${register}`);
  }

  #read(register: number): Reg {
    const dst = this.#func.reg(this.#types.int);
    this.#emit({ op: "load", dst, addr: this.#cell(register), type: this.#types.int });
    return dst;
  }

  #assign(register: number, value: Reg): void {
    this.#emit({ op: "store", addr: this.#cell(register), value, type: this.#types.int });
  }

  /** Yes and no as 1 and 0. */
  #assignFlag(register: number, flag: Reg): void {
    const one = this.#constant(1);
    const zero = this.#constant(0);
    const block = this.#func.block();
    const value = this.#func.blockParam(block, this.#types.int);
    this.#func.exit({
      op: "branch",
      cond: flag,
      then: { block, args: [one] },
      else: { block, args: [zero] },
      span: this.#span,
    });
    this.#func.enter(block);
    this.#assign(register, value);
  }

  #address(kind: Kind, index: number): Reg {
    const object = present(this.#context.globals.get(kind)?.[index], `${kind} ${index}`);
    const dst = this.#func.reg(this.#types.pointer(object.type));
    this.#emit({ op: "global", dst, global: object.id });
    return dst;
  }

  #channel(index: number): Reg {
    const addr = this.#address("channel", index);
    const dst = this.#func.reg(this.#types.channel);
    this.#emit({ op: "load", dst, addr, type: this.#types.channel });
    return dst;
  }

  #operation(it: Operation, index: number): void {
    switch (it.kind) {
      case "load":
      case "store":
      case "add":
      case "cas":
        this.#memory(it);
        return;
      case "lock":
      case "unlock":
      case "trylock":
      case "rlock":
      case "runlock":
      case "wlock":
      case "wunlock":
      case "tryrlock":
      case "trywlock":
        this.#lock(it);
        return;
      case "send":
      case "recv":
      case "close":
      case "select":
        this.#communicate(it);
        return;
      case "sum":
        this.#sum(it);
        return;
      case "unless":
        this.#unless(it, index);
        return;
      case "spawn": {
        const func = present(this.#context.funcs[it.thread], `thread ${it.thread}`);
        this.#emit({ op: "spawn", callee: { kind: "static", func }, args: [] });
        return;
      }
      case "choose":
        throw new Error("the IR has no data choice");
      default:
        this.#synchronise(it);
    }
  }

  #sum(it: Extract<Operation, { kind: "sum" }>): void {
    const args = [this.#operand(it.left), this.#operand(it.right)];
    const dst = this.#func.reg(this.#types.int);
    this.#emit({ op: "prim", dst, fn: "add", args, type: this.#types.int });
    this.#assign(it.dst, dst);
  }

  #unless(it: Extract<Operation, { kind: "unless" }>, index: number): void {
    const args = [this.#read(it.register), this.#constant(it.is)];
    const cond = this.#func.reg(this.#types.bool);
    this.#emit({ op: "prim", dst: cond, fn: "eq", args, type: this.#types.int });
    this.#func.exit({
      op: "branch",
      cond,
      then: { block: this.#blockAt(index + 1), args: [] },
      else: { block: this.#blockAt(it.to), args: [] },
      span: this.#span,
    });
  }

  #memory(it: Extract<Operation, { kind: "load" | "store" | "add" | "cas" }>): void {
    switch (it.kind) {
      case "load":
        this.#assign(it.dst, this.#atomic("load", it.cell, [], this.#types.int));
        return;
      case "store":
        this.#atomic("store", it.cell, [this.#operand(it.value)], null);
        return;
      case "add":
        this.#assign(
          it.dst,
          this.#atomic("add", it.cell, [this.#operand(it.delta)], this.#types.int),
        );
        return;
      case "cas": {
        const args = [this.#operand(it.old), this.#operand(it.put)];
        this.#assignFlag(it.dst, this.#atomic("cas", it.cell, args, this.#types.bool));
        return;
      }
      default:
        unreachable(it);
    }
  }

  #atomic(fn: AtomicFn, cell: number, args: readonly Reg[], result: TypeId | null): Reg {
    const addr = this.#address("cell", cell);
    const dst = this.#func.reg(result ?? this.#types.int);
    const given = result === null ? null : dst;
    this.#emit({ op: "atomic", dst: given, addr, fn, args, type: this.#types.int });
    return dst;
  }

  #lock(it: Extract<Operation, { mutex: number } | { rwmutex: number }>): void {
    const lock =
      "mutex" in it ? this.#address("mutex", it.mutex) : this.#address("rwmutex", it.rwmutex);
    const shared = it.kind === "rlock" || it.kind === "runlock" || it.kind === "tryrlock";
    if ("dst" in it) {
      const dst = this.#func.reg(this.#types.bool);
      this.#emit({ op: "try-acquire", dst, lock, shared });
      this.#assignFlag(it.dst, dst);
      return;
    }
    const releases = it.kind === "unlock" || it.kind === "runlock" || it.kind === "wunlock";
    this.#emit({ op: releases ? "release" : "acquire", lock, shared });
  }

  #communicate(it: Extract<Operation, { kind: "send" | "recv" | "close" | "select" }>): void {
    if (it.kind === "select") {
      this.#select(it);
      return;
    }
    const chan = this.#channel(it.channel);
    if (it.kind === "close") this.#emit({ op: "close", chan });
    else if (it.kind === "send") this.#emit({ op: "send", chan, value: this.#operand(it.value) });
    else {
      const dst = this.#func.reg(this.#types.tuple(this.#types.int, this.#types.bool));
      this.#emit({ op: "recv", dst, chan, commaOk: true });
      this.#assign(it.dst, this.#extract(dst, 0, this.#types.int));
      this.#assignFlag(it.ok, this.#extract(dst, 1, this.#types.bool));
    }
  }

  #extract(tuple: Reg, index: number, type: TypeId): Reg {
    const dst = this.#func.reg(type);
    this.#emit({ op: "extract", dst, tuple, index });
    return dst;
  }

  #select(it: Extract<Operation, { kind: "select" }>): void {
    const { int, bool } = this.#types;
    const cases = it.cases.map(({ dir, channel, value }) => {
      const chan = this.#channel(channel);
      return { dir, chan, value: dir === "send" ? this.#operand(value) : null, span: this.#span };
    });
    const receives = it.cases.filter(({ dir }) => dir === "recv").map(() => int);
    const dst = this.#func.reg(this.#types.tuple(int, bool, ...receives));
    this.#emit({ op: "select", dst, cases, blocking: !it.fallback });
    this.#assign(it.arm, this.#extract(dst, 0, int));
    // All but the case that happened are 0.
    let value = this.#constant(0);
    receives.forEach((_, index) => {
      const args = [value, this.#extract(dst, index + 2, int)];
      value = this.#func.reg(int);
      this.#emit({ op: "prim", dst: value, fn: "add", args, type: int });
    });
    this.#assign(it.dst, value);
  }

  #synchronise(
    it: Extract<Operation, { group: number } | { once: number } | { cond: number }> | TimeOperation,
  ): void {
    switch (it.kind) {
      case "wg-add":
        this.#sync(it.kind, this.#address("group", it.group), [this.#constant(it.delta)]);
        return;
      case "wg-wait":
        this.#sync(it.kind, this.#address("group", it.group));
        return;
      case "once-begin":
        this.#assignFlag(it.dst, this.#asked(it.kind, this.#address("once", it.once)));
        return;
      case "once-end":
        this.#sync(it.kind, this.#address("once", it.once));
        return;
      case "cond-enqueue":
      case "cond-park":
      case "cond-signal":
      case "cond-broadcast":
        this.#sync(it.kind, this.#address("cond", it.cond));
        return;
      case "sleep":
        this.#sync(it.kind, null, [this.#constant(it.duration)]);
        return;
      case "timer-start":
        this.#startTimer(it.timer, it.duration);
        return;
      case "timer-stop":
        this.#assignFlag(it.dst, this.#asked(it.kind, this.#address("timer", it.timer)));
        return;
      default:
        unreachable(it);
    }
  }

  /** Fires once; the time it sends is 0. */
  #startTimer(timer: number, duration: number): void {
    const channel = present(this.#context.program.timers[timer], `timer ${timer}`);
    const target = this.#func.reg(this.#types.any);
    const value = this.#channel(channel);
    this.#emit({ op: "interface", dst: target, value, type: this.#types.channel });
    const args = [this.#constant(duration), this.#constant(0), target, this.#constant(0)];
    this.#sync("timer-start", this.#address("timer", timer), args);
  }

  #sync(fn: SyncFn, object: Reg | null, args: readonly Reg[] = []): void {
    this.#emit({ op: "sync", dst: null, fn, object, args });
  }

  #asked(fn: SyncFn, object: Reg): Reg {
    const dst = this.#func.reg(this.#types.bool);
    this.#emit({ op: "sync", dst, fn, object, args: [] });
    return dst;
  }
}

type TimeOperation = Extract<Operation, { kind: "sleep" | "timer-start" | "timer-stop" }>;

/** An instruction whose place is added. */
type Omitted<T> = T extends unknown ? Omit<T, "span"> : never;
