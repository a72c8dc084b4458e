// Where a thread of the translated program can stand. Calls are inlined, so a place in the program is a place in a chain of
// calls; the deferred calls that wait belong to it as well, so that each model of a function's end knows which to run.

import { funcOf } from "../../../language-server/ir/access.js";
import { present } from "../../../language-server/base/assert.js";
import type {
  Block,
  BlockId,
  Func,
  FuncId,
  Instr,
  Program,
  Reg,
} from "../../../language-server/ir/ir.js";
import { edges } from "../../../language-server/ir/shape.js";
import { NotTranslated, type Value } from "./value.js";

/** One inlined call of a function. */
export interface Frame {
  readonly key: string;
  readonly func: Func;
  /** Begins the names of its registers, so that they differ from those of other frames. */
  readonly prefix: string;
  readonly values: Map<Reg, Value>;
  /** Reached at most once in an execution. */
  readonly once: boolean;
  readonly back: Back;
}

/** What happens when a function returns. */
export type Back =
  | { readonly kind: "caller"; readonly point: Point; readonly dst: Reg | null }
  /** The first function of a process: these come next, then it ends. */
  | { readonly kind: "end"; readonly next: readonly FuncId[] };

export interface Deferred {
  readonly id: string;
  readonly func: FuncId;
  readonly captures: readonly Value[];
  readonly args: readonly Value[];
}

export interface Point {
  readonly frame: Frame;
  readonly block: BlockId;
  readonly index: number;
  readonly defers: readonly Deferred[];
  /** Whether the function is being left because of a panic, or of `runtime.Goexit`. */
  readonly leaving: "panic" | "goexit" | null;
}

const mostDefers = 8;

export function keyOf({ frame, block, index, defers, leaving }: Point): string {
  const waiting = defers.map((it) => it.id).join();
  return `${frame.key}:${block}.${index}[${waiting}]${leaving ?? ""}`;
}

export function blockAt(point: Point): Block {
  return present(point.frame.func.blocks[point.block], `block ${point.block}`);
}

/** The instruction at a point, or undefined at the exit of its block. */
export function instrAt(point: Point): Instr | undefined {
  return blockAt(point).instrs[point.index];
}

export const after = (point: Point): Point => ({ ...point, index: point.index + 1 });

/** The point at which a function that panics or exits looks for deferred calls. */
export function leavingBy(reason: "panic" | "goexit", { frame, defers }: Point): Point {
  return { frame, block: 0 as BlockId, index: 0, defers, leaving: reason };
}

export function withDeferred(point: Point, it: Omit<Deferred, "id">): Point {
  if (point.defers.length >= mostDefers) throw new NotTranslated("defer in a loop");
  const id = `${point.block}.${point.index}`;
  return { ...after(point), defers: [...point.defers, { ...it, id }] };
}

/** A point that is reached at most once in an execution, given that its frame is. */
export function onceAt({ frame, block }: Point): boolean {
  return frame.once && !reaches(frame.func, block, block);
}

function reaches(func: Func, from: BlockId, to: BlockId): boolean {
  const seen = new Set<BlockId>();
  const open = [from];
  for (let it = open.pop(); it !== undefined; it = open.pop()) {
    for (const { block } of edges(present(func.blocks[it], "block").exit)) {
      if (block === to) return true;
      if (!seen.has(block)) open.push(block);
      seen.add(block);
    }
  }
  return false;
}

/** The start of a function, called from a point. */
export function entered(
  program: Program,
  id: FuncId,
  captures: readonly Value[],
  args: readonly Value[],
  back: Back,
  process: { readonly once: boolean; readonly prefixOf: (key: string) => string },
): Point {
  const func = funcOf(program, id);
  if (func.blocks.length === 0) throw new NotTranslated(`${func.name} has no body`);
  for (let it = back; it.kind === "caller"; it = it.point.frame.back) {
    if (it.point.frame.func === func) throw new NotTranslated(`recursion of ${func.name}`);
  }
  const key = back.kind === "end" ? func.name : `${keyOf(back.point)}>${func.name}`;
  const values = new Map<Reg, Value>();
  func.captures.forEach((reg, i) => values.set(reg, present(captures[i], "capture")));
  func.params.forEach((reg, i) => values.set(reg, present(args[i], "argument")));
  const once = back.kind === "end" ? process.once : onceAt(back.point);
  const frame = { key, func, prefix: process.prefixOf(key), values, once, back };
  return { frame, block: 0 as BlockId, index: 0, defers: [], leaving: null };
}
