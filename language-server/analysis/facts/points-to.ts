// Which locations each register may hold, and which functions each call may run: one fixpoint, because a
// call through a value needs the former and a register's value needs the latter.
//
// Andersen's analysis (solver.ts), field-sensitive, flow-insensitive, over *instances* of functions: small
// functions that allocate, spawn or call back are instantiated once per static call site, two levels deep, so
// that `NewCounter()` twice makes two counters and `wg.Go(f)` names its caller's goroutine. Objects are
// allocation sites per instance. Interfaces hold typed boxes, which gives calls through them exactly the
// dynamic types that flow there (as variable type analysis does, only finer).
//
// Library code has no body here, but for the packages that are about synchronisation: its results are fresh
// objects, functions given to it are called at once. May miss what a library stores and hands out later.

import type { Gap } from "../../../protocol/finding.js";
import { throwIfCancelled } from "../../base/cancel.js";
import { funcOf, spanOf } from "../../ir/access.js";
import type { Func, FuncId, Instr, Reg, SpanId } from "../../ir/ir.js";
import type { TypeId } from "../../ir/types.js";
import type { Fact, FactInput } from "../check.js";
import { Cloning } from "./cloning.js";
import { constrain } from "./constraints.js";
import type { Locations } from "./locations.js";
import { tellingInits } from "./initialisers.js";
import { Slots } from "./slots.js";
import { Solver, type Node } from "./solver.js";
import { isLibraryInterface } from "./unsafe-types.js";

/** A function in one calling context. */
export interface Instance {
  readonly id: number;
  readonly func: Func;
  /** Number of call sites that tell this instance from others of its function. */
  readonly depth: number;
  /** The node of a register's first slot. */
  readonly regs: readonly Node[];
  readonly results: Node;
  /** Nobody in the program calls it: its parameters stand for whatever callers might pass. */
  readonly open: boolean;
}

export type ObjectKind =
  | "variable"
  | "new"
  | "global"
  | "map"
  | "chan"
  | "array"
  | "closure"
  | "box"
  | "unknown";

/** What an allocation site makes; stands for every object it ever makes in that context. */
export interface AbstractObject {
  readonly base: Node;
  readonly kind: ObjectKind;
  readonly type: TypeId | null;
  /** Of the source variable, or "". */
  readonly name: string;
  readonly span: SpanId;
  /** Null for globals. */
  readonly instance: Instance | null;
  /** Of closures: what calling it runs. */
  readonly code: Instance | null;
  /** The instruction that makes it. */
  readonly site: Instr | null;
  /** Of channels: constant capacity. */
  readonly capacity: number | null;
}

export interface PointsTo {
  readonly slots: Slots;
  readonly instances: readonly Instance[];
  /** Instances that run first: entries, initialisers, then open ones. */
  readonly roots: readonly Instance[];
  /** Whether nothing was left out because there was too much of it. */
  readonly isWhole: boolean;
  locations(instance: Instance, reg: Reg): Locations;
  /** What a slot may hold. */
  contents(location: Node): Locations;
  objectAt(location: Node): AbstractObject | undefined;
  /** Slots of the object from this location to its end. */
  room(location: Node): number;
  /** What a call, deferred call or spawn may run; for opaque callees the functions given to them. */
  targets(instance: Instance, instr: Instr): readonly Target[];
}

export interface Target {
  readonly instance: Instance;
  /** Called by code that is not looked at: at once, any number of times. */
  readonly callback: boolean;
}

export const pointsTo: Fact<PointsTo> = {
  name: "points-to",
  compute(input) {
    const analysis = new Analysis(input);
    if (input.program.language === "go") analysis.run();
    return analysis;
  },
};

/** What a call may run, in the order in which it was found. */
interface Targets {
  readonly seen: Set<Instance>;
  readonly all: Target[];
}

// Most instructions have none: asked for often, they are made once.
const noTargets: readonly Target[] = [];
const noNodes: Locations = new Set();

/** Beyond this many instructions in instances nothing more is cloned. */
const mostCloned = 150_000;

/** Call sites that tell contexts apart; package sync's own calls are told apart wherever it is called. */
const deepest = 2;
const deepestOfSync = 4;

export class Analysis implements PointsTo {
  readonly slots: Slots;
  readonly solver = new Solver();
  readonly input: FactInput;
  readonly instances: Instance[] = [];
  readonly roots: Instance[] = [];
  readonly #byKey = new Map<string, Instance>();
  /** Functions with an instance. */
  readonly #run = new Set<Func>();
  readonly #objects = new Map<Node, AbstractObject>();
  readonly #globals: AbstractObject[] = [];
  readonly #targets = new Map<Instance, Map<Instr, Targets>>();
  readonly #methods = new Map<string, FuncId>();
  readonly #pending: Instance[] = [];
  readonly #cloning: Cloning;
  #size = 0;

  constructor(input: FactInput) {
    this.input = input;
    this.slots = new Slots(input.program);
    this.#cloning = new Cloning(input.program);
    for (const it of input.program.methods) this.#methods.set(`${it.type} ${it.id}`, it.func);
  }

  run(): void {
    const { program } = this.input;
    for (const global of program.globals) {
      const { name, type, span } = global;
      const base = this.solver.object(this.slots.width(type));
      this.#globals.push(this.#register({ ...unnamed, base, kind: "global", type, name, span }));
    }
    const made = program.entries.filter((it) => it.assumption !== undefined);
    const real = program.entries.filter((it) => it.assumption === undefined);
    const inits = tellingInits(program);
    this.#enter([...inits, ...real.map((it) => it.func)]);
    // What is cloned does not depend on how many of them there are.
    for (const it of program.inits)
      if (!inits.includes(it)) this.#size += this.#cloning.size(funcOf(program, it));
    this.#settle();
    const drivers = new Set(made.map((it) => it.func));
    for (const func of program.funcs) {
      if (func.library || func.blocks.length === 0 || func.parent !== null) continue;
      if (func.span === 0 || drivers.has(func.id) || this.#run.has(func)) continue;
      const instance = this.instance(func, "", 0, true);
      this.roots.push(instance);
      func.params.forEach((reg) => {
        const type = func.regTypes[reg];
        const node = instance.regs[reg];
        if (type !== undefined && node !== undefined) this.unknown(node, type, instance, 2);
      });
    }
    // Last: what only entries come to that nobody wrote is looked at without them, too.
    this.#enter(made.map((it) => it.func));
    this.#settle();
    if (!this.isWhole) this.#capped();
  }

  #enter(entries: readonly FuncId[]): void {
    for (const id of entries) {
      const func = funcOf(this.input.program, id);
      if (func.blocks.length > 0) this.roots.push(this.instance(func, "", 0, false));
    }
  }

  #settle(): void {
    const tick = (): void => {
      throwIfCancelled(this.input.cancel);
    };
    for (;;) {
      const instance = this.#pending.pop();
      if (instance === undefined) {
        this.solver.solve(tick);
        if (this.#pending.length === 0) return;
        continue;
      }
      tick();
      constrain(this, instance);
    }
  }

  #capped(): void {
    const span = spanOf(this.input.program, 0 as SpanId);
    const gap: Gap = {
      span,
      reason: "points-to: too many targets for one variable; some are not looked at",
    };
    this.input.gap(gap);
  }

  get isWhole(): boolean {
    return this.solver.dropped === 0;
  }

  instance(func: Func, context: string, depth: number, open: boolean): Instance {
    const key = context === "" ? `${func.id}` : `${func.id} ${context}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const regs = func.regTypes.map((it) => this.solver.nodes(this.slots.width(it)));
    const results = this.solver.nodes(this.#resultWidth(func));
    const instance = { id: this.instances.length, func, depth, regs, results, open };
    this.instances.push(instance);
    this.#byKey.set(key, instance);
    this.#run.add(func);
    this.#pending.push(instance);
    this.#size += this.#cloning.size(func);
    return instance;
  }

  #resultWidth(func: Func): number {
    for (const block of func.blocks) {
      if (block.exit.op !== "return") continue;
      return block.exit.values.reduce<number>((sum, it) => sum + this.widthOf(func, it), 0);
    }
    return 1;
  }

  widthOf(func: Func, reg: Reg): number {
    const type = func.regTypes[reg];
    return type === undefined ? 1 : this.slots.width(type);
  }

  /** The instance a static call from `caller` runs. */
  callee(caller: Instance, instr: Instr, position: number, func: Func): Instance {
    const most = func.pkg === "sync" ? deepestOfSync : deepest;
    const clone = caller.depth < most && this.#size < mostCloned && this.#cloning.worthwhile(func);
    if (!clone || instr.op === "closure") return this.instance(func, "", 0, false);
    return this.instance(func, `${caller.id}.${position}`, caller.depth + 1, false);
  }

  /** The instance that a function value made in `maker` runs: a literal of its own goes with it. */
  literal(maker: Instance, func: Func): Instance {
    const own = func.parent === maker.func.id && this.#size < mostCloned;
    if (maker.depth === 0 || !own) return this.instance(func, "", 0, false);
    return this.instance(func, `in ${maker.id}`, maker.depth, false);
  }

  method(type: TypeId, id: string): Func | undefined {
    const func = this.#methods.get(`${type} ${id}`);
    return func === undefined ? undefined : funcOf(this.input.program, func);
  }

  object(
    kind: ObjectKind,
    width: number,
    facts: Partial<Omit<AbstractObject, "base" | "kind">>,
  ): AbstractObject {
    return this.#register({ ...unnamed, ...facts, base: this.solver.object(width), kind });
  }

  #register(object: AbstractObject): AbstractObject {
    this.#objects.set(object.base, object);
    return object;
  }

  /** Fills a value of which nothing is known with objects of its own, `depth` pointers deep. */
  unknown(
    node: Node,
    type: TypeId,
    instance: Instance,
    depth: number,
    site: Instr | null = null,
  ): void {
    const shape = this.input.program.types[type];
    if (shape === undefined || depth === 0) return;
    const make = (kind: ObjectKind, parts: readonly TypeId[], skip: number): void => {
      const width = skip + parts.reduce((sum, it) => sum + this.slots.width(it), 0);
      const object = this.object(kind, width, {
        type: skip === 0 ? (parts[0] ?? null) : type,
        instance,
        span: site === null ? instance.func.span : site.span,
        site,
      });
      this.solver.add(node, object.base);
      let at = object.base + skip;
      for (const part of parts) {
        this.unknown(at, part, instance, depth - 1, site);
        at += this.slots.width(part);
      }
    };
    switch (shape.kind) {
      case "named":
        if (isLibraryInterface(this.input.program, type)) {
          const facts = {
            type,
            instance,
            site,
            span: site === null ? instance.func.span : site.span,
          };
          this.solver.add(node, this.object("unknown", 1, facts).base);
        } else if (shape.underlying !== type)
          this.unknown(node, shape.underlying, instance, depth, site);
        break;
      case "pointer":
      case "slice":
        make("unknown", [shape.elem], 0);
        break;
      case "map":
        make("map", [shape.key, shape.value], 1);
        break;
      case "chan":
        make("chan", [shape.elem], 1);
        break;
      case "struct":
        shape.fields.forEach((it, index) => {
          this.unknown(node + this.slots.offset(type, index), it.type, instance, depth, site);
        });
        break;
      case "tuple":
        shape.elems.forEach((it, index) => {
          this.unknown(node + this.slots.offset(type, index), it, instance, depth, site);
        });
        break;
      default:
        break;
    }
  }

  addTarget(caller: Instance, instr: Instr, target: Target): boolean {
    let calls = this.#targets.get(caller);
    if (calls === undefined) this.#targets.set(caller, (calls = new Map<Instr, Targets>()));
    let targets = calls.get(instr);
    if (targets === undefined) calls.set(instr, (targets = { seen: new Set(), all: [] }));
    if (targets.seen.has(target.instance)) return false;
    targets.seen.add(target.instance);
    targets.all.push(target);
    return true;
  }

  targets(instance: Instance, instr: Instr): readonly Target[] {
    return this.#targets.get(instance)?.get(instr)?.all ?? noTargets;
  }

  locations(instance: Instance, reg: Reg): Locations {
    const node = instance.regs[reg];
    return node === undefined ? noNodes : this.solver.points(node);
  }

  contents(location: Node): Locations {
    return this.solver.points(location);
  }

  objectAt(location: Node): AbstractObject | undefined {
    return this.#objects.get(this.solver.baseOf(location));
  }

  room(location: Node): number {
    return this.solver.room(location);
  }

  global(index: number): AbstractObject | undefined {
    return this.#globals[index];
  }
}

const unnamed = {
  type: null,
  name: "",
  span: 0 as SpanId,
  instance: null,
  code: null,
  site: null,
  capacity: null,
} satisfies Partial<AbstractObject>;
