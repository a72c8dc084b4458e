import { isFlag, isIndex, isList, isText, listOf, type Scope } from "./decode-rows.js";
import type { TypeRow } from "./schema.js";

/** What is wrong with the type table, or "". */
export function typesProblem(types: readonly unknown[], scope: Scope): string {
  const bad = types.findIndex((it) => !isTypeRow(it, scope));
  if (bad >= 0) return `bad type ${bad}: ${JSON.stringify(types[bad])}`;
  const rows = types as readonly TypeRow[];
  const doubled = rows.findIndex((it) => it[0] === "named" && rows[it[2]]?.[0] === "named");
  if (doubled >= 0) return `type ${doubled} has a name underneath`;
  const cycle = cyclic(rows);
  return cycle < 0 ? "" : `type ${cycle} contains itself`;
}

function isTypeRow(row: unknown, scope: Scope): boolean {
  if (!isList(row)) return false;
  const [tag, a, b, c] = row;
  const type = (it: unknown): boolean => isIndex(it, scope.types);
  switch (tag) {
    case "basic":
    case "opaque":
      return isText(a);
    case "named":
      return isText(a) && (b === -1 || type(b));
    case "pointer":
    case "slice":
      return type(a);
    case "array":
      // Lengths near the largest int are no safe integers; nothing that big is ever made.
      return type(a) && typeof b === "number" && b >= 0;
    case "map":
      return type(a) && type(b);
    case "chan":
      return (a === "both" || a === "send" || a === "recv") && type(b);
    case "struct":
      return listOf(a, (it) => isField(it, type));
    case "func":
      return listOf(a, type) && listOf(b, type) && isFlag(c);
    case "interface":
      return listOf(a, (it) => isList(it) && isText(it[0]) && type(it[1]));
    case "tuple":
      return listOf(a, type);
    default:
      return false;
  }
}

function isField(it: unknown, type: (it: unknown) => boolean): boolean {
  if (!isList(it)) return false;
  const [name, of, embedded, tag, pkg] = it;
  return isText(name) && type(of) && isFlag(embedded) && isText(tag) && isText(pkg);
}

/** A type that contains itself other than through a name, which no Go program has; -1 if there is none. */
function cyclic(rows: readonly TypeRow[]): number {
  const done = new Set<number>();
  const open = new Set<number>();
  for (let start = 0; start < rows.length; start++) {
    const work = [start];
    for (let next = work.at(-1); next !== undefined; next = work.at(-1)) {
      if (done.has(next) || open.has(next)) {
        // Seen for the second time, its parts are done.
        open.delete(next);
        done.add(next);
        work.pop();
        continue;
      }
      open.add(next);
      const parts = partsOf(rows[next]);
      if (parts.some((it) => open.has(it))) return next;
      work.push(...parts.filter((it) => !done.has(it)));
    }
  }
  return -1;
}

function partsOf(row: TypeRow | undefined): readonly number[] {
  switch (row?.[0]) {
    case "pointer":
    case "slice":
    case "array":
      return [row[1]];
    case "map":
      return [row[1], row[2]];
    case "chan":
      return [row[2]];
    case "struct":
    case "interface":
      return row[1].map((it) => it[1]);
    case "func":
      return [...row[1], ...row[2]];
    case "tuple":
      return row[1];
    default:
      return [];
  }
}
