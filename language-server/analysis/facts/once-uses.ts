// How sync.Once is used: Do that comes to Do again, onces that are new in every call, results that only the first call has.

import { funcOf, instrsOf, typeOf } from "../../ir/access.js";
import type { Func, Instr, Program, Reg } from "../../ir/ir.js";
import { uses } from "../../ir/shape.js";
import type { Fact } from "../check.js";
import { calledName } from "./constraints.js";
import { graphOf, type Point } from "./graph.js";
import { pointsTo, type Instance, type PointsTo } from "./points-to.js";
import { definitionsOf } from "./skeleton.js";
import type { Node } from "./solver.js";

type Call = Extract<Instr, { op: "call" }>;
type Store = Extract<Instr, { op: "store" }>;

export interface Reentry {
  readonly once: Node;
  readonly outer: Call;
  readonly inner: Call;
  /** The inner call is in it. */
  readonly func: Func;
}

export interface LocalOnce {
  readonly func: Func;
  readonly call: Call;
  readonly name: string;
}

export interface LostResult {
  readonly func: Func;
  readonly call: Call;
  readonly store: Store;
  readonly name: string;
}

export interface OnceUses {
  readonly reentries: readonly Reentry[];
  readonly locals: readonly LocalOnce[];
  readonly lost: readonly LostResult[];
}

/** Calls are followed this far. */
const mostFollowed = 200;

export const onceUses: Fact<OnceUses> = {
  name: "once-uses",
  compute: ({ program, get }) => {
    const points = get(pointsTo);
    const own = program.funcs.filter((it) => !it.library && it.span !== 0);
    return {
      reentries: points.instances.flatMap((it) => reentriesOf(program, points, it)),
      locals: own.flatMap((it) => localsOf(program, it)),
      lost: own.flatMap((it) => lostOf(program, it)),
    };
  },
};

function isDo(program: Program, instr: Instr): instr is Call {
  return instr.op === "call" && calledName(program, instr.callee) === "(*sync.Once).Do";
}

function onceOf(points: PointsTo, instance: Instance, call: Call): Node | null {
  const [reg] = call.args;
  const [once, ...others] = reg === undefined ? [] : points.locations(instance, reg);
  return once === undefined || others.length > 0 ? null : once;
}

function reentriesOf(program: Program, points: PointsTo, instance: Instance): readonly Reentry[] {
  if (instance.func.library) return [];
  return instrsOf(instance.func).flatMap((outer): Reentry[] => {
    if (!isDo(program, outer)) return [];
    const once = onceOf(points, instance, outer);
    const body = outer.args[1];
    if (once === null || body === undefined) return [];
    const codes = [...points.locations(instance, body)].flatMap(
      (it) => points.objectAt(it)?.code ?? [],
    );
    const seen = new Set(codes);
    for (const it of seen) {
      if (seen.size > mostFollowed) break;
      for (const inner of instrsOf(it.func)) {
        if (isDo(program, inner) && !it.func.library && onceOf(points, it, inner) === once)
          return [{ once, outer, inner, func: it.func }];
        if (inner.op !== "call" && inner.op !== "defer") continue;
        for (const target of points.targets(it, inner)) seen.add(target.instance);
      }
    }
    return [];
  });
}

/** Onces of one call that one Do uses, once. */
function localsOf(program: Program, func: Func): readonly LocalOnce[] {
  // An entry is called once.
  if (program.entries.some((it) => it.func === func.id) || func.parent !== null) return [];
  const graph = graphOf(func);
  const found: LocalOnce[] = [];
  for (const [block, { instrs }] of func.blocks.entries()) {
    for (const [index, alloc] of instrs.entries()) {
      if (alloc.op !== "alloc") continue;
      const type = typeOf(program, alloc.type);
      if (type.kind !== "named" || type.name !== "sync.Once") continue;
      const used = pointsOfUses(func, alloc.dst);
      const [only, ...others] = used;
      if (only === undefined || others.length > 0 || !isDo(program, only.instr)) continue;
      if (only.instr.args[0] !== alloc.dst) continue;
      const inside = graph.inLoop(only.point) && !graph.inOneLoop({ block, index }, only.point);
      if (!inside) found.push({ func, call: only.instr, name: alloc.name });
    }
  }
  return found;
}

function pointsOfUses(func: Func, reg: Reg): { readonly instr: Instr; readonly point: Point }[] {
  return func.blocks.flatMap(({ instrs }, block) =>
    instrs.flatMap((instr, index) =>
      uses(instr).includes(reg) ? [{ instr, point: { block, index } }] : [],
    ),
  );
}

/** Errors that the function given to Do stores in a variable of the one who calls Do. */
function lostOf(program: Program, func: Func): readonly LostResult[] {
  if (program.entries.some((it) => it.func === func.id)) return [];
  const definitions = definitionsOf(func);
  return instrsOf(func).flatMap((call): LostResult[] => {
    if (!isDo(program, call)) return [];
    const [once, body] = call.args;
    const made = body === undefined ? undefined : definitions.get(body);
    if (once === undefined || made?.op !== "closure" || isLocal(func, once)) return [];
    const literal = funcOf(program, made.func);
    return made.captures.flatMap((variable, index): LostResult[] => {
      const alloc = definitions.get(variable);
      const capture = literal.captures[index];
      if (alloc?.op !== "alloc" || capture === undefined) return [];
      const type = typeOf(program, alloc.type);
      if (type.kind !== "named" || type.name !== "error") return [];
      const store = instrsOf(literal).find(
        (it): it is Store => it.op === "store" && it.addr === capture,
      );
      const here = pointsOfUses(func, variable).map((it) => it.instr);
      const isSetHere = here.some((it) => it.op === "store" && it.addr === variable);
      const isRead = here.some((it) => it.op === "load");
      if (store === undefined || isSetHere || !isRead) return [];
      return [{ func, call, store, name: alloc.name }];
    });
  });
}

function isLocal(func: Func, reg: Reg): boolean {
  const definition = definitionsOf(func).get(reg);
  if (definition?.op === "field") return isLocal(func, definition.base);
  return definition?.op === "alloc";
}
