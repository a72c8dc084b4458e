// Programs whose numbers of traces others have counted: published tools, or a formula.

import { describe, expect, it } from "vitest";
import type { OracleProgram } from "../../harness/oracle/program.js";
import { oracleOf } from "../../harness/oracle/traces.js";
import {
  addInside,
  addOutside,
  atomicAdds,
  attempts,
  increments,
  lastZero,
  lockedIncrements,
  philosophers,
  producers,
  readers,
  readersAndWriters,
  rotation,
  selectOver,
  sendAndClose,
  storeBuffers,
  swapsAndStores,
  workerPool,
  writers,
} from "./programs.js";

const known: readonly (readonly [string, OracleProgram, number])[] = [
  ["readers(3)", readers(3), 8],
  ["readers(6)", readers(6), 64],
  ["writers(3)", writers(3), 24],
  ["lastzero(2)", lastZero(2), 5],
  ["lastzero(3)", lastZero(3), 12],
  ["lastzero(4)", lastZero(4), 28],
  ["ainc(4)", atomicAdds(4), 24],
  ["inc(3)", increments(3), 36],
  ["casrot(4)", rotation(4), 14],
  ["casrot(5)", rotation(5), 43],
  ["casw(3)", swapsAndStores(3), 66],
  ["sb(2)", storeBuffers(2), 3],
  ["sb(4)", storeBuffers(4), 15],
  ["lockinc(3)", lockedIncrements(3), 6],
  ["philosophers(3)", philosophers(3, false), 7],
  ["philosophers(4)", philosophers(4, false), 15],
  ["philosophers(3), ordered", philosophers(3, true), 6],
  ["trylock(2)", attempts(2), 4],
  // 24 where attempts that fail do not commute.
  ["trylock(3)", attempts(3), 21],
  ["3 readers, 1 writer", readersAndWriters(3, 1), 8],
  ["2 readers, 2 writers", readersAndWriters(2, 2), 18],
  ["1 producer of 3, unbuffered", producers(1, 3, 0, 0), 1],
  ["1 producer of 4, capacity 2", producers(1, 4, 0, 2), 1],
  ["3 producers, 1 consumer", producers(3, 1, 0, 0), 6],
  ["2 producers of 2, 1 consumer", producers(2, 2, 0, 1), 6],
  ["2 producers of 2, 1 consumer, unbuffered", producers(2, 2, 0, 0), 6],
  ["2 producers, 2 consumers, unbuffered", producers(2, 1, 2, 0), 2],
  ["2 producers, 2 consumers, capacity 2", producers(2, 1, 2, 2), 4],
  ["2 workers, 2 jobs", workerPool(2, 2, 0), 4],
  ["2 workers, 2 jobs, capacity 2", workerPool(2, 2, 2), 4],
  ["2 workers, 3 jobs", workerPool(2, 3, 0), 8],
  ["select over 3", selectOver(3), 6],
  ["send and close", sendAndClose(1), 2],
  ["add inside (1)", addInside(1), 2],
  ["add inside (2)", addInside(2), 6],
  ["add inside (3)", addInside(3), 24],
  ["add outside (3)", addOutside(3), 1],
];

describe("the oracle counts what is known", () => {
  it.each(known)("%s", (_, program, count) => {
    expect(oracleOf(program)?.traces.size).toBe(count);
  });

  it("gives up where there are too many", () => {
    expect(oracleOf(increments(3), { traces: 35, prefixes: 60_000 })).toBeNull();
    expect(oracleOf(increments(3), { traces: 36, prefixes: 60_000 })).not.toBeNull();
  });
});
