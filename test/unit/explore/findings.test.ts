import { describe, expect, it } from "vitest";
import { Ends, Findings, type Best } from "../../../language-server/explore/findings.js";

function best(it: Partial<Best> = {}): Best {
  return {
    kind: "deadlock",
    places: ["a.go:1:0"],
    outcome: { kind: "deadlock", message: "", blocked: [] },
    message: "",
    madeUp: null,
    length: 3,
    cost: [0, 1, 2, 3],
    choices: [],
    preempts: [],
    visible: [],
    time: "quiet",
    minimal: false,
    ...it,
  };
}

function kept(...all: readonly Best[]): readonly Best[] {
  const findings = new Findings();
  for (const it of all) findings.keep(it);
  return findings.all();
}

describe("findings", () => {
  it("are one for each kind and places, in the order in which they were found", () => {
    const all = [
      best(),
      best({ places: ["b.go:1:0"] }),
      best({ kind: "leak" }),
      best({ cost: [0, 5, 5, 5] }),
    ];
    expect(kept(...all)).toEqual(all.slice(0, 3));
  });

  it("keep the smaller schedule, whenever it comes", () => {
    const [small, large] = [best({ cost: [0, 0, 9, 9] }), best({ cost: [0, 1, 0, 0] })];
    expect(kept(small, large)).toEqual([small]);
    expect(kept(large, small)).toEqual([small]);
  });

  it("prefer quiet time, then more visible places, to a smaller schedule", () => {
    const quiet = best({ cost: [0, 3, 3, 3] });
    const seeing = best({ cost: [0, 4, 4, 4], visible: ["x"] });
    const any = best({ time: "any", visible: ["x", "y"], cost: [0, 0, 0, 0] });
    expect(kept(any, quiet, seeing)).toEqual([seeing]);
    expect(kept(seeing, quiet, any)).toEqual([seeing]);
  });

  it("keep the proof that none is smaller", () => {
    const proved = best({ minimal: true });
    expect(kept(best(), proved)).toEqual([proved]);
    expect(kept(proved, best())).toEqual([proved]);
    const larger = best({ minimal: true, cost: [0, 2, 2, 2] });
    expect(kept(best(), larger)).toEqual([best()]);
  });

  it("are known by kind and places", () => {
    const findings = new Findings();
    findings.keep(best());
    expect(findings.knows("deadlock a.go:1:0")).toBe(true);
    expect(findings.knows("leak a.go:1:0")).toBe(false);
    findings.replace(best({ message: "shorter" }));
    expect(findings.all().map((it) => it.message)).toEqual(["shorter"]);
  });
});

const nothing = (): readonly [] => [];
const noSchedule = (): null => null;

function told(ends: Ends): readonly string[] {
  return ends
    .list(noSchedule)
    .map(({ kind, label, executions }) => `${kind} ${label}: ${executions}`);
}

describe("ends", () => {
  it("are counted by kind and label, the bad ones first and then the frequent ones", () => {
    const ends = new Ends();
    for (const label of ["x = 1", "x = 2", "x = 2"]) ends.count("ok", label, nothing);
    ends.count("panic", "", nothing);
    for (let i = 0; i < 2; i++) ends.count("race", "x = 2", nothing);
    expect(told(ends)).toEqual(["race x = 2: 2", "panic : 1", "ok x = 2: 2", "ok x = 1: 1"]);
    expect([ends.executions, ends.failing]).toEqual([6, 3]);
  });

  it("are listed by kind in one order", () => {
    const ends = new Ends();
    for (const kind of ["panic", "ok", "deadlock", "panic"] as const) ends.count(kind, "", nothing);
    expect(ends.kinds()).toEqual([
      { kind: "ok", executions: 1 },
      { kind: "deadlock", executions: 1 },
      { kind: "panic", executions: 2 },
    ]);
  });

  it("have the schedule of the first of them, made only then", () => {
    const ends = new Ends();
    ends.count("ok", "", () => [{ thread: 1 }]);
    ends.count("ok", "", () => {
      throw new Error("nobody needs another");
    });
    const choices: unknown[] = [];
    ends.list((_kind, it) => {
      choices.push(it);
      return null;
    });
    expect(choices).toEqual([[{ thread: 1 }]]);
  });

  it("that are not known are neither good nor bad", () => {
    const ends = new Ends();
    ends.count("ok", "", nothing);
    ends.countCut();
    expect([ends.executions, ends.failing, ends.kinds()]).toEqual([
      2,
      0,
      [{ kind: "ok", executions: 1 }],
    ]);
  });

  it("beyond the most that are kept are counted all the same", () => {
    const ends = new Ends();
    for (let i = 0; i < 100; i++) ends.count("ok", `x = ${i}`, nothing);
    expect(ends.list(noSchedule).length).toBe(64);
    expect([ends.executions, ends.kinds()]).toEqual([100, [{ kind: "ok", executions: 100 }]]);
  });

  it("add up", () => {
    const [one, other] = [new Ends(), new Ends()];
    one.count("ok", "a", nothing);
    other.count("ok", "a", nothing);
    other.count("leak", "", nothing);
    other.countCut();
    one.add(other);
    expect(told(one)).toEqual(["leak : 1", "ok a: 2"]);
    expect([one.executions, one.failing]).toEqual([4, 1]);
    // What was added is still its own.
    expect(told(other)).toEqual(["leak : 1", "ok a: 1"]);
  });
});
