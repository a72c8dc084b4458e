// RLock by a goroutine that has the lock for reading, while another one may come to write: the writer waits for the first
// RLock, and the run-time lets nobody read who comes after a writer.

import type { SpanId } from "../../ir/ir.js";
import type { Fact } from "../check.js";
import { lockBalance, type DoubleAcquire } from "./lock-balance.js";
import { orders } from "./orders.js";
import type { Parallel } from "./parallel.js";
import { protectedBoth } from "./races.js";
import { threads, type Happening, type Threads } from "./threads.js";

export interface RecursiveRead {
  readonly read: DoubleAcquire;
  /** The second RLock itself. */
  readonly again: SpanId;
  /** Where others take the lock for writing. */
  readonly writers: readonly SpanId[];
  /** Only entries that nobody wrote come to it. */
  readonly assumed: boolean;
}

export const recursiveReads: Fact<readonly RecursiveRead[]> = {
  name: "recursive-reads",
  compute({ get }) {
    const all = get(threads);
    const parallel = get(orders);
    return get(lockBalance).rereads.flatMap((read): RecursiveRead[] => {
      const again = read.inside?.span ?? read.span;
      if (read.func.library || read.span === 0) return [];
      const pairs = all.acquires
        .filter((it) => it.op.instr.span === again && holdsIt(it) && all.closed(it.frame))
        .flatMap((reader) =>
          all.acquires
            .filter((writer) => comesBetween(all, parallel, reader, writer))
            .map((writer) => ({ reader, writer })),
        );
      const writers = [...new Set(pairs.map(({ writer }) => spanOf(all, writer)))];
      if (writers.length === 0) return [];
      const assumed = pairs.every(
        ({ reader, writer }) => all.assumed(reader.frame) || all.assumed(writer.frame),
      );
      return [{ read, again, writers, assumed }];
    });
  },
};

type Acquire = Happening<"acquire">;

function spanOf(all: Threads, { frame, op }: Acquire): SpanId {
  return all.spanOf(frame, op.instr);
}

/** Whether the goroutine reads the lock already. */
function holdsIt({ op, state }: Acquire): boolean {
  return op.shared && state.held.some((it) => it.shared && meets(it.locks, op.locks));
}

function comesBetween(all: Threads, parallel: Parallel, reader: Acquire, writer: Acquire): boolean {
  const { op, state, frame } = writer;
  if (op.shared || op.instr.op !== "acquire" || !meets(op.locks, reader.op.locks)) return false;
  if (!all.closed(frame) || state.held.some((it) => meets(it.locks, op.locks))) return false;
  if (protectedBoth(state.held, reader.state.held)) return false;
  return parallel.mayHappenInParallel(reader, writer);
}

function meets(left: readonly number[], right: readonly number[]): boolean {
  return left.some((it) => right.includes(it));
}
