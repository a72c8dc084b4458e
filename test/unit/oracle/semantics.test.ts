// What Go does, in programs so small that their traces are counted by hand.

import { describe, expect, it } from "vitest";
import { Interpreter } from "../../harness/oracle/interpreter.js";
import { spawning, type Operation, type OracleProgram } from "../../harness/oracle/program.js";
import { exampleOf, oracleOf } from "../../harness/oracle/traces.js";
import { swaps } from "../../harness/oracle/interleavings.js";

const store: Operation = { kind: "store", cell: 0, value: 1 };
const load: Operation = { kind: "load", cell: 0, dst: 0 };
const send: Operation = { kind: "send", channel: 0, value: 1 };
const recv: Operation = { kind: "recv", channel: 0, dst: 0, ok: 1 };
const close: Operation = { kind: "close", channel: 0 };
const lock: Operation = { kind: "lock", mutex: 0 };
const unlock: Operation = { kind: "unlock", mutex: 0 };
const trylock: Operation = { kind: "trylock", mutex: 0, dst: 0 };
const rlock: Operation = { kind: "rlock", rwmutex: 0 };
const runlock: Operation = { kind: "runlock", rwmutex: 0 };
const wlock: Operation = { kind: "wlock", rwmutex: 0 };
const trywlock: Operation = { kind: "trywlock", rwmutex: 0, dst: 0 };
const enqueue: Operation = { kind: "cond-enqueue", cond: 0 };
const park: Operation = { kind: "cond-park", cond: 0 };
const signal: Operation = { kind: "cond-signal", cond: 0 };
const startTimer: Operation = { kind: "timer-start", timer: 0, duration: 1 };
const stopTimer: Operation = { kind: "timer-stop", timer: 0, dst: 0 };

function sleep(duration: number): Operation {
  return { kind: "sleep", duration };
}

function add(delta: number): Operation {
  return { kind: "wg-add", group: 0, delta };
}

function select(dir: "send" | "recv", fallback: boolean): Operation {
  return { kind: "select", cases: [{ dir, channel: 0, value: 1 }], fallback, arm: 0, dst: 1 };
}

const once: readonly Operation[] = [
  { kind: "once-begin", once: 0, dst: 0 },
  { kind: "unless", register: 0, is: 1, to: 3 },
  { kind: "once-end", once: 0 },
];

type Rows = readonly (readonly [string, OracleProgram, number])[];

const cell = { cells: 1 };
const mutex = { mutexes: 1 };
const rwmutex = { rwmutexes: 1 };
const unbuffered = { channels: [0] };
const buffered = { channels: [1] };

const locks: Rows = [
  ["attempts that fail commute", spawning([[trylock], [trylock]], mutex, []), 2],
  ["anybody may unlock; too early is fatal", spawning([[lock], [unlock]], mutex), 2],
  [
    "a fatal error ends only its thread",
    spawning([[unlock, store], [load]], { ...cell, ...mutex }),
    1,
  ],
  ["readers commute", spawning([[rlock], [rlock]], rwmutex), 1],
  ["a writer sees how many readers are in its way", spawning([[rlock], [trywlock]], rwmutex), 2],
  [
    "a reader that never came leaves for another",
    spawning([[rlock, runlock], [runlock]], rwmutex),
    3,
  ],
  ["a writer waits for those who stay", spawning([[rlock], [wlock]], rwmutex), 2],
];

const announced = { rwmutexes: 1, announcements: true };

const announcements: Rows = [
  // The writer first; the reader out before it; the reader still inside when the writer comes.
  ["a writer that comes while somebody reads", spawning([[rlock, runlock], [wlock]], announced), 3],
  // Before both, between them, after both but while they are inside.
  ["new readers wait for it", spawning([[rlock], [rlock], [wlock]], announced), 4],
];

const channels: Rows = [
  ["a default may miss a partner", spawning([[select("send", true)], [recv]], unbuffered), 2],
  [
    "two selects with a default never meet",
    spawning([[select("send", true)], [select("recv", true)]], unbuffered),
    1,
  ],
  [
    "a select that waits meets one that does not",
    spawning([[select("send", false)], [select("recv", true)]], unbuffered),
    2,
  ],
  [
    "a default is no way out of a ready case",
    spawning([[send], [select("recv", true)]], buffered),
    2,
  ],
  ["a default and a close", spawning([[close], [select("recv", true)]], unbuffered), 2],
  ["closing twice: who comes first", spawning([[close], [close], [close]], buffered), 3],
  ["a send and a receive of one value", spawning([[send], [recv]], buffered), 1],
  ["closing does not disturb who finds a value", spawning([[send, close], [recv]], buffered), 1],
  ["sends that panic commute", spawning([[close], [send], [send]], unbuffered), 1],
];

const waits: Rows = [
  ["additions commute", spawning([[add(1)], [add(1)]], { groups: 1 }), 1],
  ["a counter below zero", spawning([[add(1)], [add(-1)]], { groups: 1 }), 2],
  [
    "adding while somebody waits",
    spawning([[add(1)], [{ kind: "wg-wait", group: 0 }]], { groups: 1 }),
    2,
  ],
  ["later calls of a once commute", spawning([once, once, once], { onces: 1 }), 3],
  ["signals and waiters", spawning([[enqueue, park], [enqueue, park], [signal]], { conds: 1 }), 6],
];

const time: Rows = [
  ["a sleeper comes after all who need not sleep", spawning([[sleep(1), store], [load]], cell), 1],
  [
    "two who wake together",
    spawning(
      [
        [sleep(1), store],
        [sleep(1), load],
      ],
      cell,
    ),
    2,
  ],
  [
    "one who wakes later",
    spawning(
      [
        [sleep(1), store],
        [sleep(2), load],
      ],
      cell,
    ),
    1,
  ],
  [
    "a timer fires, or is stopped",
    spawning([[startTimer, sleep(1), stopTimer]], { channels: [1], timers: [0] }),
    2,
  ],
  [
    "a value is received, or taken back",
    spawning(
      [
        [startTimer, sleep(2), stopTimer],
        [sleep(2), recv],
      ],
      { channels: [1], timers: [0] },
    ),
    2,
  ],
];

const rest: Rows = [
  ["a data choice", spawning([[{ kind: "choose", values: 3, dst: 0 }]], {}), 3],
  ["steps of different threads", spawning([[store], [load]], { cells: 1 }), 2],
];

const rows: Rows = [...locks, ...announcements, ...channels, ...waits, ...time, ...rest];

describe("the oracle does what Go does", () => {
  it.each(rows)("%s", (_, program, count) => {
    expect(oracleOf(program)?.traces.size).toBe(count);
  });
});

describe("what is said to commute does", () => {
  it.each(rows)("%s", (_, program) => {
    const oracle = oracleOf(program);
    for (const trace of oracle?.traces ?? []) {
      const swapped = oracle === null ? [] : swaps(oracle, exampleOf(oracle, trace) ?? []);
      expect(swapped.filter((it) => it !== trace)).toEqual([]);
    }
  });
});

/** Whether some execution ends while a thread waits. */
function mayDeadlock(program: OracleProgram): boolean {
  const interpreter = new Interpreter(program);
  const visit = (): boolean => {
    const moves = interpreter.moves();
    if (moves.length === 0) return !program.threads.every((_, it) => interpreter.hasEnded(it));
    return moves.some((move) => {
      const mark = interpreter.mark();
      interpreter.step(move);
      const found = visit();
      interpreter.undoTo(mark);
      return found;
    });
  };
  return visit();
}

describe("a writer that announces itself", () => {
  const wunlock: Operation = { kind: "wunlock", rwmutex: 0 };
  const writer = [wlock, wunlock];

  // One reader waits inside for another, who waits for the writer, who waits for the first.
  it("can deadlock with readers of whom none reads twice", () => {
    const readers = [
      [rlock, recv, runlock],
      [rlock, send, runlock],
    ];
    const objects = { rwmutexes: 1, channels: [0] };
    expect(mayDeadlock(spawning([...readers, writer], objects))).toBe(false);
    expect(mayDeadlock(spawning([...readers, writer], { ...objects, announcements: true }))).toBe(
      true,
    );
  });

  it("can deadlock with a reader who reads twice", () => {
    const twice = [rlock, rlock, runlock, runlock];
    expect(mayDeadlock(spawning([twice, writer], { rwmutexes: 1 }))).toBe(false);
    expect(mayDeadlock(spawning([twice, writer], announced))).toBe(true);
  });
});
