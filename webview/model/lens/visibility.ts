import type { ObjectId, ThreadId, Witness } from "../../../protocol/witness.js";
import { type Edge, happensBefore } from "../order.js";
import { partsOf } from "./dependence.js";
import { knownAt, type Known, Paths } from "./paths.js";

// When a write becomes visible to whom. Go's memory model (go.dev/ref/mem, "Memory Model" and its section on races): a
// read sees a write that happens before it and that no other write between the two hides, or one that nothing orders
// with it. Everything is read off the clocks of the witness. In TypeScript one thread runs everything, so what was
// written last is seen by everybody.

export type Seen =
  /** A read now gives this value and no other. */
  | "sees"
  /** A read now may give this value: nothing orders the write and the reader, or another write races with it. */
  | "may"
  /** A newer write hides it. */
  | "gone"
  /** The thread has not been started yet, or has ended. */
  | "nobody";

/** A write of the variable, or the value it had before all of them. */
export interface Write {
  /** Null: before all steps. */
  readonly row: number | null;
  readonly by: ThreadId | null;
  readonly value: string;
}

export interface Sight {
  readonly seen: Seen;
  /** How the write came to be known to the thread; null: nothing orders it before what the thread does next. */
  readonly known: Known | null;
}

export interface Visibility {
  readonly object: ObjectId;
  readonly writes: readonly Write[];
  /** By write, then by thread. */
  readonly sights: readonly (readonly Sight[])[];
  /** By thread: the values that a read may give, the newest write first; empty: nobody there to read. */
  readonly values: readonly (readonly string[])[];
}

/** Variables that one could ask about, those of the race first. */
export function variablesOf(witness: Witness): readonly ObjectId[] {
  const { outcome } = witness;
  const touched = new Set<ObjectId>();
  const note = (row: number): void => {
    const action = witness.steps[row]?.action;
    if (action?.kind === "read" || action?.kind === "write") touched.add(action.object);
  };
  if (outcome.kind === "race") outcome.steps.forEach(note);
  witness.steps.forEach((_, row) => {
    note(row);
  });
  return [...touched];
}

/** Who sees what of a variable right after the step of a row. `edges` are the direct ones of the witness. */
export function visibilityAt(
  witness: Witness,
  object: ObjectId,
  row: number,
  edges: readonly Edge[],
): Visibility {
  const writes = writesOf(witness, object, row);
  const readers = nowOf(witness, row).map((now, thread) => readerOf(witness, writes, thread, now));
  const paths = new Paths(witness, edges);
  const sights = writes.map((write) =>
    readers.map((reader, thread): Sight => {
      const seen = sees(witness, writes, write, reader);
      const known =
        reader !== null && write.row !== null && knows(witness, write, reader)
          ? paths.to(write.row, thread)
          : null;
      return { seen, known };
    }),
  );
  return { object, writes, sights, values: readers.map((_, it) => valuesOf(writes, sights, it)) };
}

function valuesOf(
  writes: readonly Write[],
  sights: readonly (readonly Sight[])[],
  thread: ThreadId,
): readonly string[] {
  const may = writes.filter((_, it) => {
    const seen = sights[it]?.[thread]?.seen;
    return seen === "sees" || seen === "may";
  });
  return [...new Set(may.reverse().map((it) => it.value))];
}

function writesOf(witness: Witness, object: ObjectId, row: number): readonly Write[] {
  const first = witness.steps.find(
    ({ action }) => (action.kind === "read" || action.kind === "write") && action.object === object,
  );
  const { action } = first ?? {};
  // A read before all writes tells what there was; what was there before a write is not in the witness.
  const before = action?.kind === "read" && action.stale === undefined ? action.value : "";
  const writes = witness.steps
    .slice(0, row + 1)
    .flatMap(({ action: it, thread }, at): Write[] =>
      it.kind === "write" && it.object === object ? [{ row: at, by: thread, value: it.value }] : [],
    );
  return [{ row: null, by: null, value: before }, ...writes];
}

/** The last step of each thread up to the row, or the one that started it; -1: it has done nothing; null: nobody there. */
function nowOf(witness: Witness, row: number): readonly (number | null)[] {
  const now = witness.threads.map((it, thread): number | null =>
    thread === 0 || it.spawnedBy === null ? -1 : null,
  );
  witness.steps.slice(0, row + 1).forEach((step, at) => {
    for (const it of partsOf(step)) now[it] = at;
    if (step.action.kind === "spawn") now[step.action.thread] = at;
    if (step.action.kind === "end") now[step.thread] = null;
  });
  return now;
}

interface Reader {
  readonly thread: ThreadId;
  readonly now: number;
  /** Of the writes that it knows of, the newest of each thread: all that hides others from it. */
  readonly newest: readonly Write[];
}

function readerOf(
  witness: Witness,
  writes: readonly Write[],
  thread: ThreadId,
  now: number | null,
): Reader | null {
  if (now === null) return null;
  const newest = new Map<ThreadId, Write>();
  for (const it of writes) {
    if (it.by !== null && knows(witness, it, { thread, now })) newest.set(it.by, it);
  }
  return { thread, now, newest: [...newest.values()] };
}

/** Whether the write happens before what the thread does next. */
function knows(
  witness: Witness,
  { row, by }: Write,
  { thread, now }: Pick<Reader, "thread" | "now">,
): boolean {
  if (row === null || by === thread || witness.language === "ts") return true;
  return now >= 0 && knownAt(witness, row, now);
}

function sees(
  witness: Witness,
  writes: readonly Write[],
  write: Write,
  reader: Reader | null,
): Seen {
  if (reader === null) return "nobody";
  const hidden = (it: Write): boolean => reader.newest.some((by) => hides(witness, it, by));
  if (hidden(write)) return "gone";
  return writes.every((it) => it === write || hidden(it)) ? "sees" : "may";
}

/** Whether the second write comes after the first for everybody who knows of it. */
function hides(witness: Witness, first: Write, second: Write): boolean {
  if (first === second || second.row === null) return false;
  if (first.row === null) return true;
  if (witness.language === "ts") return first.row < second.row;
  return first.row < second.row && happensBefore(witness, first.row, second.row);
}
