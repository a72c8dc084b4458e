// `select(onReceive(…), onSend(…), otherwise(…))`: one instruction, and then what the chosen case does.

import type { ts } from "ts-morph";
import type { BlockId, Reg, SelectCase } from "../../../ir/ir.js";
import type { GoFn } from "./fn.js";

interface Case {
  readonly name: string;
  readonly node: ts.CallExpression;
}

interface Chosen {
  readonly then: ts.Expression;
  /** What is received. */
  readonly slot: number | null;
  readonly block: BlockId;
}

export function lowerSelect(fn: GoFn, node: ts.CallExpression): Reg {
  const found = node.arguments.map((it) => caseOf(fn, it));
  if (found.some((it) => it === null))
    return fn.gap(node, "a select whose cases are not written in the call");
  const all = found.filter((it) => it !== null);
  const { types } = fn;
  const cases: SelectCase[] = [];
  const chosen: Chosen[] = [];
  let received = 0;
  let otherwise: ts.Expression | null = null;
  for (const { name, node: made } of all) {
    const [first, second, third] = made.arguments;
    const span = fn.span(made);
    if (name === "otherwise") otherwise = first ?? null;
    else if (name === "onReceive" && first !== undefined && second !== undefined) {
      cases.push({ dir: "recv", chan: fn.expr(first), value: null, span });
      chosen.push({ then: second, slot: received++, block: fn.b.block() });
    } else if (first !== undefined && second !== undefined && third !== undefined) {
      cases.push({ dir: "send", chan: fn.expr(first), value: fn.expr(second), span });
      chosen.push({ then: third, slot: null, block: fn.b.block() });
    }
  }
  const span = fn.span(node);
  const slots = Array.from({ length: received }, () => types.any);
  const tuple = fn.typed(types.tuple([types.int, types.bool, ...slots]));
  fn.b.emit({ op: "select", dst: tuple, cases, blocking: otherwise === null, span });
  return dispatch(fn, node, { tuple, chosen, otherwise });
}

function caseOf(fn: GoFn, node: ts.Expression): Case | null {
  const { ts } = fn;
  if (!ts.isCallExpression(node)) return null;
  const name = fn.shared.scopes.symbolOf(node.expression)?.name ?? "";
  return ["onReceive", "onSend", "otherwise"].includes(name) ? { name, node } : null;
}

interface Choice {
  readonly tuple: Reg;
  readonly chosen: readonly Chosen[];
  readonly otherwise: ts.Expression | null;
}

function dispatch(fn: GoFn, node: ts.CallExpression, { tuple, chosen, otherwise }: Choice): Reg {
  const { types } = fn;
  const span = fn.span(node);
  const end = fn.b.block();
  const result = fn.b.blockParam(end, types.any);
  const index = fn.extract(tuple, 0, types.int, span);
  chosen.forEach(({ block }, at) => {
    const next = fn.b.block();
    fn.branch(fn.prim("js.eq", [index, fn.literal(at, node)], node), block, next, node);
    fn.b.enter(next);
  });
  fn.jump(end, [otherwise === null ? fn.undefined(node) : run(fn, otherwise, [])], node);
  for (const { then, slot, block } of chosen) {
    fn.b.enter(block);
    const args =
      slot === null
        ? []
        : [fn.extract(tuple, 2 + slot, types.any, span), fn.extract(tuple, 1, types.bool, span)];
    fn.jump(end, [run(fn, then, args)], then);
  }
  fn.b.enter(end);
  return result;
}

function run(fn: GoFn, then: ts.Expression, args: readonly Reg[]): Reg {
  return fn.call(fn.expr(then), null, args, fn.span(then));
}
