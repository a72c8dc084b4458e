import type { Span } from "../../protocol/span.js";
import { funcOf, spanOf } from "../ir/access.js";
import type { Entry, FuncId, Instr, Program } from "../ir/ir.js";
import { placeKey } from "./confirm.js";
import { reachable } from "./entries.js";

/** Which entries may run which places of the source. */
export class Coverage {
  readonly #program: Program;
  readonly #funcsAt: ReadonlyMap<string, ReadonlySet<FuncId>>;
  /** By entry, whether it may run the function of each id: sets of all functions for all entries would be too much to keep. */
  readonly #reachable = new Map<FuncId, Uint8Array>();

  constructor(program: Program) {
    this.#program = program;
    this.#funcsAt = functionsByPlace(program);
  }

  covers(entry: FuncId, place: Span): boolean {
    const runs = this.#reachable.get(entry) ?? this.#runsOf(entry);
    const funcs = this.#funcsAt.get(placeKey(place)) ?? [];
    return [...funcs].some((it) => runs[it] === 1);
  }

  #runsOf(entry: FuncId): Uint8Array {
    const runs = new Uint8Array(this.#program.funcs.length);
    for (const it of reachable(this.#program, entry)) runs[it] = 1;
    this.#reachable.set(entry, runs);
    return runs;
  }
}

function functionsByPlace(program: Program): Map<string, Set<FuncId>> {
  const table = new Map<string, Set<FuncId>>();
  for (const func of program.funcs) {
    if (func.library) continue;
    for (const block of func.blocks) {
      for (const { span } of [...block.instrs, block.exit]) {
        const key = placeKey(spanOf(program, span));
        const known = table.get(key) ?? new Set();
        known.add(func.id);
        table.set(key, known);
      }
    }
  }
  return table;
}

/**
 * Entries that can run something concurrent: one that starts no thread and synchronises nothing has a single
 * schedule, which says nothing about concurrency. Benchmarks loop for as long as they are told and are left out.
 */
export function worthExploring(program: Program): readonly Entry[] {
  const interesting = new Set<FuncId>(
    program.funcs
      .filter((it) => !it.library && it.blocks.some((block) => block.instrs.some(synchronises)))
      .map((it) => it.id),
  );
  return program.entries.filter(({ kind, func }) => {
    if (kind === "benchmark") return false;
    if (kind === "snippet" || funcOf(program, func).kind === "async") return true;
    return [...reachable(program, func)].some((it) => interesting.has(it));
  });
}

function synchronises({ op }: Instr): boolean {
  switch (op) {
    case "spawn":
    case "acquire":
    case "try-acquire":
    case "send":
    case "recv":
    case "select":
    case "sync":
    case "await":
      return true;
    default:
      return false;
  }
}
