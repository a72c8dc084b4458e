import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createNodeHost } from "../../language-server/host/node.js";
import { root } from "../harness/engine.js";
import { goIsInstalled, printRun, runWithGo } from "../harness/go-oracle.js";
import { programOf, runInVm } from "../harness/go-vm.js";

// Every program prints in the machine what the real toolchain prints: output, panics and exit status.

const folder = path.join(root, "test", "conformance", "go");
const names = readdirSync(folder)
  .filter((it) => it.endsWith(".go"))
  .map((it) => it.slice(0, -".go".length))
  .sort();
const host = createNodeHost({ dist: path.join(root, "dist"), log: () => undefined });

/** Programs that print the last bits of floating-point results. */
const exactFloats = new Set(["arith-all", "math-exact"]);

/** One character per byte where the text is not UTF-8, as output is kept. */
function golden(name: string): string {
  const bytes = readFileSync(path.join(folder, `${name}.out`));
  return bytes.toString("latin1");
}

function asBytes(text: string): string {
  return /^[\0-\xff]*$/.test(text) ? text : Buffer.from(text, "utf8").toString("latin1");
}

describe("Go programs in the machine", () => {
  it("are at least 150", () => {
    expect(names.length).toBeGreaterThanOrEqual(150);
  });

  it.each(names)("%s", async (name) => {
    const program = await programOf(host, path.join(folder, `${name}.go`));
    expect(asBytes(printRun(runInVm(program)))).toBe(golden(name));
  });
});

describe("Go programs in the machine, with detours that are taken back", () => {
  const concurrent = names.filter((it) =>
    /\bgo func|\bgo \w|time\.|sync\./.test(readFileSync(path.join(folder, `${it}.go`), "utf8")),
  );

  it.each(concurrent)("%s", async (name) => {
    const program = await programOf(host, path.join(folder, `${name}.go`));
    expect(asBytes(printRun(runInVm(program, true)))).toBe(golden(name));
  });
});

describe.runIf(goIsInstalled())("Go programs under the real toolchain", () => {
  it("print their golden files", () => {
    const sources = names.map(
      (it) => [it, readFileSync(path.join(folder, `${it}.go`), "utf8")] as const,
    );
    const runs = runWithGo(new Map(sources));
    // Other processors fuse multiplications with additions; the machine is an amd64.
    const comparable = names.filter((it) => process.arch === "x64" || !exactFloats.has(it));
    const different = comparable.filter((it) => {
      const run = runs.get(it);
      return run === undefined || asBytes(printRun(run)) !== golden(it);
    });
    expect(different).toEqual([]);
  });
});
