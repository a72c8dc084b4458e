// The type table of a program. Types are interned: equal types have equal ids.
//
// Memory is cells. A scalar (number, string, pointer, slice, map, channel, function, interface, any) is one cell;
// a struct or array is the concatenation of its fields or elements (so `&s.f` and `&a[i]` are just offsets);
// an empty struct is none. `layout.ts` computes it.

import type { Brand } from "../base/brand.js";

export type TypeId = Brand<number, "TypeId">;

export type BasicName =
  | "bool"
  | "int"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "uintptr"
  | "float32"
  | "float64"
  | "complex64"
  | "complex128"
  | "string"
  | "unsafe.Pointer"
  | "untyped nil"
  | "invalid";

export interface Field {
  readonly name: string;
  readonly type: TypeId;
  readonly embedded: boolean;
  readonly tag: string;
  /** Import path if unexported, else "": two unexported fields of different packages differ. */
  readonly pkg: string;
}

export type Type =
  | { readonly kind: "basic"; readonly name: BasicName }
  | { readonly kind: "named"; readonly name: string; readonly underlying: TypeId }
  | { readonly kind: "pointer"; readonly elem: TypeId }
  | { readonly kind: "slice"; readonly elem: TypeId }
  | { readonly kind: "array"; readonly elem: TypeId; readonly length: number }
  | { readonly kind: "map"; readonly key: TypeId; readonly value: TypeId }
  | { readonly kind: "chan"; readonly dir: "both" | "send" | "recv"; readonly elem: TypeId }
  | { readonly kind: "struct"; readonly fields: readonly Field[] }
  | {
      readonly kind: "func";
      readonly params: readonly TypeId[];
      readonly results: readonly TypeId[];
      readonly variadic: boolean;
    }
  | {
      readonly kind: "interface";
      readonly methods: readonly { readonly id: string; readonly type: TypeId }[];
    }
  | { readonly kind: "tuple"; readonly elems: readonly TypeId[] }
  /** A value whose type is known only at run time (TypeScript), and front ends' internal values (iterators). */
  | { readonly kind: "any" };
