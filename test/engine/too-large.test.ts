import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { testEngine } from "../harness/engine.js";

// What is too large to look at is told, with where it begins.

const { engine } = testEngine();
afterAll(async () => {
  await engine.dispose();
});

async function gapsOf(body: string): Promise<readonly string[]> {
  const text = `package main\n\nimport "sync"\n\n${body}`;
  const uri = pathToFileURL("/example/main.go").href;
  const unit = { language: "go", uri, overlays: [{ uri, text }], edited: null } as const;
  const options = { explore: false, limits: { executions: 1, depth: 1, millis: 1 } };
  const { gaps } = await engine.check(unit, options, neverCancelled);
  return gaps.map(({ span, reason }) => `${span.start.line + 1}: ${reason}`);
}

describe("a function that uses wait groups", () => {
  const main = (times: number): string =>
    `func main() {\n\tvar wg sync.WaitGroup\n${"\twg.Add(1)\n\twg.Done()\n".repeat(times)}\twg.Wait()\n}\n`;

  it("some hundred times is looked at", async () => {
    expect(await gapsOf(main(200))).toEqual([]);
  });

  it("more often is not, and that is said once", async () => {
    expect(await gapsOf(main(300))).toEqual([
      "5: wait groups: too many uses to follow, they are not compared",
    ]);
  });
});
