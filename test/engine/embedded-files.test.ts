import { afterAll, expect, it } from "vitest";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { testEngine, testLimits, uriOf } from "../harness/engine.js";

const { engine } = testEngine();
afterAll(async () => engine.dispose());

const text = `package main

import _ "embed"

//go:embed names.txt
var names string

var counts = []int{1}

func main() {
	println(counts[0])
	println(names[0])
}
`;

it("stops by name at a file that is embedded, of whose contents nothing is known", async () => {
  const uri = uriOf("samples/crawler/serial/main.go");
  const unit = { language: "go", uri, overlays: [{ uri, text }], edited: null } as const;
  const main = { kind: "name", name: "main" } as const;
  const answer = await engine.explore(unit, main, { limits: testLimits }, neverCancelled);
  if ("problem" in answer) throw new Error(answer.problem);
  const { findings, explorations } = answer.check;
  expect(findings).toEqual([]);
  expect(explorations.map((it) => it.unsupported?.reason)).toEqual([
    "call of file that samples/crawler/serial.names embeds",
  ]);
});
