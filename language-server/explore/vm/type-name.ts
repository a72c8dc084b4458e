// Names of types as Go programs print them (`%T`, messages of failed assertions).

import { typeOf } from "../../ir/access.js";
import type { Program } from "../../ir/ir.js";
import type { Field, Type, TypeId } from "../../ir/types.js";

export function typeName(program: Program, id: TypeId): string {
  const type = typeOf(program, id);
  const name = (it: TypeId): string => typeName(program, it);
  switch (type.kind) {
    case "basic":
      return type.name;
    case "named":
      return qualified(type.name);
    case "pointer":
      return `*${name(type.elem)}`;
    case "slice":
      return `[]${name(type.elem)}`;
    case "array":
      return `[${type.length}]${name(type.elem)}`;
    case "map":
      return `map[${name(type.key)}]${name(type.value)}`;
    case "chan": {
      if (type.dir === "recv") return `<-chan ${name(type.elem)}`;
      const elem = name(type.elem);
      const inner = elem.startsWith("<-") ? `(${elem})` : elem;
      return type.dir === "send" ? `chan<- ${elem}` : `chan ${inner}`;
    }
    case "func":
      return `func${signature(program, type)}`;
    case "struct": {
      const fields = type.fields.map((it) => fieldText(it, name(it.type)));
      return fields.length === 0 ? "struct {}" : `struct { ${fields.join("; ")} }`;
    }
    case "interface": {
      const methods = type.methods.map((it) => {
        const func = typeOf(program, it.type);
        const shape = func.kind === "func" ? signature(program, func) : "()";
        return `${qualified(it.id)}${shape}`;
      });
      return methods.length === 0 ? "interface {}" : `interface { ${methods.join("; ")} }`;
    }
    case "tuple":
      return `(${type.elems.map(name).join(", ")})`;
    case "any":
      return "any";
  }
}

function fieldText(field: Field, type: string): string {
  const tag = field.tag === "" ? "" : ` ${JSON.stringify(field.tag)}`;
  return field.embedded ? `${type}${tag}` : `${field.name} ${type}${tag}`;
}

function signature(program: Program, type: Extract<Type, { kind: "func" }>): string {
  const params = type.params.map((it, index) => {
    const param = typeName(program, it);
    const last = type.variadic && index === type.params.length - 1;
    return last ? `...${param.slice(2)}` : param;
  });
  const results = type.results.map((it) => typeName(program, it));
  const text = `(${params.join(", ")})`;
  if (results.length === 0) return text;
  return results.length === 1 ? `${text} ${results.join("")}` : `${text} (${results.join(", ")})`;
}

/** The parts of a unique type name `path/of/pkg.f.T[args]`. */
export function splitName(unique: string): { pkg: string; name: string; args: string } {
  // Local to an instance of a generic function, `p.F[int].T`: shown with the function's arguments.
  const local = endOfOuter(unique);
  if (local > 0) {
    const { pkg, args } = splitName(unique.slice(0, local + 1));
    const own = unique.slice(local + 2).replace(/·\d+/, "");
    const open = own.indexOf("[");
    if (open < 0) return { pkg, name: own, args };
    return { pkg, name: own.slice(0, open), args: `${args.slice(0, -1)};${own.slice(open + 1)}` };
  }
  const bracket = unique.indexOf("[");
  const test = unique.indexOf(" [test]");
  const open = bracket >= 0 && bracket === test + 1 ? unique.indexOf("[", bracket + 1) : bracket;
  const head = open < 0 ? unique : unique.slice(0, open);
  const args = open < 0 ? "" : unique.slice(open);
  const slash = head.lastIndexOf("/");
  const last = head.slice(slash + 1);
  // `gopkg.in/yaml.v3.Node`: a version after the dot still belongs to the path.
  const match = /^([^.]*(?:\.v\d+)?)\.(.*)$/.exec(last);
  if (match === null) return { pkg: "", name: head, args };
  const [, pkg = "", rest = ""] = match;
  const name = (rest.split(".").at(-1) ?? rest).replace(/·\d+$/, "");
  return { pkg: head.slice(0, slash + 1) + pkg, name, args };
}

/** Where the arguments of an enclosing function end, or -1: the last `].` outside of brackets. */
function endOfOuter(unique: string): number {
  let depth = 0;
  let end = -1;
  for (let at = 0; at < unique.length; at++) {
    if (unique[at] === "[") depth++;
    if (unique[at] !== "]") continue;
    depth--;
    if (depth === 0 && unique[at + 1] === ".") end = at;
  }
  return end;
}

/** `example.com/x.f.T` → `x.T`: the name of the package, not its path. */
function qualified(unique: string): string {
  const { pkg, name, args } = splitName(unique);
  const list = args.replaceAll(", ", ",");
  return pkg === "" ? name + list : `${packageName(pkg)}.${name}${list}`;
}

/** The usual name of the package at an import path. */
export function packageName(path: string): string {
  const parts = path.replace(/ \[test\]$/, "").split("/");
  let last = parts.at(-1) ?? path;
  if (/^v\d+$/.test(last) && parts.length > 1) last = parts.at(-2) ?? last;
  return last.replace(/\.v\d+$/, "");
}
