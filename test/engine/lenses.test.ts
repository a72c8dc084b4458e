// The lenses on schedules that the explorer finds, in real programs through the whole chain.

import { afterAll, describe, expect, it } from "vitest";
import { neverCancelled } from "../../language-server/base/cancel.js";
import type { Witness } from "../../protocol/witness.js";
import { placeByGo } from "../../webview/model/lens/go-scheduler.js";
import { speedUp } from "../../webview/model/lens/placement.js";
import { variablesOf, visibilityAt } from "../../webview/model/lens/visibility.js";
import { orderEdges } from "../../webview/model/order.js";
import { checked } from "../harness/checked-placement.js";
import { goUnit, testEngine, uriOf } from "../harness/engine.js";
import { failingPrograms, goFile } from "../harness/failing-programs.js";

const { engine } = testEngine();
afterAll(async () => {
  await engine.dispose();
});

async function witnessesOf(text: string): Promise<readonly Witness[]> {
  const answer = await engine.explore(
    goUnit("test/engine/none", [{ uri: uriOf("test/engine/none/main.go"), text }]),
    { kind: "name", name: "main" },
    { limits: { executions: 300, depth: 500, millis: 100_000 } },
    neverCancelled,
  );
  if ("problem" in answer) throw new Error(answer.problem);
  return answer.witnesses;
}

describe("schedules of programs that fail", () => {
  it.each(failingPrograms.map((it) => [it.name, goFile(it)]))("%s", async (_, text) => {
    const witnesses = await witnessesOf(text);
    expect(witnesses.length).toBeGreaterThan(0);
    for (const witness of witnesses) {
      for (const processors of [1, 2, 4, 8]) {
        checked(witness, placeByGo(witness, { processors, callLength: 3 }));
        checked(witness, placeByGo(witness, { processors, callLength: 0 }));
      }
      expect(speedUp(placeByGo(witness, { processors: 1, callLength: 0 }))).toBe(1);
      canRead(witness);
    }
  });
});

/** What a step has read must be among what the lens says it may read. */
function canRead(witness: Witness): void {
  const edges = orderEdges(witness);
  const variables = variablesOf(witness);
  witness.steps.forEach(({ action, thread }, row) => {
    if (action.kind !== "read" || !variables.includes(action.object)) return;
    const { values, writes } = visibilityAt(witness, action.object, row, edges);
    // A variable that is also written by what is no step of its own has values that nobody is told of.
    if (!writes.some((it) => it.value === action.value)) return;
    expect(values[thread]).toContain(action.value);
  });
}
