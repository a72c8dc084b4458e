import { describe, expect, it } from "vitest";
import type { Action, Blocked, Recording } from "../../../protocol/witness.js";
import { withWakers } from "../../../language-server/report/wakers.js";

const span = { uri: "", start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

function recording(
  blocked: Partial<Blocked>,
  steps: readonly (readonly [number, Action])[],
): Recording {
  const stuck = { thread: 1, span, object: 0, reason: "to send on ch", holders: [], ...blocked };
  return {
    rows: [],
    language: "go",
    threads: [],
    objects: [],
    schedule: { program: "", entry: "", visible: [], choices: [] },
    steps: steps.map(([thread, action]) => ({
      thread,
      span,
      func: "",
      action,
      clock: [],
      enabled: [],
      held: [],
      blocked: [],
      essential: true,
      changed: [],
    })),
    outcome: { kind: "leak", blocked: [stuck], message: "" },
    output: "",
  };
}

function wakers(blocked: Partial<Blocked>, ...steps: (readonly [number, Action])[]): unknown {
  const outcome = withWakers(recording(blocked, steps));
  return "blocked" in outcome ? outcome.blocked[0]?.wakers : undefined;
}

describe("who has woken before", () => {
  const send = { kind: "send", object: 0, value: "1" } as const;
  const recv = { kind: "recv", object: 0, value: "1" } as const;

  it("who received, of one who sends", () => {
    expect(wakers({}, [0, recv], [2, send])).toEqual([0]);
    expect(wakers({}, [1, { ...send, partner: 3 }])).toEqual([3]);
  });

  it("who sent or closed, of one who receives", () => {
    const receives = { reason: "to receive from ch" };
    expect(wakers(receives, [0, recv], [2, send], [3, { kind: "close", object: 0 }])).toEqual([
      2, 3,
    ]);
  });

  it("nobody: another object, oneself, or somebody holds it", () => {
    expect(wakers({}, [0, { ...recv, object: 1 }], [1, recv])).toBeUndefined();
    expect(wakers({ holders: [2] }, [0, recv])).toBeUndefined();
  });
});
