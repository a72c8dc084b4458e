import path from "node:path";
import { describe, expect, it } from "vitest";
import { timelineText } from "../../../language-server/report/timeline-text.js";
import type { Program } from "../../../language-server/ir/ir.js";
import type { OutcomeKind } from "../../../protocol/finding.js";
import { compareGolden } from "../../harness/golden.js";
import { threads } from "../explore/programs.js";
import { witnessOf } from "./witnesses.js";

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
});
