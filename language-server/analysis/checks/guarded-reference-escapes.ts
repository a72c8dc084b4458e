import type { Site } from "../../../protocol/finding.js";
import { spanOf, underlying } from "../../ir/access.js";
import type { Func, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import type { Check, Pass } from "../check.js";
import { heldLocks, type HeldLocks } from "../facts/held-locks.js";
import { expressionOf, funcWords } from "../facts/names.js";
import { definitionsOf } from "../facts/skeleton.js";

export const guardedReferenceEscapes: Check = {
  code: "guarded-reference-escapes",
  language: "go",
  doc: {
    title: "a method hands out the map or slice that its lock guards",
    text: `A method returns a map or slice that other methods change under a lock.
The lock guards the field and ends with the method; the caller holds the map itself and uses it beside whoever changes it next.
Return a copy, made under the lock (\`maps.Clone\`, \`slices.Clone\`); or let whoever writes replace the whole value and never change it.
It is only a hint: callers may know that nobody writes any more.`,
    bad: `package main

import "sync"

type registry struct {
	mu    sync.Mutex
	names map[string]int
}

func (r *registry) Add(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.names[name]++
}

func (r *registry) All() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.names
}

func main() {
	r := &registry{names: map[string]int{}}
	r.Add("a")
	println(len(r.All()))
}
`,
    good: `package main

import (
	"maps"
	"sync"
)

type registry struct {
	mu    sync.Mutex
	names map[string]int
}

func (r *registry) Add(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.names[name]++
}

func (r *registry) All() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.names)
}

func main() {
	r := &registry{names: map[string]int{}}
	r.Add("a")
	println(len(r.All()))
}
`,
    since: "0.1.0",
    severity: "hint",
  },
  run,
};

type Field = Extract<Instr, { readonly op: "field" }>;

function run(pass: Pass): void {
  const { program } = pass;
  const held = pass.get(heldLocks);
  const funcs = program.funcs.filter((it) => !it.library && it.blocks.length > 0);
  const written = new Map<string, SpanId>();
  for (const func of funcs) noteWrites(func, held, written);
  for (const func of funcs) {
    if (/(^|\.)[A-Z]\w*$/.test(func.display) && !/Locked$/.test(func.display))
      reportReturned(pass, func, held, written);
  }
}

/** Where what a field holds is changed in place, under a lock of the same struct. */
function noteWrites(func: Func, held: HeldLocks, written: Map<string, SpanId>): void {
  const definitions = definitionsOf(func);
  for (const instr of func.blocks.flatMap((it) => it.instrs)) {
    const into = changedBy(instr, definitions);
    const field = into === null ? null : loadedField(definitions, into);
    if (field === null || !isGuarded(func, instr, field, held)) continue;
    const key = keyOf(field);
    if (!written.has(key)) written.set(key, instr.span);
  }
}

/** The map or slice whose contents an instruction changes. */
function changedBy(instr: Instr, definitions: ReadonlyMap<Reg, Instr>): Reg | null {
  if (instr.op === "map" && instr.fn !== "get" && instr.fn !== "get-ok" && instr.fn !== "len") {
    const changes = instr.fn === "set" || instr.fn === "delete" || instr.fn === "clear";
    return changes ? (instr.args[0] ?? null) : null;
  }
  if (instr.op !== "store") return null;
  const element = definitions.get(instr.addr);
  return element?.op === "element" ? element.base : null;
}

function reportReturned(
  pass: Pass,
  func: Func,
  held: HeldLocks,
  written: ReadonlyMap<string, SpanId>,
): void {
  const { program } = pass;
  const definitions = definitionsOf(func);
  const site = (span: SpanId, message: string): Site => ({ span: spanOf(program, span), message });
  for (const value of returned(func, definitions)) {
    const field = loadedField(definitions, value);
    const load = definitions.get(value);
    if (field === null || load === undefined) continue;
    const write = written.get(keyOf(field));
    if (write === undefined || !isReference(program, func, value)) continue;
    if (!isGuarded(func, load, field, held)) continue;
    const name = expressionOf(program, func, value);
    pass.report({
      message: `${funcWords(program, func)} returns \`${name}\` itself: its caller uses it without the lock that guards it`,
      primary: site(load.span, "read under the lock, and returned"),
      related: [site(write, "changed in place under the lock here")],
      severity: "hint",
      confidence: "possible",
      candidate: null,
      subject: { func: func.name, path: name },
    });
  }
}

/** What a function returns; where it has deferred calls, results go through variables of their own. */
function returned({ blocks }: Func, definitions: ReadonlyMap<Reg, Instr>): ReadonlySet<Reg> {
  const values = blocks.flatMap(({ exit }) => (exit.op === "return" ? exit.values : []));
  const stores = blocks.flatMap(({ instrs }) => instrs.filter((it) => it.op === "store"));
  return new Set(
    values.flatMap((value) => {
      const load = definitions.get(value);
      if (load?.op !== "load" || definitions.get(load.addr)?.op !== "alloc") return [value];
      return stores.filter((it) => it.addr === load.addr).map((it) => it.value);
    }),
  );
}

/** The field that a register's value was loaded from. */
function loadedField(definitions: ReadonlyMap<Reg, Instr>, reg: Reg): Field | null {
  const load = definitions.get(reg);
  if (load?.op !== "load") return null;
  const field = definitions.get(load.addr);
  return field?.op === "field" ? field : null;
}

function keyOf({ type, field }: Field): string {
  return `${type}.${field}`;
}

function isReference(program: Program, func: Func, value: Reg): boolean {
  const type = func.regTypes[value];
  return type !== undefined && /^(map|slice)$/.test(underlying(program, type).kind);
}

/** Whether a lock of the same struct is held. */
function isGuarded(func: Func, at: Instr, { base }: Field, held: HeldLocks): boolean {
  const { text } = held.paths(func).of(base);
  return [...(held.at(func, at)?.keys() ?? [])].some((it) => it.startsWith(`${text}.`));
}
