import type { Frame, Goroutine } from "./trace.js";
import { ownFrames, waitOf, type Wait } from "./waits.js";

/** Goroutines that wait for the same thing at the same place, and came from the same one. */
export interface Group {
  readonly wait: Wait;
  /** The user's frames, the innermost first; all frames where none is the user's. */
  readonly stack: readonly Frame[];
  readonly createdBy: Frame | null;
  readonly count: number;
  /** Their numbers, as far as they have some. */
  readonly ids: readonly number[];
  /** The longest that one of them has waited. */
  readonly minutes: number;
}

/** A group that still grows: dumps have hundreds of thousands of goroutines. */
type Growing = { -readonly [K in keyof Group]: Group[K] } & { readonly ids: number[] };

/** The biggest first; of equal ones, in the order of the text. Go's own goroutines are left out. */
export function groupsOf(goroutines: readonly Goroutine[]): readonly Group[] {
  const groups = new Map<string, Growing>();
  for (const it of goroutines) {
    if (!isUsers(it)) continue;
    const { createdBy } = it;
    const wait = waitOf(it);
    const own = ownFrames(it.frames);
    const stack = own.length > 0 ? own : it.frames;
    const key = [wait.words, wait.address ?? "", ...stack.map(placeOf), placeOf(createdBy)].join(
      "\n",
    );
    let group = groups.get(key);
    if (group === undefined) {
      group = { wait, stack, createdBy, count: 0, ids: [], minutes: 0 };
      groups.set(key, group);
    }
    group.count += it.count;
    group.minutes = Math.max(group.minutes, it.minutes);
    if (it.id !== null) group.ids.push(it.id);
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

function isUsers({ frames, createdBy, state }: Goroutine): boolean {
  if (/^(?:GC|force gc|finalizer|cleanup|scavenge|bgsweep|trace reader)/i.test(state)) return false;
  return ownFrames(frames).length > 0 || (createdBy !== null && ownFrames([createdBy]).length > 0);
}

function placeOf(frame: Frame | null): string {
  return frame === null ? "" : `${frame.func} ${frame.file}:${frame.line}`;
}
