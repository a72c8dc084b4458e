import { describe, expect, it } from "vitest";
import { neverCancelled } from "../../../../language-server/base/cancel.js";
import { lowerGo } from "../../../../language-server/frontend/go/frontend.js";
import type { Image, InstrRow } from "../../../../language-server/frontend/go/schema.js";
import { printProgram } from "../../../../language-server/ir/print.js";
import { verify } from "../../../../language-server/ir/verify.js";
import { funcRow, imageText } from "./small-image.js";

const ret = ["Return", -1, 0, []] as const;
const body = (...instrs: InstrRow[]) => [{ preds: [], succs: [], instrs: [...instrs, ret] }];

const lower = (user: string, library: Readonly<Record<string, string>>) => {
  const fetched: string[] = [];
  const std = (path: string): string | null => {
    fetched.push(path);
    return library[path] ?? null;
  };
  const { program, gaps } = lowerGo([user], std, neverCancelled);
  expect(verify(program)).toEqual([]);
  expect(gaps).toEqual([]);
  return { program, fetched, text: printProgram(program) };
};

/** `lib.T` as its users see it: fields a, b; and as the bundled package has it: b alone. */
const asSeen: Image["types"] = [
  ["func", [], [], 0],
  ["named", "lib.T", 2],
  [
    "struct",
    [
      ["a", 3, 0, "", "lib"],
      ["B", 3, 0, "", ""],
    ],
  ],
  ["basic", "int"],
  ["pointer", 1],
  ["pointer", 3],
];
const asBundled: Image["types"] = [
  ["func", [], [], 0],
  ["basic", "int"],
  ["named", "lib.T", 3],
  ["struct", [["B", 1, 0, "", ""]]],
  ["pointer", 1],
  ["pointer", 2],
];

describe("linking", () => {
  it("takes a type from its own package and finds fields by name", () => {
    const user = imageText({
      package: "u",
      types: asSeen,
      funcs: [
        funcRow({
          name: "u.f",
          params: [["t", 0]],
          regs: [4, 5, 5],
          blocks: body(["FieldAddr", 1, 0, 0, 1, "B"], ["FieldAddr", 2, 0, 0, 0, "a"]),
        }),
      ],
    });
    const { text } = lower(user, { lib: imageText({ package: "lib", types: asBundled }) });
    expect(text).toContain("type lib.T = struct{B int}");
    expect(text).toContain("field r0 lib.T 0 B");
    expect(text).toContain('call external "unmodelled: field a of lib.T" []');
  });

  const counters = imageText({
    package: "lib",
    types: asBundled,
    pool: [
      ["global", 4, "lib.used"],
      ["global", 4, "lib.unused"],
      ["const", 1, 7],
    ],
    globals: [
      ["lib.used", 1, 0],
      ["lib.unused", 1, 0],
    ],
    funcs: [
      funcRow({ name: "lib.Called", blocks: body(["Store", -1, 0, -1, -3]) }),
      funcRow({ name: "lib.Idle" }),
      funcRow({
        name: "lib.init",
        regs: [1, 1],
        blocks: body(
          ["Call", 0, 0, ["static", "lib.make", []]],
          ["Store", -1, 0, -1, 0],
          ["Call", 1, 0, ["static", "lib.costly", []]],
          ["Store", -1, 0, -2, 1],
        ),
      }),
      funcRow({ name: "lib.make", blocks: body() }),
      funcRow({ name: "lib.costly", blocks: body() }),
    ],
  });
  const caller = imageText({
    package: "u",
    imports: ["lib", "other"],
    funcs: [funcRow({ name: "u.f", blocks: body(["Call", -1, 0, ["static", "lib.Called", []]]) })],
  });

  it("lowers of a bundled package what is reached, and of its initialiser what that needs", () => {
    const { program, text } = lower(caller, { lib: counters });
    expect(program.funcs.map((it) => it.name)).toEqual([
      "u.f",
      "lib.Called",
      "lib.make",
      "lib.init",
    ]);
    expect(program.globals.map((it) => it.name)).toEqual(["lib.used"]);
    expect(text).toContain("init lib.init");
    expect(program.funcs.find((it) => it.name === "lib.Called")?.library).toBe(true);
    expect(program.funcs.find((it) => it.name === "u.f")?.library).toBe(false);
  });

  it("calls what nobody has as an external", () => {
    const { text } = lower(caller, {});
    expect(text).toContain("call external lib.Called []");
  });

  it("initialises packages after their imports", () => {
    const init = (name: string, imports: string[]): string =>
      imageText({ package: name, imports, funcs: [funcRow({ name: `${name}.init` })] });
    const { program } = lowerGo(
      [init("a", ["b"]), init("b", ["c"]), init("c", [])],
      () => null,
      neverCancelled,
    );
    expect(program.inits.map((id) => program.funcs[id]?.name)).toEqual([
      "c.init",
      "b.init",
      "a.init",
    ]);
  });

  it("lowers a method when its type is in an interface and its name is called", () => {
    const types: Image["types"] = [
      ["func", [], [], 0],
      ["named", "u.T", 2],
      ["basic", "int"],
      [
        "interface",
        [
          ["M", 0],
          ["N", 0],
        ],
      ],
    ];
    const user = imageText({
      package: "main",
      types,
      pool: [["const", 1, 0]],
      methods: [
        [1, "M", "(lib.T).M"],
        [1, "N", "(lib.T).N"],
      ],
      funcs: [
        funcRow({
          name: "main.f",
          regs: [3],
          blocks: body(["MakeInterface", 0, 0, -1], ["Call", -1, 0, ["invoke", 0, "M", []]]),
        }),
      ],
    });
    const { program } = lower(user, {});
    expect(program.methods.map((it) => it.id)).toEqual(["M"]);
  });
});
