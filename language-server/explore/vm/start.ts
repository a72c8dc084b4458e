// The first thread: initialisers of packages in order, then the entry.

import type { Block, BlockId, Func, FuncId, Instr, SpanId } from "../../ir/ir.js";
import type { Code } from "./code.js";
import { compile } from "./code.js";
import type { Image } from "./image.js";

const nowhere = 0 as SpanId;

export function startCode(image: Image, entry: FuncId): Code {
  const { program, info } = image;
  const target = info.func(entry);
  const calls = program.inits.map(
    (func): Instr => ({
      op: "call",
      dst: null,
      callee: { kind: "static", func },
      args: [],
      span: nowhere,
    }),
  );
  const last: Instr = {
    op: "call",
    dst: null,
    callee: { kind: "static", func: entry },
    args: target.params.map((_, index) => index as Func["params"][number]),
    span: nowhere,
  };
  const block: Block = {
    id: 0 as BlockId,
    params: [],
    instrs: [...calls, last],
    exit: { op: "return", values: [], span: nowhere },
  };
  return compile(image, {
    ...target,
    params: target.params.map((_, index) => index as Func["params"][number]),
    captures: [],
    regTypes: target.params.map((it) => target.regTypes[it] ?? (0 as Func["regTypes"][number])),
    regNames: [],
    results: 0,
    blocks: [block],
    recover: null,
    library: true,
  });
}
