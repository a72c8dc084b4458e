import type { FuncBuilder } from "../../../ir/builder.js";
import type { AtomicFn, FuncId, Reg, SpanId, SyncFn } from "../../../ir/ir.js";
import type { BasicName, TypeId } from "../../../ir/types.js";
import type { TypeLinker } from "../link-types.js";

/** Where a model is emitted: at a call, or in a function of its own. */
export interface Site {
  readonly fb: FuncBuilder;
  readonly types: TypeLinker;
  /** Receiver first. */
  readonly args: readonly Reg[];
  readonly dst: Reg | null;
  readonly span: SpanId;
  /** Makes a function for this place that takes registers like `args`. */
  readonly thunk: (thunk: Thunk) => FuncId;
  /** The function a register is a closure of, if that is plain here: its name for people. */
  readonly closureName: (reg: Reg) => string | null;
}

export interface Thunk {
  /** Unique within the place. */
  readonly name: string;
  readonly display: string;
  readonly args: readonly Reg[];
  /** Emits the body, up to the return. */
  readonly emit: (site: Site) => void;
}

/** The meaning of a library function as IR. */
export interface Model {
  /** Number of arguments, receiver included. */
  readonly params: number;
  readonly results: 0 | 1;
  readonly emit: (site: Site) => void;
}

export type Models = Readonly<Record<string, Model>>;

/** The n-th argument. */
export function arg(site: Site, nth: number): Reg {
  const reg = site.args[nth];
  // A call with fewer arguments than the function has does not type-check, so it never gets here.
  return reg ?? site.fb.reg(site.types.any);
}

function dstOf(site: Site, type: TypeId): Reg {
  return site.dst ?? site.fb.reg(type);
}

export function acquire(shared: boolean): Model {
  return {
    params: 1,
    results: 0,
    emit: (site) => {
      site.fb.emit({ op: "acquire", lock: arg(site, 0), shared, span: site.span });
    },
  };
}

export function release(shared: boolean): Model {
  return {
    params: 1,
    results: 0,
    emit: (site) => {
      site.fb.emit({ op: "release", lock: arg(site, 0), shared, span: site.span });
    },
  };
}

export function tryAcquire(shared: boolean): Model {
  return {
    params: 1,
    results: 1,
    emit: (site) => {
      const dst = dstOf(site, site.types.basic("bool"));
      site.fb.emit({ op: "try-acquire", dst, lock: arg(site, 0), shared, span: site.span });
    },
  };
}

/** A `sync` instruction on the first argument; the others are its arguments. `result`: of basic type, or none. */
export function syncOn(fn: SyncFn, params: number, result: BasicName | null = null): Model {
  return {
    params,
    results: result === null ? 0 : 1,
    emit: (site) => {
      const dst = result === null ? null : dstOf(site, site.types.basic(result));
      const args = site.args.slice(1);
      site.fb.emit({ op: "sync", dst, fn, object: arg(site, 0), args, span: site.span });
    },
  };
}

/** A `sync` instruction without an object. */
export function sync(fn: SyncFn, params: number, result: BasicName | null = null): Model {
  return {
    params,
    results: result === null ? 0 : 1,
    emit: (site) => {
      const dst = result === null ? null : dstOf(site, site.types.basic(result));
      site.fb.emit({ op: "sync", dst, fn, object: null, args: site.args, span: site.span });
    },
  };
}

/** `sync` on the first argument with a constant int argument. */
export function syncConst(fn: SyncFn, value: number): Model {
  return {
    params: 1,
    results: 0,
    emit: (site) => {
      const dst = site.fb.reg(site.types.basic("int"));
      site.fb.emit({ op: "const", dst, value, span: site.span });
      site.fb.emit({
        op: "sync",
        dst: null,
        fn,
        object: arg(site, 0),
        args: [dst],
        span: site.span,
      });
    },
  };
}

/** What an atomic access moves: a basic type, any pointer or an interface. */
export type AtomicType = BasicName | "interface";

export function atomic(fn: AtomicFn, of: AtomicType): Model {
  const params = fn === "load" ? 1 : fn === "cas" ? 3 : 2;
  return {
    params,
    results: fn === "store" ? 0 : 1,
    emit: (site) => {
      const { types } = site;
      const type = of === "interface" ? types.emptyInterface : types.basic(of);
      const result = fn === "cas" ? types.basic("bool") : type;
      const dst = fn === "store" ? null : dstOf(site, result);
      const args = site.args.slice(1);
      site.fb.emit({ op: "atomic", dst, addr: arg(site, 0), fn, args, type, span: site.span });
    },
  };
}

/** Does nothing and gives nothing. */
export function nothing(params: number): Model {
  return { params, results: 0, emit: () => undefined };
}
