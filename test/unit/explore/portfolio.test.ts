// What an exploration says of itself is true: how much it looked at, why it ended, how much there would be.

import { describe, expect, it } from "vitest";
import {
  uncontrolled,
  type Control,
  type Exploration,
} from "../../../language-server/explore/explorer.js";
import { explore } from "../../../language-server/explore/portfolio.js";
import { makeMachine } from "../../../language-server/explore/vm/make-machine.js";
import type { Program } from "../../../language-server/ir/ir.js";
import type { ExplorationProgress } from "../../../protocol/finding.js";
import { explored, jobOf, threads } from "./programs.js";

const times = (n: number, text: string): string[] => Array.from({ length: n }, () => text);

/** n! orders, none of which fails. */
const adding = (n: number): Program => threads(times(n, "add x"));
/** Some of its orders lose an update and some do not; (n!)^2 of them. */
const incrementing = (n: number): Program => threads(times(n, "inc x"));
const deep = threads(["yield; add x; add y; add z", "add z; add y; add x"]);

describe("a search that came to its end", () => {
  it("is complete, and nothing else is said", () => {
    const { summary } = explored(adding(4));
    expect(summary).toMatchObject({
      executions: 24,
      complete: true,
      limit: null,
      estimate: null,
      sampled: 0,
      unsupported: null,
    });
  });

  it("is complete when the limit is exactly what there is", () => {
    expect(explored(adding(4), 24).summary).toMatchObject({ complete: true, executions: 24 });
    expect(explored(adding(4), 23).summary).toMatchObject({ complete: false, limit: "executions" });
  });
});

describe("a search that was cut", () => {
  it("by executions has run no more than those", () => {
    const { summary } = explored(adding(7), 1500);
    expect(summary).toMatchObject({ complete: false, limit: "executions" });
    expect(summary.executions - summary.sampled).toBeLessThanOrEqual(1500);
    expect(summary.sampled).toBeGreaterThan(0);
    const counted = summary.outcomes.reduce((sum, it) => sum + it.executions, 0);
    expect(counted).toBe(summary.executions);
  });

  it("by steps says so, and counts what was cut as neither good nor bad", () => {
    const { summary } = explored(deep, 1000, 8);
    expect(summary).toMatchObject({ complete: false, limit: "depth", depth: 8 });
    const counted = summary.outcomes.reduce((sum, it) => sum + it.executions, 0);
    expect(counted).toBeLessThan(summary.executions);
  });

  it("by the number of places that may become visible is not complete", () => {
    const writes = Array.from({ length: 70 }, (_, index) => `write x${index}`).join("; ");
    const { summary, found } = explored(threads([writes, writes]), 200, 2000);
    expect(found.length).toBe(70);
    expect(summary).toMatchObject({ complete: false, limit: "executions" });
  });

  it("by time says so", () => {
    const job = jobOf(adding(8));
    const { summary } = explore(
      { ...job, limits: { ...job.limits, millis: 1 } },
      makeMachine,
      uncontrolled,
    );
    expect(summary).toMatchObject({ complete: false, limit: "time" });
  });

  it("counts walks by what they showed themselves", () => {
    // The lock orders the writes when the first thread has it first, as in all orders that the search comes to.
    const pair = ["write x; lock a; unlock a", "lock a; unlock a; write x"];
    const { summary } = explored(threads([...pair, ...times(6, "add y; add z")]), 2600);
    expect(summary.sampled).toBeGreaterThan(0);
    const races = summary.outcomes.find((it) => it.kind === "race")?.executions ?? 0;
    expect(races).toBeGreaterThan(0);
    expect(races).toBeLessThan(summary.sampled);
  });
});

describe("the estimate", () => {
  it.each([
    ["additions of 7", adding(7), 5040],
    ["additions of 8", adding(8), 40_320],
    ["increments of 4", incrementing(4), 576],
  ] as const)("of %s is within a factor of 10", (_name, program, orders) => {
    const { summary } = explored(program, Math.min(1500, Math.floor(orders * 0.7)));
    expect(summary.complete).toBe(false);
    expect(summary.estimate).not.toBeNull();
    expect(summary.estimate).toBeGreaterThan(orders / 10);
    expect(summary.estimate).toBeLessThan(orders * 10);
  });
});

/** Cancels at the given look at it, or in a phase, and counts the looks after that. */
class Stopper implements Control {
  looks = 0;
  after = 0;
  phase: ExplorationProgress["phase"] | null = null;
  readonly #when: (it: Stopper) => boolean;
  #cancelled = false;

  constructor(when: (it: Stopper) => boolean) {
    this.#when = when;
  }

  get cancelled(): boolean {
    this.looks++;
    if (this.#cancelled) this.after++;
    this.#cancelled ||= this.#when(this);
    return this.#cancelled;
  }

  report({ phase }: ExplorationProgress): void {
    this.phase = phase;
  }
}

function stopped(program: Program, when: (it: Stopper) => boolean): [Exploration, Stopper] {
  const control = new Stopper(when);
  return [explore(jobOf(program, 100_000), makeMachine, control), control];
}

describe("cancelling", () => {
  // Predictions, walks and smallest schedules all have something to do.
  const busy = threads(times(5, "lock a; inc x; unlock a; inc y"));

  it.each(["predict", "walks", "smallest", "all"] as const)("during %s ends it", (phase) => {
    let seen = false;
    const [{ summary }] = stopped(busy, (it) => (seen ||= it.phase === phase));
    expect(seen).toBe(true);
    expect(summary).toMatchObject({ complete: false, limit: "cancelled" });
  });

  it("while schedules are shortened leaves the verdict as it is", () => {
    const [{ summary, found }, control] = stopped(incrementing(2), (it) => it.phase === "shorten");
    expect(control.phase).toBe("shorten");
    expect(summary).toMatchObject({ complete: true, limit: null });
    expect(found.length).toBeGreaterThan(0);
  });

  it("at any look is the end of the work", () => {
    const [, all] = stopped(incrementing(3), () => false);
    const most = 60;
    for (let at = 1; at < Math.min(all.looks, 300); at++) {
      const [{ summary }, control] = stopped(incrementing(3), (it) => it.looks >= at);
      expect({ at, most: control.after <= most }).toEqual({ at, most: true });
      expect(summary.complete || summary.limit === "cancelled").toBe(true);
    }
  });
});

describe("two explorations of one program", () => {
  it("are the same byte for byte", () => {
    const programs = [
      ...[2, 3].map((n) => incrementing(n)),
      ...[3, 6].map((n) => adding(n)),
      ...[2, 3].map((n) => threads(times(n, "lock a; lock b; unlock b; unlock a; inc x"))),
      ...[1, 2].map((n) =>
        threads([...times(n, "send c"), ...times(n, "recv c")], { waits: false }),
      ),
      ...["close c", "recv c", "poll c", "len c"].map((it) => threads(["send c; inc x", it])),
      ...["rlock r; inc x", "rwlock r; inc x; rwunlock r", "trylock r2; inc x"].map((it) =>
        threads(["rlock r; rlock r; runlock r; runlock r", it]),
      ),
      ...["wgdone", "exit 3", "sleep 5; inc x", "yield; inc x", "once o; inc x; onceend o"].map(
        (it) => threads([it, it], { waits: false }),
      ),
    ];
    expect(programs.length).toBeGreaterThanOrEqual(20);
    for (const program of programs) {
      const once = JSON.stringify(explored(program, 1500));
      expect(JSON.stringify(explored(program, 1500))).toBe(once);
    }
  });
});
