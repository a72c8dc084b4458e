// IR as text, for goldens, bug reports and hand-written test programs; `parse.ts` reads it back.
//
//   program go
//   type main.T = struct{mu sync.Mutex, n int}
//   global main.counter int
//   func main.main() results 0 @"file:///main.go" 8:6~8:10 {
//   b0:
//     r0:*int = global main.counter @"file:///main.go" 9:2~9:9
//     r1:int = load r0 int
//     branch r1 b1() b2(r1)
//   ...
//   }
//   entry main main.main
//
// Lines and columns count from 1, as people do. Names that are not plain words are quoted.

import { funcOf, globalOf, spanOf, typeOf } from "./access.js";
import type {
  Callee,
  Edge,
  Exit,
  Func,
  Instr,
  Literal,
  Program,
  Reg,
  SelectCase,
  SpanId,
  Workers,
} from "./ir.js";
import { def, shapes, type FieldShape } from "./shape.js";
import type { Field, TypeId } from "./types.js";

/** `workers node`, then `worker "file:///w.ts" body init init` for each file. */
function printWorkers({ web, files }: Workers, name: (id: Func["id"]) => string): string {
  const each = files.map(
    ({ uri, func, inits }) => `worker ${[word(uri), name(func), ...inits.map(name)].join(" ")}\n`,
  );
  return `workers ${web ? "web" : "node"}\n${each.join("")}`;
}

export function printProgram(program: Program): string {
  const named = program.types.flatMap((it) =>
    it.kind === "named" ? [`type ${word(it.name)} = ${printType(program, it.underlying)}\n`] : [],
  );
  const globals = program.globals.map(
    (it) => `global ${word(it.name)} ${printType(program, it.type)}${at(program, it.span)}\n`,
  );
  const funcs = program.funcs.map((it) => `${printFunc(program, it)}\n`);
  const name = (id: Func["id"]): string => word(funcOf(program, id).name);
  const methods = program.methods.map(
    (it) => `method ${printType(program, it.type)} ${word(it.id)} ${name(it.func)}\n`,
  );
  const inits = program.inits.map((it) => `init ${name(it)}\n`);
  const entries = program.entries.map(({ kind, func, assumption, rehearsed }) => {
    const assuming = assumption === undefined ? "" : ` assuming ${JSON.stringify(assumption)}`;
    return `entry ${kind} ${name(func)}${assuming}${rehearsed === true ? " rehearsed" : ""}\n`;
  });
  const workers = program.workers === undefined ? [] : [printWorkers(program.workers, name)];
  const guards = program.guards.map(
    ({ owner, field, lock, said, span }) =>
      `guard ${[owner, field, lock, said].map(word).join(" ")}${at(program, span)}\n`,
  );
  const requires = program.requires.map(
    ({ func, param, lock, shared }) =>
      `requires ${word(func)} p${param} ${word(lock)}${shared ? " shared" : ""}\n`,
  );
  return [
    `program ${program.language}\n`,
    ...named,
    ...globals,
    ...funcs,
    ...methods,
    ...inits,
    ...entries,
    ...workers,
    ...guards,
    ...requires,
  ].join("");
}

export function printFunc(program: Program, func: Func): string {
  const typed = (reg: Reg): string => `r${reg}:${printType(program, typeAt(func, reg))}`;
  const head = [
    `func ${word(func.name)}(${func.params.map(typed).join(", ")})`,
    func.captures.length > 0 ? ` captures (${func.captures.map(typed).join(", ")})` : "",
    func.display === func.name ? "" : ` display ${word(func.display)}`,
    func.pkg === "" ? "" : ` pkg ${word(func.pkg)}`,
    func.kind === "plain" ? "" : ` kind ${word(func.kind)}`,
    func.library ? " library" : "",
    func.results === 0 ? "" : ` results ${func.results}`,
    func.recover === null ? "" : ` recover b${func.recover}`,
    func.parent === null ? "" : ` parent ${word(funcOf(program, func.parent).name)}`,
    ...func.regNames.map((it) => ` name r${it.reg} ${word(it.name)}`),
    at(program, func.span),
  ].join("");
  if (func.blocks.length === 0) return `${head} external\n`;
  const blocks = func.blocks.map((block) => {
    const params = block.params.length === 0 ? "" : `(${block.params.map(typed).join(", ")})`;
    const instrs = block.instrs.map((it) => `  ${printInstr(program, func, it)}\n`);
    return `b${block.id}${params}:\n${instrs.join("")}  ${printExit(program, block.exit)}\n`;
  });
  return `${head} {\n${blocks.join("")}}\n`;
}

export function printInstr(program: Program, func: Func, instr: Instr): string {
  const fields = instr as unknown as Readonly<Record<string, unknown>>;
  const dst = def(instr);
  const left = dst === null ? "" : `r${dst}:${printType(program, typeAt(func, dst))} = `;
  const rest = shapes[instr.op]
    .filter(([, shape]) => shape !== "def" && shape !== "def?")
    .map(([name, shape]) => ` ${printField(program, shape, fields[name])}`);
  return `${left}${instr.op}${rest.join("")}${at(program, instr.span)}`;
}

function printField(program: Program, shape: FieldShape, value: unknown): string {
  switch (shape) {
    case "reg":
    case "reg?":
    case "def":
    case "def?":
      return value === null ? "_" : `r${value as Reg}`;
    case "regs":
      return `[${(value as readonly Reg[]).map((it) => `r${it}`).join(" ")}]`;
    case "type":
      return printType(program, value as TypeId);
    case "func":
      return word(funcOf(program, value as Func["id"]).name);
    case "global":
      return word(globalOf(program, value as Parameters<typeof globalOf>[1]).name);
    case "block":
      return `b${value as number}`;
    case "text":
      return word(value as string);
    case "number":
      return String(value);
    case "flag":
      return value === true ? "yes" : "no";
    case "literal":
      return printLiteral(value as Literal);
    case "callee":
      return printCallee(program, value as Callee);
    case "cases":
      return `[${(value as readonly SelectCase[]).map((it) => printCase(program, it)).join(" ")}]`;
  }
}

function printCase(program: Program, it: SelectCase): string {
  const value = it.value === null ? "_" : `r${it.value}`;
  return `${it.dir} r${it.chan} ${value}${at(program, it.span)};`;
}

function printCallee(program: Program, callee: Callee): string {
  switch (callee.kind) {
    case "static":
      return word(funcOf(program, callee.func).name);
    case "dynamic":
      return callee.self === null ? `r${callee.value}` : `r${callee.value} self r${callee.self}`;
    case "method":
      return `r${callee.receiver} method ${word(callee.id)}`;
    case "external":
      return `external ${word(callee.name)}`;
  }
}

function printLiteral(value: Literal): string {
  if (value === null) return "null";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") return String(value);
  if (value.kind === "undefined") return "undefined";
  if (value.kind === "complex") return `complex ${value.re} ${value.im}`;
  return `${value.kind} ${JSON.stringify(value.text)}`;
}

function printExit(program: Program, exit: Exit): string {
  const edge = (it: Edge): string => `b${it.block}(${it.args.map((arg) => `r${arg}`).join(" ")})`;
  switch (exit.op) {
    case "jump":
      return `jump ${edge(exit.to)}${at(program, exit.span)}`;
    case "branch":
      return `branch r${exit.cond} ${edge(exit.then)} ${edge(exit.else)}${at(program, exit.span)}`;
    case "return":
      return `return [${exit.values.map((it) => `r${it}`).join(" ")}]${at(program, exit.span)}`;
    case "panic":
      return `panic r${exit.value}${at(program, exit.span)}`;
  }
}

export function printType(program: Program, id: TypeId): string {
  const of = (it: TypeId): string => printType(program, it);
  const list = (ids: readonly TypeId[]): string => ids.map(of).join(", ");
  const type = typeOf(program, id);
  switch (type.kind) {
    case "basic":
      return word(type.name);
    case "named":
      return word(type.name);
    case "pointer":
      return `*${of(type.elem)}`;
    case "slice":
      return `[]${of(type.elem)}`;
    case "array":
      return `[${type.length}]${of(type.elem)}`;
    case "map":
      return `map[${of(type.key)}]${of(type.value)}`;
    case "chan":
      return `chan ${type.dir} ${of(type.elem)}`;
    case "struct":
      return `struct{${type.fields.map((it) => printTypeField(it, of)).join(", ")}}`;
    case "func":
      return `func(${list(type.params)})(${list(type.results)})${type.variadic ? "..." : ""}`;
    case "interface":
      return `interface{${type.methods.map((it) => `${word(it.id)} ${of(it.type)}`).join(", ")}}`;
    case "tuple":
      return `(${list(type.elems)})`;
    case "any":
      return "any";
  }
}

function printTypeField(field: Field, of: (id: TypeId) => string): string {
  const pkg = field.pkg === "" ? "" : ` pkg ${word(field.pkg)}`;
  const tag = field.tag === "" ? "" : ` tag ${JSON.stringify(field.tag)}`;
  return `${word(field.name)} ${of(field.type)}${field.embedded ? " embedded" : ""}${pkg}${tag}`;
}

function typeAt(func: Func, reg: Reg): TypeId {
  return func.regTypes[reg] ?? (0 as TypeId);
}

function at(program: Program, id: SpanId): string {
  if (id === 0) return "";
  const { uri, start, end } = spanOf(program, id);
  const from = `${start.line + 1}:${start.character + 1}`;
  return ` @${JSON.stringify(uri)} ${from}~${end.line + 1}:${end.character + 1}`;
}

const plain = /^[A-Za-z_$][\w$./-]*$/;
/** Words that mean something where a name may stand. */
const reserved = new Set(["struct", "map", "chan", "func", "interface", "external", "r", "any"]);

function word(name: string): string {
  const looksLikeReg = /^[rb]\d+$/.test(name);
  return plain.test(name) && !reserved.has(name) && !looksLikeReg ? name : JSON.stringify(name);
}
