import path from "node:path";
import { expect, it } from "vitest";
import { present } from "../../../../language-server/base/assert.js";
import { neverCancelled } from "../../../../language-server/base/cancel.js";
import { makeMachine } from "../../../../language-server/explore/vm/make-machine.js";
import { lowerGo } from "../../../../language-server/frontend/go/frontend.js";
import { createNodeHost } from "../../../../language-server/host/node.js";
import { funcOf } from "../../../../language-server/ir/access.js";
import type { Entry, Program } from "../../../../language-server/ir/ir.js";
import { goUnit, root } from "../../../harness/engine.js";
import { compareGolden } from "../../../harness/golden.js";

// The bundled package `testing`: each entry of the fixture runs in the machine, always the first thread that may.

const folder = path.join(root, "test", "fixtures", "go", "testing");
const host = createNodeHost({ dist: path.join(root, "dist"), log: () => undefined });

function run(program: Program, entry: Entry): string {
  const machine = makeMachine(program);
  machine.reset(entry.func);
  for (let steps = 0; machine.halted() === undefined && steps < 1000; steps++) {
    machine.step(present(machine.enabled()[0], "a thread that may run"));
  }
  const halt = machine.halted();
  const end =
    halt?.kind === "finished"
      ? `${halt.outcome.kind}${"message" in halt.outcome ? `: ${halt.outcome.message}` : ""}`
      : `${halt?.kind ?? "still runs"}${halt?.kind === "unsupported" ? `: ${halt.reason}` : ""}`;
  const { display } = funcOf(program, entry.func);
  return `== ${entry.kind} ${display}\n${machine.output()}-- ${end}\n`;
}

it("tests behave as under the go command", async () => {
  const { images } = await host.goImages(goUnit(folder), neverCancelled);
  const { program, gaps } = lowerGo(images, (it) => host.stdImage(it), neverCancelled);
  expect(gaps).toEqual([]);
  const text = program.entries.map((it) => run(program, it)).join("\n");
  expect(compareGolden(path.join(folder, "testing.run.txt"), text)).toBe("");
});
