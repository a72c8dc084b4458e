import { spawnSync } from "node:child_process";
import path from "node:path";
import fc from "fast-check";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import type { TraceDocument } from "../../../protocol/trace.js";
import { root } from "../../harness/fixtures.js";
import { schemaErrors } from "../../harness/schemas.js";
import { explored, threads } from "../explore/programs.js";
import { witnessOf } from "../report/witnesses.js";
import { deadlock, race } from "../webview/witnesses.js";

it("the schemas are what the types say", () => {
  const script = path.join(root, "scripts", "gen-schema.mjs");
  const run = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  expect(run.stderr).toBe("");
  expect(run.status).toBe(0);
});

const racy = threads(["inc x; send c", "inc x; recv c"]);
const found = witnessOf(racy, "race");
const documents: readonly TraceDocument[] = [
  {
    schema: "happens-before-trace/1",
    witness: {
      ...found,
      contrast: { schedule: found.schedule, steps: [0, 1] },
      stale: { schedule: { ...found.schedule, weak: true }, message: "it is overlooked" },
    },
    exploration: explored(racy).summary,
  },
  { schema: "happens-before-trace/1", witness: deadlock, exploration: null },
  { schema: "happens-before-trace/1", witness: race, exploration: null },
];

it.each(documents)("a trace that ends with $witness.outcome.kind is valid", (document) => {
  expect(schemaErrors("trace", document)).toBe("");
  expect(schemaErrors("witness", document.witness)).toBe("");
});

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Every place in a value at which something can be changed. */
function places(
  value: Json,
  at: readonly (string | number)[] = [],
): (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [at];
  const inner = Array.isArray(value)
    ? value.flatMap((it, index) => places(it, [...at, index]))
    : Object.entries(value).flatMap(([key, it]) => places(it, [...at, key]));
  return [at, ...inner];
}

type Change = "drop" | "add" | "other kind" | "other type";

/** A copy with one thing changed at a place, as a careless writer of witnesses would. */
function changed(value: Json, [head, ...rest]: readonly (string | number)[], change: Change): Json {
  if (typeof value !== "object" || value === null || head === undefined)
    return otherwise(value, change);
  if (Array.isArray(value))
    return value.map((it, index) => (index === head ? changed(it, rest, change) : it));
  if (rest.length === 0 && change === "drop")
    return Object.fromEntries(Object.entries(value).filter(([key]) => key !== head));
  const entries = Object.entries(value).map(([key, it]): [string, Json] => [
    key,
    key === head ? changed(it, rest, change) : it,
  ]);
  return Object.fromEntries(entries);
}

function otherwise(value: Json, change: Change): Json {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (change === "add" && isObject) return { ...value, unheardOf: 1 };
  if (change === "other kind" && typeof value === "string") return "unheard of";
  if (change === "other type") return typeof value === "string" ? 7 : "text";
  return value;
}

/** Which of these values TypeScript takes for a trace. */
function compiled(values: readonly Json[]): boolean[] {
  const file = path.join(root, "test/unit/export/values.ts");
  const lines = values.map(
    (it, index) => `export const v${index}: TraceDocument = ${JSON.stringify(it)};`,
  );
  const text = [`import type { TraceDocument } from "../../../protocol/trace.js";`, ...lines].join(
    "\n",
  );
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    types: [],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const host = ts.createCompilerHost(options);
  const plain = ts.createCompilerHost(options);
  host.fileExists = (name) => name === file || plain.fileExists(name);
  host.getSourceFile = (name, ...more) =>
    name === file
      ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2023)
      : plain.getSourceFile(name, ...more);
  const program = ts.createProgram([file], options, host);
  const source = program.getSourceFile(file);
  const wrong = program
    .getSemanticDiagnostics(source)
    .map((it) => source?.getLineAndCharacterOfPosition(it.start ?? 0).line ?? 0);
  return values.map((_, index) => !wrong.includes(index + 1));
}

describe("the schema, beside the TypeScript compiler", () => {
  it("takes and refuses the same of 600 traces with one thing changed", () => {
    // As short as shows everything: the compiler reads each of them.
    const short = documents.map((it): Json => {
      const steps = it.witness.steps.filter((_, index) => index < 12);
      return JSON.parse(JSON.stringify({ ...it, witness: { ...it.witness, steps } })) as Json;
    });
    const variant = fc.constantFrom(...short).chain((document) =>
      fc.record({
        document: fc.constant(document),
        at: fc.constantFrom(...places(document)),
        change: fc.constantFrom<Change>("drop", "add", "other kind", "other type"),
      }),
    );
    const values = fc
      .sample(variant, { numRuns: 600, seed: 1 })
      .map(({ document, at, change }) => changed(document, at, change));
    const accepted = compiled(values);
    const differing = values.filter(
      (it, index) => (schemaErrors("trace", it) === "") !== accepted[index],
    );
    expect(differing).toEqual([]);
    // Of both there are enough.
    expect(accepted.filter((it) => it).length).toBeGreaterThan(60);
    expect(accepted.filter((it) => !it).length).toBeGreaterThan(200);
  });

  it("refuses what TypeScript's numbers let through", () => {
    const [first] = documents;
    const thread = (id: number): unknown => ({
      ...first?.witness,
      steps: first?.witness.steps.map((it) => ({ ...it, thread: id })),
    });
    expect(schemaErrors("witness", thread(0))).toBe("");
    expect(schemaErrors("witness", thread(-1))).not.toBe("");
    expect(schemaErrors("witness", thread(0.5))).not.toBe("");
  });
});
