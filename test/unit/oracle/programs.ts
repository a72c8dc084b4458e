// The classic programs whose numbers of traces are known.

import {
  spawning,
  type Operation,
  type OracleProgram,
  type SelectCase,
} from "../../harness/oracle/program.js";

const load = (cell: number, dst = 0): Operation => ({ kind: "load", cell, dst });
const store = (cell: number, value: number): Operation => ({ kind: "store", cell, value });
const send = (channel: number, value = 1): Operation => ({ kind: "send", channel, value });
const recv = (channel: number): Operation => ({ kind: "recv", channel, dst: 0, ok: 1 });
const lock = (mutex: number): Operation => ({ kind: "lock", mutex });
const unlock = (mutex: number): Operation => ({ kind: "unlock", mutex });
const add = (delta: number): Operation => ({ kind: "wg-add", group: 0, delta });
const wait: Operation = { kind: "wg-wait", group: 0 };
const plusOne: Operation = { kind: "sum", dst: 0, left: { register: 0 }, right: 1 };
const storeBack = (cell: number): Operation => ({ kind: "store", cell, value: { register: 0 } });

function times<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** One writer and `count` readers of a cell. */
export function readers(count: number): OracleProgram {
  return spawning([[store(0, 42)], ...times(count, () => [load(0)])], { cells: 1 });
}

export function writers(count: number): OracleProgram {
  return spawning([...times(count, (it) => [store(0, it + 1)]), [load(0)]], { cells: 1 });
}

/** Threads that set a cell each to one more than the cell before, and one that looks for the last that is zero. */
export function lastZero(count: number): OracleProgram {
  const setters = times(count, (it) => [load(it), plusOne, storeBack(it + 1)]);
  return spawning([lookDown(count), ...setters], { cells: count + 1 });
}

function lookDown(count: number): readonly Operation[] {
  const operations: Operation[] = [];
  const end = 3 * count + 1;
  for (let cell = count; cell > 0; cell--) {
    const next = operations.length + 3;
    operations.push(load(cell), { kind: "unless", register: 0, is: 0, to: next });
    // It is zero, so it is not -1: to the end.
    operations.push({ kind: "unless", register: 0, is: -1, to: end });
  }
  return [...operations, load(0)];
}

export function increments(count: number): OracleProgram {
  return spawning(
    times(count, () => [load(0), plusOne, storeBack(0)]),
    { cells: 1 },
  );
}

export function atomicAdds(count: number): OracleProgram {
  return spawning(
    times(count, () => [{ kind: "add", cell: 0, delta: 1, dst: 0 }]),
    { cells: 1 },
  );
}

/** Each swaps its number for the next. */
export function rotation(count: number): OracleProgram {
  return spawning(
    times(count, (it) => [{ kind: "cas", cell: 0, old: it, put: it + 1, dst: 0 }]),
    { cells: 1 },
  );
}

/** A swap and then a store each. */
export function swapsAndStores(count: number): OracleProgram {
  return spawning(
    times(count, (it) => [{ kind: "cas", cell: 0, old: 0, put: 1, dst: 0 }, store(0, it + 3)]),
    { cells: 1 },
  );
}

/** Everybody stores and looks at the neighbour. */
export function storeBuffers(count: number): OracleProgram {
  return spawning(
    times(count, (it) => [store(it, 1), load((it + 1) % count)]),
    { cells: count },
  );
}

export function lockedIncrements(count: number): OracleProgram {
  return spawning(
    times(count, () => [lock(0), load(0), plusOne, storeBack(0), unlock(0)]),
    { cells: 1, mutexes: 1 },
  );
}

/** Everybody takes the fork of the own number first; `ordered`: the lower one. */
export function philosophers(count: number, ordered: boolean): OracleProgram {
  const eat = (it: number): readonly Operation[] => {
    const forks = [it, (it + 1) % count];
    const [first = 0, second = 0] = ordered ? forks.sort((a, b) => a - b) : forks;
    return [lock(first), lock(second), unlock(second), unlock(first)];
  };
  return spawning(times(count, eat), { mutexes: count });
}

export function attempts(count: number): OracleProgram {
  return spawning(
    times(count, () => [
      { kind: "trylock", mutex: 0, dst: 0 },
      { kind: "unless", register: 0, is: 1, to: 3 },
      unlock(0),
    ]),
    { mutexes: 1 },
  );
}

export function readersAndWriters(reading: number, writing: number): OracleProgram {
  const read: readonly Operation[] = [
    { kind: "rlock", rwmutex: 0 },
    load(0),
    { kind: "runlock", rwmutex: 0 },
  ];
  const write: readonly Operation[] = [
    { kind: "wlock", rwmutex: 0 },
    store(0, 1),
    { kind: "wunlock", rwmutex: 0 },
  ];
  return spawning([...times(reading, () => read), ...times(writing, () => write)], {
    cells: 1,
    rwmutexes: 1,
  });
}

/** Threads that send `each` values, threads that receive one, and main that receives the rest. */
export function producers(
  count: number,
  each: number,
  consumers: number,
  capacity: number,
): OracleProgram {
  const sends = times(count, () => times(each, () => send(0)));
  const receives = times(consumers, () => [recv(0)]);
  const rest = times(count * each - consumers, () => recv(0));
  return spawning([...sends, ...receives], { channels: [capacity] }, rest);
}

/** Main hands out the jobs, closes the channel and waits for the workers, who receive until they find it closed. */
export function workerPool(workers: number, jobs: number, capacity: number): OracleProgram {
  const end = 2 * jobs + 1;
  const work = times(jobs, (): readonly Operation[] => [
    recv(0),
    { kind: "unless", register: 1, is: 1, to: end },
  ]);
  const worker = [...work.flat(), recv(0), add(-1)];
  const close: Operation = { kind: "close", channel: 0 };
  const main = [...times(jobs, (it) => send(0, it)), close, wait];
  const objects = { channels: [capacity], groups: 1 };
  const program = spawning(
    times(workers, () => worker),
    objects,
    main,
  );
  return withFirst(add(workers), program);
}

function withFirst(operation: Operation, program: OracleProgram): OracleProgram {
  const [main = [], ...others] = program.threads;
  return { ...program, threads: [[operation, ...main], ...others] };
}

/** A thread for each of the unbuffered channels, and main that receives from all of them in any order. */
export function selectOver(count: number): OracleProgram {
  const cases = times(count, (channel): SelectCase => ({ dir: "recv", channel, value: 0 }));
  const select: Operation = { kind: "select", cases, fallback: false, arm: 0, dst: 1 };
  return spawning(
    times(count, (it) => [send(it)]),
    { channels: times(count, () => 0) },
    times(count, () => select),
  );
}

export function sendAndClose(capacity: number): OracleProgram {
  return spawning([[send(0)], [{ kind: "close", channel: 0 }]], { channels: [capacity] });
}

/** `wg.Add` inside the goroutines, and a store that shows their order. */
export function addInside(count: number): OracleProgram {
  const body = [add(1), store(0, 1), add(-1)];
  return spawning(
    times(count, () => body),
    { cells: 1, groups: 1 },
    [wait],
  );
}

export function addOutside(count: number): OracleProgram {
  const program = spawning(
    times(count, () => [add(-1)]),
    { groups: 1 },
    [wait],
  );
  return withFirst(add(count), program);
}
