import { describe, expect, it } from "vitest";
import { uncontrolled } from "../../../language-server/explore/explorer.js";
import { look } from "../../../language-server/explore/play/look.js";
import { play } from "../../../language-server/explore/play/play.js";
import { replay } from "../../../language-server/explore/replay.js";
import { makeMachine } from "../../../language-server/explore/vm/make-machine.js";
import type { Program } from "../../../language-server/ir/ir.js";
import { toPlayState } from "../../../language-server/report/play.js";
import type { PlayRecording } from "../../../protocol/play.js";
import type { Choice, Schedule } from "../../../protocol/witness.js";
import { explored, jobOf, threads } from "./programs.js";

function begun(program: Program): Schedule {
  return { ...explored(program, 2000).natural, choices: [] };
}

function played(program: Program, schedule: Schedule, finish = false, depth = 1000): PlayRecording {
  const { entry } = jobOf(program);
  const result = play({ program, entry, schedule, finish, depth }, makeMachine);
  if ("problem" in result) throw new Error(result.problem);
  return result;
}

/** And then the thread runs. */
function withChoice(it: PlayRecording, thread: number): Schedule {
  const { schedule } = it.recording;
  const move = it.moves.find(({ choice }) => choice.thread === thread);
  if (move === undefined) throw new Error(`thread ${thread} cannot run`);
  return { ...schedule, choices: [...schedule.choices, move.choice] };
}

const counting = threads(["inc x", "inc x"]);
const crossing = threads(["lock a; lock b; unlock b; unlock a", "lock b; lock a"]);

describe("where choices lead", () => {
  it("goes on by itself to the first moment in which there is something to choose", () => {
    const { recording, moves, end } = played(counting, begun(counting));
    expect(end).toBe(null);
    expect(moves.length).toBeGreaterThan(1);
    for (const { enabled } of recording.steps) expect(enabled.length).toBe(1);
  });

  it("is the same whether asked with or without what went on by itself", () => {
    const first = played(counting, begun(counting));
    expect(played(counting, first.recording.schedule)).toEqual(first);
  });

  it("tells what each would do, with the names as they would be then", () => {
    const state = toPlayState(played(counting, begun(counting)), []);
    for (const { text } of state.moves) expect(text).not.toMatch(/\?|undefined|thread \d/);
  });

  it("stops for a look when somebody has to wait for another", () => {
    let it = played(crossing, begun(crossing));
    while (it.moves.some(({ choice }) => choice.thread === 0)) {
      it = played(crossing, withChoice(it, 0));
    }
    // It begins, locks a, locks b; then the other begins, and stands before b.
    for (const thread of [1, 1, 1, 2]) it = played(crossing, withChoice(it, thread));
    expect(it.blocked.find(({ thread }) => thread === 2)?.holders).toEqual([1]);
    expect(it.end).toBe(null);
  });

  it("finishes with no more switches than it takes, and tells then what hangs on what", () => {
    const { recording, end, size, moves } = played(counting, begun(counting), true);
    expect(end?.kind).toBe("race");
    expect(moves).toEqual([]);
    expect(size.preemptions).toBe(0);
    const { entry } = jobOf(counting);
    expect(replay(counting, entry, recording.schedule, null, makeMachine)).toEqual(recording);
  });

  it("says where a choice is not possible, and when it goes on for too long", () => {
    const schedule = { ...begun(counting), choices: [{ thread: 5 }] };
    const { entry } = jobOf(counting);
    const options = { program: counting, entry, schedule, finish: false, depth: 1000 };
    expect(play(options, makeMachine)).toEqual({
      problem: "step 1 is not possible in this program",
    });
    const long = played(counting, begun(counting), true, 3);
    expect(long.end).toEqual({ kind: null, label: "it goes on for too long" });
    expect(long.moves).toEqual([]);
  });
});

describe("what can still come", () => {
  const reachOf = (program: Program, choices: readonly Choice[], depth = 1000) => {
    const { entry } = jobOf(program);
    const schedule = { ...begun(program), choices };
    const limits = { depth, states: 100_000, millis: 100_000 };
    const job = { program, entry, schedule, raceFree: false, limits, end: null };
    const answer = look(job, makeMachine, uncontrolled);
    if (answer.kind !== "reach") throw new Error(JSON.stringify(answer));
    return answer.reach;
  };

  it("is one way at the end", () => {
    const { recording, end } = played(counting, begun(counting), true);
    const { ends, limit, natural } = reachOf(counting, recording.schedule.choices);
    expect(ends).toEqual([{ ...end, ways: 1 }]);
    expect(natural).toEqual(end);
    expect(limit).toBe(null);
  });

  it("says that schedules longer than the bound were not followed", () => {
    const { ends, limit } = reachOf(counting, [], 6);
    expect(limit).toBe("depth");
    expect(ends.filter(({ kind }) => kind !== null)).toEqual([]);
  });

  it("puts the bad ends first", () => {
    const kinds = reachOf(crossing, []).ends.map(({ kind }) => kind);
    expect(kinds).toEqual(["deadlock", "ok"]);
  });

  it("is nothing that can be asked of choices that are not possible", () => {
    const { entry } = jobOf(counting);
    const schedule = { ...begun(counting), choices: [{ thread: 5 }] };
    const limits = { depth: 100, states: 100, millis: 100_000 };
    const job = { program: counting, entry, schedule, raceFree: false, limits, end: null };
    expect(look(job, makeMachine, uncontrolled).kind).toBe("problem");
  });

  it("stops when it is cancelled, and says so", () => {
    const { entry } = jobOf(counting);
    const limits = { depth: 100, states: 100_000, millis: 100_000 };
    const job = {
      program: counting,
      entry,
      schedule: begun(counting),
      raceFree: false,
      limits,
      end: null,
    };
    const answer = look(job, makeMachine, { ...uncontrolled, cancelled: true });
    expect(answer).toMatchObject({ kind: "reach", reach: { limit: "cancelled" } });
  });
});
