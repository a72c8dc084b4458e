// Instructions at which threads meet: each is one step of the model, in one of several ways.

import { underlying } from "../../../language-server/ir/access.js";
import type { Instr, Reg } from "../../../language-server/ir/ir.js";
import type { Type } from "../../../language-server/ir/types.js";
import { channelWays, closeWays, selectWays } from "./channels.js";
import { act, assign, type Line } from "./line.js";
import { checked, type Scope } from "./local.js";
import { cells, cellsOf, NotTranslated, paren, scalar } from "./value.js";
import { way, type Way } from "./way.js";

/**
 * Whether plain loads and stores are steps of their own. They need not be where nothing races, and a search that
 * finds no race makes none of them either.
 */
export type PlainAccesses = "own steps" | "part of the step before";

export function isVisible(instr: Instr, plain: PlainAccesses): boolean {
  switch (instr.op) {
    case "load":
    case "store":
      return plain === "own steps";
    case "sync":
      return instr.fn !== "yield" && instr.fn !== "goexit";
    case "acquire":
    case "release":
    case "try-acquire":
    case "atomic":
    case "send":
    case "recv":
    case "close":
    case "select":
      return true;
    default:
      return false;
  }
}

/** What is found out before the thread stands at the instruction: whether addresses are nil. */
export function arrive(instr: Instr, scope: Scope): void {
  const reg = addressOf(instr);
  if (reg !== null) checked(scope.read(reg), scope);
}

function addressOf(instr: Instr): Reg | null {
  switch (instr.op) {
    case "load":
    case "store":
    case "atomic":
      return instr.addr;
    case "acquire":
    case "release":
    case "try-acquire":
      return instr.lock;
    case "sync":
      return instr.object;
    default:
      return null;
  }
}

/** The ways to take the step; `pc` says that the process stands there. */
export function waysOf(instr: Instr, pc: string, scope: Scope): readonly Way[] {
  switch (instr.op) {
    case "load":
    case "store":
      return [way(null, plainAccess(instr, scope))];
    case "acquire":
    case "release":
    case "try-acquire":
      return lock(instr, cell(instr.lock, scope), scope);
    case "atomic":
      return [way(null, atomic(instr, scope))];
    case "sync":
      return sync(instr, scope);
    case "send":
    case "recv":
      return channelWays(instr, pc, scope);
    case "close":
      return closeWays(instr.chan, scope);
    case "select":
      return selectWays(instr, pc, scope);
    default:
      throw new NotTranslated(instr.op);
  }
}

function cell(addr: Reg, scope: Scope): string {
  return `mem[${scalar(scope.read(addr))}]`;
}

/** A load or a store of all cells of a value. */
export function plainAccess(
  instr: Extract<Instr, { op: "load" | "store" }>,
  scope: Scope,
): readonly Line[] {
  const start = scalar(scope.read(instr.addr));
  const at = (i: number): string => (i === 0 ? `mem[${start}]` : `mem[${start} + ${i}]`);
  if (instr.op === "store") {
    return cellsOf(scope.read(instr.value)).map((it, i) => act(`${at(i)} = ${it}`));
  }
  const variables = scope.variables(instr.dst, instr.type);
  scope.define(instr.dst, cells(...variables));
  return variables.map((it, i) => assign(it, at(i)));
}

/** A lock's cell holds -1 for a writer (all owners of a Mutex are), else the number of readers. */
function lock(
  instr: Extract<Instr, { op: "acquire" | "release" | "try-acquire" }>,
  state: string,
  scope: Scope,
): readonly Way[] {
  const free = instr.shared ? `${state} >= 0` : `${state} == 0`;
  const take = act(instr.shared ? `${state}++` : `${state} = -1`);
  switch (instr.op) {
    case "acquire":
      return [way(free, [take])];
    case "release": {
      const held = instr.shared ? `${state} > 0` : `${state} == -1`;
      const isNot = instr.shared ? `${state} <= 0` : `${state} != -1`;
      const free = act(instr.shared ? `${state}--` : `${state} = 0`);
      return [way(held, [free]), way(isNot, [], "fatal")];
    }
    case "try-acquire": {
      const [got = ""] = scope.variables(instr.dst, scope.typeOf(instr.dst));
      scope.define(instr.dst, cells(got));
      return [way(free, [take, assign(got, "1")]), way(`!(${free})`, [assign(got, "0")])];
    }
  }
}

function atomic(instr: Extract<Instr, { op: "atomic" }>, scope: Scope): readonly Line[] {
  const state = cell(instr.addr, scope);
  const [first = "", second = ""] = instr.args.map((it) => paren(scalar(scope.read(it))));
  const type = underlying(scope.program, instr.type);
  const result = instr.dst === null ? null : scope.variable(instr.dst);
  if (instr.dst !== null && result !== null) scope.define(instr.dst, cells(result));
  const answer = (text: string): readonly Line[] => (result === null ? [] : [assign(result, text)]);
  switch (instr.fn) {
    case "load":
      return answer(state);
    case "store":
      return [act(`${state} = ${first}`)];
    case "swap":
      return [...answer(state), act(`${state} = ${first}`)];
    case "cas":
      return [
        ...answer(`${state} == ${first}`),
        act(`${state} = (${state} == ${first} -> ${second} : ${state})`),
      ];
    case "add":
      return [...room(state, first, type), act(`${state} = ${state} + ${first}`), ...answer(state)];
    case "and":
    case "or":
      // Go's functions give the old value.
      return [
        ...answer(state),
        act(`${state} = ${state} ${instr.fn === "and" ? "&" : "|"} ${first}`),
      ];
  }
}

/** Sums of more than 32 bits, and unsigned ones, must fit: a sum that does not has the wrong sign. */
function room(state: string, by: string, type: Type): readonly Line[] {
  if (type.kind === "basic" && type.name === "int32") return [];
  const sum = `(${state} + ${by})`;
  const unsigned = type.kind === "basic" && type.name.startsWith("u");
  return [
    act(`fits(((${state} ^ ${sum}) & (${by} ^ ${sum})) >= 0)`),
    ...(unsigned ? [act(`fits(${sum} >= 0)`)] : []),
  ];
}

function sync(instr: Extract<Instr, { op: "sync" }>, scope: Scope): readonly Way[] {
  if (instr.object === null) throw new NotTranslated(instr.fn);
  const state = cell(instr.object, scope);
  switch (instr.fn) {
    case "wg-add": {
      const [by = ""] = instr.args.map((it) => scalar(scope.read(it)));
      const sum = by.startsWith("-") ? `${state} - ${by.slice(1)}` : `${state} + ${paren(by)}`;
      const add = act(`${state} = ${sum}`);
      if (/^\d+$/.test(by)) return [way(null, [add])];
      return [way(`${sum} >= 0`, [add]), way(`${sum} < 0`, [add], "panic")];
    }
    case "wg-wait":
      return [way(`${state} == 0`, [])];
    case "once-begin": {
      // 1: somebody is at it; 2: done.
      if (instr.dst === null) throw new NotTranslated("a Once without an answer");
      const mine = scope.variable(instr.dst);
      scope.define(instr.dst, cells(mine));
      return [
        way(`${state} == 0`, [act(`${state} = 1`), assign(mine, "1")]),
        way(`${state} == 2`, [assign(mine, "0")]),
      ];
    }
    case "once-end":
      return [way(null, [act(`${state} = 2`)])];
    default:
      throw new NotTranslated(instr.fn);
  }
}
