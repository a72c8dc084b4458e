// What `console.log` prints, as Node's `util.inspect` lays it out. Runs none of the program's code but `toJSON` for `%j`.

import type { Promises } from "./js-promise-class.js";

/** What the printer asks the machine. */
export interface InspectHost {
  readonly promises: Promises;
  /** Where a value that must not be looked into came from. */
  opaqueName(value: object): string | undefined;
  /** "class", "async", "generator"… for functions of the program. */
  kindOf(fn: object): { readonly tag: string; readonly isClass: boolean };
}

interface Layout {
  /** Depth of the object that was laid out last. */
  current: number;
  indent: number;
  readonly seen: unknown[];
}

export class Inspector {
  readonly #host: InspectHost;

  constructor(host: InspectHost) {
    this.#host = host;
  }

  /** The arguments of `console.log` as one line or more. */
  format(args: readonly unknown[]): string {
    const [first] = args;
    if (typeof first !== "string" || !first.includes("%")) {
      return args.map((it) => this.#argument(it)).join(" ");
    }
    let next = 1;
    const text = first.replaceAll(/%[sdifjoOc%]/g, (spec) => {
      if (spec === "%%") return "%";
      if (next >= args.length) return spec;
      return this.#directive(spec, args[next++]);
    });
    return [text, ...args.slice(next).map((it) => this.#argument(it))].join(" ");
  }

  #directive(spec: string, value: unknown): string {
    switch (spec) {
      case "%s":
        return typeof value === "string" ? value : this.inspect(value);
      case "%d":
      case "%f":
        return typeof value === "object" ? "NaN" : String(Number(value));
      case "%i":
        return typeof value === "object" ? "NaN" : String(Math.trunc(Number(value)));
      case "%j":
        return JSON.stringify(value);
      case "%c":
        return "";
      default:
        return this.inspect(value);
    }
  }

  #argument(value: unknown): string {
    return typeof value === "string" ? value : this.inspect(value);
  }

  inspect(value: unknown): string {
    return this.#value(value, 0, { current: 0, indent: 0, seen: [] });
  }

  /** One short line. */
  brief(value: unknown, most: number): string {
    const text = this.inspect(value).replaceAll(/\s+/g, " ");
    return text.length > most ? `${text.slice(0, most - 1)}…` : text;
  }

  #value(value: unknown, depth: number, layout: Layout): string {
    switch (typeof value) {
      case "string":
        return quote(value);
      case "bigint":
        return `${value}n`;
      case "number":
        return Object.is(value, -0) ? "-0" : String(value);
      case "symbol":
        return value.toString();
      case "object":
        return value === null ? "null" : this.#object(value, depth, layout);
      case "function":
        return this.#object(value, depth, layout);
      default:
        return String(value);
    }
  }

  #object(value: object, depth: number, layout: Layout): string {
    if (layout.seen.includes(value)) return "[Circular *1]";
    const opaque = this.#host.opaqueName(value);
    if (opaque !== undefined) return `<${opaque}>`;
    const leaf = this.#leaf(value);
    if (leaf !== null) return leaf;
    const { open, close, kind } = this.#braces(value);
    if (depth > 2) return kind === "array" ? "[Array]" : `[${constructorName(value) ?? "Object"}]`;
    layout.seen.push(value);
    layout.current = depth;
    const entries = this.#entries(value, kind, depth, layout);
    layout.seen.pop();
    if (entries.length === 0) return typeof value === "function" ? open : `${open}${close}`;
    const whole = this.#braced(value, open);
    return reduce(whole, close, entries, kind === "array", depth, layout);
  }

  #braced(value: object, open: string): string {
    return typeof value === "function" ? `${open} {`.trimStart() : open;
  }

  /** Objects that are shown as one word. */
  #leaf(value: object): string | null {
    if (value instanceof Error) return this.#error(value);
    if (value instanceof RegExp) return String(value);
    if (value instanceof Date) {
      return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
    }
    if (value instanceof Number || value instanceof String || value instanceof Boolean) {
      const name = value.constructor.name;
      return `[${name}: ${this.inspect(value.valueOf())}]`;
    }
    return null;
  }

  #error(error: Error): string {
    const text = error.message === "" ? error.name : `${error.name}: ${error.message}`;
    return `${text}\n    at <anonymous>`;
  }

  #braces(value: object): {
    open: string;
    close: string;
    kind: "array" | "map" | "set" | "object";
  } {
    const name = constructorName(value);
    if (Array.isArray(value)) {
      return {
        open: name === "Array" ? "[" : `${name ?? "[null prototype]"}(${value.length}) [`,
        close: "]",
        kind: "array",
      };
    }
    if (ArrayBuffer.isView(value) && "length" in value) {
      return { open: `${name ?? ""}(${String(value.length)}) [`, close: "]", kind: "array" };
    }
    if (value instanceof Map)
      return { open: `${name ?? "Map"}(${value.size}) {`, close: "}", kind: "map" };
    if (value instanceof Set)
      return { open: `${name ?? "Set"}(${value.size}) {`, close: "}", kind: "set" };
    if (typeof value === "function")
      return { open: this.#functionName(value), close: "}", kind: "object" };
    if (name === null) return { open: "[Object: null prototype] {", close: "}", kind: "object" };
    const tag = (value as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
    const generator = tag === "Generator" || tag === "AsyncGenerator";
    if (generator) return { open: `Object [${tag}] {`, close: "}", kind: "object" };
    const tagged = typeof tag === "string" && tag !== name ? `${name} [${tag}]` : name;
    return { open: tagged === "Object" ? "{" : `${tagged} {`, close: "}", kind: "object" };
  }

  #functionName(value: NewableFunction): string {
    const { tag, isClass } = this.#host.kindOf(value);
    const parent: unknown = Object.getPrototypeOf(value);
    if (isClass) {
      const extending =
        typeof parent === "function" && parent.name !== "" ? ` extends ${parent.name}` : "";
      return `[class ${value.name === "" ? "(anonymous)" : value.name}${extending}]`;
    }
    return value.name === "" ? `[${tag} (anonymous)]` : `[${tag}: ${value.name}]`;
  }

  /** What no property shows. */
  #hidden(value: object, inner: (it: unknown) => string): readonly string[] {
    if (value instanceof WeakMap || value instanceof WeakSet) return ["<items unknown>"];
    const promise = this.#host.promises.dataOf(value);
    if (promise === undefined) return [];
    if (promise.state === "pending") return ["<pending>"];
    return [
      promise.state === "fulfilled" ? inner(promise.value) : `<rejected> ${inner(promise.value)}`,
    ];
  }

  #entries(value: object, kind: string, depth: number, layout: Layout): string[] {
    const inner = (it: unknown): string => {
      layout.indent += 2;
      const text = this.#value(it, depth + 1, layout);
      layout.indent -= 2;
      return text;
    };
    const entries: string[] = [];
    if (isOfSharedMemory(value)) return ["<shared memory>"];
    if (kind === "array") entries.push(...arrayEntries(value as readonly unknown[], inner));
    if (value instanceof Map)
      for (const [k, v] of value) entries.push(`${inner(k)} => ${inner(v)}`);
    if (value instanceof Set) for (const it of value) entries.push(inner(it));
    entries.push(...this.#hidden(value, inner));
    for (const key of Reflect.ownKeys(value)) {
      if (kind === "array" && typeof key === "string" && /^\d+$/.test(key)) continue;
      const descriptor = Reflect.getOwnPropertyDescriptor(value, key);
      if (descriptor?.enumerable !== true) continue;
      entries.push(`${keyText(key)}: ${accessorText(descriptor) ?? inner(descriptor.value)}`);
    }
    return entries;
  }
}

/** Its elements are kept elsewhere (`agents/memory.ts`), one of them changes at a step, and printing gets a copy. */
function isOfSharedMemory(value: object): boolean {
  if (!ArrayBuffer.isView(value)) return false;
  return Object.prototype.toString.call(value.buffer) === "[object SharedArrayBuffer]";
}

function accessorText(descriptor: PropertyDescriptor): string | null {
  if (descriptor.get !== undefined) {
    return descriptor.set === undefined ? "[Getter]" : "[Getter/Setter]";
  }
  return descriptor.set === undefined ? null : "[Setter]";
}

function arrayEntries(array: readonly unknown[], inner: (it: unknown) => string): string[] {
  const entries: string[] = [];
  let holes = 0;
  const flush = (): void => {
    if (holes > 0) entries.push(`<${holes} empty item${holes === 1 ? "" : "s"}>`);
    holes = 0;
  };
  for (let index = 0; index < array.length && entries.length < 100; index++) {
    if (index in array) {
      flush();
      entries.push(inner(array[index]));
    } else holes++;
  }
  flush();
  const more = array.length - 100;
  if (more > 0) entries.push(`... ${more} more item${more === 1 ? "" : "s"}`);
  return entries;
}

function keyText(key: string | symbol): string {
  if (typeof key === "symbol") return key.toString();
  return /^[A-Za-z_][A-Za-z_0-9]*$/.test(key) ? key : quote(key);
}

/** On one line when it fits and is not too deep, else one entry per line. */
function reduce(
  open: string,
  close: string,
  entries: readonly string[],
  isArray: boolean,
  depth: number,
  layout: Layout,
): string {
  const output = isArray && entries.length > 6 ? inColumns(entries, layout.indent) : entries;
  const indentation = `\n${" ".repeat(layout.indent)}`;
  if (layout.current - depth < 3 && output === entries) {
    const start = output.length + layout.indent + open.length + 10;
    const total = output.reduce((sum, it) => sum + it.length, output.length + start);
    const line = output.join(", ");
    if (total <= 80 && !line.includes("\n")) return `${open} ${line} ${close}`;
  }
  return `${open}${indentation}  ${output.join(`,${indentation}  `)}${indentation}${close}`;
}

/** Long arrays of short entries are laid out in aligned columns. */
function inColumns(entries: readonly string[], indent: number): readonly string[] {
  const hasMore = entries.at(-1)?.startsWith("... ") === true;
  const count = hasMore ? entries.length - 1 : entries.length;
  const lengths = entries.slice(0, count).map((it) => it.length + 2);
  const widest = Math.max(...lengths);
  const total = lengths.reduce((sum, it) => sum + it, 0);
  if (widest * 3 + indent >= 80 || !(total / widest > 5 || widest - 2 <= 6)) return entries;
  const biased = Math.max(widest - 3 - Math.sqrt(widest - total / count), 1);
  const columns = Math.min(
    Math.round(Math.sqrt(2.5 * biased * count) / biased),
    Math.floor((80 - indent) / widest),
    12,
    15,
  );
  if (columns <= 1) return entries;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...lengths.filter((_, index) => index % columns === column)),
  );
  const numbers = entries.slice(0, count).every((it) => /^-?[\d.]+n?$/.test(it));
  const rows: string[] = [];
  for (let row = 0; row < count; row += columns) {
    const end = Math.min(row + columns, count);
    const cells = entries.slice(row, end).map((it, column) => {
      const last = row + column === end - 1;
      const text = last ? it : `${it}, `;
      const width = (widths[column] ?? 0) - (last ? 2 : 0);
      if (numbers) return text.padStart(width);
      return last ? text : text.padEnd(width);
    });
    rows.push(cells.join(""));
  }
  return hasMore ? [...rows, entries.at(-1) ?? ""] : rows;
}

function quote(text: string): string {
  const mark = !text.includes("'")
    ? "'"
    : !text.includes('"')
      ? '"'
      : !text.includes("`")
        ? "`"
        : "'";
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll("\t", "\\t")
    .replaceAll("\r", "\\r")
    .replaceAll("\b", "\\b")
    .replaceAll("\f", "\\f")
    .replaceAll("\v", "\\v")
    .replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, hexOf);
  return `${mark}${mark === "'" ? escaped.replaceAll("'", "\\'") : escaped}${mark}`;
}

function hexOf(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

function constructorName(value: object): string | null {
  for (
    let at: object | null = value;
    at !== null;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    const found: unknown = Reflect.getOwnPropertyDescriptor(at, "constructor")?.value;
    if (typeof found === "function" && found.name !== "") return found.name;
  }
  return null;
}
