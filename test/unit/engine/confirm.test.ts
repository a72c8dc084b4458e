import { describe, expect, it } from "vitest";
import { join } from "../../../language-server/engine/confirm.js";
import type { Exploration, Found } from "../../../language-server/explore/explorer.js";

const schedule = { program: "p", entry: "main", visible: [], choices: [] };

function found(kind: Found["kind"], message: string, places: readonly string[]): Found {
  const size = { preemptions: 0, switches: 0, steps: 1, minimal: false };
  const outcome = { kind: "ok" } as const;
  return {
    kind,
    message,
    places,
    schedule,
    outcome,
    size,
    contrast: null,
    stale: null,
    madeUp: null,
  };
}

function unforeseen(...all: readonly Found[]): readonly string[] {
  const summary = { complete: true } as Exploration["summary"];
  const exploration: Exploration = { summary, found: all, natural: schedule };
  const explored = { exploration, assumption: null, rehearsed: false, covers: () => true };
  const joined = join(
    [],
    [explored],
    () => "error",
    () => null,
  );
  return joined.unforeseen.map((it) => it.found.message);
}

describe("a send and a close that nothing orders", () => {
  const panic = found("panic", "panic: send on closed channel", ["a.go:1:1"]);

  it.each([
    "c is sent on by f and closed by main with nothing",
    "c is closed by main and sent on by f",
  ])("%s: left out where the panic is told", (message) => {
    expect(unforeseen(panic, found("race", message, ["a.go:1:1", "a.go:9:1"]))).toEqual([
      panic.message,
    ]);
  });

  it("are told where no schedule panics there", () => {
    const race = found("race", "c is sent on by f and closed by main", ["a.go:2:1", "a.go:9:1"]);
    expect(unforeseen(panic, race)).toEqual([panic.message, race.message]);
  });
});

describe("deadlocks of one entry", () => {
  const early = (it: Found): Found => ({ ...it, schedule: { ...schedule, time: "any" } });
  const few = found("deadlock", "few", ["a.go:2:1", "a.go:5:1"]);
  const more = found("deadlock", "more", ["a.go:2:1", "a.go:5:1", "a.go:7:1"]);
  const others = found("deadlock", "others", ["a.go:2:1", "a.go:5:1", "a.go:8:1"]);

  it("around the same few are told once, with the fewest bystanders", () => {
    expect(unforeseen(others, few, more)).toEqual(["few"]);
  });

  it("are told rather where no timer has to be early", () => {
    expect(unforeseen(early(few), more, early(others))).toEqual(["more"]);
    expect(unforeseen(early(few), early(more))).toEqual(["few"]);
  });

  it("with somebody else stuck in each are two", () => {
    expect(unforeseen(more, others)).toEqual(["more", "others"]);
  });
});
