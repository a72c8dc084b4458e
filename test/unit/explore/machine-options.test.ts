// What the options of a machine change: who goes on after the end, how locks announce themselves, when time passes, what
// steps tell.

import { describe, expect, it } from "vitest";
import {
  asItRuns,
  untold,
  type Event,
  type Halt,
  type Machine,
  type MachineOptions,
} from "../../../language-server/explore/vm/machine.js";
import { makeMachine } from "../../../language-server/explore/vm/make-machine.js";
import { everything, touches, type TouchKind } from "../../../language-server/explore/vm/touch.js";
import type { Program } from "../../../language-server/ir/ir.js";
import type { Choice } from "../../../protocol/witness.js";
import { jobOf, threads } from "./programs.js";

const searched: MachineOptions = {
  ...asItRuns,
  telling: false,
  ghosts: true,
  writerPreference: false,
  overlaps: false,
};

function started(program: Program, options: Partial<MachineOptions> = {}): Machine {
  const machine = makeMachine(program);
  machine.configure({ ...searched, ...options });
  machine.reset(jobOf(program).entry);
  return machine;
}

/** Lets these threads step in this order. */
function run(machine: Machine, order: readonly number[]): Event[] {
  return order.map((thread) => {
    const [choice] = machine.choicesOf(thread);
    if (choice === undefined) throw new Error(`thread ${thread} waits`);
    return machine.step(choice);
  });
}

/** The lowest thread that may, until nobody may. */
function finish(machine: Machine): Event[] {
  const events: Event[] = [];
  while (machine.halted() === undefined && events.length < 200) {
    events.push(machine.step(machine.enabled()[0] as Choice));
  }
  return events;
}

function told(halt: Halt | undefined): string {
  if (halt?.kind !== "finished") return halt?.kind ?? "goes on";
  const { outcome } = halt;
  return "message" in outcome ? `${outcome.kind}: ${outcome.message}` : outcome.kind;
}

function kindsOf(machine: Machine, thread: number): readonly TouchKind[] | undefined {
  return machine.standing(thread)?.touches.map((it) => it.kind);
}

describe("ghosts", () => {
  it("go on after main's end, which is part of its last step", () => {
    const machine = started(threads(["add x"], { waits: false }));
    const [, end] = run(machine, [0, 0]);
    expect(end?.touches).toEqual([]);
    expect(machine.endStep()).toBe(1);
    expect(machine.halted()).toBeUndefined();
    finish(machine);
    expect(told(machine.halted())).toBe("ok");
    expect(machine.endStep()).toBe(1);
  });

  it("go on after a panic, and the first one counts", () => {
    const machine = started(threads(["wgdone; wgdone; add x", "add x; add x"], {}));
    finish(machine);
    expect(machine.failures().map((it) => [it.kind, it.thread])).toEqual([
      ["panic", 1],
      ["panic", 2],
    ]);
    expect(told(machine.halted())).toBe("panic: panic: sync: negative WaitGroup counter");
    const [failed] = machine.failures();
    expect(failed?.thread).toBe(1);
    expect(failed?.step).toBeGreaterThan(0);
  });

  it("outlive fatal errors and exits", () => {
    const machine = started(threads(["unlock m", "exit 3", "add x"], { waits: false }));
    finish(machine);
    expect(machine.failures().map((it) => it.message)).toEqual([
      "fatal error: sync: unlock of unlocked mutex",
      "exit status 3",
    ]);
    const ordered = started(threads(["exit 0"], { main: "recv c", waits: false }));
    finish(ordered);
    expect(ordered.endStep()).toBeGreaterThan(0);
    expect(told(ordered.halted())).toBe("leak: main is blocked forever when main ends");
  });

  it("do not make a deadlock of those that wait for a goroutine that crashed", () => {
    const machine = started(threads(["lock m; unlock n", "lock m"], {}));
    finish(machine);
    expect(told(machine.halted())).toBe("panic: fatal error: sync: unlock of unlocked mutex");
  });

  it("are left behind when they wait for ever, and not when they wait for time", () => {
    const stuck = started(threads(["recv c"], { waits: false }));
    finish(stuck);
    expect(told(stuck.halted())).toBe("leak: t0 is blocked forever when main ends");
    const asleep = started(threads(["sleep 5"], { waits: false }));
    finish(asleep);
    expect(told(asleep.halted())).toBe("ok");
    const woken = started(threads(["recv c", "sleep 5; send c"], { waits: false }));
    finish(woken);
    expect(told(woken.halted())).toBe("ok");
    const locked = started(threads(["lock a; lock a"], { waits: false }));
    finish(locked);
    expect(told(locked.halted())).toBe("deadlock: t0 waits for a lock it holds itself");
  });

  it("are a deadlock while main waits", () => {
    const machine = started(threads(["recv c"], {}));
    finish(machine);
    expect(told(machine.halted())).toBe("deadlock: all goroutines are asleep - deadlock!");
    expect(machine.endStep()).toBe(-1);
  });

  it("conflict with nothing that ends", () => {
    const machine = started(threads(["exit 3", "sleep 5; add x"], {}));
    const objects = finish(machine).flatMap((it) => it.touches.map((touch) => touch.object));
    expect(objects).not.toContain(everything);
  });
});

describe("without ghosts", () => {
  it("the end of the program is the end, and conflicts with everything", () => {
    const machine = started(threads(["add x"], { waits: false }), { ghosts: false });
    const [, , end] = run(machine, [0, 0, 0]);
    expect(end?.touches.map((it) => it.object)).toContain(everything);
    expect(told(machine.halted())).toBe("ok");
    expect(machine.endStep()).toBe(2);
  });
});

describe("writers", () => {
  const program = threads(["rlock m; runlock m", "rwlock m; rwunlock m"], {});

  it("announce themselves only when they have the preference", () => {
    const polite = started(program);
    run(polite, [0, 0, 0, 0, 1, 2, 1]);
    expect(polite.choicesOf(2)).toEqual([]);
    expect(kindsOf(polite, 2)).toEqual([touches.lock]);
    const preferred = started(program, { writerPreference: true });
    run(preferred, [0, 0, 0, 0, 1, 2, 1]);
    expect(kindsOf(preferred, 2)).toEqual([touches.announce]);
    const [event] = run(preferred, [2]);
    expect(event?.touches.map((it) => it.kind)).toEqual([touches.announce]);
    expect(preferred.choicesOf(2)).toEqual([]);
  });

  it("matter to a reader that may have to wait", () => {
    const once = started(program);
    finish(once);
    expect(once.rereads()).toBe(false);
    const again = started(threads(["rlock m; rlock m"], { waits: false }));
    const mark = again.mark();
    finish(again);
    expect(again.rereads()).toBe(true);
    again.undoTo(mark);
    expect(again.rereads()).toBe(false);
  });
});

describe("time", () => {
  it("is quiet: it passes when nothing else can run", () => {
    const machine = started(threads(["sleep 5", "add x; add x"], {}));
    run(machine, [0, 0, 0, 0, 1, 2, 1]);
    expect(machine.choicesOf(1)).toEqual([]);
    const events = finish(machine);
    expect(events.filter((it) => it.advanced).map((it) => it.thread)).toEqual([1]);
    expect(events.filter((it) => it.timed).map((it) => it.thread)).toEqual([1]);
  });

  it("lets all go first that wait for the same moment", () => {
    const machine = started(threads(["sleep 5", "sleep 5", "sleep 7"], {}));
    run(machine, [0, 0, 0, 0, 0, 1, 2, 3, 1, 2, 3]);
    expect(machine.enabled()).toEqual([{ thread: 1 }, { thread: 2 }]);
  });

  it("may pass at any time", () => {
    const machine = started(threads(["sleep 5; sleep 2", "sleep 1"], {}), { time: "any" });
    run(machine, [0, 0, 0, 0, 1, 2, 1, 2]);
    expect(machine.enabled()).toEqual([{ thread: 1 }, { thread: 2 }]);
    const [late, early] = run(machine, [1, 2]);
    expect([late?.timed, late?.advanced, early?.timed]).toEqual([true, false, true]);
  });
});

describe("steps that are not told", () => {
  it("say nothing, and leave the same output and state as told ones", () => {
    const texts = ["lock m; inc x; unlock m; send c", "recv c; add y; len c"];
    const quiet = started(threads(texts, { channels: { c: 1 } }));
    const loud = started(threads(texts, { channels: { c: 1 } }), { telling: true });
    for (const event of finish(quiet)) {
      expect([event.action, event.span, event.func, event.asides]).toEqual([untold, 0, "", []]);
    }
    expect(quiet.objects()).toEqual([]);
    finish(loud);
    expect(loud.objects().length).toBeGreaterThan(0);
    expect(quiet.hash()).toBe(loud.hash());
  });
});

describe("touches", () => {
  it("count what goes through a channel", () => {
    const machine = started(threads(["send c; send c", "recv c; recv c"], { channels: { c: 2 } }));
    const all = finish(machine).flatMap((it) => it.touches);
    const of = (kind: TouchKind): unknown =>
      all.filter((it) => it.kind === kind).map((it) => [it.n, it.cap]);
    expect(of(touches.send)).toEqual([
      [0, 2],
      [1, 2],
    ]);
    expect(of(touches.recv)).toEqual([
      [0, 2],
      [1, 2],
    ]);
  });

  it("tell the values of atomics, and what the tries of a lock lead to", () => {
    const machine = started(threads(["add x; trylock m", "trylock m"], {}));
    const events = finish(machine).flatMap((it) => it.touches);
    const add = events.find((it) => it.kind === touches.write);
    expect([add?.was, add?.value, add?.n]).toEqual([0, 1, 0]);
    const tries = events.filter(
      (it) => it.kind === touches.trylock || it.kind === touches.trylockFailed,
    );
    expect(tries.map((it) => it.kind)).toEqual([touches.trylock, touches.trylockFailed]);
  });

  it("say what both sides of a meeting were willing to do", () => {
    const machine = started(threads(["send c", "select c d"], {}));
    run(machine, [0, 0, 0, 0, 1, 2]);
    expect(machine.standing(2)?.offers?.cases.map((it) => [it.arm, it.send])).toEqual([
      [0, false],
      [1, false],
    ]);
    const [meeting] = run(machine, [1]);
    expect(meeting?.partner).toBe(2);
    expect(meeting?.touches.map((it) => it.kind)).toEqual([touches.rendezvous]);
    expect(meeting?.offers?.cases.map((it) => [it.arm, it.send, it.cap])).toEqual([[-1, true, 0]]);
    expect(meeting?.partnerOffers?.cases.length).toBe(2);
  });

  it("tell which call of Once runs the function", () => {
    const machine = started(threads(["once o; onceend o", "once o"], {}));
    const kinds = finish(machine).flatMap((it) => it.touches.map((touch) => touch.kind));
    const once = [touches.onceFirst, touches.onceEnd, touches.onceLater] as readonly number[];
    expect(kinds.filter((it) => once.includes(it))).toEqual(once);
  });
});
