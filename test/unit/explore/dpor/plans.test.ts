import { describe, expect, it } from "vitest";
import {
  relation,
  strictest,
  type Strictness,
} from "../../../../language-server/explore/dependence.js";
import {
  emptyShape,
  noArm,
  Plans,
  type PlanId,
} from "../../../../language-server/explore/dpor/plans.js";
import {
  everything,
  touch,
  touches,
  type TouchKind,
} from "../../../../language-server/explore/vm/touch.js";

const loose: Strictness = { counters: false, writers: false };

function step(
  plans: Plans,
  thread: number,
  ...done: readonly (readonly [number, TouchKind])[]
): PlanId {
  return plans.ofStep(
    thread,
    done.map(([object, kind]) => touch(object, kind)),
  );
}

describe("plans", () => {
  it("have one number for the same thread doing the same", () => {
    const plans = new Plans(loose);
    const write = step(plans, 1, [5, touches.write]);
    expect(step(plans, 1, [5, touches.write])).toBe(write);
    expect(plans.of({ ...emptyShape, thread: 1, prints: plans.get(write).prints })).not.toBe(0);
    const others = [
      step(plans, 2, [5, touches.write]),
      step(plans, 1, [6, touches.write]),
      step(plans, 1, [5, touches.read]),
      step(plans, 1, [5, touches.write], [6, touches.write]),
      step(plans, 1),
    ];
    expect(new Set([write, ...others]).size).toBe(6);
  });

  it("tell sends by their number, and writes not by their values", () => {
    const plans = new Plans(loose);
    const send = (n: number): PlanId => plans.ofStep(1, [touch(5, touches.send, n, 2)]);
    expect(send(0)).toBe(send(0));
    expect(send(0)).not.toBe(send(1));
    const write = (value: number): PlanId =>
      plans.ofStep(1, [{ ...touch(5, touches.write), value }]);
    expect(write(1)).toBe(write(2));
  });

  it("tell numbers apart that are too large for the short key", () => {
    const plans = new Plans(loose);
    const all = [
      plans.ofStep(5000, [touch(1, touches.write)]),
      plans.ofStep(1, [touch(2 ** 20, touches.write)]),
      plans.ofStep(1, [touch(1, touches.send, 5000, 2)]),
      plans.ofStep(1, [touch(1, touches.send, 5001, 2)]),
      plans.ofStep(1, [touch(1, touches.send, 1, 5000)]),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it("are the same operation whatever it touches", () => {
    const plans = new Plans(loose);
    const [read, write] = [step(plans, 1, [5, touches.read]), step(plans, 1, [5, touches.write])];
    expect(plans.same(read, write)).toBe(true);
    expect(plans.same(read, step(plans, 2, [5, touches.read]))).toBe(false);
    const arm = plans.of({ ...emptyShape, thread: 1, arm: 0 });
    expect(plans.same(arm, plans.of({ ...emptyShape, thread: 1, arm: noArm }))).toBe(false);
  });

  it("share threads with those of whom one is the partner", () => {
    const plans = new Plans(loose);
    const meeting = plans.of({ ...emptyShape, thread: 1, partner: 2 });
    const other = plans.of({ ...emptyShape, thread: 3, partner: 2 });
    for (const it of [step(plans, 1), step(plans, 2), other]) {
      expect([plans.shareThread(meeting, it), plans.shareThread(it, meeting)]).toEqual([
        true,
        true,
      ]);
    }
    expect(plans.shareThread(meeting, step(plans, 3))).toBe(false);
    // Two that have no partner do not share it.
    expect(plans.shareThread(step(plans, 1), step(plans, 3))).toBe(false);
  });
});

describe("how plans relate", () => {
  it("is asked once and then remembered, also when there are many more", () => {
    const plans = new Plans(loose);
    const [write, read] = [step(plans, 1, [5, touches.write]), step(plans, 2, [5, touches.read])];
    expect(plans.relation(write, read)).toBe(relation.racing);
    for (let thread = 3; thread < 200; thread++) step(plans, thread, [5, touches.read]);
    const late = step(plans, 300, [5, touches.read]);
    expect(plans.relation(write, late)).toBe(relation.racing);
    expect(plans.relation(write, read)).toBe(relation.racing);
    expect(plans.relation(read, late)).toBe(relation.independent);
  });

  it("is the strongest of all that they touch", () => {
    const plans = new Plans(loose);
    const unlockAndWrite = step(plans, 1, [7, touches.unlock], [5, touches.write]);
    const lock = step(plans, 2, [7, touches.lock]);
    expect(plans.relation(unlockAndWrite, lock)).toBe(relation.enabling);
    const lockAndRead = step(plans, 2, [7, touches.lock], [5, touches.read]);
    expect(plans.relation(unlockAndWrite, lockAndRead)).toBe(relation.racing);
  });

  it("is a race with what touches everything, and with what may do more", () => {
    const plans = new Plans(loose);
    const end = step(plans, 1, [everything, touches.other]);
    const read = step(plans, 2, [5, touches.read]);
    const open = plans.of({ ...emptyShape, thread: 3, open: true });
    expect(plans.relation(read, end)).toBe(relation.racing);
    expect(plans.relation(read, open)).toBe(relation.racing);
    // A step that touches nothing commutes with all but that.
    expect(plans.relation(step(plans, 4), end)).toBe(relation.independent);
    expect(plans.relation(step(plans, 4), open)).toBe(relation.racing);
  });

  it("depends on what is assumed", () => {
    const done = (plans: Plans, thread: number): PlanId => step(plans, thread, [5, touches.wgDone]);
    const free = new Plans(loose);
    expect(free.conflict(done(free, 1), done(free, 2))).toBe(false);
    const strict = new Plans(strictest);
    expect(strict.relation(done(strict, 1), done(strict, 2))).toBe(relation.racing);
  });

  it("is a conflict when it is one in either order", () => {
    const plans = new Plans(loose);
    const [unlock, lock] = [step(plans, 1, [7, touches.unlock]), step(plans, 2, [7, touches.lock])];
    const failed = step(plans, 3, [7, touches.trylockFailed]);
    expect(plans.conflict(unlock, lock)).toBe(true);
    expect(plans.conflict(failed, step(plans, 4, [7, touches.trylockFailed]))).toBe(false);
  });
});

describe("plans for which everything is tried", () => {
  it("are those of locks that have had readers, from then on", () => {
    const plans = new Plans(loose);
    const [lock, other] = [step(plans, 1, [7, touches.lock]), step(plans, 1, [8, touches.lock])];
    expect(plans.isInexact(lock)).toBe(false);
    step(plans, 2, [7, touches.rlock]);
    expect([plans.isInexact(lock), plans.isInexact(other)]).toEqual([true, false]);
  });

  it("are those of channels after a select with a default", () => {
    const plans = new Plans(loose);
    const send = step(plans, 1, [7, touches.send]);
    expect(plans.isInexact(send)).toBe(false);
    plans.inexactChannels = true;
    expect(plans.isInexact(send)).toBe(true);
    expect(plans.isInexact(step(plans, 1, [5, touches.write]))).toBe(false);
  });
});
