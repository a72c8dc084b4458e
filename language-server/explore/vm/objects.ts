// Names and numbers of what steps touch. A number (`Touch.object`) stays the same in every execution of a
// machine; a witness' index (`ObjectId`) is given in the order of first use within one execution.

import type { ObjectId, WitnessObject } from "../../../protocol/witness.js";
import { spanOf, underlying } from "../../ir/access.js";
import type { Program, SpanId } from "../../ir/ir.js";
import { Layout } from "../../ir/layout.js";
import type { TypeId } from "../../ir/types.js";
import type { Core, Obj, Ptr } from "./core.js";
import type { MapObj } from "./maps.js";
import type { Chan } from "./values.js";

export type ObjectKind = WitnessObject["kind"];

/** Something a step is about: what the search compares, and what people see. */
export interface Subject {
  readonly touch: number;
  readonly object: ObjectId;
}

/** Conflicts with everything: the program's end, and what is not known better. */
export const everything = 0;

interface Table {
  readonly list: WitnessObject[];
  readonly index: Map<string, ObjectId>;
}

export class Objects {
  readonly #program: Program;
  readonly #core: Core;
  readonly #layout: Layout;
  readonly #numbers = new Map<string, number>();
  readonly #table: Table = { list: [], index: new Map() };

  constructor(program: Program, core: Core) {
    this.#program = program;
    this.#core = core;
    this.#layout = new Layout(program);
  }

  list(): readonly WitnessObject[] {
    return this.#table.list;
  }

  /** Number of a cell. */
  number(obj: Obj, off: number): number {
    return this.#number(`${obj.id}+${off}`);
  }

  cell({ obj, off }: Ptr, kind: ObjectKind): Subject {
    const key = `${obj.id}+${off}`;
    const known = kind === "mutex" ? (this.#lockKind(obj.type, off) ?? kind) : kind;
    return this.#subject(key, key, known, () => this.#core.nameOf(obj, off), obj.span);
  }

  chan(chan: Chan): Subject {
    const key = `chan ${chan.id}`;
    return this.#subject(key, key, "channel", () => nonEmpty(chan.name, "channel"), chan.span);
  }

  /** `entry`: the key of one entry as shown, or null for the map as a whole. All entries share the map's number. */
  map(map: MapObj, name: string, entry: string | null): Subject {
    const key = `map ${map.id}`;
    const shown = entry === null ? key : `${key}[${entry}]`;
    const label = entry === null ? name : `${name}[${entry}]`;
    return this.#subject(key, shown, "map", () => label, map.span);
  }

  #subject(
    identity: string,
    key: string,
    kind: ObjectKind,
    name: () => string,
    span: SpanId,
  ): Subject {
    const touch = this.#number(identity);
    const { list, index } = this.#table;
    let object = index.get(key);
    if (object === undefined) {
      object = list.length;
      const at = span === 0 ? null : spanOf(this.#program, span);
      list.push({ name: name(), kind, span: at });
      index.set(key, object);
      this.#core.trail.onUndo(() => {
        list.pop();
        index.delete(key);
      });
    }
    return { touch, object };
  }

  #number(key: string): number {
    let number = this.#numbers.get(key);
    if (number === undefined) this.#numbers.set(key, (number = this.#numbers.size + 1));
    return number;
  }

  /** Tells a read-write lock from a mutex by the named type that stands at an offset. */
  #lockKind(type: TypeId, off: number): ObjectKind | null {
    const named = this.#program.types[type];
    if (off === 0 && named?.kind === "named") {
      if (named.name === "sync.RWMutex") return "rwmutex";
      if (named.name === "sync.Mutex") return "mutex";
    }
    const shape = underlying(this.#program, type);
    if (shape.kind === "array") {
      const size = this.#layout.cells(shape.elem);
      return size === 0 ? null : this.#lockKind(shape.elem, off % size);
    }
    if (shape.kind !== "struct") return null;
    const offsets = this.#layout.offsets(type);
    for (let index = shape.fields.length - 1; index >= 0; index--) {
      const start = offsets[index] ?? 0;
      const field = shape.fields[index];
      if (field === undefined || start > off) continue;
      if (off < start + this.#layout.cells(field.type)) return this.#lockKind(field.type, off - start);
    }
    return null;
  }
}

function nonEmpty(name: string, otherwise: string): string {
  return name === "" ? otherwise : name;
}
