import { describe, expect, it } from "vitest";
import { neverCancelled } from "../../../../language-server/base/cancel.js";
import { decodeImage } from "../../../../language-server/frontend/go/decode.js";
import { lowerGo } from "../../../../language-server/frontend/go/frontend.js";
import type { InstrRow } from "../../../../language-server/frontend/go/schema.js";
import { funcRow, imageText } from "./small-image.js";

const refusal = (text: string): string => {
  const decoded = decodeImage(text);
  return decoded.kind === "refused" ? decoded.reason : "accepted";
};

const droppedFor = (instr: unknown): string => {
  const blocks = [
    { preds: [], succs: [], instrs: [instr as InstrRow, ["Return", -1, 0, []] as const] },
  ];
  const good = funcRow({ name: "p.good" });
  const decoded = decodeImage(
    imageText({ package: "p", funcs: [funcRow({ name: "p.bad", regs: [0], blocks }), good] }),
  );
  if (decoded.kind === "refused") return decoded.reason;
  expect(decoded.image.funcs.map((it) => it.name)).toContain("p.good");
  return decoded.dropped[0]?.reason ?? "accepted";
};

describe("decoding images", () => {
  it.each([
    ["{", "the package image is not JSON"],
    ["[]", "the package image is not an object"],
    [JSON.stringify({ version: 2 }), "the package image has version 2, not 1"],
    [imageText({ package: "p", spans: [0, 0] }), "package image: bad spans"],
    [
      imageText({ package: "p", types: [["pointer", 7]] }),
      'package image: bad type 0: ["pointer",7]',
    ],
    [
      imageText({
        package: "p",
        types: [
          ["pointer", 1],
          ["slice", 0],
        ],
      }),
      "package image: type 1 contains itself",
    ],
    [
      imageText({
        package: "p",
        types: [
          ["named", "p.A", 1],
          ["named", "p.B", 0],
        ],
      }),
      "package image: type 0 has a name underneath",
    ],
    [
      imageText({ package: "p", pool: [["const", 0, { a: 1 } as unknown as string]] }),
      'package image: bad pool row 0: ["const",0,{"a":1}]',
    ],
    [
      imageText({ package: "p", guards: [["p.T", "n", "mu", "mu", 9]] }),
      "package image: bad guards",
    ],
    [
      imageText({ package: "p", requires: [["p.f", 0, "mu", 2 as 1]] }),
      "package image: bad requirements",
    ],
  ])("refuses %s", (text, reason) => {
    expect(refusal(text)).toBe(reason);
  });

  it.each([
    [["Fly", 0, 0], "block 0: unknown instruction Fly"],
    [["Store", -1, 0, 3, 0], 'block 0: bad Store: ["Store",-1,0,3,0]'],
    [["Alloc", 0, 9, 1, "x"], 'block 0: bad Alloc: ["Alloc",0,9,1,"x"]'],
    [["Jump", -1, 0], "block 0: an instruction after the exit"],
    [["Alloc", 0, 1, 1, "x"], "accepted"],
  ])("drops the function with %j and keeps the others", (instr, reason) => {
    expect(droppedFor(instr)).toBe(reason);
  });

  it("turns what it drops into gaps", () => {
    const blocks = [{ preds: [], succs: [5], instrs: [] }];
    const text = imageText({ package: "p", funcs: [funcRow({ name: "p.f", blocks })] });
    const { gaps, program } = lowerGo([text, "nonsense"], () => null, neverCancelled);
    expect(gaps.map((it) => it.reason)).toEqual([
      "p.f is left out: block 0: bad edges",
      "the package image is not JSON",
    ]);
    expect(gaps[0]?.span.uri).toBe("file:///p.go");
    expect(program.funcs).toEqual([]);
  });
});
