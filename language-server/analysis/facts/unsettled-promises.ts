// TypeScript: promises whose maker, on some path, neither settles them nor hands on the means to do so.

import type { Func, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import { isModel } from "../../ir/models.js";
import { edges, uses } from "../../ir/shape.js";
import type { Fact } from "../check.js";
import { type Call, executorOf, type TsCalls, tsCalls } from "./ts-calls.js";

export interface UnsettledPromise {
  /** Where `new Promise` stands. */
  readonly func: Func;
  readonly made: SpanId;
  /** Where the function that could settle it ends without. */
  readonly leaves: SpanId;
  /** Where it is waited for. */
  readonly waits: readonly SpanId[];
}

export const unsettledPromises: Fact<readonly UnsettledPromise[]> = {
  name: "unsettled-promises",
  compute: ({ program, get }) => {
    const calls = get(tsCalls);
    return program.funcs
      .filter((it) => !isModel(it))
      .flatMap((func) => {
        const places = calls.places(func);
        return func.blocks.flatMap(({ instrs }) =>
          instrs.flatMap((instr, index): UnsettledPromise[] => {
            const id = executorOf(places, instr);
            const executor = id === null ? undefined : program.funcs[id];
            const leaves = executor === undefined ? null : wayOut(program, calls, executor);
            if (leaves === null) return [];
            const next = instrs[index + 1];
            const made = "dst" in instr ? instr.dst : null;
            const isAwaited = next?.op === "await" && next.value === made;
            const waits = isAwaited ? [next.span] : waitsFor(program, func, made);
            return waits.length === 0 ? [] : [{ func, made: instr.span, leaves, waits }];
          }),
        );
      });
  },
};

/** Where calls of a function are awaited that returns what it has made. */
function waitsFor(program: Program, maker: Func, made: Reg | null): readonly SpanId[] {
  const isReturned = maker.blocks.some(
    ({ exit }) => exit.op === "return" && made !== null && exit.values.includes(made),
  );
  if (!isReturned) return [];
  const method = maker.display.slice(maker.display.lastIndexOf(".") + 1);
  return program.funcs.flatMap((func) =>
    func.blocks.flatMap(({ instrs }) => {
      const names = new Map<Reg, string>();
      const keys = new Map<Reg, unknown>();
      return instrs.flatMap((instr, index): SpanId[] => {
        if (instr.op === "const") keys.set(instr.dst, instr.value);
        if (instr.op === "get-prop") names.set(instr.dst, String(keys.get(instr.key)));
        const next = instrs[index + 1];
        if (instr.op !== "call" || next?.op !== "await" || next.value !== instr.dst) return [];
        const { callee } = instr;
        const isCall =
          callee.kind === "static"
            ? callee.func === maker.id
            : callee.kind === "dynamic" && names.get(callee.value) === method;
        return isCall ? [next.span] : [];
      });
    }),
  );
}

/** Where an executor, or the only function that it leaves the matter to, ends without having settled the promise. */
function wayOut(program: Program, calls: TsCalls, executor: Func): SpanId | null {
  const [resolve, reject] = executor.params;
  const means = [resolve, reject].filter((it) => it !== undefined);
  const own = pathWithout(executor, new Set(means));
  if (own !== null) return own;
  const heirs = heirsOf(program, calls, executor, aliases(executor, new Set(means)));
  if (heirs.length !== 1) return null;
  const [heir] = heirs;
  return heir === undefined ? null : pathWithout(heir.func, heir.means);
}

interface Heir {
  readonly func: Func;
  readonly means: ReadonlySet<Reg>;
}

const calledOnce = new Set(["setTimeout", "setImmediate", "queueMicrotask", "once", "nextTick"]);

/** The functions that are given the means to settle it and are called once; nothing where anybody else is. */
function heirsOf(
  program: Program,
  calls: TsCalls,
  func: Func,
  means: ReadonlySet<Reg>,
): readonly Heir[] {
  const heirs: Heir[] = [];
  for (const instr of func.blocks.flatMap(({ instrs }) => instrs)) {
    if (isCopy(instr, func) || !uses(instr).some((it) => means.has(it))) continue;
    const inner = instr.op === "closure" ? program.funcs[instr.func] : undefined;
    if (instr.op !== "closure" || inner === undefined) return [];
    const given = inner.captures.filter((_, at) => {
      const captured = instr.captures[at];
      return captured !== undefined && means.has(captured);
    });
    if (!isCalledOnce(calls, func, instr.dst)) return [];
    heirs.push({ func: inner, means: new Set(given) });
  }
  return heirs;
}

/** Whether a function is handed to something that calls it once at most, and to nobody else. */
function isCalledOnce(calls: TsCalls, func: Func, closure: Reg): boolean {
  const { definitions } = calls.places(func);
  const nameOf = ({ callee }: Call): string | null => {
    const target = callee.kind === "dynamic" ? definitions.get(callee.value)?.instr : undefined;
    const isGlobal = target?.op === "prim" && target.fn === "js.global";
    const key = target?.op === "get-prop" ? target.key : isGlobal ? target.args[0] : undefined;
    return key === undefined ? null : calls.places(func).constant(key);
  };
  const users = func.blocks.flatMap(({ instrs }) =>
    instrs.filter((it) => uses(it).includes(closure)),
  );
  return users.every((it) => it.op === "call" && calledOnce.has(nameOf(it) ?? ""));
}

/** The end of a path on which nothing is done with any of some values. */
function pathWithout(func: Func, values: ReadonlySet<Reg>): SpanId | null {
  const means = aliases(func, values);
  const seen = new Set<number>();
  const work = [0];
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    const block = func.blocks[at];
    if (block === undefined || seen.has(at)) continue;
    seen.add(at);
    const touched = block.instrs.some(
      (it) => !isCopy(it, func) && uses(it).some((reg) => means.has(reg)),
    );
    if (touched) continue;
    if (block.exit.op === "return") {
      if (block.exit.values.some((it) => means.has(it))) continue;
      return block.exit.span;
    }
    work.push(...edges(block.exit).map((it) => it.block));
  }
  return null;
}

/** The cells that some values are kept in, and what is loaded from them. */
function aliases(func: Func, values: ReadonlySet<Reg>): ReadonlySet<Reg> {
  const known = new Set(values);
  for (const { instrs } of func.blocks) {
    for (const it of instrs) {
      if (it.op === "store" && known.has(it.value) && isCopy(it, func)) known.add(it.addr);
      if (it.op === "load" && known.has(it.addr)) known.add(it.dst);
    }
  }
  return known;
}

/** Into a variable of the function itself, or out of one: what is put elsewhere is handed on. */
function isCopy(instr: Instr, { blocks }: Func): boolean {
  if (instr.op === "load") return true;
  if (instr.op !== "store") return false;
  return blocks.some(({ instrs }) =>
    instrs.some((it) => it.op === "alloc" && it.dst === instr.addr),
  );
}
