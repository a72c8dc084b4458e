// Contexts whose cancel function is dropped: not one use of it is left, so nobody can call it.

import type { Func, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import { exitUses, uses } from "../../ir/shape.js";
import type { Fact } from "../check.js";
import { calledName } from "./constraints.js";
import { outermost } from "./lock-paths.js";
import { expressionOf } from "./names.js";
import { definitionsOf } from "./skeleton.js";

export interface LostCancel {
  readonly func: Func;
  readonly call: Extract<Instr, { op: "call" }>;
  /** `WithCancel`, `WithTimeout`, … */
  readonly made: string;
  /** It ends by itself, later. */
  readonly ends: boolean;
  /** Where somebody waits for the context's end. */
  readonly waits: readonly SpanId[];
}

const makers = /^context\.(With(?:Cancel|Timeout|Deadline)(?:Cause)?)$/;

export const lostCancels: Fact<readonly LostCancel[]> = {
  name: "lost-cancels",
  compute: ({ program }) => {
    const lost = program.funcs
      .filter((it) => !it.library)
      .flatMap((func) => {
        const instrs = func.blocks.flatMap((it) => it.instrs);
        return instrs.flatMap((call) => {
          if (call.op !== "call") return [];
          const made = makers.exec(calledName(program, call.callee))?.[1];
          if (made === undefined || isKept(func, call.dst)) return [];
          return [{ func, call, made, ends: !made.startsWith("WithCancel") }];
        });
      });
    return lost.map((it) => ({ ...it, waits: waitsFor(program, it.func, it.call) }));
  },
};

/** Whether something is done with the second part of the result. */
function isKept(func: Func, pair: Reg | null): boolean {
  if (pair === null) return false;
  const parts = usersOf(func, pair);
  if (parts === null || parts.some((it) => it.op !== "extract")) return true;
  return parts.some((it) => it.op === "extract" && it.index === 1 && isUsed(func, it.dst));
}

function isUsed(func: Func, cancel: Reg): boolean {
  const users = usersOf(func, cancel);
  if (users === null) return true;
  return users.some((it) => it.op !== "store" || it.value !== cancel || isRead(func, it.addr));
}

/**
 * Whether what is stored there may be read again: a local variable by its uses, all else may. A field is not followed: code
 * that does not type-check, or of another package, may call what it holds.
 */
function isRead(func: Func, address: Reg): boolean {
  if (definitionsOf(func).get(address)?.op !== "alloc") return true;
  const users = usersOf(func, address);
  return users === null || users.some((it) => it.op !== "store" || it.value === address);
}

/** The instructions that read a register; null: it leaves the block some other way. */
function usersOf({ blocks }: Func, reg: Reg): readonly Instr[] | null {
  if (blocks.some(({ exit }) => exitUses(exit).includes(reg))) return null;
  return blocks.flatMap(({ instrs }) => instrs.filter((it) => uses(it).includes(reg)));
}

/** Receives without another way from the `Done` of what the context is called, in the function and its literals. */
function waitsFor(
  program: Program,
  func: Func,
  call: Extract<Instr, { op: "call" }>,
): readonly SpanId[] {
  const names = namesOf(program, func, call.dst);
  const home = outermost(program, func);
  const isHere = (it: Func): boolean => !it.library && outermost(program, it) === home;
  return program.funcs.filter(isHere).flatMap((other) =>
    other.blocks.flatMap(({ instrs }) =>
      instrs.flatMap((instr) => {
        const chan = waitedFor(instr);
        const done = chan === null ? undefined : definitionsOf(other).get(chan);
        if (done?.op !== "call" || done.callee.kind !== "method" || done.callee.id !== "Done")
          return [];
        const name = expressionOf(program, other, done.callee.receiver);
        return names.has(name) || isPartOf(other, done.callee.receiver, call.dst)
          ? [instr.span]
          : [];
      }),
    ),
  );
}

/** Whether a register is the context of the pair itself. */
function isPartOf(func: Func, context: Reg, pair: Reg | null): boolean {
  const made = definitionsOf(func).get(context);
  return made?.op === "extract" && made.tuple === pair && made.index === 0;
}

/** What the first part of a pair is called: by itself, or as the variables that it is stored in. */
function namesOf(program: Program, func: Func, pair: Reg | null): ReadonlySet<string> {
  const names = new Set<string>();
  for (const it of func.blocks.flatMap(({ instrs }) => instrs)) {
    if (it.op === "extract" && it.tuple === pair && it.index === 0)
      names.add(expressionOf(program, func, it.dst));
    if (it.op !== "store") continue;
    const value = definitionsOf(func).get(it.value);
    if (value?.op === "extract" && value.tuple === pair && value.index === 0)
      names.add(expressionOf(program, func, it.addr));
  }
  names.delete("");
  return names;
}

function waitedFor(instr: Instr): Reg | null {
  if (instr.op === "recv") return instr.chan;
  if (instr.op !== "select" || !instr.blocking) return null;
  return instr.cases.length === 1 ? (instr.cases[0]?.chan ?? null) : null;
}
