// JSON → Image. Everything the lowering relies on is checked here once: kinds of fields, and that every index
// (register, pool row, type, span, block) exists. A function that does not fit is dropped with a reason and the
// rest of the image is used; an image whose tables do not fit is refused.

import {
  checkOf,
  isFlag,
  isIndex,
  isInt,
  isList,
  isRecord,
  isText,
  listOf,
  type Scope,
} from "./decode-rows.js";
import { typesProblem } from "./decode-types.js";
import { imageVersion, type BlockRow, type FuncRow, type Image, type InstrRow } from "./schema.js";

export type Decoded =
  | { readonly kind: "image"; readonly image: Image; readonly dropped: readonly DroppedFunc[] }
  | { readonly kind: "refused"; readonly reason: string };

/** A function of the image that does not fit the schema, and why. */
export interface DroppedFunc {
  readonly name: string;
  readonly reason: string;
}

export function decodeImage(text: string): Decoded {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: "refused", reason: "the package image is not JSON" };
  }
  if (!isRecord(json)) return { kind: "refused", reason: "the package image is not an object" };
  if (json["version"] !== imageVersion) {
    const reason = `the package image has version ${String(json["version"])}, not ${imageVersion}`;
    return { kind: "refused", reason };
  }
  const problem = headProblem(json);
  if (problem !== "") return { kind: "refused", reason: `package image: ${problem}` };
  const image = json as unknown as Image;
  const dropped: DroppedFunc[] = [];
  const funcs = image.funcs.filter((it) => {
    const reason = funcProblem(it, scopeOf(image));
    if (reason !== "") dropped.push({ name: it.name, reason });
    return reason === "";
  });
  return { kind: "image", image: { ...image, funcs }, dropped };
}

function scopeOf(image: Image): Scope {
  return {
    regs: 0,
    pool: image.pool.length,
    types: image.types.length,
    spans: image.spans.length / 5,
    blocks: 0,
  };
}

function headProblem(json: Record<string, unknown>): string {
  const { spans, types, pool, files } = json;
  for (const key of ["package", "name"]) {
    if (!isText(json[key])) return `${key} is not a text`;
  }
  for (const key of ["imports", "files"]) {
    if (!listOf(json[key], isText)) return `${key} is not a list of texts`;
  }
  if (!listOf(spans, isInt) || spans.length % 5 !== 0 || spans.length === 0) return "bad spans";
  if (!isList(types) || !isList(pool) || !isList(files)) return "tables are missing";
  const scope: Scope = {
    regs: 0,
    pool: pool.length,
    types: types.length,
    spans: spans.length / 5,
    blocks: 0,
  };
  for (let row = 1; row < scope.spans; row++) {
    if (!isIndex(spans[row * 5], files.length)) return `span ${row} is in no file`;
  }
  const badTypes = typesProblem(types, scope);
  if (badTypes !== "") return badTypes;
  const badPool = pool.findIndex((it) => !isPoolRow(it, scope));
  if (badPool >= 0) return `bad pool row ${badPool}: ${JSON.stringify(pool[badPool])}`;
  return tablesProblem(json, scope);
}

function tablesProblem(json: Record<string, unknown>, scope: Scope): string {
  const rows = (key: string, fits: (row: readonly unknown[]) => boolean): boolean =>
    listOf(json[key], (row) => isList(row) && fits(row));
  const type = (it: unknown): boolean => isIndex(it, scope.types);
  const span = (it: unknown): boolean => isIndex(it, scope.spans);
  if (
    !rows(
      "globals",
      ([name, of, at, embedded]) => isText(name) && type(of) && span(at) && (embedded ?? 1) === 1,
    )
  )
    return "bad globals";
  if (!rows("methods", ([of, id, func]) => type(of) && isText(id) && isText(func)))
    return "bad methods";
  if (
    !rows(
      "roots",
      ([kind, func, assumption]) =>
        isText(kind) && isText(func) && (assumption === undefined || isText(assumption)),
    )
  )
    return "bad roots";
  if (!rows("gaps", ([at, reason]) => span(at) && isText(reason))) return "bad gaps";
  const optional: typeof rows = (key, fits) => json[key] === undefined || rows(key, fits);
  if (
    !optional("guards", (row) => row.slice(0, 4).every(isText) && row.length === 5 && span(row[4]))
  )
    return "bad guards";
  if (
    !optional(
      "requires",
      ([func, param, lock, shared]) =>
        isText(func) && isInt(param) && isText(lock) && isFlag(shared),
    )
  )
    return "bad requirements";
  if (!listOf(json["funcs"], (it) => isRecord(it) && isText(it["name"]))) return "bad functions";
  return "";
}

function isPoolRow(row: unknown, scope: Scope): boolean {
  if (!isList(row) || !isIndex(row[1], scope.types)) return false;
  const value = row[2];
  switch (row[0]) {
    case "global":
    case "func":
      return isText(value);
    case "const":
      return isScalar(value) || (isList(value) && value.length === 2 && value.every(isNumeral));
    default:
      return false;
  }
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value === "boolean" || isNumeral(value);
}

function isNumeral(value: unknown): boolean {
  return typeof value === "number" || typeof value === "string";
}

/** Why a row of `funcs` cannot be lowered, or "". */
function funcProblem(func: FuncRow, tables: Scope): string {
  const row = func as unknown as Readonly<Record<string, unknown>>;
  const { display, pkg, sig, span, synthetic, parent, params, free, regs, blocks, recover } = row;
  if (![display, pkg, synthetic, parent].every(isText)) return "bad names";
  if (!isIndex(sig, tables.types) || !isIndex(span, tables.spans)) return "bad signature or span";
  const variable = (it: unknown): boolean =>
    isList(it) && isText(it[0]) && isIndex(it[1], tables.spans);
  if (!listOf(params, variable) || !listOf(free, variable)) return "bad parameters";
  if (!listOf(regs, (it) => isIndex(it, tables.types))) return "bad registers";
  if (regs.length < params.length + free.length) return "too few registers";
  if (!isList(blocks) || !isInt(recover) || recover < -1) return "bad blocks";
  if (recover >= blocks.length) return "bad recover block";
  const scope: Scope = { ...tables, regs: regs.length, blocks: blocks.length };
  for (const [index, block] of blocks.entries()) {
    const problem = blockProblem(block, scope);
    if (problem !== "") return `block ${index}: ${problem}`;
  }
  return edgesProblem(func.blocks);
}

function blockProblem(block: unknown, scope: Scope): string {
  if (!isRecord(block)) return "not an object";
  const { preds, succs, instrs } = block;
  const target = (it: unknown): boolean => isIndex(it, scope.blocks);
  if (!listOf(preds, target) || !listOf(succs, target)) return "bad edges";
  if (!isList(instrs) || instrs.length === 0) return "no instructions";
  const bad = instrs.map((it) => rowProblem(it, scope)).find((it) => it !== "");
  if (bad !== undefined) return bad;
  const rows = instrs as readonly InstrRow[];
  if (rows.slice(0, -1).some(isExit)) return "an instruction after the exit";
  const last = rows[rows.length - 1];
  if (last === undefined || !isExit(last)) return "no exit";
  const wanted = last[0] === "If" ? 2 : last[0] === "Jump" ? 1 : 0;
  return succs.length === wanted ? "" : `${succs.length} successors of ${last[0]}`;
}

function rowProblem(row: unknown, scope: Scope): string {
  if (!isList(row) || !isText(row[0])) return "bad instruction";
  const check = checkOf(row[0]);
  if (check === undefined) return `unknown instruction ${row[0]}`;
  return check(row, scope) ? "" : `bad ${row[0]}: ${JSON.stringify(row)}`;
}

function isExit(row: InstrRow): boolean {
  return row[0] === "Jump" || row[0] === "If" || row[0] === "Return" || row[0] === "Panic";
}

/** Every edge must stand on both of its ends, since phis count predecessors. */
function edgesProblem(blocks: readonly BlockRow[]): string {
  const count = (list: readonly number[], it: number): number =>
    list.filter((x) => x === it).length;
  for (const [index, block] of blocks.entries()) {
    for (const to of block.succs) {
      const preds = blocks[to]?.preds ?? [];
      if (count(preds, index) !== count(block.succs, to)) return `bad edge ${index} to ${to}`;
    }
    for (const row of block.instrs) {
      if (row[0] === "Phi" && row[3].length !== block.preds.length) return `bad phi in ${index}`;
    }
  }
  return "";
}
