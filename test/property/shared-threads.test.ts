// Searches in threads of their own, which are as fast as they happen to be, find each trace once together.

import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { searchAll } from "../../language-server/explore/dpor/adaptive.js";
import { makeMachine } from "../../language-server/explore/vm/make-machine.js";
import { ExplorePrograms } from "../harness/explore-programs.js";
import { SharedThreads } from "../harness/shared-threads.js";

const cases = [
  { name: "readers", parameters: { n: 12 } },
  { name: "counters", parameters: { k: 1, n: 7 } },
  { name: "worker_pool", parameters: { workers: 3, capacity: 0, jobs: 6 } },
] as const;

describe("searches in threads that share a tree", () => {
  const programs = new ExplorePrograms(path.resolve(import.meta.dirname, "../.."));
  const shared = new SharedThreads();
  afterAll(async () => {
    shared.dispose();
    await programs.dispose();
  });

  it.each(cases)("$name $parameters", async ({ name, parameters }) => {
    const { program, entry } = await programs.load(name, parameters);
    const machine = makeMachine(program);
    const { tally, assumptions } = searchAll(
      { machine, entry, depth: 5000, visible: new Set(), time: "quiet" },
      () => undefined,
      () => "go on",
    );
    const outcome = await shared.search({ program, entry, assumptions, threads: 3 });
    expect(outcome).toMatchObject({ traces: tally.traces, exact: true });
    expect(outcome.given).toBeGreaterThan(0);
  });
});
