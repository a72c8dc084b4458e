// Where goroutines wait for a sync.Cond, what they test around it, and who wakes them.

import { funcOf, typeOf } from "../../ir/access.js";
import type { Func, Instr, Program, SpanId } from "../../ir/ir.js";
import type { TypeId } from "../../ir/types.js";
import type { Fact } from "../check.js";
import { calledName } from "./constraints.js";
import { graphOf, type Point } from "./graph.js";
import { pointsTo, type Instance, type PointsTo } from "./points-to.js";
import type { Node } from "./solver.js";
import { threads, type Happening, type Threads } from "./threads.js";

type Call = Extract<Instr, { op: "call" }>;

export interface CondWait {
  readonly instance: Instance;
  readonly call: Call;
  readonly point: Point;
  readonly conds: readonly Node[];
  /** The locks that `cond.L` may be. */
  readonly locks: readonly Node[];
  /**
   * What is tested around it. "loop": it waits again until a test lets it go; "if": once, before it waits; "nothing": it
   * waits whatever the state is.
   */
  readonly tested: "loop" | "if" | "nothing";
  /** In the goroutines that are known to come there: the state before it waits. */
  readonly places: readonly Happening<"mark">[];
  /** Whether the lock is held in all of them. */
  readonly held: boolean;
  /** Blocks of the loop it is in. */
  readonly loop: ReadonlySet<number>;
}

export interface CondWake {
  readonly instance: Instance;
  readonly instr: Instr;
  readonly span: SpanId;
  readonly conds: readonly Node[];
  /** Broadcast, not Signal. */
  readonly all: boolean;
}

export interface CondUses {
  readonly waits: readonly CondWait[];
  readonly wakes: readonly CondWake[];
}

export const condUses: Fact<CondUses> = {
  name: "cond-uses",
  compute({ program, get }) {
    const points = get(pointsTo);
    const all = points.instances.filter(({ func }) => !func.library);
    return {
      waits: all.flatMap((it) => waitsOf(program, points, get(threads), it)),
      wakes: points.instances.flatMap((it) => wakesOf(points, it)),
    };
  },
};

function waitsOf(
  program: Program,
  points: PointsTo,
  all: Threads,
  instance: Instance,
): readonly CondWait[] {
  const { func } = instance;
  return func.blocks.flatMap(({ instrs }, block) =>
    instrs.flatMap((call, index): CondWait[] => {
      if (call.op !== "call" || calledName(program, call.callee) !== "(*sync.Cond).Wait") return [];
      const [cond] = call.args;
      const conds = cond === undefined ? [] : [...points.locations(instance, cond)];
      // Of one that comes from outside nobody knows who wakes those that wait for it.
      if (conds.length === 0 || conds.some((it) => points.objectAt(it)?.kind === "unknown"))
        return [];
      const point = { block, index };
      const locks = conds.flatMap((it) => locksOf(program, points, it));
      const loop = loopAround(func, block);
      const tested = loop.size > 0 ? "loop" : isGuarded(func, block) ? "if" : "nothing";
      const places = placesOf(all, instance, call);
      const held =
        locks.length === 0 ||
        places.every(({ state }) =>
          state.held.some((its) => its.locks.some((at) => locks.includes(at))),
        );
      return [{ instance, call, point, conds, locks, tested, places, held, loop }];
    }),
  );
}

function placesOf(all: Threads, instance: Instance, call: Call): readonly Happening<"mark">[] {
  return all.marks.filter(({ op, frame }) => {
    const isWait = op.instr.op === "sync" && op.instr.fn === "cond-enqueue" && all.closed(frame);
    return (
      isWait &&
      [...frame.callers].some(([caller, calls]) => caller.instance === instance && calls.has(call))
    );
  });
}

function wakesOf(points: PointsTo, instance: Instance): readonly CondWake[] {
  return instance.func.blocks.flatMap(({ instrs }) =>
    instrs.flatMap((instr): CondWake[] => {
      if (instr.op !== "sync" || instr.object === null) return [];
      if (instr.fn !== "cond-signal" && instr.fn !== "cond-broadcast") return [];
      const conds = [...points.locations(instance, instr.object)];
      return [{ instance, instr, span: instr.span, conds, all: instr.fn === "cond-broadcast" }];
    }),
  );
}

/** What the field L of a Cond points to. */
function locksOf(program: Program, points: PointsTo, cond: Node): readonly Node[] {
  const type = program.types.findIndex((it) => it.kind === "named" && it.name === "sync.Cond");
  const shape = typeOf(program, type as TypeId);
  const struct = shape.kind === "named" ? typeOf(program, shape.underlying) : shape;
  if (struct.kind !== "struct") return [];
  const field = struct.fields.findIndex((it) => it.name === "L");
  const lockers = points.contents(cond + points.slots.offset(type as TypeId, field));
  return [...lockers].flatMap((it) => {
    const box = points.objectAt(it);
    return box?.kind === "box" ? [...points.contents(box.base)] : [];
  });
}

/** The blocks that lead from the block back to it; none: it is in no loop. */
function loopAround(func: Func, block: number): ReadonlySet<number> {
  const graph = graphOf(func);
  if (!graph.inLoop({ block, index: 0 })) return new Set();
  return new Set(
    [...func.blocks.keys()].filter((it) => graph.inOneLoop(startOf(it), startOf(block))),
  );
}

function startOf(block: number): Point {
  return { block, index: 0 };
}

/** `if c { cond.Wait() }`: after it the function goes on as if the test had failed. */
function isGuarded(func: Func, block: number): boolean {
  const guards = [...func.blocks.entries()].filter(
    ([, { exit }]) =>
      exit.op === "branch" && [exit.then.block, exit.else.block].some((it) => it === block),
  );
  const [only, ...more] = guards;
  if (only === undefined || more.length > 0) return false;
  const others = graphOf(func)
    .successors(only[0])
    .filter((it) => it !== block);
  const seen = new Set<number>();
  for (let now = block; !seen.has(now); ) {
    seen.add(now);
    const exit = func.blocks[now]?.exit;
    if (exit?.op !== "jump") return false;
    now = exit.to.block;
    if (others.includes(now)) return true;
  }
  return false;
}

/** Whether some function calls this one in a loop, where it may test again. */
export function isCalledInLoop(program: Program, func: Func): boolean {
  return program.funcs.some((caller) =>
    caller.blocks.some(({ instrs }, block) =>
      instrs.some(
        (it) =>
          it.op === "call" &&
          it.callee.kind === "static" &&
          funcOf(program, it.callee.func) === func &&
          graphOf(caller).inLoop({ block, index: 0 }),
      ),
    ),
  );
}
