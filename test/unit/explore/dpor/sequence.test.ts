import { describe, expect, it } from "vitest";
import { emptyShape, Plans, type PlanId } from "../../../../language-server/explore/dpor/plans.js";
import {
  commutes,
  notInitial,
  Sequence,
} from "../../../../language-server/explore/dpor/sequence.js";
import { strictest } from "../../../../language-server/explore/dependence.js";
import { touch, touches, type TouchKind } from "../../../../language-server/explore/vm/touch.js";

const [x, y] = [1, 2];

describe("the initials of a sequence", () => {
  const plans = new Plans(strictest);
  const step = (thread: number, object: number, kind: TouchKind): PlanId =>
    plans.ofStep(thread, [touch(object, kind)]);
  const sequenceOf = (...all: readonly PlanId[]): Sequence => {
    const sequence = new Sequence(plans);
    for (const it of all) sequence.push(it);
    return sequence;
  };
  const [writeX1, writeY2, readX3] = [
    step(1, x, touches.write),
    step(2, y, touches.write),
    step(3, x, touches.read),
  ];

  it("are its first step, and what commutes with all before it", () => {
    const sequence = sequenceOf(writeX1, writeY2, readX3);
    expect(sequence.initial(writeX1)).toBe(0);
    expect(sequence.initial(writeY2)).toBe(1);
    expect(sequence.initial(readX3)).toBe(notInitial);
  });

  it("weakly are also what is not in it and commutes with all of it", () => {
    const sequence = sequenceOf(writeX1, writeY2);
    expect(sequence.initial(step(4, 3, touches.write))).toBe(commutes);
    expect(sequence.initial(step(4, y, touches.read))).toBe(notInitial);
    expect(sequenceOf().initial(writeX1)).toBe(commutes);
  });

  it("are told by thread and way to go on, whatever they touch", () => {
    const way = (arm: number, object: number): PlanId =>
      plans.of({
        ...emptyShape,
        thread: 5,
        arm,
        prints: [{ object, kind: touches.recv, n: 0, cap: 1 }],
      });
    const sequence = sequenceOf(writeX1, way(0, 7));
    expect(sequence.initial(way(0, 8))).toBe(1);
    expect(sequence.initial(way(1, 7))).toBe(notInitial);
  });

  it("of threads that meet are those of both", () => {
    const meeting = plans.of({
      ...emptyShape,
      thread: 1,
      partner: 2,
      prints: [{ object: 9, kind: touches.rendezvous, n: 0, cap: 0 }],
    });
    expect(sequenceOf(meeting).initial(writeY2)).toBe(notInitial);
    expect(sequenceOf(meeting, readX3).initial(readX3)).toBe(1);
    expect(sequenceOf(writeY2, meeting).initial(meeting)).toBe(notInitial);
  });

  it("are found in what is left after a removal, and in sequences of any length", () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      step(10 + index, 100 + index, touches.write),
    );
    const sequence = sequenceOf(...many, writeX1);
    expect(sequence.initial(writeX1)).toBe(200);
    sequence.remove(0);
    expect([sequence.length, sequence.initial(writeX1)]).toEqual([200, 199]);
    expect(sequence.initial(many[0] as PlanId)).toBe(commutes);
  });
});
