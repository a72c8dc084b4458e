import { describe, expect, it } from "vitest";
import { parseProgram } from "../../../language-server/ir/parse.js";
import { uncontrolled } from "../../../language-server/explore/explorer.js";
import { explore } from "../../../language-server/explore/portfolio.js";
import { makeMachine } from "../../../language-server/explore/vm/make-machine.js";
import { explored, jobOf, outcomes, threads, told } from "./programs.js";

const times = (n: number, text: string): string[] => Array.from({ length: n }, () => text);

/** Philosopher i of n takes fork i, then the next. */
function philosophers(n: number): string[] {
  return Array.from({ length: n }, (_, i) => {
    const [left, right] = [`f${i}`, `f${(i + 1) % n}`];
    return `lock ${left}; lock ${right}; unlock ${right}; unlock ${left}`;
  });
}

/** What can happen, for programs of which some orders are run more than once. */
function kinds(result: ReturnType<typeof explored>): readonly string[] {
  expect(result.summary.complete).toBe(true);
  return result.summary.outcomes.map((it) => it.kind);
}

const readLocked = "rlock m; read x; runlock m";
const writeLocked = "rwlock m; write x; rwunlock m";

describe("every order, once", () => {
  const cases: readonly (readonly [string, () => ReturnType<typeof threads>, string])[] = [
    ["counters with a lock", () => threads(times(3, "lock m; inc x; unlock m")), "ok 6"],
    ["atomic additions", () => threads(times(4, "add x")), "ok 24"],
    ["lost update", () => threads(times(2, "inc x")), "race 4"],
    ["lost update of three", () => threads(times(3, "inc x")), "race 36"],
    ["independent threads", () => threads(["inc x", "inc y", "inc z"]), "ok 1"],
    [
      "locks in two orders",
      () => threads(["lock a; lock b; unlock b; unlock a", "lock b; lock a; unlock a; unlock b"]),
      "deadlock 1, ok 2",
    ],
    ["2 philosophers", () => threads(philosophers(2)), "deadlock 1, ok 2"],
    ["3 philosophers", () => threads(philosophers(3)), "deadlock 1, ok 6"],
    ["4 philosophers", () => threads(philosophers(4)), "deadlock 1, ok 14"],
    [
      "a producer and a consumer",
      () => threads(["send c; send c; send c", "recv c; recv c; recv c"], { channels: { c: 1 } }),
      "ok 1",
    ],
    [
      "the same without a buffer",
      () => threads(["send c; send c; send c", "recv c; recv c; recv c"]),
      "ok 1",
    ],
    [
      "two producers, unbuffered",
      () => threads(["send c; send c", "send c; send c", "recv c; recv c; recv c; recv c"]),
      "ok 6",
    ],
    [
      "two producers, buffered",
      () =>
        threads(["send c; send c", "send c; send c", "recv c; recv c; recv c; recv c"], {
          channels: { c: 1 },
        }),
      "ok 6",
    ],
    [
      "3 senders, 3 receivers",
      () => threads([...times(3, "send c"), ...times(3, "recv c")]),
      "ok 6",
    ],
    [
      "2 senders, 2 receivers, buffered",
      () => threads([...times(2, "send c"), ...times(2, "recv c")], { channels: { c: 2 } }),
      "ok 4",
    ],
    [
      "a select over two channels, twice",
      () => threads(["send c", "send d", "select c d; select c d"]),
      "ok 2",
    ],
    ["try to lock", () => threads(times(3, "trylock m")), "ok 3"],
    ["a poll beside a send", () => threads(["poll c", "send c"], { channels: { c: 1 } }), "ok 2"],
  ];
  for (const [name, program, expected] of cases) {
    it(name, () => {
      expect(outcomes(explored(program()))).toBe(expected);
    });
  }
});

describe("every outcome", () => {
  it("of readers and writers", () => {
    const result = explored(threads([readLocked, readLocked, writeLocked, writeLocked]));
    expect(kinds(result)).toEqual(["ok"]);
  });

  it("of a send beside a close", () => {
    const result = explored(threads(["send c", "close c"], { channels: { c: 1 } }));
    expect(kinds(result)).toEqual(["race", "panic"]);
  });

  it("of a main that does not wait", () => {
    const result = explored(threads(["read x", "write x"], { waits: false }));
    expect(kinds(result)).toEqual(["race"]);
  });
});

describe("what goes wrong", () => {
  it("a goroutine that nobody receives from is left behind", () => {
    const result = explored(threads(["send c"], { waits: false }));
    expect(outcomes(result)).toBe("leak 1");
    expect(told(result)).toEqual([
      "leak: t0 is blocked forever when main ends: t0 waits to send on c",
    ]);
  });

  it("late is not left behind", () => {
    const result = explored(threads(["recv c", "sleep 5; send c"], { waits: false }));
    expect(outcomes(result)).not.toContain("leak");
  });

  it("the first of two results wins, and the other sender is left behind", () => {
    const result = explored(threads(["send c", "send c"], { waits: false, main: "recv c" }));
    expect(told(result).filter((it) => it.startsWith("leak"))).toEqual([
      "leak: t1 is blocked forever when main ends: t1 waits to send on c",
      "leak: t0 is blocked forever when main ends: t0 waits to send on c",
    ]);
  });

  it("a deadlock names the locks, who has them and who waits", () => {
    const result = explored(
      threads(["lock a; lock b; unlock b; unlock a", "lock b; lock a; unlock a; unlock b"]),
    );
    expect(told(result)).toEqual([
      "deadlock: all goroutines are asleep - deadlock!: main waits for wait group wg (2 to go); " +
        "t0 waits for lock b, which t1 has; t1 waits for lock a, which t0 has",
    ]);
  });

  it("a cycle of locks is a deadlock also when main goes its way", () => {
    const texts = ["lock a; lock b; unlock b; unlock a", "lock b; lock a; unlock a; unlock b"];
    const result = explored(threads(texts, { waits: false }));
    expect(told(result)).toContain(
      "deadlock: t0 and t1 wait for each other's locks forever: " +
        "t0 waits for lock b, which t1 has; t1 waits for lock a, which t0 has",
    );
  });

  it("a reader that reads again waits behind the writer that waits for it", () => {
    const reader = "rlock m; rlock m; runlock m; runlock m";
    const result = explored(threads([reader, "rwlock m; rwunlock m"]));
    expect(kinds(result)).toEqual(["ok", "deadlock"]);
  });

  const panics: readonly (readonly [string, readonly string[], string])[] = [
    ["close twice", ["close c; close c"], "panic: panic: close of closed channel"],
    ["send after close", ["close c; send c"], "panic: panic: send on closed channel"],
    ["unlock what is free", ["unlock m"], "panic: fatal error: sync: unlock of unlocked mutex"],
    [
      "read-unlock what is free",
      ["runlock m"],
      "panic: fatal error: sync: RUnlock of unlocked RWMutex",
    ],
    ["too many Done", ["wgdone; wgdone"], "panic: panic: sync: negative WaitGroup counter"],
    ["exit with a status", ["exit 3"], "assertion: exit status 3"],
  ];
  for (const [name, texts, expected] of panics) {
    it(name, () => {
      expect(told(explored(threads(texts)))).toContain(expected);
    });
  }

  it("a call of Once.Do inside its own function never returns", () => {
    const result = explored(threads(["once o; once o; onceend o; onceend o"]));
    expect(outcomes(result)).toBe("deadlock 1");
  });

  it("a signal before the wait is lost, after it wakes", () => {
    const waits = "lock m; enqueue c; unlock m; park c";
    const result = explored(threads([waits, "lock m; signal c; unlock m"]));
    expect(outcomes(result)).toBe("deadlock 1, ok 1");
  });

  it("sleepers wake in the order of their times", () => {
    const result = explored(threads(["sleep 20; inc x", "sleep 10; inc x"]));
    expect(outcomes(result)).toContain("race");
    const woken = result.natural.choices.map((it) => it.thread);
    expect(woken.lastIndexOf(1)).toBeGreaterThan(woken.lastIndexOf(2));
  });

  it("a loop that never ends is cut, and said to be", () => {
    const spin = threads([], { main: "yield", waits: false });
    expect(outcomes(explored(spin))).toBe("ok 1");
  });
});

describe("bounds", () => {
  const five = (): ReturnType<typeof threads> => threads(times(6, "add x"));

  it("counts every order once also when walks came first", () => {
    expect(outcomes(explored(five()))).toBe("ok 720");
  });

  it("says what cut the search, and how much was seen", () => {
    const { summary } = explored(five(), 600);
    expect(summary).toMatchObject({ complete: false, limit: "executions" });
    expect(summary.executions).toBeLessThanOrEqual(600);
    expect(explored(five(), 600, 5).summary).toMatchObject({ complete: false, limit: "depth" });
  });

  it("ends at once when cancelled", () => {
    const { summary } = explore(jobOf(five()), makeMachine, {
      ...uncontrolled,
      cancelled: true,
    });
    expect(summary).toMatchObject({ complete: false, limit: "cancelled" });
    expect(summary.executions).toBeLessThan(3);
  });

  it("lets others answer a thread that asks again and again", () => {
    const spin = parseProgram(`program go
      global main.ready int
      func main.main() pkg main {
      b0:
        r0:*int = global main.ready
        spawn main.set [] @"file:///p.go" 1:1~1:2
        jump b1
      b1:
        r1:int = atomic r0 load [] int @"file:///p.go" 2:1~2:2
        r2:int = const 0
        r3:bool = prim eq [r1 r2] int
        branch r3 b1 b2
      b2:
        return []
      }
      func main.set() pkg main {
      b0:
        r0:*int = global main.ready
        r1:int = const 1
        atomic r0 store [r1] int @"file:///p.go" 3:1~3:2
        return []
      }
      entry main main.main`);
    const { natural, summary } = explored(spin, 2000, 200);
    expect(natural.choices.length).toBeLessThan(100);
    expect(summary).toMatchObject({ complete: true, limit: null });
  });

  it("tells a loop on a closed channel, which no other case of its select can leave, from one that somebody ends", () => {
    const going = (way: string): ReturnType<typeof parseProgram> =>
      parseProgram(`program go
      global main.news chan both int
      global main.quit chan both int
      func main.main() pkg main {
      b0:
        r0:int = const 0
        r1:chan both int = make chan both int [r0] news
        r2:chan both int = make chan both int [r0] quit
        r3:*chan both int = global main.news
        r4:*chan both int = global main.quit
        store r3 r1 chan both int
        store r4 r2 chan both int
        spawn main.loop [] @"file:///p.go" 1:1~1:2
        close r1 @"file:///p.go" 2:1~2:2
        r5:int = recv r2 no @"file:///p.go" 3:1~3:2
        return []
      }
      func main.loop() pkg main {
      b0:
        r3:*chan both int = global main.news
        r4:*chan both int = global main.quit
        r1:chan both int = load r3 chan both int
        r2:chan both int = load r4 chan both int
        r5:int = const 0
        r6:int = const 1
        r10:chan both int = const null
        jump b1
      b1:
        r7:(int, bool, int) = select [recv r1 _ @"file:///p.go" 5:1~5:2; send ${way} r5 @"file:///p.go" 6:1~6:2;] yes @"file:///p.go" 4:1~4:2
        r8:int = extract r7 0
        r9:bool = prim eq [r8 r6] int
        branch r9 b2 b1
      b2:
        return []
      }
      entry main main.main`);
    const ended = explored(going("r2"), 2000, 200);
    expect(outcomes(ended)).toMatch(/^ok \d+$/);
    expect(ended.summary).toMatchObject({ complete: true, limit: null });
    const stuck = explored(going("r10"), 2000, 200);
    expect(outcomes(stuck)).toMatch(/^livelock \d+$/);
  });

  it("finds the same twice", () => {
    const once = explored(threads(times(3, "inc x; inc y")), 700);
    expect(explored(threads(times(3, "inc x; inc y")), 700)).toEqual(once);
  });
});
