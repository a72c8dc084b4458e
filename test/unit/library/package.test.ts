import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";

const root = path.join(import.meta.dirname, "..", "..", "..");

it("is imported by its name, from the built file", () => {
  const script = `import { chan } from "happens-before/go"; const c = chan(1); await c.send(7); console.log((await c.receive()).value);`;
  const out = execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: root });
  expect(out.toString()).toBe("7\n");
});

it("has types", () => {
  const file = path.join(root, "consumer.mts");
  const text = `import { chan } from "happens-before/go"; export const it: Promise<{ ok: boolean }> = chan<number>().receive(); export const no: string = chan<number>();`;
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    strict: true,
    noEmit: true,
    types: [],
  };
  const plain = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...plain,
    fileExists: (name) => name === file || plain.fileExists(name),
    getSourceFile: (name, version) =>
      name === file ? ts.createSourceFile(name, text, version) : plain.getSourceFile(name, version),
  };
  const problems = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host));
  expect(problems.map((it) => it.code)).toEqual([2322]);
});

it("is read by the analysis as it is", () => {
  const model = readFileSync(
    path.join(root, "language-server/frontend/ts/models/go-library.ts.txt"),
    "utf8",
  );
  const files = readdirSync(path.join(root, "library")).filter((it) => it.endsWith(".ts"));
  const text = files
    .sort()
    .map((it) => `// ─── ${it}\n${readFileSync(path.join(root, "library", it), "utf8")}`)
    .join("");
  expect(model).toBe(text);
});
