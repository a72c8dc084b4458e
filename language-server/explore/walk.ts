// What portable schedules name, in a running machine: threads by who started them, and moments by what a thread has passed.

import type { Choice, Outcome, ThreadId } from "../../protocol/witness.js";
import { present } from "../base/assert.js";
import { extentOf, funcOf } from "../ir/access.js";
import type { FuncId, Program } from "../ir/ir.js";
import type { ReplayProblem } from "./replay.js";
import { extentOfSpan } from "./sites.js";
import type { Machine } from "./vm/machine.js";

/** A thread stands before the operation at an extent, which it has done `before` times. */
export interface Moment {
  readonly extent: string;
  readonly before: number;
}

/** Counts what each thread of a running machine passes. */
export class Walk {
  readonly #program: Program;
  readonly #machine: Machine;
  readonly #passed = new Map<string, number>();

  constructor(program: Program, machine: Machine) {
    this.#program = program;
    this.#machine = machine;
  }

  /** Null for a thread that has ended. */
  momentOf(thread: ThreadId): Moment | null {
    const pending = this.#machine.pending(thread);
    if (pending === null) return null;
    const extent = extentOf(this.#program, pending.span);
    return { extent, before: this.passed(thread, extent) };
  }

  /** How often a thread has done the operation at an extent. */
  passed(thread: ThreadId, extent: string): number {
    return this.#passed.get(`${thread} ${extent}`) ?? 0;
  }

  /** Before the machine takes the step. */
  passes({ thread, partner }: Choice): void {
    for (const it of partner === undefined ? [thread] : [thread, partner]) {
      const moment = this.momentOf(it);
      if (moment !== null) this.#passed.set(`${it} ${moment.extent}`, moment.before + 1);
    }
  }
}

/** Threads that one thread started at one place, in order. */
export function startedTogether(
  threads: ReturnType<Machine["threads"]>,
  id: ThreadId,
): readonly ThreadId[] {
  const { spawnedBy, spawnedAt } = present(threads[id], `thread ${id}`);
  return threads.flatMap((it, other) => {
    const same =
      it.spawnedBy === spawnedBy &&
      (it.spawnedAt === null ? "" : extentOfSpan(it.spawnedAt)) ===
        (spawnedAt === null ? "" : extentOfSpan(spawnedAt));
    return same ? [other] : [];
  });
}

export function entryNamed(program: Program, name: string): FuncId | undefined {
  return program.entries.find((it) => funcOf(program, it.func).name === name)?.func;
}

export function noEntry(name: string): ReplayProblem {
  return { problem: `there is no entry ${name} in this program any more` };
}

/** What tells apart things that go wrong at the same places: the variable of a race, what a panic says. */
export function aboutOf(
  { outcome }: { readonly outcome: Outcome },
  machine: Pick<Machine, "objects">,
): string {
  switch (outcome.kind) {
    case "race":
      return machine.objects()[outcome.object]?.name ?? "";
    case "panic":
    case "assertion":
      return outcome.message;
    case "ok":
    case "deadlock":
    case "leak":
    case "livelock":
      return "";
  }
}
