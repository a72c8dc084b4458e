import type { ProgramBuilder } from "../../ir/builder.js";
import type { SpanId } from "../../ir/ir.js";
import type { Unit } from "./link.js";
import type { SpanIndex } from "./schema.js";

/** Places of all images as spans of one program. */
export class SpanLinker {
  readonly #builder: ProgramBuilder;
  readonly #ids = new Map<Unit, (SpanId | undefined)[]>();
  readonly #uris = new Map<string, string>();

  constructor(builder: ProgramBuilder) {
    this.#builder = builder;
  }

  id(unit: Unit, index: SpanIndex): SpanId {
    if (index === 0) return 0 as SpanId;
    let ids = this.#ids.get(unit);
    if (ids === undefined) {
      ids = [];
      this.#ids.set(unit, ids);
    }
    const known = ids[index];
    if (known !== undefined) return known;
    const { files, spans } = unit.image;
    const at = (column: number): number => spans[index * 5 + column] ?? 0;
    const id = this.#builder.span({
      uri: this.#uri(files[at(0)] ?? ""),
      start: { line: at(1), character: at(2) },
      end: { line: at(3), character: at(4) },
    });
    ids[index] = id;
    return id;
  }

  #uri(file: string): string {
    let uri = this.#uris.get(file);
    if (uri === undefined) {
      uri = uriOf(file);
      this.#uris.set(file, uri);
    }
    return uri;
  }
}

/** Images name files by URI or by absolute path, as whoever asked for them did. */
export function uriOf(file: string): string {
  if (/^[a-z][a-z0-9+.-]+:/.test(file)) return file;
  const path = file.replaceAll("\\", "/");
  return `file://${path.startsWith("/") ? "" : "/"}${encodeURI(path)}`;
}
