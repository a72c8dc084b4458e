import { describe, expect, it } from "vitest";
import type { ToWebview } from "../../../protocol/webview.js";
import type { Witness } from "../../../protocol/witness.js";
import { pack } from "../../../src/timeline/pack.js";
import { unpack } from "../../../webview/model/unpack.js";
import { randomWitness } from "./random-witness.js";
import { deadlock, large, race } from "./witnesses.js";

const show = (...witnesses: readonly Witness[]): ToWebview => ({
  type: "show",
  origin: { uri: "file:///a.go", line: 3, fingerprint: "f" },
  title: "main.main",
  summary: [],
  witnesses,
  selected: 1,
  step: 4,
});

describe("a message on its way to the panel", () => {
  it("arrives as it was", () => {
    expect(unpack(pack(show(race, deadlock)))).toEqual(show(race, deadlock));
    for (let seed = 1; seed <= 100; seed++) {
      expect(unpack(pack(show(randomWitness(seed))))).toEqual(show(randomWitness(seed)));
    }
  });

  it("keeps choices apart that differ in one thing", () => {
    const [first, ...rest] = race.steps;
    if (first === undefined) throw new Error("no steps");
    const enabled = [{ thread: 0 }, { thread: 0, arm: 1 }, { thread: 0, partner: 1 }];
    const odd = { ...race, steps: [{ ...first, enabled }, ...rest] };
    expect(unpack(pack(show(odd)))).toEqual(show(odd));
  });

  it("keeps what only some steps have", () => {
    const steps = race.steps.map((it, row) =>
      row === 9 ? { ...it, buffers: [{ object: 1, values: ["job 1"] }] } : it,
    );
    expect(unpack(pack(show({ ...race, steps })))).toEqual(show({ ...race, steps }));
  });

  it("is left alone when it is no schedule", () => {
    const message = { type: "stale", stale: true } as const;
    expect(unpack(pack(message))).toEqual(message);
  });

  it("is a fraction of its size where schedules are long", () => {
    const message = show(large(16, 3000));
    const packed = JSON.stringify(pack(message)).length;
    expect(packed).toBeLessThan(JSON.stringify(message).length / 4);
  });
});
