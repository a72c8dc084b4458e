import type { ObjectId, Step, ThreadId, Witness } from "../../protocol/witness.js";

// Locks, channels, counters and promises as the steps up to the cursor left them.

export interface LockAt {
  readonly object: ObjectId;
  readonly holders: readonly ThreadId[];
  /** Held for reading, which several can. */
  readonly shared: boolean;
  readonly waiters: readonly ThreadId[];
}

export interface ChannelAt {
  readonly object: ObjectId;
  /** The oldest first. */
  readonly values: readonly string[];
  /** 0: none; values go from hand to hand. */
  readonly capacity: number;
  readonly closed: boolean;
  /** By the step at the cursor. */
  readonly changed: boolean;
  readonly waiters: readonly ThreadId[];
}

/** A wait group. */
export interface CounterAt {
  readonly object: ObjectId;
  readonly value: string;
  readonly changed: boolean;
  readonly waiters: readonly ThreadId[];
}

/** A task that waits for a promise. */
export interface AwaitAt {
  readonly thread: ThreadId;
  /** What it awaits, as the step says. */
  readonly text: string;
  /** Since which row. */
  readonly since: number;
}

export interface ThingsAt {
  readonly locks: readonly LockAt[];
  readonly channels: readonly ChannelAt[];
  readonly counters: readonly CounterAt[];
  readonly awaits: readonly AwaitAt[];
}

export function thingsAt(witness: Witness, row: number): ThingsAt {
  const steps = witness.steps.slice(0, row + 1);
  const waiters = waitersBy(witness.steps[row]);
  const of = (object: ObjectId): readonly ThreadId[] => waiters.get(object) ?? [];
  return {
    locks: locksAt(witness, steps, of),
    channels: channelsAt(witness, steps, of),
    counters: countersAt(witness, steps, of),
    awaits: awaitsAt(steps),
  };
}

type Waiting = (object: ObjectId) => readonly ThreadId[];

function waitersBy(step: Step | undefined): ReadonlyMap<ObjectId, readonly ThreadId[]> {
  const waiters = new Map<ObjectId, readonly ThreadId[]>();
  for (const { thread, object } of step?.blocked ?? []) {
    if (object !== null) waiters.set(object, [...(waiters.get(object) ?? []), thread]);
  }
  return waiters;
}

/** Every lock the witness speaks of, with who holds it: a free lock is news too. */
function locksAt(witness: Witness, steps: readonly Step[], waiters: Waiting): readonly LockAt[] {
  const held = new Map<ThreadId, readonly ObjectId[]>();
  const reading = new Set<string>();
  for (const { thread, held: holds, action } of steps) {
    held.set(thread, holds);
    const took = action.kind === "acquire" || (action.kind === "try-acquire" && action.ok);
    if (!took) continue;
    const key = `${thread} ${action.object}`;
    if (action.shared) reading.add(key);
    else reading.delete(key);
  }
  return witness.objects.flatMap(({ kind }, object) => {
    const holders = [...held]
      .filter(([, objects]) => objects.includes(object))
      .map(([thread]) => thread)
      .sort((a, b) => a - b);
    if (kind !== "mutex" && kind !== "rwmutex" && holders.length === 0) return [];
    const shared = holders.length > 0 && holders.every((it) => reading.has(`${it} ${object}`));
    return [{ object, holders, shared, waiters: waiters(object) }];
  });
}

/** Channels whose size the witness tells. */
function channelsAt(
  witness: Witness,
  steps: readonly Step[],
  waiters: Waiting,
): readonly ChannelAt[] {
  const values = new Map<ObjectId, readonly string[]>();
  const closed = new Set<ObjectId>();
  for (const { buffers = [], action } of steps) {
    for (const it of buffers) values.set(it.object, it.values);
    if (action.kind === "close") closed.add(action.object);
  }
  const here = new Set((steps.at(-1)?.buffers ?? []).map((it) => it.object));
  return witness.objects.flatMap(({ kind, capacity }, object) =>
    kind === "channel" && capacity !== undefined
      ? [
          {
            object,
            values: values.get(object) ?? [],
            capacity,
            closed: closed.has(object),
            changed: here.has(object),
            waiters: waiters(object),
          },
        ]
      : [],
  );
}

function countersAt(
  witness: Witness,
  steps: readonly Step[],
  waiters: Waiting,
): readonly CounterAt[] {
  const values = new Map<ObjectId, string>();
  let changed: ObjectId | null = null;
  for (const { action } of steps) {
    changed = null;
    if (action.kind !== "add" && action.kind !== "done") continue;
    // A script may tell the step only; what it comes to is then not known.
    if (witness.objects[action.object]?.kind !== "waitgroup" || !/^\d+$/.test(action.value))
      continue;
    values.set(action.object, action.value);
    changed = action.object;
  }
  return witness.objects.flatMap(({ kind }, object) => {
    const value = values.get(object);
    return kind !== "waitgroup" || value === undefined
      ? []
      : [{ object, value, changed: changed === object, waiters: waiters(object) }];
  });
}

/** Tasks whose last step is an `await`. */
function awaitsAt(steps: readonly Step[]): readonly AwaitAt[] {
  const last = new Map<ThreadId, number>();
  steps.forEach((it, row) => last.set(it.thread, row));
  return [...last]
    .sort(([a], [b]) => a - b)
    .flatMap(([thread, since]) => {
      const action = steps[since]?.action;
      return action?.kind === "await" ? [{ thread, text: action.text, since }] : [];
    });
}

// ── In words ────────────────────────────────────────────────────────────────────────────────────

export function lockWord({ holders, shared }: LockAt): string {
  if (holders.length === 0) return "free";
  return shared ? "read by" : "held by";
}

/** So many values of a channel are written out. */
const mostValues = 8;

/** `[a, b]` */
export function contentWords(values: readonly string[]): string {
  const more = values.length - mostValues;
  return `[${values.slice(0, mostValues).join(", ")}${more > 0 ? `, ${more} more` : ""}]`;
}

/** `2/3 [a, b], closed` */
export function channelWords({ values, capacity, closed }: ChannelAt): string {
  const fill =
    capacity === 0 ? "unbuffered" : `${values.length}/${capacity} ${contentWords(values)}`;
  return closed ? `${fill}, closed` : fill;
}
