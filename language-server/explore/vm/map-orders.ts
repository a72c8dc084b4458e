// Whether it matters in which order a `range` over a map visits the entries. Where it does not, trying several orders would
// only run the same again. What is not known to commute is taken to matter.

import { present } from "../../base/assert.js";
import type { Block, BlockId, Edge, Func, Instr, Reg } from "../../ir/ir.js";
import { def, edges, uses } from "../../ir/shape.js";
import type { TypeInfo } from "./type-info.js";

type MapInstr = Extract<Instr, { readonly op: "map" }>;

/** The loop of one iterator. */
interface Loop {
  readonly func: Func;
  readonly info: TypeInfo;
  readonly head: Block;
  /** Blocks of the body; the head is none of them. */
  readonly body: readonly Block[];
  /** Goes on after the last entry. */
  readonly after: BlockId;
  /** The tuple that `next` gives. */
  readonly entry: Reg;
}

export function orderMatters(info: TypeInfo, func: Func, iterate: MapInstr): boolean {
  const loop = loopOf(info, func, iterate);
  if (loop === null) return true;
  return leavesEarly(loop) || !loop.body.every((it) => instrsCommute(loop, it)) || carries(loop);
}

/** Null where there is no loop of the usual shape. */
function loopOf(info: TypeInfo, func: Func, { dst }: MapInstr): Loop | null {
  for (const head of func.blocks) {
    const next = head.instrs.find(
      (it) => it.op === "map" && it.fn === "next" && it.args[0] === dst,
    );
    const entry = next === undefined ? null : def(next);
    if (entry === null || head.exit.op !== "branch") continue;
    const body = reachable(func, head.exit.then.block, head.id);
    return { func, info, head, body, after: head.exit.else.block, entry };
  }
  return null;
}

function reachable(func: Func, from: BlockId, without: BlockId): readonly Block[] {
  const seen = new Set<BlockId>([without]);
  const pending = [from];
  const found: Block[] = [];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const block = present(func.blocks[id], "block");
    found.push(block);
    pending.push(...edges(block.exit).map((it) => it.block));
  }
  return found;
}

/** Which entry comes last then depends on the order. */
function leavesEarly({ body, after }: Loop): boolean {
  return body.some(({ id, exit }) => id === after || exit.op === "return" || exit.op === "panic");
}

// ── Instructions of the body ────────────────────────────────────────────────────────────────────

function instrsCommute(loop: Loop, { instrs }: Block): boolean {
  return instrs.every((it) => commutes(loop, it));
}

function commutes(loop: Loop, instr: Instr): boolean {
  switch (instr.op) {
    case "const":
    case "zero":
    case "prim":
    case "convert":
    case "interface":
    case "assert":
    case "extract":
    case "project":
    case "at":
    case "alloc":
    case "global":
    case "field":
    case "element":
    case "slice":
    case "make":
    case "load":
      return true;
    case "store":
      return isFresh(loop, instr.addr);
    case "bulk":
      return instr.fn !== "copy" && instr.fn !== "clear";
    case "map":
      return mapCommutes(loop, instr);
    default:
      return false;
  }
}

/** An address in what this round of the loop has allocated. */
function isFresh(loop: Loop, addr: Reg): boolean {
  const instr = defined(loop, addr);
  if (instr?.op === "alloc") return true;
  return (instr?.op === "field" || instr?.op === "element") && isFresh(loop, instr.base);
}

/** Entries are told apart by the key of the range; other keys may meet. */
function mapCommutes(loop: Loop, instr: MapInstr): boolean {
  const [, key, value] = instr.args;
  const own = key !== undefined && isRangeKey(loop, key);
  switch (instr.fn) {
    case "set":
      return own || (value !== undefined && isSame(loop, value));
    case "delete":
      return true;
    case "get":
    case "get-ok":
      return own || !changesMaps(loop);
    case "len":
      return !changesMaps(loop);
    case "iterate":
    case "next":
      return true;
    case "clear":
      return false;
  }
}

function changesMaps(loop: Loop): boolean {
  return instrsOf(loop).some((it) => it.op === "map" && (it.fn === "set" || it.fn === "delete"));
}

function isRangeKey(loop: Loop, reg: Reg): boolean {
  const instr = defined(loop, reg);
  return instr?.op === "extract" && instr.tuple === loop.entry && instr.index === 1;
}

/** The same value in every round. */
function isSame(loop: Loop, reg: Reg): boolean {
  const instr = defined(loop, reg);
  if (instr !== undefined) return instr.op === "const";
  return ![loop.head, ...loop.body].some(({ params }) => params.includes(reg));
}

function instrsOf({ body }: Loop): readonly Instr[] {
  return body.flatMap((it) => it.instrs);
}

/** What defines the register within the loop. */
function defined(loop: Loop, reg: Reg): Instr | undefined {
  return [...loop.head.instrs, ...instrsOf(loop)].find((it) => def(it) === reg);
}

// ── What one round hands to the next ────────────────────────────────────────────────────────────

/** Something goes from round to round that is neither a sum nor a list that is sorted at once. */
function carries(loop: Loop): boolean {
  return loop.head.params.some((param) => {
    if (isKept(loop, param)) return false;
    const web = webOf(loop, param);
    return !isSum(loop, web) && !(isList(loop, web) && isSorted(loop, param));
  });
}

/** The registers that hold what began as the parameter of the head. */
function webOf(loop: Loop, param: Reg): ReadonlySet<Reg> {
  const web = new Set<Reg>([param]);
  for (let size = 0; size < web.size; ) {
    size = web.size;
    for (const it of instrsOf(loop)) {
      const dst = def(it);
      if (dst !== null && stepArgs(it).some((arg) => web.has(arg))) web.add(dst);
    }
    for (const { edge, params } of inner(loop)) {
      params.forEach((to, index) => {
        if (web.has(edge.args[index] as Reg)) web.add(to);
      });
    }
  }
  return web;
}

/** Comes back to the head as it was. */
function isKept(loop: Loop, param: Reg): boolean {
  const at = loop.head.params.indexOf(param);
  return loop.body.every(({ exit }) =>
    edges(exit).every((it) => it.block !== loop.head.id || it.args[at] === param),
  );
}

/** What an instruction passes on of a sum or list. */
function stepArgs(instr: Instr): readonly Reg[] {
  if (instr.op === "prim" && /^(?:add|mul|or|and|xor)$/.test(instr.fn)) return instr.args;
  if (instr.op === "bulk" && instr.fn === "append") return instr.args.slice(0, 1);
  return [];
}

/** Edges within the loop, with the parameters they fill. */
function inner(loop: Loop): readonly { readonly edge: Edge; readonly params: readonly Reg[] }[] {
  const blocks = [loop.head, ...loop.body];
  return loop.body.flatMap(({ exit }) =>
    edges(exit).flatMap((edge) => {
      const target = blocks.find((it) => it.id === edge.block);
      return target === undefined ? [] : [{ edge, params: target.params }];
    }),
  );
}

/** Every use within the body passes it on by one kind of step, and every way back to the head brings it. */
function passesOnly(loop: Loop, web: ReadonlySet<Reg>, step: (it: Instr) => boolean): boolean {
  const instrs = instrsOf(loop).every((it) => {
    const used = uses(it).filter((reg) => web.has(reg));
    if (used.length === 0) return !web.has(def(it) as Reg);
    return used.length === 1 && step(it);
  });
  const branches = loop.body.every(({ exit }) => exit.op !== "branch" || !web.has(exit.cond));
  const whole = inner(loop).every(({ edge, params }) =>
    params.every((to, index) => web.has(to) === web.has(edge.args[index] as Reg)),
  );
  const once = loop.head.params.filter((it) => web.has(it)).length === 1;
  return instrs && branches && whole && once;
}

function isSum(loop: Loop, web: ReadonlySet<Reg>): boolean {
  let fn: string | null = null;
  return passesOnly(loop, web, (it) => {
    if (it.op !== "prim" || stepArgs(it).length === 0) return false;
    fn ??= it.fn;
    const type = loop.info.underlying(it.type);
    return it.fn === fn && type.kind === "basic" && /^u?int/.test(type.name);
  });
}

function isList(loop: Loop, web: ReadonlySet<Reg>): boolean {
  return passesOnly(loop, web, (it) => it.op === "bulk" && it.fn === "append");
}

const sorts =
  /^(?:sort\.(?:Strings|Ints|Float64s|Slice|SliceStable|Sort)|slices\.Sort(?:Func)?(?:\[.*)?)$/;

/** By the first thing that is done with the list after the loop. */
function isSorted({ func, info, head, after }: Loop, list: Reg): boolean {
  const block = present(func.blocks[after], "block");
  const held = new Set<Reg>([list]);
  for (const edge of edges(head.exit)) {
    if (edge.block !== after) continue;
    edge.args.forEach((arg, index) => {
      if (arg === list) held.add(present(block.params[index], "parameter"));
    });
  }
  for (const it of block.instrs) {
    if (!uses(it).some((reg) => held.has(reg))) continue;
    if (it.op === "interface" || it.op === "convert") held.add(it.dst);
    else {
      const callee = it.op === "call" ? it.callee : null;
      return callee?.kind === "static" && sorts.test(info.func(callee.func).name);
    }
  }
  return false;
}
