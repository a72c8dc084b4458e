// All traces of a program, found by trying everything: two executions are the same trace when they differ only in the
// order of steps that commute.

import type { Choice } from "../../../protocol/witness.js";
import type { Relation } from "./dependence.js";
import { History, Numbers } from "./history.js";
import { Interpreter } from "./interpreter.js";
import type { OracleProgram } from "./program.js";
import { replay, type Refusal } from "./replay.js";

export interface Bounds {
  readonly traces: number;
  /** Prefixes of executions; equivalent ones count once. */
  readonly prefixes: number;
}

export const usualBounds: Bounds = { traces: 3000, prefixes: 60_000 };

/** What the oracle says of an execution of somebody else: which trace it is, or where it could not happen. */
export type Verdict = { readonly kind: "trace"; readonly signature: number } | Refusal;

/** A program and all its traces. */
export interface Oracle {
  readonly program: OracleProgram;
  readonly relation: Relation;
  readonly numbers: Numbers;
  /** Signatures, which mean something together with `numbers` only. */
  readonly traces: ReadonlySet<number>;
}

/** Null when there are too many. */
export function oracleOf(program: OracleProgram, bounds: Bounds = usualBounds): Oracle | null {
  const { channels } = program;
  const numbers = new Numbers(program.threads.length + program.timers.length);
  const relaxed: Relation = { channels, strict: false };
  const relation = mayUndercount(program) ? { channels, strict: true } : relaxed;
  const search = new Search(program, numbers, relation, bounds);
  const traces = search.run();
  if (traces === null || relation === relaxed || search.undercounted) {
    return traces === null ? null : { program, numbers, relation, traces };
  }
  const again = new Search(program, numbers, relaxed, bounds).run();
  return again === null ? null : { program, numbers, relation: relaxed, traces: again };
}

function mayUndercount(program: OracleProgram): boolean {
  return program.threads.flat().some((it) => it.kind === "wg-add" && it.delta < 0);
}

/** `choices` are the product's: it numbers threads and timers in the order of their start. */
export function signatureOf(oracle: Oracle, choices: readonly Choice[]): Verdict {
  const interpreter = new Interpreter(oracle.program);
  const history = new History(interpreter, oracle.numbers, oracle.relation);
  const refusal = replay(interpreter, choices, (it) => {
    history.add(it);
  });
  return refusal ?? { kind: "trace", signature: history.signature() };
}

/** An execution that is the trace, with the program's own numbers for threads and timers; their beginnings are left out. */
export function exampleOf(oracle: Oracle, signature: number): readonly Choice[] | null {
  const { program, numbers, relation } = oracle;
  const search = new Search(program, numbers, relation, { traces: Infinity, prefixes: Infinity });
  search.run(signature);
  return search.found;
}

/** Depth first through all executions; a prefix that is equivalent to an earlier one leads nowhere new. */
class Search {
  /** The way to the trace that was looked for. */
  found: readonly Choice[] | null = null;
  /** Somewhere a wait group's counter went below zero. */
  undercounted = false;
  readonly #interpreter: Interpreter;
  readonly #history: History;
  readonly #bounds: Bounds;
  readonly #seen = new Set<number>();
  readonly #traces = new Set<number>();
  readonly #path: Choice[] = [];
  #wanted: number | undefined;

  constructor(program: OracleProgram, numbers: Numbers, relation: Relation, bounds: Bounds) {
    this.#interpreter = new Interpreter(program);
    this.#history = new History(this.#interpreter, numbers, relation);
    this.#bounds = bounds;
  }

  /** Stops at the trace that is wanted, if one is. */
  run(wanted?: number): ReadonlySet<number> | null {
    this.#wanted = wanted;
    return this.#visit() ? this.#traces : null;
  }

  /** Whether to go on. */
  #visit(): boolean {
    const signature = this.#history.signature();
    if (this.#seen.has(signature)) return true;
    this.#seen.add(signature);
    const moves = this.#interpreter.moves();
    if (moves.length === 0) return this.#end(signature);
    return this.#seen.size <= this.#bounds.prefixes && moves.every((it) => this.#try(it));
  }

  #end(signature: number): boolean {
    this.#traces.add(signature);
    if (signature !== this.#wanted) return this.#traces.size <= this.#bounds.traces;
    this.found = [...this.#path];
    return false;
  }

  #try(move: Choice): boolean {
    const before = this.#interpreter.mark();
    const past = this.#history.mark();
    const happened = this.#interpreter.step(move);
    this.undercounted ||= happened.touches.some((it) => it.manner === "undercount");
    this.#history.add(happened);
    this.#path.push(move);
    const goOn = this.#visit();
    this.#path.pop();
    this.#history.undoTo(past);
    this.#interpreter.undoTo(before);
    return goOn;
  }
}
