// What a plain read may observe besides the newest write (`MachineOptions.weak`). The Go memory model lets it see any write
// that no other one has overwritten in happens-before order. We offer those of the execution so far whose order is the
// one in which they happened: a thread never goes back behind a write that it, or somebody it has heard from, has seen.

import type { Instr } from "../../ir/ir.js";
import type { PastWrite, Write, Writes } from "./beside.js";
import type { Obj, Ptr } from "./core.js";
import type { Goroutine } from "./goroutine.js";
import type { World } from "./world.js";

/** Overwritten writes that a cell remembers; older ones are no longer offered. */
const mostPast = 16;

const nothing: readonly PastWrite[] = [];

/** The cell that a thread is about to load as a whole; null for everything that is not told apart cell by cell. */
export function loadedCell(world: World, g: Goroutine, instr: Instr): Ptr | null {
  if (instr.op !== "load") return null;
  const single = world.types.layout.cells(instr.type) === 1 && !world.types.aggregate(instr.type);
  return single ? world.address(g, instr.addr) : null;
}

/** Overwritten writes that a read by the thread may still observe, the newest first. */
export function overlooking(world: World, g: Goroutine, at: Ptr): readonly PastWrite[] {
  const writes = writesOf(world, at.obj, at.off);
  if (writes.newest === null || knows(g, writes.newest)) return nothing;
  const floor = floorOf(g, writes);
  return writes.past.filter((it) => it.number >= floor).reverse();
}

/** Cells are about to be written, or read as they are, since the thread's last operation. */
export function noteAccess(
  world: World,
  g: Goroutine,
  { obj, off }: Ptr,
  cells: number,
  write: boolean,
): void {
  for (let index = off; index < off + cells; index++) {
    const at = { obj, off: index };
    const { newest } = writesOf(world, obj, index);
    if (write) noteWrite(world, g, at, g.tick + 1);
    else if (newest !== null) see(world, g, at, newest);
  }
}

/** A cell is about to be written by the thread's running operation. */
export function noteAtomic(world: World, g: Goroutine, at: Ptr): void {
  noteWrite(world, g, at, g.tick);
}

function noteWrite(world: World, g: Goroutine, at: Ptr, tick: number): void {
  const writes = world.own(writesOf(world, at.obj, at.off));
  // Whatever came before there were threads, everybody knows.
  const { number, thread, tick: when } = writes.newest ?? { number: 0, thread: 0, tick: 0 };
  const value = world.core.peek(at);
  writes.past = [...writes.past.slice(1 - mostPast), { number, thread, tick: when, value }];
  writes.newest = { number: number + 1, thread: g.id, tick };
}

/** The thread observes a write. */
export function see(world: World, g: Goroutine, at: Ptr, { number }: Write): void {
  const writes = writesOf(world, at.obj, at.off);
  if (number <= floorOf(g, writes)) return;
  const oldest = writes.past[0]?.number ?? 0;
  const kept = writes.seen.filter((it) => it.number > oldest);
  world.own(writes).seen = [...kept, { number, thread: g.id, tick: g.tick + 1 }];
}

export function writesOf(world: World, obj: Obj, off: number): Writes {
  return world.objects.beside(obj).writes(off);
}

/** The newest write that the thread has to know of, because it or a read of it happens before. */
function floorOf(g: Goroutine, { newest, past, seen }: Writes): number {
  let floor = 0;
  if (newest !== null && knows(g, newest)) floor = newest.number;
  for (const it of past) if (it.number > floor && knows(g, it)) floor = it.number;
  for (const it of seen) if (it.number > floor && knows(g, it)) floor = it.number;
  return floor;
}

/** Whether the access happens before what the thread does next. */
function knows(g: Goroutine, { thread, tick }: Write): boolean {
  return thread === g.id || tick <= (g.clock[thread] ?? 0);
}
