import type { BlockId, Func, Instr, Program, Reg } from "./ir.js";
import { def, edges, exitUses, shapes, uses } from "./shape.js";

/**
 * What is wrong with a program, one line each; empty when it is well-formed. After go/ssa's `sanity.go`: ids exist, every
 * register has one definition that dominates its uses, edges give a block as many arguments as it has parameters.
 */
export function verify(program: Program): string[] {
  return program.funcs.flatMap((func) =>
    func.blocks.length === 0 ? [] : verifyFunc(program, func).map((it) => `${func.name}: ${it}`),
  );
}

function verifyFunc(program: Program, func: Func): string[] {
  const problems: string[] = [];
  const definedIn = definitions(func, problems);
  const reached = dominatingDefinitions(func);
  for (const block of func.blocks) {
    const inside = new Set(reached.get(block.id) ?? []);
    const check = (reg: Reg, what: string): void => {
      if (!definedIn.has(reg))
        problems.push(`b${block.id}: ${what} reads r${reg}, which nothing defines`);
      else if (reached.has(block.id) && !inside.has(reg)) {
        problems.push(`b${block.id}: ${what} reads r${reg} before its definition`);
      }
    };
    for (const reg of block.params) inside.add(reg);
    for (const instr of block.instrs) {
      for (const reg of uses(instr)) check(reg, instr.op);
      problems.push(...verifyIds(program, func, instr).map((it) => `b${block.id}: ${it}`));
      const dst = def(instr);
      if (dst !== null) inside.add(dst);
    }
    for (const reg of exitUses(block.exit)) check(reg, block.exit.op);
    for (const edge of edges(block.exit)) {
      const target = func.blocks[edge.block];
      if (target === undefined)
        problems.push(`b${block.id}: edge to b${edge.block}, which does not exist`);
      else if (target.params.length !== edge.args.length) {
        problems.push(
          `b${block.id}: ${edge.args.length} arguments for b${edge.block}, which takes ${target.params.length}`,
        );
      }
    }
    if (block.exit.op === "return" && block.exit.values.length !== func.results) {
      problems.push(`b${block.id}: returns ${block.exit.values.length} values of ${func.results}`);
    }
  }
  return problems;
}

function definitions(func: Func, problems: string[]): Set<Reg> {
  const defined = new Set<Reg>();
  const define = (reg: Reg): void => {
    if (defined.has(reg)) problems.push(`r${reg} is defined twice`);
    if (func.regTypes[reg] === undefined) problems.push(`r${reg} has no type`);
    defined.add(reg);
  };
  [...func.params, ...func.captures].forEach(define);
  for (const block of func.blocks) {
    block.params.forEach(define);
    for (const instr of block.instrs) {
      const dst = def(instr);
      if (dst !== null) define(dst);
    }
  }
  return defined;
}

/** For each reachable block, the registers defined on every path to its start: forward must-analysis to a fixed point. */
function dominatingDefinitions(func: Func): Map<BlockId, ReadonlySet<Reg>> {
  const entry = func.blocks[0];
  const at = new Map<BlockId, ReadonlySet<Reg>>();
  if (entry === undefined) return at;
  const start = new Set<Reg>([...func.params, ...func.captures]);
  const work: [BlockId, ReadonlySet<Reg>][] = [[entry.id, start]];
  // Whatever panics, the variables that the entry block allocates (named results) exist by then.
  const allocated = entry.instrs.flatMap((it) => (it.op === "alloc" ? [it.dst] : []));
  if (func.recover !== null) work.push([func.recover, new Set([...start, ...allocated])]);
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const [id, incoming] = next;
    const block = func.blocks[id];
    if (block === undefined) continue;
    const known = at.get(id);
    const merged = known === undefined ? incoming : intersection(known, incoming);
    if (known !== undefined && merged.size === known.size) continue;
    at.set(id, merged);
    const out = new Set<Reg>([...merged, ...block.params]);
    for (const instr of block.instrs) {
      const dst = def(instr);
      if (instr.op === "try") work.push([instr.handler, new Set(out)]);
      if (dst !== null) out.add(dst);
    }
    for (const edge of edges(block.exit)) work.push([edge.block, out]);
  }
  return at;
}

function intersection(a: ReadonlySet<Reg>, b: ReadonlySet<Reg>): ReadonlySet<Reg> {
  return new Set([...a].filter((it) => b.has(it)));
}

function verifyIds(program: Program, func: Func, instr: Instr): string[] {
  const fields = instr as unknown as Readonly<Record<string, unknown>>;
  const problems: string[] = [];
  const within = (value: unknown, table: readonly unknown[], what: string): void => {
    if (typeof value !== "number" || table[value] === undefined) {
      problems.push(`${instr.op}: no ${what} ${String(value)}`);
    }
  };
  within(instr.span, program.spans, "span");
  for (const [name, shape] of shapes[instr.op]) {
    if (shape === "type") within(fields[name], program.types, "type");
    if (shape === "func") within(fields[name], program.funcs, "function");
    if (shape === "global") within(fields[name], program.globals, "global");
    if (shape === "block") within(fields[name], func.blocks, "block");
  }
  if ("callee" in instr && instr.callee.kind === "static") {
    within(instr.callee.func, program.funcs, "function");
  }
  return problems;
}
