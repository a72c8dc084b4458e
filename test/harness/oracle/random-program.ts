// Random programs, few objects and many conflicts. The same seed gives the same program on every machine.

import { Random } from "../random.js";
import { fragments, type Feature, type Fragment } from "./fragments.js";
import type { Operation, OracleProgram } from "./program.js";
import { ThreadWriter, type Objects } from "./thread-writer.js";

/** What programs of each kind have, but for plain channels, which are random. */
const objects: Readonly<Record<Feature, Partial<Objects>>> = {
  memory: { cells: 2 },
  mutex: { cells: 1, mutexes: 2 },
  rwmutex: { cells: 1, mutexes: 1, rwmutexes: 1 },
  channels: { cells: 1 },
  select: { cells: 1 },
  waitgroup: { cells: 1, groups: 1 },
  "cond and once": { cells: 1, mutexes: 1, onces: 1, conds: 1 },
  timers: { cells: 1 },
  mixed: {
    cells: 1,
    mutexes: 1,
    rwmutexes: 1,
    groups: 1,
    onces: 1,
    conds: 1,
  },
};

const none: Objects = {
  cells: 0,
  mutexes: 0,
  rwmutexes: 0,
  announcements: false,
  channels: [],
  groups: 0,
  onces: 0,
  conds: 0,
  timers: [],
};

export function randomProgram(feature: Feature, seed: number): OracleProgram {
  const random = new Random(seed);
  const has: Objects = { ...none, ...objects[feature], ...randomChannels(feature, random) };
  const count = 2 + random.below(3);
  const choices = fragments[feature];
  const isBusy = random.below(3) === 0;
  const started = new Set<number>();
  const bodies = Array.from({ length: count }, (_, index) => {
    const isMain = isBusy && index === 0;
    const writer = new ThreadWriter(random, has, isMain ? 0 : index + (isBusy ? 0 : 1), started);
    return write(writer, random, choices, lengthOf(random, count) + (more[feature] ?? 0));
  });
  const [main = [], others] = isBusy ? [bodies[0], bodies.slice(1)] : [[], bodies];
  return { ...has, threads: withSpawns(random, main, others) };
}

/** Operations more than usual, where most wait for each other and so have little choice. */
const more: Partial<Record<Feature, number>> = { channels: 2, select: 1, timers: 2, mixed: 1 };

/** One or two, so that threads meet there; a timer has one more, of its own. */
function randomChannels(feature: Feature, random: Random): Partial<Objects> {
  const first = random.below(3);
  switch (feature) {
    case "channels":
      return { channels: random.below(3) === 0 ? [first] : [first, random.below(3)] };
    case "select":
    case "mixed":
      return { channels: [random.below(2), random.below(3)] };
    case "timers":
      return { channels: [random.below(2), 1], timers: [1] };
    default:
      return {};
  }
}

/** Few operations when there are many threads: the number of traces grows with both. */
function lengthOf(random: Random, threads: number): number {
  if (threads === 2) return 2 + random.below(4);
  return threads === 3 ? 1 + random.below(3) : 1 + random.below(2);
}

function write(
  writer: ThreadWriter,
  random: Random,
  choices: readonly Fragment[],
  length: number,
): readonly Operation[] {
  while (writer.visible < length) random.pick(choices)(writer);
  writer.settle();
  return writer.operations;
}

/** Main spawns most of the others before all else, and sometimes one of them spawns the next. */
function withSpawns(
  random: Random,
  main: readonly Operation[],
  others: readonly (readonly Operation[])[],
): readonly (readonly Operation[])[] {
  const spawned: Operation[] = [];
  const bodies = others.map((it) => [...it]);
  bodies.forEach((_, index) => {
    const spawn: Operation = { kind: "spawn", thread: index + 1 };
    const parent = bodies[index - 1];
    if (parent === undefined || random.below(6) > 0) spawned.push(spawn);
    else bodies[index - 1] = insert(parent, random.below(parent.length + 1), spawn);
  });
  return [insertAll(main, spawned), ...bodies];
}

function insertAll(
  operations: readonly Operation[],
  first: readonly Operation[],
): readonly Operation[] {
  return first.reduceRight((all, it) => insert(all, 0, it), operations);
}

/** Branches that go over the place go as far as before. */
function insert(operations: readonly Operation[], at: number, it: Operation): Operation[] {
  const moved = operations.map((operation) =>
    operation.kind === "unless" && operation.to >= at
      ? { ...operation, to: operation.to + 1 }
      : operation,
  );
  return [...moved.slice(0, at), it, ...moved.slice(at)];
}
