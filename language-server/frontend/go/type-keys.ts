import { unreachable } from "../../base/assert.js";
import type { Image, TypeIndex, TypeRow } from "./schema.js";

/** Canonical text of the types of an image, computed on demand. A named type stands for itself, so texts are finite. */
export function typeKeys(image: Image): (type: TypeIndex) => string {
  const known: (string | undefined)[] = [];
  const key = (index: TypeIndex): string => {
    const cached = known[index];
    if (cached !== undefined) return cached;
    const row = image.types[index];
    const text = row === undefined ? "?" : keyOf(row, key);
    known[index] = text;
    return text;
  };
  return key;
}

function keyOf(row: TypeRow, key: (type: TypeIndex) => string): string {
  switch (row[0]) {
    case "basic":
    case "named":
      return row[1];
    case "opaque":
      return `$${row[1]}`;
    case "pointer":
      return `*${key(row[1])}`;
    case "slice":
      return `[]${key(row[1])}`;
    case "array":
      return `[${row[2]}]${key(row[1])}`;
    case "map":
      return `map[${key(row[1])}]${key(row[2])}`;
    case "chan":
      return `chan(${row[1]} ${key(row[2])})`;
    case "struct":
      return `struct{${row[1]
        .map(
          ([name, type, embedded, tag, pkg]) =>
            `${pkg}.${name} ${embedded} ${key(type)} ${JSON.stringify(tag)}`,
        )
        .join(";")}}`;
    case "func":
      return `func(${row[1].map(key).join(",")})(${row[2].map(key).join(",")})${row[3]}`;
    case "interface":
      return `interface{${row[1].map(([id, type]) => `${id} ${key(type)}`).join(";")}}`;
    case "tuple":
      return `(${row[1].map(key).join(",")})`;
    default:
      return unreachable(row);
  }
}
