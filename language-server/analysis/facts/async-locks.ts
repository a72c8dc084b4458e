// TypeScript: where functions take the locks of `async-mutex` and `navigator.locks`, and what runs while they hold them.

import type { Func, FuncId, Instr, Program, Reg, SpanId } from "../../ir/ir.js";
import { isModel } from "../../ir/models.js";
import { uses } from "../../ir/shape.js";
import type { Fact } from "../check.js";
import type { Point, SharedPlaces } from "./shared-places.js";
import { type MethodCall, type TsCalls, tsCalls } from "./ts-calls.js";

export interface Taking {
  readonly func: Func;
  readonly point: Point;
  /** For people, and, of a shared one, the same for the same lock: `mutex`, `Account.lock`, `"db"`. */
  readonly lock: string;
  /** Whose it is: everybody's, that of an object or by a name that the function was given, or of this call alone. */
  readonly scope: "shared" | "given" | "call";
  /** Where the function waits until it has it; the call itself where it does not wait. */
  readonly waits: SpanId;
  /** Awaited: what the wait gives, the way to give it back. */
  readonly given: Reg | null;
  /** What runs while it is held; null: until somebody gives it back. */
  readonly holding: FuncId | null;
}

/** All of them but of semaphores: taking one of those twice is what they are for. */
export const takings: Fact<readonly Taking[]> = {
  name: "async-lock-takings",
  compute: ({ program, get }) => {
    const calls = get(tsCalls);
    const counted = semaphores(program, calls);
    return program.funcs
      .filter((it) => !isModel(it))
      .flatMap((it) => new Finder(program, calls, it).find())
      .filter((it) => !counted.has(it.lock));
  },
};

const takes: ReadonlySet<string> = new Set(["acquire", "runExclusive", "request"]);

type Named = Pick<Taking, "lock" | "scope">;

class Finder {
  readonly #program: Program;
  readonly #calls: TsCalls;
  readonly #func: Func;
  readonly #places: SharedPlaces;

  constructor(program: Program, calls: TsCalls, func: Func) {
    this.#program = program;
    this.#calls = calls;
    this.#func = func;
    this.#places = calls.places(func);
  }

  find(): readonly Taking[] {
    return this.#calls.methods(this.#func).flatMap((it) => this.#taking(it));
  }

  #taking({ instr, point, self, name }: MethodCall): readonly Taking[] {
    if (!takes.has(name)) return [];
    const { args, dst, span } = instr;
    const lock = name === "request" ? this.#byName(self, args[0]) : this.#object(self);
    if (lock === null) return [];
    const awaited = this.#awaitAfter(point, dst);
    const holding = name === "acquire" ? null : this.#closure(args);
    if (name !== "acquire" && holding === null) return [];
    const waits = awaited?.span ?? span;
    return [{ func: this.#func, point, ...lock, waits, given: awaited?.dst ?? null, holding }];
  }

  #awaitAfter({ block, index }: Point, value: Reg | null): Extract<Instr, { op: "await" }> | null {
    const next = this.#func.blocks[block]?.instrs[index + 1];
    return next?.op === "await" && next.value === value ? next : null;
  }

  /** The lock that a variable or a field of the class holds. */
  #object(self: Reg): Named | null {
    const place = this.#places.shared(self);
    if (place === null) return this.#own(self);
    if (place === "this") return null;
    if (!place.startsWith("this.")) {
      return { lock: place, scope: this.#isGiven(place) ? "given" : "shared" };
    }
    const owner = this.#calls.classOf(this.#func);
    if (owner === null) return null;
    return { lock: `${owner}${place.slice("this".length)}`, scope: "shared" };
  }

  /** One that the function has made itself, and that it does not hand on. */
  #own(self: Reg): Named | null {
    const made = madeHere(this.#places, self);
    if (made === null || !isKept(this.#places, made)) return null;
    const name = this.#func.regNames.find((it) => it.reg === made)?.name;
    return name === undefined ? null : { lock: name.replace(/^&/, ""), scope: "call" };
  }

  #byName(self: Reg, name: Reg | undefined): Named | null {
    const locks = this.#places.definitions.get(self)?.instr;
    const isManager = locks?.op === "get-prop" && this.#places.constant(locks.key) === "locks";
    if (!isManager || name === undefined) return null;
    const text = this.#places.constant(name);
    if (text !== null) return { lock: JSON.stringify(text), scope: "shared" };
    const given = this.#places.shared(name);
    return given === null ? null : { lock: given, scope: "given" };
  }

  /** Whether a place belongs to what the function, or one around it, was called with. */
  #isGiven(place: string): boolean {
    return this.#calls.around(this.#func).some((it) => this.#calls.places(it).isGiven(place));
  }

  #closure(args: readonly Reg[]): FuncId | null {
    for (const it of args) {
      const made = this.#places.definitions.get(it)?.instr;
      if (made?.op === "closure") return made.func;
      const named = made?.op === "load" ? this.#byVariable(made.addr) : undefined;
      if (named !== undefined) return named.id;
    }
    return null;
  }

  /** The function of the module that a variable of the module holds. */
  #byVariable(addr: Reg): Func | undefined {
    const global = this.#places.definitions.get(addr)?.instr;
    if (global?.op !== "global") return undefined;
    const name = this.#program.globals[global.global]?.name ?? "";
    const own = name.slice(name.lastIndexOf("#") + 1);
    const { funcs } = this.#program;
    return funcs.find((it) => it.display === own && it.parent === null && !isModel(it));
  }
}

/** The register that holds a mutex which the function has made itself. */
function madeHere(places: SharedPlaces, reg: Reg): Reg | null {
  const made = places.definitions.get(reg)?.instr;
  if (made?.op !== "prim" || made.fn !== "js.new") return null;
  const name = made.args[2];
  return name !== undefined && places.constant(name) === "Mutex" ? reg : null;
}

/** Whether nothing is done with an object but to call its methods in this very function. */
function isKept({ func }: SharedPlaces, object: Reg): boolean {
  return func.blocks.every(({ instrs, exit }) => {
    if (exit.op === "return" && exit.values.includes(object)) return false;
    return instrs.every((instr) => {
      if (instr.op === "get-prop") return true;
      return !(instr.op === "call" ? instr.args : uses(instr)).includes(object);
    });
  });
}

/** Variables that are made as semaphores. */
function semaphores(program: Program, calls: TsCalls): ReadonlySet<string> {
  const found = new Set<string>();
  for (const func of program.funcs) {
    const places = calls.places(func);
    for (const { place, value } of places.writes()) {
      const made = places.definitions.get(value)?.instr;
      const [, , name] = made?.op === "prim" && made.fn === "js.new" ? made.args : [];
      if (name !== undefined && places.constant(name) === "Semaphore") found.add(place);
    }
  }
  return found;
}
