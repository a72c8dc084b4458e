// Shared memory is one array of integers, `mem`, and an address is an index into it; 0 is nil. Channels are numbered from 1,
// those of one capacity and element in a row, and 0 is the nil channel.

import { globalOf, typeOf, underlying } from "../../../language-server/ir/access.js";
import type { GlobalId, Program } from "../../../language-server/ir/ir.js";
import type { TypeId } from "../../../language-server/ir/types.js";
import { NotTranslated } from "./value.js";

/** A place in the program that may allocate more than once gets this many objects; needing more voids the run. */
const poolSize = 8;

/** Channels of one capacity and element type. */
export interface ChannelClass {
  readonly name: string;
  readonly elem: TypeId;
  readonly capacity: number;
  /** Cells of an element. */
  readonly width: number;
  /** How many channels so far. */
  readonly count: number;
}

interface Pool {
  readonly name: string;
  readonly first: string;
  readonly stride: number;
}

/** Where a new object lies: at a fixed place, or at the next one of a pool. */
export type Place =
  | { readonly kind: "fixed"; readonly at: string }
  | { readonly kind: "pool"; readonly pool: Pool };

export class Memory {
  readonly poolSize = poolSize;
  readonly #program: Program;
  readonly #names = new Set<string>();
  readonly #globals = new Map<GlobalId, string>();
  readonly #places = new Map<string, Place>();
  readonly #classes: { -readonly [Key in keyof ChannelClass]: ChannelClass[Key] }[] = [];
  /** `#define` lines. */
  readonly #defines: string[] = [];
  readonly #pools: string[] = [];
  #size = 1;

  constructor(program: Program) {
    this.#program = program;
  }

  /** Number of cells of a type. Primitives of `sync` and the atomic types have one, whatever they consist of in Go. */
  width(id: TypeId): number {
    const type = typeOf(this.#program, id);
    switch (type.kind) {
      case "named":
        return /^sync(\/atomic)?\./.test(type.name) ? 1 : this.width(type.underlying);
      case "struct":
        return type.fields.reduce((sum, it) => sum + this.width(it.type), 0);
      case "array":
        return type.length * this.width(type.elem);
      case "slice":
        return 3;
      case "pointer":
      case "chan":
        return 1;
      case "basic":
        return this.#basic(type.name);
      default:
        throw new NotTranslated(`memory of kind ${type.kind}`);
    }
  }

  #basic(name: string): number {
    if (name === "bool" || /^u?int(8|16|32|64)?$/.test(name)) return 1;
    throw new NotTranslated(`memory of type ${name}`);
  }

  /** Cells before a field of a struct. */
  fieldOffset(struct: TypeId, field: number): number {
    const type = underlying(this.#program, struct);
    if (type.kind !== "struct") throw new NotTranslated(`a field of a ${type.kind}`);
    return type.fields.slice(0, field).reduce((sum, it) => sum + this.width(it.type), 0);
  }

  /** The address of a global. */
  global(id: GlobalId): string {
    const known = this.#globals.get(id);
    if (known !== undefined) return known;
    const global = globalOf(this.#program, id);
    const name = this.#object(global.name, this.width(global.type));
    this.#globals.set(id, name);
    return name;
  }

  /** An object made at a place of the program; `once`: at most once in an execution. */
  allocation(key: string, name: string, type: TypeId, length: number, once: boolean): Place {
    return this.#place(key, () => {
      const stride = this.width(type) * length;
      if (once) return { kind: "fixed", at: this.#object(name, stride) };
      const first = this.#object(name, stride * poolSize);
      return { kind: "pool", pool: this.#pool(first, stride) };
    });
  }

  /** A channel made at a place of the program. */
  channel(key: string, elem: TypeId, capacity: number, once: boolean): Place {
    return this.#place(key, () => {
      const channels = this.#class(elem, capacity);
      const index = channels.count;
      channels.count += once ? 1 : poolSize;
      const at = `${channels.name}_first + ${index}`;
      if (once) return { kind: "fixed", at };
      return { kind: "pool", pool: this.#pool(at, 1) };
    });
  }

  #place(key: string, make: () => Place): Place {
    const place = this.#places.get(key) ?? make();
    this.#places.set(key, place);
    return place;
  }

  #object(name: string, size: number): string {
    const unique = this.uniqueName(name);
    this.#defines.push(`#define ${unique} ${this.#size}`);
    this.#size += size;
    return unique;
  }

  #pool(first: string, stride: number): Pool {
    const name = this.uniqueName("used");
    this.#pools.push(name);
    return { name, first, stride };
  }

  /** A word of Promela that nothing else in the model is called. */
  uniqueName(name: string): string {
    const word = name.replaceAll(/\W+/g, "_").replace(/^_|_$/g, "") || "object";
    let unique = /_/.test(word) ? word : `${word}_`;
    for (let i = 2; this.#names.has(unique); i++) unique = `${word}_${i}`;
    this.#names.add(unique);
    return unique;
  }

  #class(elem: TypeId, capacity: number): { count: number; readonly name: string } {
    const known = this.#classes.find((it) => it.elem === elem && it.capacity === capacity);
    if (known !== undefined) return known;
    const name = `ch${this.#classes.length}`;
    const made = { name, elem, capacity, width: this.width(elem), count: 0 };
    this.#classes.push(made);
    return made;
  }

  /** Complete when no more places are discovered. */
  classes(): readonly ChannelClass[] {
    return this.#classes;
  }

  /** Lines that declare all of it. */
  declarations(): readonly string[] {
    let first = 1;
    const channels = this.#classes.flatMap((it) => {
      const lines = [
        `#define ${it.name}_first ${first}`,
        `#define ${it.name}_has(c) ((c) >= ${first} && (c) < ${first + it.count})`,
        `#define ${it.name}_at(c) ((c)${signed((it.capacity === 0 ? 2 : 0) - first)})`,
        channelLine(it),
      ];
      first += it.count;
      return lines;
    });
    return [
      ...this.#defines,
      `int mem[${this.#size}];`,
      ...channels,
      ...(first === 1 ? [] : [`bit closed[${first}];`]),
      ...this.#pools.map((it) => `byte ${it};`),
    ];
  }
}

const signed = (offset: number): string => (offset < 0 ? ` - ${-offset}` : ` + ${offset}`);

/**
 * An unbuffered channel carries beside the value whether it is closed, which a receiver does not accept: SPIN then sees no
 * partner. The first two of these are for processes that stand elsewhere: nobody receives from one or sends to the other.
 */
function channelLine({ name, count, capacity, width }: ChannelClass): string {
  const values = Array.from({ length: width }, () => "int");
  return capacity === 0
    ? `chan ${name}[${count + 2}] = [0] of { ${[...values, "bit"].join(", ")} };`
    : `chan ${name}[${count}] = [${capacity}] of { ${[...values, ...(width === 0 ? ["bit"] : [])].join(", ")} };`;
}
