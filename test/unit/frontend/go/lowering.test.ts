import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { neverCancelled } from "../../../../language-server/base/cancel.js";
import { lowerGo } from "../../../../language-server/frontend/go/frontend.js";
import { printProgram } from "../../../../language-server/ir/print.js";
import { verify } from "../../../../language-server/ir/verify.js";
import { compareGolden } from "../../../harness/golden.js";

const folder = fileURLToPath(new URL("../../../fixtures/go/lowering/", import.meta.url));
const names = readdirSync(folder, { withFileTypes: true })
  .filter((it) => it.isDirectory())
  .map((it) => it.name);

const lower = (name: string) =>
  lowerGo(
    [readFileSync(`${folder}${name}/${name}.image.json`, "utf8")],
    () => null,
    neverCancelled,
  );

describe("lowering of package images", () => {
  it.each(names)("%s becomes the IR of its golden file", (name) => {
    const { program, gaps } = lower(name);
    expect(gaps).toEqual([]);
    expect(verify(program)).toEqual([]);
    const golden = `${folder}${name}/${name}.ir.txt`;
    expect(compareGolden(golden, printProgram(program))).toBe("");
  });

  it("is the same every time", () => {
    expect(printProgram(lower("generics").program)).toBe(printProgram(lower("generics").program));
  });
});
