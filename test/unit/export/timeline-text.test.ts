import path from "node:path";
import { describe, expect, it } from "vitest";
import { timelineText } from "../../../export/timeline-text.js";
import type { Program } from "../../../language-server/ir/ir.js";
import type { OutcomeKind } from "../../../protocol/finding.js";
import { compareGolden } from "../../harness/golden.js";
import { threads } from "../explore/programs.js";
import { deadlock, race } from "../webview/witnesses.js";
import { witnessOf } from "../report/witnesses.js";

const crossed = ["lock a; lock b; unlock b; unlock a", "lock b; lock a; unlock a; unlock b"];

const cases: readonly (readonly [string, OutcomeKind, () => Program])[] = [
  ["race", "race", () => threads(["inc x", "inc x"])],
  ["deadlock", "deadlock", () => threads(crossed)],
  ["leak", "leak", () => threads(["send c", "send c"], { waits: false, main: "recv c" })],
  ["panic", "panic", () => threads(["close c", "send c"])],
  ["plain", "ok", () => threads(["send c; send c", "recv c; recv c"], { channels: { c: 1 } })],
  [
    "waiting",
    "ok",
    () =>
      threads([
        "rlock m; sleep 5; runlock m",
        "rwlock m; rwunlock m",
        "enqueue k; park k",
        "sleep 9; signal k; add n",
      ]),
  ],
  ["long", "ok", () => threads(["add x; ".repeat(40), "poll c"])],
  ["many", "ok", () => threads(Array.from({ length: 20 }, () => "add x"))],
];

describe("a schedule as text", () => {
  for (const [name, kind, program] of cases) {
    it(name, () => {
      const text = timelineText(witnessOf(program(), kind));
      const golden = path.join(import.meta.dirname, "golden", `${name}.timeline.txt`);
      expect(compareGolden(golden, text)).toBe("");
      expect(Math.max(...text.split("\n").map((it) => it.length))).toBeLessThanOrEqual(100);
    });
  }

  it("says who goes round in a livelock", () => {
    const { outcome } = deadlock;
    const [asks, waits] = "blocked" in outcome ? outcome.blocked : [];
    if (asks === undefined || waits === undefined) throw new Error("two are blocked");
    const reason = "lock b.mu to change, asking again and again";
    const blocked = [{ ...asks, reason }, waits];
    const text = timelineText({
      ...deadlock,
      outcome: { kind: "livelock", blocked, message: "nobody gets anywhere" },
    });
    expect(text).toContain("Livelock: nobody gets anywhere\n");
    expect(text).toContain(`  transfer.go:10: transfer a→b goes round: ${reason}\n`);
    expect(text).toContain("  transfer.go:10: transfer b→a waits: lock a.mu\n");
  });

  it("ends with the one thing in which the nearest passing run differs", () => {
    const contrast = { schedule: race.schedule, steps: [6, 11] } as const;
    const text = timelineText({ ...race, contrast }).replaceAll(/\s+/g, " ");
    expect(text).toContain(
      "The run that passes differs in one thing: main.go:23 of crawl /a before main.go:22 of crawl /b.",
    );
  });

  it("ends with what a race comes to where the write is not seen", () => {
    const message = "crawl /b still sees a = 0 after crawl /a wrote 1: nothing orders the two";
    const stale = { schedule: { ...race.schedule, weak: true }, message } as const;
    const text = timelineText({ ...race, stale }).replaceAll(/\s+/g, " ");
    expect(text).toContain(`In another run ${message}.`);
    expect(timelineText(race)).not.toContain("In another run");
  });

  it("marks a step without which it would end the same way, and says what the mark means", () => {
    const steps = race.steps.map((it, index) => ({ ...it, essential: index !== 8 }));
    const lines = timelineText({ ...race, steps }).split("\n");
    expect(lines.filter((it) => /^.{5} .*·  /.test(it)).map((it) => it.trim().slice(0, 1))).toEqual(
      ["9"],
    );
    expect(lines).toContain("  ·  steps without which it would end the same way");
    expect(timelineText(race)).not.toContain("·");
  });
});
