import { describe, expect, it } from "vitest";
import { jsonFormat, readTraces } from "../../../export/json.js";
import { schemaErrors } from "../../harness/schemas.js";
import { race } from "../webview/witnesses.js";
import { hostileNames, materialOf, renamed, tellingTraces } from "./traces.js";

function json(material: ReturnType<typeof materialOf>): string {
  const written = jsonFormat.write(material);
  return written.kind === "written" ? written.text : "";
}

describe("a trace as JSON", () => {
  it.each(tellingTraces())(
    "$name is valid and is read back as it was",
    ({ witness, exploration }) => {
      const text = json(materialOf(witness, { exploration }));
      expect(schemaErrors("trace", JSON.parse(text))).toBe("");
      expect(readTraces(text)).toEqual(JSON.parse(JSON.stringify([{ witness, exploration }])));
    },
  );

  it("keeps names as they are", () => {
    for (const name of hostileNames) {
      const [trace] = readTraces(json(materialOf(renamed(race, name))));
      expect(typeof trace === "object" ? trace.witness.threads[0]?.name : null).toBe(name);
    }
  });

  it("is also read from a witness alone and from a report's findings", () => {
    expect(readTraces(JSON.stringify(race))).toEqual([{ witness: race, exploration: null }]);
    const findings = [
      { witness: null },
      { witness: race, exploration: { entry: "of another form" } },
    ];
    expect(readTraces(JSON.stringify({ version: 1, findings }))).toEqual([
      { witness: race, exploration: null },
    ]);
  });

  it.each([
    ["", "not JSON"],
    ["[1]", "no schedule is in it"],
    ['{"schema": "happens-before-trace/1", "witness": {"version": 1}}', "no schedule is in it"],
    [
      '{"schema": "happens-before-trace/2"}',
      "of another version (happens-before-trace/2); this one reads happens-before-trace/1",
    ],
  ])("says what is wrong with %j", (text, problem) => {
    expect(readTraces(text)).toBe(problem);
  });
});
