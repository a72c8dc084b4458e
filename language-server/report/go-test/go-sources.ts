// The files of one Go package as text: enough to say by what stays where something is.

import type { Span } from "../../../protocol/span.js";

/** A place by what stays when other lines change. */
export interface Place {
  /** The declared function around it, methods as `Type.Method`. */
  readonly func: string;
  /** Its line, without the space around it. */
  readonly line: string;
  /** The how-manieth line of the function that reads so. */
  readonly nth: number;
  /** Where in that, in bytes of UTF-8. */
  readonly column: number;
}

interface Declared {
  readonly uri: string;
  readonly line: number;
}

export class GoSources {
  readonly #lines: ReadonlyMap<string, readonly string[]>;

  /** By `file:` URI: files of one package folder, and no others. */
  constructor(texts: ReadonlyMap<string, string>) {
    this.#lines = new Map([...texts].map(([uri, text]) => [uri, text.split(/\r?\n/)]));
  }

  /** The name in the package clause; null without one. */
  packageOf(uri: string): string | null {
    const clause = /^package (\w+)/;
    const line = this.#lines.get(uri)?.find((it) => clause.test(it)) ?? "";
    return clause.exec(line)?.[1] ?? null;
  }

  /** Where a function begins that the program calls `example.com/m.main` or `(*example.com/m.queue[int]).put`. */
  declared(qualified: string): Declared | null {
    const name = shortName(qualified);
    for (const [uri, lines] of this.#lines) {
      const line = lines.findIndex((it) => declaredIn(it) === name);
      if (line >= 0) return { uri, line };
    }
    return null;
  }

  /** Null outside of the package's functions. */
  placeOf({ uri, start }: Span): Place | null {
    const lines = this.#lines.get(uri);
    const text = lines?.[start.line];
    if (lines === undefined || text === undefined) return null;
    let first = start.line;
    while (first >= 0 && declaredIn(lines[first] ?? "") === null) first--;
    const func = declaredIn(lines[first] ?? "");
    if (func === null) return null;
    const line = text.trim();
    const alike = lines.slice(first, start.line + 1).filter((it) => it.trim() === line);
    const indent = text.length - text.trimStart().length;
    const column = utf8Length(text.slice(indent, start.character));
    return { func, line, nth: alike.length, column };
  }

  /** The text of a span on one line; of a longer one null. */
  textOf({ uri, start, end }: Span): string | null {
    if (start.line !== end.line) return null;
    return this.#lines.get(uri)?.[start.line]?.slice(start.character, end.character) ?? null;
  }
}

/** `example.com/m.(*queue[int]).put` in any of its spellings → `queue.put`; entries of tests → the test. */
export function shortName(qualified: string): string {
  const plain = qualified
    .replace(/\$entry$/, "")
    .replace(/\[.*\]/, "")
    .replace(/[()*]/g, "");
  return plain.slice(plain.lastIndexOf("/") + 1).replace(/^[^.]*\./, "");
}

const declaration = /^func (?:\((?:\w+ )?\*?(\w+)(?:\[[^\]]*\])?\) )?(\w+)[([]/;

/** The function that a line declares, gofmt's way. */
function declaredIn(line: string): string | null {
  const [, receiver, name] = declaration.exec(line) ?? [];
  if (name === undefined) return null;
  return receiver === undefined ? name : `${receiver}.${name}`;
}

function utf8Length(text: string): number {
  let length = 0;
  for (const it of text) {
    const code = it.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
