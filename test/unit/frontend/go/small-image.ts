import type { FuncRow, Image } from "../../../../language-server/frontend/go/schema.js";

/** A function row with what a test does not care about left out. */
export function funcRow(row: Partial<FuncRow> & Pick<FuncRow, "name">): FuncRow {
  return {
    display: row.name,
    pkg: row.name.slice(0, row.name.indexOf(".")),
    sig: 0,
    span: 0,
    synthetic: "",
    parent: "",
    params: [],
    free: [],
    regs: [],
    recover: -1,
    blocks: [{ preds: [], succs: [], instrs: [["Return", -1, 0, []]] }],
    ...row,
  };
}

/** An image whose first type is `func()`. */
export function imageText(image: Partial<Image> & Pick<Image, "package">): string {
  return JSON.stringify({
    version: 1,
    name: image.package,
    imports: [],
    files: [`file:///${image.package}.go`],
    spans: [0, 0, 0, 0, 0, 0, 1, 0, 1, 5],
    types: [["func", [], [], 0]],
    pool: [],
    globals: [],
    funcs: [],
    methods: [],
    roots: [],
    gaps: [],
    ...image,
  });
}
