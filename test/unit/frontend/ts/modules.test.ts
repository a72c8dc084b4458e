import * as tsMorph from "ts-morph";
import { describe, expect, it } from "vitest";
import { neverCancelled } from "../../../../language-server/base/cancel.js";
import type { Machine } from "../../../../language-server/explore/vm/machine.js";
import { createTsMachine } from "../../../../language-server/explore/vm/ts-machine.js";
import type { Lowered } from "../../../../language-server/frontend/frontend.js";
import { lowerTs } from "../../../../language-server/frontend/ts/frontend.js";
import { verify } from "../../../../language-server/ir/verify.js";

type Files = Readonly<Record<string, string>>;

function lower(file: string, files: Files): Lowered {
  const readFile = (uri: string): string | null => files[uri.replace("file:///p/", "")] ?? null;
  const lowered = lowerTs({ uri: `file:///p/${file}`, readFile }, tsMorph, neverCancelled);
  expect(verify(lowered.program)).toEqual([]);
  return lowered;
}

function started(program: Lowered["program"]): Machine {
  const machine = createTsMachine(program);
  const [entry] = program.entries;
  if (entry === undefined) throw new Error("no entry");
  machine.reset(entry.func);
  return machine;
}

/** What the program prints. */
function run(file: string, files: Files): string {
  const { program, gaps } = lower(file, files);
  expect(gaps).toEqual([]);
  const machine = started(program);
  for (let next = machine.enabled()[0]; next !== undefined; next = machine.enabled()[0]) {
    if (machine.halted() !== undefined) break;
    machine.step(next);
  }
  expect(machine.halted()).toMatchObject({ kind: "finished" });
  return machine.output();
}

const lib = "console.log('lib runs');\nexport const one = 1;\nexport default () => one + 1;\n";
const use =
  "import two, { one } from 'LIB';\nimport * as lib from 'LIB';\nconsole.log(one, two(), lib.one);\n";

describe("modules of the project", () => {
  it.each([
    ["./lib", "lib.ts"],
    ["./lib.js", "lib.ts"],
    ["./lib.ts", "lib.ts"],
    ["./lib", "lib/index.ts"],
    ["./lib", "lib.tsx"],
    ["./lib.mjs", "lib.mts"],
    ["./lib.js", "lib.js"],
    ["./lib.mjs", "lib.mjs"],
  ])("%s is found as %s", (name, path) => {
    const files = { "main.ts": use.replaceAll("LIB", name), [path]: lib };
    expect(run("main.ts", files)).toBe("lib runs\n1 2 1\n");
  });

  it("see an empty object where scripts require each other and one has not run yet", () => {
    const files = {
      "main.js":
        "const A = require('./a.js');\nconsole.log(new A().name(), require('./b.js').late());\n",
      "a.js":
        "const b = require('./b.js');\nmodule.exports = class { name() { return b.late(); } };\n",
      "b.js":
        "const early = require('./a.js');\nconsole.log(typeof early, Object.keys(early).length);\n" +
        "exports.late = () => typeof require('./a.js');\n",
    };
    expect(run("main.js", files)).toBe("object 0\nfunction function\n");
  });

  it("know whether they are the one that was started", () => {
    const text = "console.log(import.meta.main);\nexport {};\n";
    const files = { "main.ts": `import './lib';\n${text}`, "lib.ts": text };
    expect(run("main.ts", files)).toBe("false\ntrue\n");
  });

  it("are found by the paths of the tsconfig, and of those it extends", () => {
    const files = {
      "src/main.ts": use.replaceAll("LIB", "@lib/lib"),
      "src/shared/lib.ts": lib,
      "tsconfig.json": '{ "extends": "./base.json" /* a comment */, }',
      "base.json": '{ "compilerOptions": { "paths": { "@lib/*": ["./src/shared/*"] } } }',
    };
    expect(run("src/main.ts", files)).toBe("lib runs\n1 2 1\n");
  });

  it("are found from baseUrl", () => {
    const files = {
      "src/main.ts": use.replaceAll("LIB", "shared/lib"),
      "src/shared/lib.ts": lib,
      "tsconfig.json": '{ "compilerOptions": { "baseUrl": "src" } }',
    };
    expect(run("src/main.ts", files)).toBe("lib runs\n1 2 1\n");
  });

  it("may import each other in a circle and export what others export", () => {
    const files = {
      "main.ts": "import { a, b as c } from './all';\nconsole.log(a(), c);\n",
      "all.ts": "export * from './a';\nexport { b } from './b';\nexport type { T } from './b';\n",
      "a.ts": "import { b } from './b';\nexport function a() { return b + 1; }\n",
      "b.ts":
        "import { a } from './a';\nexport type T = number;\nexport const b = 1;\nexport const again = () => a();\n",
    };
    expect(run("main.ts", files)).toBe("2 1\n");
  });

  it("are not run for their types", () => {
    const files = {
      "main.ts": "import type { T } from './t';\nconst t: T = 1;\nconsole.log(t);\n",
      "t.ts": "console.log('never');\nexport type T = number;\n",
    };
    expect(run("main.ts", files)).toBe("1\n");
  });

  it("a package that is not modelled is from outside, and goes by its name", () => {
    const { program, gaps } = lower("main.ts", {
      "main.ts": "import { x } from 'some-package';\nconsole.log('before');\nconsole.log(x);\n",
    });
    expect(gaps).toEqual([]);
    const machine = started(program);
    for (let next = machine.enabled()[0]; next !== undefined; next = machine.enabled()[0]) {
      if (machine.halted() !== undefined) break;
      machine.step(next);
    }
    expect(machine.halted()).toMatchObject({ kind: "finished" });
    expect(machine.output()).toBe("before\n<some-package.x>\n");
    expect(machine.madeUp()).toBe(null);
  });
});

describe("kinds of files", () => {
  it("TSX", () => {
    const files = {
      "main.tsx": `const List = (props: { items: string[] }) => <ul>{props.items.map((it) => <li key={it}>{it}</li>)}</ul>;
const rest = { id: "x" };
const page = (
  <div className="a" hidden {...rest}>
    some text
    <List items={["p"]} />
    <>{1}</>
  </div>
);
console.log(JSON.stringify(page), page.props.children[1].type === List, JSON.stringify(List({ items: ["q"] })));
`,
    };
    expect(run("main.tsx", files)).toBe(
      '{"type":"div","props":{"className":"a","hidden":true,"id":"x","children":["some text",' +
        '{"props":{"items":["p"]}},{"type":"","props":{"children":1}}]}} true ' +
        '{"type":"ul","props":{"children":[{"type":"li","props":{"key":"q","children":"q"}}]}}\n',
    );
  });

  it.each(["main.js", "main.mjs", "main.jsx", "main.cjs"])("%s", (name) => {
    const text =
      "class A { #n = 1; get n() { return this.#n; } }\n/** @type {number} */\nlet x = new A().n;\nconsole.log(x);\n";
    expect(run(name, { [name]: text })).toBe("1\n");
  });

  it("type errors are not ours to report", () => {
    const text =
      "const n: string = 5;\nnope<number>;\nconsole.log(n, 1 as unknown as missing.Type);\n";
    const { gaps } = lower("main.ts", { "main.ts": text });
    expect(gaps).toEqual([]);
    const declared =
      "const n: string = 5;\nconsole.log(n as Missing);\nimport type { Gone } from './gone';\n";
    expect(run("main.ts", { "main.ts": declared })).toBe("5\n");
  });

  it("what cannot be modelled is a gap with its position", () => {
    const text = "console.log(1);\nvoid import('./x');\nwith (console) log(2);\n";
    const { gaps } = lower("main.ts", { "main.ts": text });
    expect(gaps.map((it) => [it.span.start.line, it.reason])).toEqual([
      [1, "import()"],
      [2, "the statement WithStatement"],
    ]);
  });
});
