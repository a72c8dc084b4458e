// Numbers and names of what steps touch. A number (`Touch.object`) stays the same in every execution of a machine; a
// witness' index (`ObjectId`) is given in the order of first use within one execution, and only when steps are told.

import type { Buffer, ObjectId, WitnessObject } from "../../../protocol/witness.js";
import { spanOf, underlying } from "../../ir/access.js";
import type { Program, SpanId } from "../../ir/ir.js";
import { Layout } from "../../ir/layout.js";
import type { TypeId } from "../../ir/types.js";
import { Beside, type Kept } from "./beside.js";
import type { Core, Ptr } from "./core.js";
import type { MapObj } from "./maps.js";
import { Cell, Chan } from "./values.js";

export type ObjectKind = WitnessObject["kind"];

interface Table {
  readonly list: WitnessObject[];
  readonly index: Map<string, ObjectId>;
  /** Those of the list that are channels with a buffer. */
  readonly buffered: { readonly object: ObjectId; readonly chan: Chan }[];
}

export class Objects {
  readonly #program: Program;
  readonly #core: Core;
  readonly #layout: Layout;
  /** Numbers of the parts of the object with an id; an id means the same in every execution. */
  readonly #rows = new Map<number, number[]>();
  /** By number: what has it, of one execution or another. */
  readonly #holders: (readonly [Kept, number] | undefined)[] = [undefined];
  readonly #table: Table = { list: [], index: new Map(), buffered: [] };

  constructor(program: Program, core: Core) {
    this.#program = program;
    this.#core = core;
    this.#layout = new Layout(program);
  }

  list(): readonly WitnessObject[] {
    return this.#table.list;
  }

  /** Number of a cell, or with `off` 0 of a channel or a map. */
  number(owner: Kept, off: number): number {
    return (this.beside(owner).numbers[off] ??= this.#holders.push([owner, off]) - 1);
  }

  /** What people call what has a number. */
  nameOf(number: number): string {
    const holder = this.#holders[number];
    if (holder === undefined) return "the program";
    const [owner, off] = holder;
    if (owner instanceof Cell) return this.#core.nameOf(owner, off);
    return nonEmpty(owner.name, owner instanceof Chan ? "channel" : "map");
  }

  /** What has a number, as it was last seen with it: a cell, or a channel or map as a whole. */
  holderOf(number: number): readonly [owner: Kept, off: number] | undefined {
    return this.#holders[number];
  }

  beside(owner: Kept): Beside {
    return (owner.beside ??= this.#besideNew(owner)) as Beside;
  }

  /** What an execution creates again takes over the numbers of what an undone one had in its place. */
  #besideNew(owner: Kept): Beside {
    const row = this.#row(owner.id);
    row.forEach((number, off) => {
      this.#holders[number] = [owner, off];
    });
    return new Beside(row);
  }

  #row(id: number): number[] {
    let row = this.#rows.get(id);
    if (row === undefined) this.#rows.set(id, (row = []));
    return row;
  }

  cell({ obj, off }: Ptr, kind: ObjectKind): ObjectId {
    const key = `${obj.id}+${off}`;
    const library = kind === "variable" ? null : this.#libraryType(obj.type, off);
    const known = (library === null ? null : libraryKinds.get(library)) ?? kind;
    const name = (): string => {
      const full = this.#core.nameOf(obj, off);
      if (kind === "timer") return timerName(full);
      return library === null ? full : withoutField(full);
    };
    return this.#named(key, known, name, obj.span);
  }

  chan(chan: Chan): ObjectId {
    const { list, buffered } = this.#table;
    const known = list.length;
    const name = (): string => nonEmpty(chan.name, "channel");
    const object = this.#named(`chan ${chan.id}`, "channel", name, chan.span, chan.cap);
    if (object === known && chan.cap > 0) {
      buffered.push({ object, chan });
      this.#core.trail.onUndo(() => {
        buffered.pop();
      });
    }
    return object;
  }

  /** What is in the channels that have been named, as people see values. */
  buffers(elementOf: (channel: TypeId) => TypeId): readonly Buffer[] {
    return this.#table.buffered.map(({ object, chan }) => ({
      object,
      values: chan.buffer.map((it) => this.#core.show(it, elementOf(chan.type))),
    }));
  }

  /** `entry`: the key of one entry as shown, or null for the map as a whole. */
  map(map: MapObj, name: string, entry: string | null): ObjectId {
    const key = entry === null ? `map ${map.id}` : `map ${map.id}[${entry}]`;
    const label = entry === null ? name : `${name}[${entry}]`;
    return this.#named(key, "map", () => label, map.span);
  }

  #named(
    key: string,
    kind: ObjectKind,
    name: () => string,
    span: SpanId,
    capacity?: number,
  ): ObjectId {
    const { list, index } = this.#table;
    let object = index.get(key);
    if (object === undefined) {
      object = list.length;
      const at = span === 0 ? null : spanOf(this.#program, span);
      const limit = capacity === undefined ? {} : { capacity };
      list.push({ name: this.#unique(name(), kind), kind, span: at, ...limit });
      index.set(key, object);
      this.#core.trail.onUndo(() => {
        list.pop();
        index.delete(key);
      });
    }
    return object;
  }

  /** `account #2` for the second thing of the name. A timer is not taken for the channel it sends on. */
  #unique(name: string, kind: ObjectKind): string {
    const same = this.#table.list.filter(
      (it) =>
        it.name.replace(/ #\d+$/, "") === name && (it.kind === "timer") === (kind === "timer"),
    ).length;
    return same === 0 ? name : `${name} #${same + 1}`;
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

/** A timer nobody gave a name is called what it is: its field says nothing. */
function timerName(name: string): string {
  return /^(?:Timer|Ticker)\.timer$/.test(name) ? "timer" : withoutField(name);
}

/** `c.mu.state` → `c.mu`. */
function withoutField(name: string): string {
  return name.replace(/\.\w+$/, "");
}

function nonEmpty(name: string, otherwise: string): string {
  return name === "" ? otherwise : name;
}
