// A program made ready to run: linked with the run-time's own types, its functions compiled on first call.
// Shared by all executions of the program.

import type { Func, FuncId, Program } from "../../ir/ir.js";
import type { TypeId } from "../../ir/types.js";
import { compile, type Code } from "./code.js";
import type { Value } from "./core.js";
import type { Cpu } from "./cpu.js";
import { linkRuntime, type RuntimeTypes } from "./link-runtime.js";
import { TypeInfo } from "./type-info.js";

/** A function of the VM's own. Its result is the value, or a tuple; what it throws is in `signals.ts`. */
export type Native = (cpu: Cpu, args: readonly Value[]) => Value;

export interface ImageOptions {
  /** Functions without bodies, by qualified name. */
  readonly natives?: ReadonlyMap<string, Native>;
  /** Prims by name, beyond those of `prims.ts`. */
  readonly prims?: ReadonlyMap<string, Native>;
}

export class Image {
  readonly program: Program;
  readonly info: TypeInfo;
  readonly runtime: RuntimeTypes;
  readonly natives: ReadonlyMap<string, Native>;
  readonly prims: ReadonlyMap<string, Native>;
  readonly #codes: (Code | undefined)[] = [];

  constructor(program: Program, options: ImageOptions = {}) {
    const { linked, types } = linkRuntime(program);
    this.program = linked;
    this.runtime = types;
    this.info = new TypeInfo(linked);
    this.natives = options.natives ?? new Map<string, Native>();
    this.prims = options.prims ?? new Map<string, Native>();
  }

  code(func: Func): Code {
    return (this.#codes[func.id] ??= compile(this, func));
  }

  codeOf(id: FuncId): Code {
    return this.code(this.info.func(id));
  }

  /** Numbers of the global variables of packages that have functions of the user's. */
  userGlobals(): readonly number[] {
    const { funcs, globals } = this.program;
    const packages = new Set(funcs.filter((it) => !it.library).map((it) => it.pkg));
    return globals.flatMap(({ name }, index) =>
      packages.has(name.slice(0, name.lastIndexOf("."))) ? [index] : [],
    );
  }

  type(name: string): TypeId | undefined {
    return this.info.named(name);
  }
}
