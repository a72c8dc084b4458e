import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import * as tsMorph from "ts-morph";
import { describe, expect, it } from "vitest";
import { neverCancelled } from "../../../../language-server/base/cancel.js";
import type { Lowered } from "../../../../language-server/frontend/frontend.js";
import { lowerTs } from "../../../../language-server/frontend/ts/frontend.js";
import { verify } from "../../../../language-server/ir/verify.js";

const uri = "file:///example/main.ts";

function lower(text: string, others: Readonly<Record<string, string>> = {}): Lowered {
  const readFile = (it: string): string | null => (it === uri ? text : (others[it] ?? null));
  return lowerTs({ uri, readFile }, tsMorph, neverCancelled);
}

function names({ program }: Lowered): readonly string[] {
  return program.funcs.filter((it) => it.blocks.length > 0).map((it) => it.display);
}

const whole = `let total = 0;
async function add(n: number) {
  const before = total;
  await null;
  total = before + n;
}
void add(1);
`;

describe("half-typed code", () => {
  it("keeps the functions that are whole", () => {
    const lowered = lower(
      `${whole}function broken() { const x = ; }\nfunction after() { return 1; }`,
    );
    expect(names(lowered)).toEqual(expect.arrayContaining(["add", "broken", "after"]));
    expect(lowered.gaps.map((it) => [it.span.start.line, it.reason])).toEqual([
      [7, "incomplete code"],
    ]);
    expect(verify(lowered.program)).toEqual([]);
  });

  it("keeps the statements around a broken one", () => {
    const lowered = lower("function f() {\n  let a = 1;\n  a.;\n  return a + 1;\n}\nf();\n");
    expect(lowered.gaps.map((it) => it.span.start.line)).toEqual([2]);
    const returns = lowered.program.funcs.find((it) => it.display === "f")?.blocks;
    expect(JSON.stringify(returns)).toContain("js.add");
  });

  it("blames a statement for what it lacks, not the function that ends after it", () => {
    const lowered = lower(
      "async function f() {\n  await null;\n  for (const x of [\n}\nvoid f();\n",
    );
    expect(lowered.gaps.map((it) => it.span.start.line)).toEqual([2]);
    expect(names(lowered)).toContain("f");
  });

  it.each([
    "async function f() { await ",
    "class A { async m( ",
    "const x = { a: , b: [",
    "for (const x of",
    "switch (x) { case",
    "import { a } from './nowhere.js'; a();",
    "`${",
    "break; continue; return 1; label: 1;",
    "super.x(); super(); this.y; yield 1; await 2;",
    "}}}}",
    "",
    "\u0000\uffff",
    "let x = x; var x = 1; const y; y = 2;",
    "export default ; export * from 'x'; export { q };",
    "function f(this: any, { a, ...b } = {}, [c, ...d] = [], ...e) {} new f?.(...[]);",
  ])("does not fail on %j", (text) => {
    const lowered = lower(text);
    expect(verify(lowered.program)).toEqual([]);
    expect(lowered.program.entries.length).toBeGreaterThan(0);
  });

  it("survives every prefix of a program", () => {
    const folder = path.join(import.meta.dirname, "../../../fixtures/ts/run");
    const text = readFileSync(path.join(folder, "classes.ts"), "utf8");
    for (let end = 0; end < text.length; end += 97) {
      expect(verify(lower(text.slice(0, end)).program)).toEqual([]);
    }
  });

  it("survives deep nesting", () => {
    const deep = `const x = ${"(".repeat(300)}1${")".repeat(300)};`;
    expect(verify(lower(deep).program)).toEqual([]);
  });

  it("ends on recursive types", () => {
    const lowered = lower(`
      type Again = () => Again;
      interface Node { left: Node; right: Node; up(): Promise<Node>; again: Again }
      declare const root: Node;
      console.log(root);
      export async function walk(a: Node, b: Again) { await null; a.left = b() as never; }
    `);
    expect(verify(lowered.program)).toEqual([]);
    expect(lowered.program.funcs.length).toBeLessThan(3000);
  });

  it("gives the same program for the same text", () => {
    for (const name of readdirSync(
      path.join(import.meta.dirname, "../../../fixtures/ts/run"),
    ).slice(0, 5)) {
      const text = readFileSync(
        path.join(import.meta.dirname, "../../../fixtures/ts/run", name),
        "utf8",
      );
      expect(lower(text)).toEqual(lower(text));
    }
  });
});

describe("modules", () => {
  it("follows relative imports, and reads nothing else", () => {
    const asked: string[] = [];
    const files: Record<string, string> = {
      [uri]: "import { n as m } from './other.js'; import fs from 'node:fs'; console.log(m);",
      "file:///example/other.ts": "export const n = 1;",
    };
    const readFile = (it: string): string | null => {
      asked.push(it);
      return files[it] ?? null;
    };
    const { program } = lowerTs({ uri, readFile }, tsMorph, neverCancelled);
    expect(program.inits.map((it) => program.funcs[it]?.display)).toEqual(["other.ts"]);
    expect(program.globals.map((it) => it.name)).toEqual(["other.ts#n"]);
    expect(
      asked.every(
        (it) =>
          it.startsWith("file:///example/") ||
          /^file:\/\/\/[^/]*$/.test(it) ||
          it.includes("node_modules"),
      ),
    ).toBe(true);
  });
});
