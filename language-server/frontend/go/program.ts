// The worklist. Lowering a function asks for the functions, globals and types it mentions, which brings in their
// packages; it ends when nothing new is asked for. So bundled packages cost what is used of them.
//
// Methods are found as in rapid type analysis: a method is lowered once some value of its type has been put into an
// interface *and* some reachable code calls or asks for a method of its name.

import type { CancelToken } from "../../base/cancel.js";
import { throwIfCancelled } from "../../base/cancel.js";
import { ProgramBuilder } from "../../ir/builder.js";
import type { FuncId, GlobalId, SpanId } from "../../ir/ir.js";
import type { TypeId } from "../../ir/types.js";
import type { FoundFunc, Unit, Universe } from "./link.js";
import { TypeLinker } from "./link-types.js";
import { lowerBody } from "./lower-func.js";
import { linkedName } from "./models/links.js";
import { modelOf } from "./models/models.js";
import { defineModelFunc } from "./models/thunks.js";
import { schedules } from "./models/visible.js";
import type { TypeIndex } from "./schema.js";
import { SpanLinker } from "./link-spans.js";
import { isForeign, unknownGlobals } from "./unknown-globals.js";

/** Reflection by these calls methods whose names the code does not mention. */
const reflectiveCalls = new Set([
  "(reflect.Value).Method",
  "(reflect.Value).MethodByName",
  "(reflect.Value).Call",
  "(*reflect.rtype).Method",
  "(*reflect.rtype).MethodByName",
  "(*reflect.rtype).NumMethod",
]);

interface PendingMethod {
  readonly type: TypeId;
  readonly func: string;
  readonly from: Unit;
}

export class ProgramLowering {
  readonly builder = new ProgramBuilder("go");
  readonly universe: Universe;
  readonly types: TypeLinker;
  readonly spans: SpanLinker;
  readonly #cancel: CancelToken;
  readonly #funcs = new Map<string, FuncId>();
  readonly #queue: { readonly id: FuncId; readonly found: FoundFunc }[] = [];
  readonly #globals = new Map<string, GlobalId>();
  /** Packages with a global that is used, by path, and those globals. */
  readonly usedGlobals = new Map<string, Set<string>>();
  readonly #dynamic = new Set<string>();
  readonly #ids = new Set<string>();
  readonly #waiting = new Map<string, PendingMethod[]>();
  #allExported = false;
  #unknown: ReadonlySet<string> | undefined;

  constructor(universe: Universe, cancel: CancelToken) {
    this.universe = universe;
    this.types = new TypeLinker(this.builder, universe);
    this.spans = new SpanLinker(this.builder);
    this.#cancel = cancel;
  }

  /** The function of that name, to be lowered if it has a body anywhere. */
  func(name: string, from: Unit): FuncId {
    const known = this.#funcs.get(name);
    if (known !== undefined) return known;
    if (reflectiveCalls.has(name)) this.#useAllExported();
    const model = modelOf(name);
    if (model !== null) {
      const id = defineModelFunc(this, name, model, from);
      this.#funcs.set(name, id);
      return id;
    }
    const found = this.universe.func(name, from);
    const id = found === null ? this.#declareExternal(name) : this.#declare(found);
    this.#funcs.set(name, id);
    if (found !== null) this.#queue.push({ id, found });
    return id;
  }

  /** Whether its value comes from a file. */
  isEmbedded(global: string): boolean {
    return this.universe.owner(global)?.globals.get(global)?.[2] === true;
  }

  /** Whether there is nothing that says what it holds. */
  isUnknown(global: string): boolean {
    this.#unknown ??= unknownGlobals(this.universe);
    return this.#unknown.has(global) || isForeign(this.universe, global);
  }

  /** Whether a call of it by name has somewhere to go. */
  hasBody(name: string, from: Unit): boolean {
    return this.#funcs.has(name) || this.universe.func(name, from) !== null;
  }

  #declareExternal(unlinked: string): FuncId {
    const name = linkedName(unlinked) ?? unlinked;
    const pkg = this.universe.owner(name)?.path ?? "";
    return this.builder.declareFunc({ name, display: name, pkg, library: true });
  }

  #declare({ unit, row }: FoundFunc): FuncId {
    const parent = row.parent === "" ? null : (this.#funcs.get(row.parent) ?? null);
    return this.builder.declareFunc({
      name: row.name,
      display: row.display,
      pkg: row.pkg,
      library: this.isLibrary(unit, row.pkg) && !schedules(row),
      results: this.resultsOf(unit, row.sig),
      parent,
      span: schedules(row) ? (0 as SpanId) : this.spans.id(unit, row.span),
    });
  }

  isLibrary(unit: Unit, pkg: string): boolean {
    if (unit.library) return true;
    return pkg !== "" && pkg !== unit.path && (this.universe.unit(pkg)?.library ?? true);
  }

  resultsOf(unit: Unit, sig: TypeIndex): number {
    const row = unit.image.types[sig];
    return row?.[0] === "func" ? row[2].length : 0;
  }

  global(name: string, pointer: TypeId, from: Unit): GlobalId {
    const known = this.#globals.get(name);
    if (known !== undefined) return known;
    const owner = this.universe.owner(name);
    const row = owner?.globals.get(name);
    const type =
      owner === null || row === undefined ? this.types.elem(pointer) : this.types.id(owner, row[0]);
    const span = owner === null || row === undefined ? (0 as SpanId) : this.spans.id(owner, row[1]);
    const id = this.builder.global({ name, type, span });
    this.#globals.set(name, id);
    const path = (owner ?? from).path;
    const used = this.usedGlobals.get(path);
    if (used === undefined) this.usedGlobals.set(path, new Set([name]));
    else used.add(name);
    return id;
  }

  /** A value of this type stands in an interface somewhere: its methods may be called, and fmt may look inside it. */
  useDynamicType(unit: Unit, index: TypeIndex): void {
    const key = unit.key(index);
    if (this.#dynamic.has(key)) return;
    this.#dynamic.add(key);
    const type = this.types.id(unit, index);
    for (const { id, func } of this.universe.methods(key, unit)) {
      const method = { type, func, from: unit };
      if (this.#isLive(id)) this.#addMethod(id, method);
      const waiting = this.#waiting.get(id);
      if (waiting === undefined) this.#waiting.set(id, [method]);
      else waiting.push(method);
    }
    this.#useParts(unit, index);
  }

  #useParts(unit: Unit, index: TypeIndex): void {
    const row = unit.image.types[index];
    switch (row?.[0]) {
      case "named": {
        const place = this.universe.named(row[1], unit);
        const definition = place?.unit.image.types[place.index];
        if (place === null || definition?.[0] !== "named") return;
        this.#useParts(place.unit, definition[2]);
        return;
      }
      case "pointer":
        this.#useAsked(unit, row[1]);
        this.useDynamicType(unit, row[1]);
        return;
      case "slice":
      case "array":
        this.useDynamicType(unit, row[1]);
        return;
      case "map":
        this.useDynamicType(unit, row[1]);
        this.useDynamicType(unit, row[2]);
        return;
      case "struct":
        for (const field of row[1]) this.useDynamicType(unit, field[1]);
        return;
      case undefined:
      default:
        return;
    }
  }

  /** A pointer to an interface is how `errors.As` and reflection ask whether a value has its methods. */
  #useAsked(unit: Unit, index: TypeIndex): void {
    const asked = this.types.underlying(this.types.id(unit, index));
    if (asked.kind !== "interface") return;
    for (const { id } of asked.methods) this.useMethodId(id);
  }

  #isLive(id: string): boolean {
    return this.#ids.has(id) || (this.#allExported && /^[A-Z]/.test(id));
  }

  #addMethod(id: string, { type, func, from }: PendingMethod): void {
    this.builder.addMethod(type, id, this.func(func, from));
  }

  /** A method of this name is called on, or asked of, an interface value. */
  useMethodId(id: string): void {
    if (this.#isLive(id)) {
      this.#ids.add(id);
      return;
    }
    this.#ids.add(id);
    for (const method of this.#waiting.get(id) ?? []) this.#addMethod(id, method);
  }

  #useAllExported(): void {
    if (this.#allExported) return;
    const dead = [...this.#waiting].filter(([id]) => !this.#isLive(id) && /^[A-Z]/.test(id));
    this.#allExported = true;
    for (const [id, methods] of dead) for (const method of methods) this.#addMethod(id, method);
  }

  /** The named type and its pointer, with every method, whether or not code mentions them. */
  keepType(path: string, name: string): void {
    const unit = this.universe.unit(path);
    const index = unit?.named.get(`${path}.${name}`);
    if (unit === null || index === undefined) return;
    for (const { id } of this.universe.methods(unit.key(index), unit)) this.useMethodId(id);
    this.useDynamicType(unit, index);
  }

  /** Lowers what has been asked for until nothing is left. */
  drain(): void {
    for (let next = this.#queue.pop(); next !== undefined; next = this.#queue.pop()) {
      throwIfCancelled(this.#cancel);
      lowerBody(this, next.id, next.found, null);
    }
  }
}
