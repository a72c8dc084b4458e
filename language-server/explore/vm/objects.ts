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

/** A cell, or a channel or map as a whole. */
type Holder =
  | { readonly kind: "cell"; readonly obj: Obj; readonly off: number }
  | { readonly kind: "whole"; readonly name: string };

interface Table {
  readonly list: WitnessObject[];
  readonly index: Map<string, ObjectId>;
}

export class Objects {
  readonly #program: Program;
  readonly #core: Core;
  readonly #layout: Layout;
  /** Numbers of cells, by the object's identity and by offset. */
  readonly #cells = new Map<number, number[]>();
  readonly #whole = new Map<string, number>();
  /** What has a number: who was seen last with it. */
  readonly #holders: (Holder | undefined)[] = [undefined];
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
    let row = this.#cells.get(obj.id);
    if (row === undefined) this.#cells.set(obj.id, (row = []));
    let number = row[off];
    if (number === undefined) {
      number = this.#holders.length;
      row[off] = number;
      this.#holders.push({ kind: "cell", obj, off });
    }
    return number;
  }

  chanNumber(chan: Chan): number {
    return (chan.number ??= this.#number(`chan ${chan.id}`, chan.name, "channel"));
  }

  mapNumber(map: MapObj): number {
    return this.#number(`map ${map.id}`, map.name, "map");
  }

  /** What people call what has a number. */
  nameOf(number: number): string {
    const holder = this.#holders[number];
    if (holder === undefined) return "the program";
    return holder.kind === "whole" ? holder.name : this.#core.nameOf(holder.obj, holder.off);
  }

  cell({ obj, off }: Ptr, kind: ObjectKind): Subject {
    const key = `${obj.id}+${off}`;
    const library = kind === "variable" ? null : this.#libraryType(obj.type, off);
    const known = (library === null ? null : libraryKinds.get(library)) ?? kind;
    const name = (): string => {
      const full = this.#core.nameOf(obj, off);
      return library === null ? full : withoutField(full);
    };
    return this.#subject(this.number(obj, off), key, known, name, obj.span);
  }

  chan(chan: Chan): Subject {
    const key = `chan ${chan.id}`;
    const number = this.chanNumber(chan);
    return this.#subject(number, key, "channel", () => nonEmpty(chan.name, "channel"), chan.span);
  }

  /** `entry`: the key of one entry as shown, or null for the map as a whole. All entries share the map's number. */
  map(map: MapObj, name: string, entry: string | null): Subject {
    const key = `map ${map.id}`;
    const shown = entry === null ? key : `${key}[${entry}]`;
    const label = entry === null ? name : `${name}[${entry}]`;
    return this.#subject(this.mapNumber(map), shown, "map", () => label, map.span);
  }

  #subject(
    touch: number,
    key: string,
    kind: ObjectKind,
    name: () => string,
    span: SpanId,
  ): Subject {
    const { list, index } = this.#table;
    let object = index.get(key);
    if (object === undefined) {
      object = list.length;
      const at = span === 0 ? null : spanOf(this.#program, span);
      list.push({ name: this.#unique(name()), kind, span: at });
      index.set(key, object);
      this.#core.trail.onUndo(() => {
        list.pop();
        index.delete(key);
      });
    }
    return { touch, object };
  }

  /** `account #2` for the second thing of the name. */
  #unique(name: string): string {
    const same = this.#table.list.filter((it) => it.name.replace(/ #\d+$/, "") === name).length;
    return same === 0 ? name : `${name} #${same + 1}`;
  }

  #number(key: string, name: string, otherwise: string): number {
    let number = this.#whole.get(key);
    if (number === undefined) {
      number = this.#holders.length;
      this.#whole.set(key, number);
      this.#holders.push({ kind: "whole", name: nonEmpty(name, otherwise) });
    }
    return number;
  }

  /** The type of package sync or sync/atomic that stands at an offset, whose fields nobody wants to see. */
  #libraryType(type: TypeId, off: number): string | null {
    const named = this.#program.types[type];
    if (named?.kind === "named" && /^sync(?:\/atomic)?\./.test(named.name)) return named.name;
    const shape = underlying(this.#program, type);
    if (shape.kind === "array") {
      const size = this.#layout.cells(shape.elem);
      return size === 0 ? null : this.#libraryType(shape.elem, off % size);
    }
    if (shape.kind !== "struct") return null;
    const offsets = this.#layout.offsets(type);
    for (let index = shape.fields.length - 1; index >= 0; index--) {
      const start = offsets[index] ?? 0;
      const field = shape.fields[index];
      if (field === undefined || start > off) continue;
      if (off < start + this.#layout.cells(field.type))
        return this.#libraryType(field.type, off - start);
    }
    return null;
  }
}

const libraryKinds: ReadonlyMap<string, ObjectKind> = new Map([
  ["sync.Mutex", "mutex"],
  ["sync.RWMutex", "rwmutex"],
  ["sync.WaitGroup", "waitgroup"],
  ["sync.Once", "once"],
  ["sync.Cond", "cond"],
]);

/** `c.mu.state` → `c.mu`. */
function withoutField(name: string): string {
  return name.replace(/\.\w+$/, "");
}

function nonEmpty(name: string, otherwise: string): string {
  return name === "" ? otherwise : name;
}
