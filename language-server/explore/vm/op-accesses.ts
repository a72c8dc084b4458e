// Which operations are accesses for the race detector: atomic ones, and those that the run-time's own detector takes for
// accesses of the object they are about because they are misuse where nothing orders them: a close and a send (`chansend` and `closechan` in runtime/chan.go), an `Add` from zero and a
// `Wait` (sync/waitgroup.go), using a lock and overwriting it (internal/sync/mutex.go, sync/rwmutex.go).

import type { Instr, Program } from "../../ir/ir.js";
import type { TypeId } from "../../ir/types.js";
import { underlying } from "../../ir/access.js";
import type { Choice } from "../../../protocol/witness.js";
import { changes } from "./accesses.js";
import type { OpInstr, Obj } from "./core.js";
import type { Goroutine } from "./goroutine.js";
import type { Place, RaceLog } from "./race-log.js";
import { Chan } from "./values.js";
import type { World } from "./world.js";

export interface SyncAccess {
  readonly owner: Obj | Chan;
  readonly off: number;
  readonly write: boolean;
  /** Two of these are no race, whether they write or not. */
  readonly atomic: boolean;
  /** For people, after "is": `closed`. */
  readonly does: string;
}

/** Tells the log of races what operations access, before they happen. */
export class OpAccesses {
  readonly #world: World;
  readonly #races: RaceLog;
  readonly #placeOf: (g: Goroutine) => Place;
  /** Without a close, sends are no accesses; without a store of a whole lock, its uses are none. */
  readonly #closes: boolean;
  readonly #storesLocks: boolean;

  constructor(program: Program, world: World, races: RaceLog, placeOf: (g: Goroutine) => Place) {
    this.#world = world;
    this.#races = races;
    this.#placeOf = placeOf;
    const locks = new LockTypes(program);
    this.#closes = has(program, (it) => it.op === "close");
    this.#storesLocks = has(program, (it) => it.op === "store" && locks.isIn(it.type));
  }

  note(g: Goroutine, op: OpInstr, choice: Choice): void {
    if (op.op === "atomic") {
      const at = this.#world.address(g, op.addr);
      if (at === null) return;
      this.#races.atomic(g, at, changes(this.#world, g, op, at), this.#placeOf(g));
      return;
    }
    const access = this.#ofSync(g, op, choice);
    if (access !== null) this.#races.sync(g, access, this.#placeOf(g));
  }

  #ofSync(g: Goroutine, op: OpInstr, choice: Choice): SyncAccess | null {
    const world = this.#world;
    switch (op.op) {
      case "close":
        return ofChannel(world.operand(g, op.chan), true);
      case "send":
        return this.#closes ? ofChannel(world.operand(g, op.chan), false) : null;
      case "select": {
        const taken = this.#closes ? op.cases[choice.arm ?? -1] : undefined;
        return taken?.dir === "send" ? ofChannel(world.operand(g, taken.chan), false) : null;
      }
      case "acquire":
      case "release":
      case "try-acquire": {
        const at = this.#storesLocks ? world.address(g, op.lock) : null;
        if (at === null) return null;
        const does = op.op === "release" ? "unlocked" : "locked";
        return { owner: at.obj, off: at.off, write: false, atomic: true, does };
      }
      case "sync":
        return ofWaitGroup(world, g, op);
      default:
        return null;
    }
  }
}

function has(program: Program, wanted: (instr: Instr) => boolean): boolean {
  return program.funcs.some(
    (func) => !func.library && func.blocks.some((block) => block.instrs.some(wanted)),
  );
}

/** None that panics: the panic says it. */
function ofChannel(chan: unknown, write: boolean): SyncAccess | null {
  if (!(chan instanceof Chan) || chan.closed) return null;
  return { owner: chan, off: 0, write, atomic: false, does: write ? "closed" : "sent on" };
}

function ofWaitGroup(
  world: World,
  g: Goroutine,
  op: Extract<OpInstr, { op: "sync" }>,
): SyncAccess | null {
  if (op.fn !== "wg-add" && op.fn !== "wg-wait") return null;
  const at = op.object === null ? null : world.address(g, op.object);
  if (at === null) return null;
  const waits = op.fn === "wg-wait";
  if (!waits && (world.state(at) !== 0 || !addsTo(world, g, op))) return null;
  const does = waits ? "waited for" : "added to when it is zero";
  return { owner: at.obj, off: at.off, write: waits, atomic: waits, does };
}

function addsTo(world: World, g: Goroutine, op: Extract<OpInstr, { op: "sync" }>): boolean {
  const [delta] = op.args;
  return delta !== undefined && Number(world.operand(g, delta)) > 0;
}

class LockTypes {
  readonly #program: Program;
  readonly #known = new Map<TypeId, boolean>();

  constructor(program: Program) {
    this.#program = program;
  }

  isIn(id: TypeId): boolean {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    this.#known.set(id, false); // a recursive type ends here
    const found = this.#look(id);
    this.#known.set(id, found);
    return found;
  }

  #look(id: TypeId): boolean {
    const named = this.#program.types[id];
    if (named?.kind === "named" && /^sync\.(RW)?Mutex$/.test(named.name)) return true;
    const type = underlying(this.#program, id);
    if (type.kind === "struct") return type.fields.some((it) => this.isIn(it.type));
    return type.kind === "array" && this.isIn(type.elem);
  }
}
