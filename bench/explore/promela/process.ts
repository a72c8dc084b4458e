// One proctype: the thread that begins in a function, as a loop over its steps. A step is one visible instruction and all
// that the thread computes after it, up to the next: as the machine's.

import { present, unreachable } from "../../../language-server/base/assert.js";
import type { Edge, Exit, FuncId, Instr, Program, Reg } from "../../../language-server/ir/ir.js";
import type { TypeId } from "../../../language-server/ir/types.js";
import { act, assign, type Line, type Option, type Step } from "./line.js";
import { checked, local, type Scope } from "./local.js";
import type { Memory } from "./memory.js";
import {
  after,
  blockAt,
  entered,
  type Frame,
  instrAt,
  keyOf,
  leavingBy,
  onceAt,
  type Point,
  withDeferred,
} from "./point.js";
import { calleeOf, type Known } from "./callee.js";
import { cells, cellsOf, NotTranslated, scalar, type Value } from "./value.js";
import { arrive, isVisible, plainAccess, type PlainAccesses, waysOf } from "./visible.js";

/** What processes need of the model they are part of. */
export interface Model {
  readonly program: Program;
  readonly memory: Memory;
  readonly plain: PlainAccesses;
  /** The proctype for a thread that begins so; its name and what it is given. */
  started(callee: Known, args: readonly Value[]): { name: string; args: readonly string[] };
}

const mostSteps = 1000;

export class Process {
  readonly variables = new Set<string>();
  readonly steps: Step[] = [];
  /** What it does before its first step. */
  readonly start: readonly Line[];
  readonly #model: Model;
  readonly #once: boolean;
  readonly #byKey = new Map<string, Step>();
  readonly #frames = new Map<string, Frame>();
  #labels = 0;

  /** `once`: there is one such thread at most. */
  constructor(
    model: Model,
    first: Known,
    args: readonly Value[],
    next: readonly FuncId[],
    once: boolean,
  ) {
    this.#model = model;
    this.#once = once;
    const open: [Step, Point][] = [];
    const begin = this.#entered(first, args, { kind: "end", next });
    this.start = this.#region(begin, open);
    for (let it = open.shift(); it !== undefined; it = open.shift()) {
      const [step, point] = it;
      step.options.push(...this.#options(step, point, open));
      if (this.steps.length > mostSteps) throw new NotTranslated("too many steps");
    }
  }

  #entered(callee: Known, args: readonly Value[], back: Frame["back"]): Point {
    const prefixOf = (key: string): string => {
      const known = this.#frames.get(key)?.prefix;
      return known ?? (this.#frames.size === 0 ? "" : `c${this.#frames.size}_`);
    };
    const process = { once: this.#once, prefixOf };
    const point = entered(this.#model.program, callee.func, callee.captures, args, back, process);
    const frame = this.#frames.get(point.frame.key) ?? point.frame;
    this.#frames.set(frame.key, frame);
    return { ...point, frame };
  }

  #options(step: Step, point: Point, open: [Step, Point][]): readonly Option[] {
    const instr = present(instrAt(point), "instruction of a step");
    const scope = this.#scope(point, [], new Region());
    const ways = waysOf(instr, `pc == ${step.number}`, scope);
    return ways.map(({ guard, meeting, effect, then }) => {
      const rest =
        then === "fatal"
          ? [act("assert(false)"), { kind: "finish" as const }]
          : this.#region(then === "next" ? after(point) : leavingBy("panic", point), open);
      return { guard, meeting, lines: [...effect, ...rest] };
    });
  }

  /** The step at a visible instruction. */
  #stepAt(point: Point, open: [Step, Point][]): Step {
    const key = keyOf(point);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const step = { number: this.steps.length + 1, options: [] };
    this.steps.push(step);
    this.#byKey.set(key, step);
    open.push([step, point]);
    return step;
  }

  /** All that the thread computes from a point on, up to where it stands before a visible instruction. */
  #region(from: Point, open: [Step, Point][]): readonly Line[] {
    const region = new Region(`s${this.#labels++}_`);
    const lines: Line[] = [];
    this.#follow(from, lines, region, open);
    for (let it = region.next(); it !== undefined; it = region.next()) {
      lines.push({ kind: "label", label: it.label });
      this.#follow(it.point, lines, region, open);
    }
    return lines;
  }

  /** Straight on from a point, as far as no other way leads there. */
  #follow(from: Point, lines: Line[], region: Region, open: [Step, Point][]): void {
    let point: Point | null = from;
    while (point !== null) {
      const scope = this.#scope(point, lines, region);
      if (point.leaving !== null) {
        point = this.#leave(point, lines);
        continue;
      }
      const instr = instrAt(point);
      if (instr === undefined) {
        point = this.#exit(blockAt(point).exit, point, lines, region, scope);
      } else if (isVisible(instr, this.#model.plain)) {
        arrive(instr, scope);
        lines.push({ kind: "stand", at: this.#stepAt(point, open) });
        return;
      } else {
        point = this.#instr(instr, point, lines, scope);
      }
    }
  }

  /** Deferred calls of a function that is left, then its caller. */
  #leave(point: Point, lines: Line[]): Point | null {
    const last = point.defers.at(-1);
    const { back } = point.frame;
    if (last !== undefined) {
      const rest = { ...point, defers: point.defers.slice(0, -1) };
      return this.#entered(last, last.args, { kind: "caller", point: rest, dst: null });
    }
    const reason = present(point.leaving, "reason to leave");
    if (back.kind === "caller") return leavingBy(reason, back.point);
    if (reason === "panic") lines.push(act("assert(false)"));
    lines.push({ kind: "finish" });
    return null;
  }

  /** An instruction that is not visible; the point after it. */
  #instr(instr: Instr, point: Point, lines: Line[], scope: Scope): Point {
    switch (instr.op) {
      case "load":
      case "store":
        checked(scope.read(instr.addr), scope);
        lines.push(...plainAccess(instr, scope));
        return after(point);
      case "call":
        return this.#call(instr, point, scope);
      case "spawn": {
        const callee = this.#known(instr, scope);
        const args = instr.args.map((it) => scope.read(it));
        const process = this.#model.started(callee, args);
        lines.push({ kind: "run", text: `run ${process.name}(${process.args.join(", ")})` });
        return after(point);
      }
      case "defer": {
        const args = instr.args.map((it) => scope.read(it));
        return withDeferred(point, { ...this.#known(instr, scope), args });
      }
      case "run-defers": {
        const last = point.defers.at(-1);
        if (last === undefined) return after(point);
        const rest = { ...point, defers: point.defers.slice(0, -1) };
        return this.#entered(last, last.args, { kind: "caller", point: rest, dst: null });
      }
      case "recover": {
        const { back } = point.frame;
        // Nobody panics, and there is nothing to recover; what a panic would come to is beyond the model.
        if (back.kind === "caller" && back.point.leaving === "panic") scope.fits("false");
        scope.define(instr.dst, cells("0"));
        return after(point);
      }
      case "sync":
        return instr.fn === "goexit" ? leavingBy("goexit", point) : after(point);
      default:
        if (!local(instr, scope)) throw new NotTranslated(instr.op);
        return after(point);
    }
  }

  #known(instr: Extract<Instr, { op: "call" | "spawn" | "defer" }>, scope: Scope): Known {
    const known = calleeOf(instr.callee, (it) => scope.read(it));
    if (known === null) throw new NotTranslated("a call of an unknown function");
    return known;
  }

  #call(instr: Extract<Instr, { op: "call" }>, point: Point, scope: Scope): Point {
    const { callee, dst } = instr;
    // Printing changes nothing.
    if (callee.kind === "external" && /^print(ln)?$/.test(callee.name)) return after(point);
    const args = instr.args.map((it) => scope.read(it));
    const back = { kind: "caller", point: after(point), dst } as const;
    return this.#entered(this.#known(instr, scope), args, back);
  }

  #exit(exit: Exit, point: Point, lines: Line[], region: Region, scope: Scope): Point | null {
    switch (exit.op) {
      case "jump":
        return this.#jump(exit.to, point, lines, region, scope);
      case "branch": {
        const cond = scalar(scope.read(exit.cond));
        if (cond === "1") return this.#jump(exit.then, point, lines, region, scope);
        if (cond === "0") return this.#jump(exit.else, point, lines, region, scope);
        const then = region.fresh();
        lines.push({ kind: "when", cond, label: then });
        this.#jumpAway(exit.else, point, lines, region, scope);
        lines.push({ kind: "label", label: then });
        return this.#jump(exit.then, point, lines, region, scope);
      }
      case "return":
        return this.#return(
          exit.values.map((it) => scope.read(it)),
          point,
          lines,
        );
      case "panic":
        return leavingBy("panic", point);
      default:
        return unreachable(exit);
    }
  }

  #jumpAway(to: Edge, point: Point, lines: Line[], region: Region, scope: Scope): void {
    const target = this.#jump(to, point, lines, region, scope);
    if (target !== null) lines.push({ kind: "goto", label: region.labelOf(target) });
  }

  /** Gives the block its arguments; the block, unless the region has it already. */
  #jump(to: Edge, point: Point, lines: Line[], region: Region, scope: Scope): Point | null {
    const target = { ...point, block: to.block, index: 0 };
    const { params } = blockAt(target);
    const args = to.args.map((it) => scope.read(it));
    const moves = params.flatMap((reg, i) => {
      const type = present(point.frame.func.regTypes[reg], "type");
      const variables = scope.variables(reg, type);
      scope.define(reg, cells(...variables));
      const values = cellsOf(present(args[i], "block argument"));
      return variables.map((it, k): [string, string] => [it, present(values[k], "cell")]);
    });
    lines.push(...atOnce(moves, (name) => scope.named(name)));
    lines.push({ kind: "goto", label: region.labelOf(target) });
    return null;
  }

  #return(values: readonly Value[], { frame }: Point, lines: Line[]): Point | null {
    const { back } = frame;
    if (back.kind === "end") {
      const [first, ...next] = back.next;
      if (first !== undefined) {
        return this.#entered({ func: first, captures: [] }, [], { kind: "end", next });
      }
      lines.push({ kind: "finish" });
      return null;
    }
    const { dst, point } = back;
    if (dst !== null) {
      const results = values.map((it, i) => this.#result(it, `r${dst}_${i}`, point.frame, lines));
      const [only] = results;
      const single = results.length === 1 && only !== undefined;
      point.frame.values.set(dst, single ? only : { kind: "tuple", elems: results });
    }
    return point;
  }

  /** A result in variables of the caller, for there may be several places that return. */
  #result(value: Value, name: string, frame: Frame, lines: Line[]): Value {
    if (value.kind !== "cells") throw new NotTranslated(`a result that is a ${value.kind}`);
    const variables = value.cells.map((_, i) => this.#variable(frame, `${name}${i || ""}`));
    lines.push(...variables.map((it, i) => assign(it, present(value.cells[i], "cell"))));
    return cells(...variables);
  }

  #variable(frame: Frame, name: string): string {
    const full = `${frame.prefix}${name}`;
    this.variables.add(full);
    return full;
  }

  #scope(point: Point, lines: Line[], region: Region): Scope {
    const { frame } = point;
    const { program, memory } = this.#model;
    const typeOf = (reg: Reg): TypeId => present(frame.func.regTypes[reg], "type of a register");
    const variables = (reg: Reg, type: TypeId): readonly string[] => {
      const name = nameOf(frame, reg);
      const width = memory.width(type);
      return Array.from({ length: width }, (_, i) =>
        this.#variable(frame, i === 0 ? name : `${name}_${i}`),
      );
    };
    return {
      program,
      memory,
      place: `${frame.key}:${point.block}.${point.index}`,
      once: onceAt(point),
      typeOf,
      variables,
      variable: (reg) => this.#variable(frame, nameOf(frame, reg)),
      named: (name) => this.#variable(frame, name),
      read: (reg) => present(frame.values.get(reg), `value of r${reg} in ${frame.func.name}`),
      define: (reg, value) => {
        frame.values.set(reg, value);
      },
      add: (line) => {
        lines.push(line);
      },
      panicIf: (cond) => {
        lines.push({ kind: "when", cond, label: region.labelOf(leavingBy("panic", point)) });
      },
      fits: (cond) => {
        lines.push(act(`fits(${cond})`));
      },
    };
  }
}

/** The points that a region still has to follow, and the labels of those it has. */
class Region {
  readonly #prefix: string;
  readonly #labels = new Map<string, string>();
  readonly #open: { readonly label: string; readonly point: Point }[] = [];
  #count = 0;

  constructor(prefix = "") {
    this.#prefix = prefix;
  }

  fresh(): string {
    return `${this.#prefix}${this.#count++}`;
  }

  labelOf(point: Point): string {
    const key = keyOf(point);
    const known = this.#labels.get(key);
    if (known !== undefined) return known;
    const label = this.fresh();
    this.#labels.set(key, label);
    this.#open.push({ label, point });
    return label;
  }

  next(): { readonly label: string; readonly point: Point } | undefined {
    return this.#open.shift();
  }
}

function nameOf(frame: Frame, reg: Reg): string {
  const name = frame.func.regNames.find((it) => it.reg === reg)?.name ?? "r";
  const word = name.replaceAll(/\W/g, "");
  return word === "r" ? `r${reg}` : `${word}_${reg}`;
}

/** Assignments that happen together: one that another still reads goes through a variable of its own. */
function atOnce(
  moves: readonly (readonly [string, string])[],
  named: (name: string) => string,
): readonly Line[] {
  const real = moves.filter(([to, from]) => to !== from);
  const clash = real.some(([to], i) =>
    real.slice(i + 1).some(([, from]) => new RegExp(`\\b${to}\\b`).test(from)),
  );
  if (!clash) return real.map(([to, from]) => assign(to, from));
  const temporaries = real.map((_, i) => named(`next${i}`));
  return [
    ...real.map(([, from], i) => assign(present(temporaries[i], "temporary"), from)),
    ...real.map(([to], i) => assign(to, present(temporaries[i], "temporary"))),
  ];
}
