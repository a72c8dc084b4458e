// One function: SSA rows → IR. Registers are SSA already; phis become block parameters, conversions between types of
// one representation become aliases, constants and addresses of globals are made where a block first needs them.

import { missing, present } from "../../base/assert.js";
import type { FuncBuilder } from "../../ir/builder.js";
import type { BlockId, Edge, FuncId, Instr, Reg, SpanId } from "../../ir/ir.js";
import type { Type, TypeId } from "../../ir/types.js";
import type { FoundFunc, Unit } from "./link.js";
import { lowerCall } from "./lower-calls.js";
import { zeroOrLiteral } from "./lower-consts.js";
import { lowerConversion, lowerValue } from "./lower-values.js";
import { lowerAddress, lowerMake, lowerMemory } from "./lower-memory.js";
import { lowerSync } from "./lower-sync.js";
import { schedules } from "./models/visible.js";
import type { ProgramLowering } from "./program.js";
import type { BlockRow, FuncRow, InstrRow, Operand, SpanIndex } from "./schema.js";
import { isInitialiser } from "./unknown-globals.js";
import { isVariableName } from "./variable-name.js";

/** Which instructions of a function to keep, by block; null: all. */
export type Slice = readonly (readonly InstrRow[])[] | null;

export function lowerBody(
  program: ProgramLowering,
  id: FuncId,
  found: FoundFunc,
  slice: Slice,
): void {
  new FuncLowering(program, id, found).lower(slice);
}

/** Where the deferred calls run in a block that returns: before named results are read again. -1: it does not return. */
function startOfReturn(instrs: readonly InstrRow[]): number {
  let at = instrs.length - 1;
  const last = instrs[at];
  if (last?.[0] !== "Return") return -1;
  for (let row = instrs[at - 1]; row?.[0] === "UnOp"; row = instrs[at - 1]) {
    if (row[3] !== "*" || !last[3].includes(row[1])) break;
    at--;
  }
  return at;
}

type PhiRow = Extract<InstrRow, readonly ["Phi", ...unknown[]]>;

/** The phis of a block, which stand at its beginning. */
function phisOf({ instrs }: BlockRow): readonly PhiRow[] {
  const phis: PhiRow[] = [];
  for (const it of instrs) {
    if (it[0] !== "Phi") break;
    phis.push(it);
  }
  return phis;
}

export class FuncLowering {
  readonly program: ProgramLowering;
  readonly fb: FuncBuilder;
  readonly unit: Unit;
  readonly row: FuncRow;
  /** By operand, -1 for none: of a long initialiser few are kept, and an array with holes would be slow. */
  readonly #regs: Int32Array;
  readonly #aliases = new Map<Operand, Operand>();
  readonly #blocks: BlockId[] = [];
  /** Pool rows that the current block has in a register. */
  readonly #pooled = new Map<Operand, Reg>();
  /** The instructions that make registers, and by operand which one does. */
  readonly #makers: InstrRow[] = [];
  readonly #made: Int32Array;
  readonly #plainSpans: boolean;
  /** Whether it is code of a bundled package. */
  readonly isLibrary: boolean;
  #thunks = 0;

  constructor(program: ProgramLowering, id: FuncId, found: FoundFunc) {
    this.program = program;
    this.fb = program.builder.body(id);
    this.unit = found.unit;
    this.row = found.row;
    this.#regs = new Int32Array(found.row.regs.length).fill(-1);
    this.#made = new Int32Array(found.row.regs.length).fill(-1);
    this.#plainSpans = !schedules(found.row);
    this.isLibrary = program.isLibrary(found.unit, found.row.pkg);
  }

  lower(slice: Slice): void {
    const { fb, row } = this;
    const kept = slice ?? row.blocks.map((it) => it.instrs);
    this.#declareRegisters(kept);
    row.blocks.forEach((_, index) => {
      this.#blocks[index] = fb.block();
    });
    this.#declarePhis();
    // What is sliced, an initialiser, defers nothing.
    const lacksRunDefers = slice === null && this.#lacksRunDefers();
    kept.forEach((instrs, index) => {
      fb.enter(this.#block(index));
      this.#pooled.clear();
      const ending = lacksRunDefers && index !== row.recover ? startOfReturn(instrs) : -1;
      instrs.forEach((instr, at) => {
        if (at === ending) this.emit({ op: "run-defers", span: this.span(instr[2]) });
        this.#instr(instr, index);
      });
    });
    if (row.recover >= 0) fb.recoverAt(this.#block(row.recover));
    fb.finish();
  }

  /** go/ssa forgets them in a function that defers only in the bodies of range-over-func loops. */
  #lacksRunDefers(): boolean {
    let hasStack = false;
    for (const { instrs } of this.row.blocks) {
      for (const it of instrs) {
        if (it[0] === "RunDefers") return false;
        if (it[0] === "Call" && it[3][1] === "ssa:deferstack") hasStack = true;
      }
    }
    return hasStack;
  }

  #declareRegisters(kept: NonNullable<Slice>): void {
    const { fb, row } = this;
    row.params.forEach(([name], at) => {
      this.#regs[at] = fb.param(this.typeAt(at), name);
    });
    row.free.forEach(([name], i) => {
      const at = row.params.length + i;
      // Captured variables travel as their addresses; what a bound method captures is the receiver itself.
      const isAddress = !row.synthetic.startsWith("bound");
      const shown = isVariableName(name) ? `${isAddress ? "&" : ""}${name}` : "";
      this.#regs[at] = fb.capture(this.typeAt(at), shown);
    });
    for (const instrs of kept) {
      for (const instr of instrs) {
        const dst = instr[1];
        if (dst < 0 || instr[0] === "Phi") continue;
        this.#made[dst] = this.#makers.push(instr) - 1;
        const isMove = instr[0] === "ChangeType" || instr[0] === "ChangeInterface";
        if (isMove && instr[3] >= 0 && this.#root(instr[3]) !== dst)
          this.#aliases.set(dst, instr[3]);
        else if (instr[0] === "Alloc") {
          this.#regs[dst] = fb.reg(
            this.typeAt(dst),
            isVariableName(instr[4]) ? `&${instr[4]}` : "",
          );
        } else this.#regs[dst] = fb.reg(this.typeAt(dst));
      }
    }
  }

  #declarePhis(): void {
    this.row.blocks.forEach((block, index) => {
      for (const instr of phisOf(block)) {
        const name = isVariableName(instr[4]) ? instr[4] : "";
        this.#regs[instr[1]] = this.fb.blockParam(this.#block(index), this.typeAt(instr[1]), name);
      }
    });
  }

  #block(index: number): BlockId {
    return this.#blocks[index] ?? missing(`block ${index}`);
  }

  #instr(row: InstrRow, index: number): void {
    switch (row[0]) {
      case "Phi":
        return;
      case "Jump":
        this.fb.exit({ op: "jump", to: this.#edge(index, 0), span: this.span(row[2]) });
        return;
      case "If": {
        const cond = this.use(row[3]);
        const [yes, no] = [this.#edge(index, 0), this.#edge(index, 1)];
        this.fb.exit({ op: "branch", cond, then: yes, else: no, span: this.span(row[2]) });
        return;
      }
      case "Return": {
        const values = row[3].map((it) => this.use(it));
        this.fb.exit({ op: "return", values, span: this.span(row[2]) });
        return;
      }
      case "Panic":
        this.fb.exit({ op: "panic", value: this.use(row[3]), span: this.span(row[2]) });
        return;
      default:
    }
    const done =
      lowerMemory(this, row) ||
      lowerAddress(this, row) ||
      lowerValue(this, row) ||
      lowerConversion(this, row) ||
      lowerCall(this, row) ||
      lowerMake(this, row) ||
      lowerSync(this, row);
    if (!done) this.unmodelled(row, `instruction ${row[0]}`);
  }

  /** The edge from a block to its n-th successor, with the values of the phis there. */
  #edge(from: number, nth: number): Edge {
    const succs = present(this.row.blocks[from], `block ${from}`).succs;
    const to = present(succs[nth], `successor ${nth}`);
    const target = present(this.row.blocks[to], `block ${to}`);
    // The same block may be both successors: its first entry among the predecessors belongs to the first.
    const earlier = succs.slice(0, nth).filter((it) => it === to).length;
    let pred = target.preds.indexOf(from);
    for (let i = 0; i < earlier; i++) pred = target.preds.indexOf(from, pred + 1);
    const args: Reg[] = [];
    for (const instr of phisOf(target)) {
      args.push(this.use(present(instr[3][pred], `edge of phi ${instr[1]}`)));
    }
    return { block: this.#block(to), args };
  }

  #root(operand: Operand): Operand {
    let at = operand;
    for (let next = this.#aliases.get(at); next !== undefined; next = this.#aliases.get(at))
      at = next;
    return at;
  }

  /** The register that holds an operand here. */
  use(operand: Operand): Reg {
    let at = operand;
    for (let next = this.#aliases.get(at); next !== undefined; next = this.#aliases.get(at))
      at = next;
    if (at >= 0) return this.dst(at);
    const known = this.#pooled.get(at);
    if (known !== undefined) return known;
    const reg = this.fb.reg(this.typeAt(at));
    this.#pooled.set(at, reg);
    this.materialise(at, reg);
    return reg;
  }

  /** Puts a pool row into a register. */
  materialise(operand: Operand, dst: Reg): void {
    const row = present(this.unit.image.pool[-operand - 1], `pool row ${operand}`);
    const type = this.program.types.id(this.unit, row[1]);
    const span = 0 as SpanId;
    switch (row[0]) {
      case "const":
        this.emit(zeroOrLiteral(dst, type, this.program.types.underlying(type), row[2]));
        return;
      case "global": {
        const global = this.program.global(row[2], type, this.unit);
        if (this.program.isEmbedded(row[2])) this.stopAt(`file that ${row[2]} embeds`);
        else if (this.#isUnknown(row[2])) this.stopAt(`variable ${row[2]}`);
        this.emit({ op: "global", dst, global, span });
        return;
      }
      case "func":
        this.emit({
          op: "closure",
          dst,
          func: this.program.func(row[2], this.unit),
          captures: [],
          span,
        });
    }
  }

  /** An initialiser only hands on what it has of others: who reads it there is stopped. */
  #isUnknown(global: string): boolean {
    return this.program.isUnknown(global) && !isInitialiser(this.unit, this.row);
  }

  /** What is read here the machine does not have: whoever comes here stops, by this name. */
  stopAt(what: string): void {
    const func = this.program.func(what, this.unit);
    const callee = { kind: "static", func } as const;
    this.emit({ op: "call", dst: null, callee, args: [], span: 0 as SpanId });
  }

  /** The destination of a row that has one. */
  dst(operand: Operand): Reg {
    const reg = this.#regs[operand] ?? -1;
    if (reg < 0) missing(`register ${operand} of ${this.row.name}`);
    return reg as Reg;
  }

  emit(instr: Instr): void {
    this.fb.emit(instr);
  }

  /** A constant made here. */
  constant(value: number | string | boolean | null, type: TypeId): Reg {
    const dst = this.fb.reg(type);
    this.emit({ op: "const", dst, value, span: 0 as SpanId });
    return dst;
  }

  span(index: SpanIndex): SpanId {
    return this.#plainSpans ? this.program.spans.id(this.unit, index) : (0 as SpanId);
  }

  /** The type index of an operand in the image. */
  typeIndex(operand: Operand): number {
    if (operand >= 0) return this.row.regs[operand] ?? missing(`type of register ${operand}`);
    return (this.unit.image.pool[-operand - 1] ?? missing(`pool row ${operand}`))[1];
  }

  typeAt(operand: Operand): TypeId {
    return this.program.types.id(this.unit, this.typeIndex(operand));
  }

  underlyingAt(operand: Operand): Type {
    return this.program.types.underlying(this.typeAt(operand));
  }

  /** The instruction that makes a register. */
  definition(operand: Operand): InstrRow | undefined {
    return this.#makers[this.#made[operand] ?? -1];
  }

  /** The name for people of the function that a register is a closure of, if one can tell here. */
  closureName(reg: Reg): string | null {
    const name = this.#closureFunc(reg);
    if (name === null) return null;
    return this.program.universe.func(name, this.unit)?.row.display ?? null;
  }

  #closureFunc(reg: Reg): string | null {
    const made = this.definition(this.#regs.indexOf(reg));
    if (made?.[0] === "MakeClosure") return made[3];
    for (const [operand, pooled] of this.#pooled) {
      const row = pooled === reg ? this.unit.image.pool[-operand - 1] : undefined;
      if (row?.[0] === "func") return row[2];
    }
    return null;
  }

  /** A number for functions made for this one. */
  nextThunk(): number {
    this.#thunks++;
    return this.#thunks;
  }

  /** What has no meaning here stops the execution that reaches it, by name and place. */
  unmodelled(row: InstrRow, what: string): void {
    const dst = row[1] >= 0 ? this.dst(row[1]) : null;
    const callee = { kind: "external", name: `unmodelled: ${what}` } as const;
    this.emit({ op: "call", dst, callee, args: [], span: this.span(row[2]) });
  }
}
