// Activation records. A frame that was not touched since the last mark of the trail is copied before it changes, so
// that taking back an execution only has to put the old top frame back.

import type { SpanId } from "../../ir/ir.js";
import type { Frame, Stop, Thread, Tracked, Value } from "./core.js";
import type { Code } from "./code.js";
import type { Cpu } from "./cpu.js";
import type { Closure } from "./values.js";

export class VmThread implements Thread, Tracked {
  readonly id: number;
  frame: VmFrame | null;
  /** Stable number of the path of spawns that led here; with `allocations` it makes ids of objects. */
  readonly path: number;
  allocations = 0;
  children = 0;
  /** How it ended when the machine ended it, until `run` tells. */
  ending: Stop | null = null;
  epoch = -1;

  constructor(id: number, frame: VmFrame | null, path: number) {
    this.id = id;
    this.frame = frame;
    this.path = path;
  }

  keep(): () => void {
    const { frame, allocations, children, ending } = this;
    return () => {
      this.frame = frame;
      this.allocations = allocations;
      this.children = children;
      this.ending = ending;
    };
  }
}

/** A call to be made later: by `defer`, or by another thread. Native when `func` has no body. */
export interface Deferred {
  readonly callee: Closure | NativeCall | null;
  readonly args: readonly Value[];
  readonly span: SpanId;
  readonly next: Deferred | null;
}

/** Where what is thrown goes on, and the register that takes it. */
export interface Try {
  readonly pc: number;
  readonly reg: number;
  readonly next: Try | null;
}

export interface NativeCall {
  readonly native: string;
}

/** A panic on its way up. Immutable: `recover` replaces it. */
export interface Panic {
  readonly value: Value;
  /** The panic that was on its way when this one began. */
  readonly link: Panic | null;
  readonly recovered: boolean;
  readonly goexit: boolean;
  /** A `Goexit` that this panic overtook, which goes on when it is recovered. */
  readonly overtaken: Panic | null;
  readonly span: SpanId;
  readonly func: string;
}

/** What to do instead when a frame returns or panics: the last words of a panic are calls of `Error`. */
export interface Boundary {
  returned(cpu: Cpu, frame: VmFrame, value: Value): void;
  /** Panics stop here. */
  panicked(cpu: Cpu, frame: VmFrame, panic: Panic): void;
}

export type FrameKind =
  | "call"
  /** A deferred call of a function that returns. */
  | "deferred"
  /** A deferred call of a function that panics. */
  | "unwinding";

export class VmFrame implements Frame {
  parent: VmFrame | null;
  readonly code: Code;
  readonly regs: Value[];
  pc = 0;
  /** Register of the parent that gets the result. */
  readonly dst: number;
  readonly kind: FrameKind;
  readonly depth: number;
  /** Where the user's code stands while this frame runs, if it has no place of its own. */
  readonly userSpan: SpanId;
  readonly userFunc: string;
  defers: Deferred | null = null;
  /** Identity of the list of deferred calls for `defer` in range-over-func bodies. */
  deferStack: object | null = null;
  panic: Panic | null = null;
  /** The open `try`s, innermost first. */
  tries: Try | null = null;
  boundary: Boundary | null = null;
  epoch: number;

  constructor(
    parent: VmFrame | null,
    code: Code,
    regs: Value[],
    dst: number,
    kind: FrameKind,
    userSpan: SpanId,
    userFunc: string,
    epoch: number,
  ) {
    this.parent = parent;
    this.code = code;
    this.regs = regs;
    this.dst = dst;
    this.kind = kind;
    this.depth = parent === null ? 0 : parent.depth + 1;
    this.userSpan = userSpan;
    this.userFunc = userFunc;
    this.epoch = epoch;
  }

  /** This frame if it may be changed in `epoch`, else a copy. */
  owned(epoch: number): VmFrame {
    if (this.epoch === epoch) return this;
    const copy = new VmFrame(
      this.parent,
      this.code,
      this.regs.slice(),
      this.dst,
      this.kind,
      this.userSpan,
      this.userFunc,
      epoch,
    );
    copy.pc = this.pc;
    copy.defers = this.defers;
    copy.deferStack = this.deferStack;
    copy.panic = this.panic;
    copy.tries = this.tries;
    copy.boundary = this.boundary;
    return copy;
  }
}
