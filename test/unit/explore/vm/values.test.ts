import { describe, expect, it } from "vitest";
import { intKind, truncate, wrapTo } from "../../../../language-server/explore/vm/int64.js";
import { MapObj } from "../../../../language-server/explore/vm/maps.js";
import { grownCapacity } from "../../../../language-server/explore/vm/sizes.js";
import { UndoLog } from "../../../../language-server/explore/vm/trail.js";
import { packageName, splitName } from "../../../../language-server/explore/vm/type-name.js";
import { decodeRune, encodeRune, toText } from "../../../../language-server/explore/vm/utf8.js";
import { Cell } from "../../../../language-server/explore/vm/values.js";
import { present } from "../../../../language-server/base/assert.js";
import type { SpanId } from "../../../../language-server/ir/ir.js";
import type { TypeId } from "../../../../language-server/ir/types.js";

const kind = (name: string) => present(intKind(name), name);

describe("integers", () => {
  it.each([
    ["int8", 128, -128],
    ["uint8", -1, 255],
    ["int16", 32768, -32768],
    ["int32", 2 ** 31, -(2 ** 31)],
    ["uint32", -1, 2 ** 32 - 1],
    ["int64", 2n ** 63n, -(2n ** 63n)],
    ["uint64", -1, 2n ** 64n - 1n],
    ["int", -0, 0],
  ])("%s wraps %s to %s", (name, value, wrapped) => {
    expect(wrapTo(kind(name), value)).toBe(wrapped);
  });

  it("are numbers when they are safe and bigints beyond", () => {
    expect(wrapTo(kind("int"), 2n ** 53n - 1n)).toBe(Number.MAX_SAFE_INTEGER);
    expect(wrapTo(kind("int"), 2n ** 53n)).toBe(2n ** 53n);
  });

  it("come from floats truncated, out of range as the processor has it", () => {
    expect(truncate(kind("int"), -1.9)).toBe(-1);
    expect(truncate(kind("int64"), Number.NaN)).toBe(-(2n ** 63n));
    expect(truncate(kind("uint64"), 2 ** 63)).toBe(2n ** 63n);
  });
});

describe("append", () => {
  const word = { size: 8, align: 8, pointers: false };

  it("grows like the run-time", () => {
    const seen: number[] = [];
    for (let cap = 0; cap < 3000; ) seen.push((cap = grownCapacity(cap, cap + 1, word)));
    expect(seen).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 848, 1280, 1792, 2560, 3408]);
    expect(grownCapacity(0, 5, { size: 1, align: 1, pointers: false })).toBe(8);
    expect(grownCapacity(3, 7, { size: 24, align: 8, pointers: true })).toBe(7);
  });
});

describe("text", () => {
  it("goes to bytes and back", () => {
    const bytes = Array.from("a ß € 𝄞", (it) => encodeRune(it.codePointAt(0) ?? 0)).join("");
    expect(toText(bytes)).toBe("a ß € 𝄞");
    expect(encodeRune(0xd800)).toBe("\xef\xbf\xbd");
  });

  it.each([["\xff"], ["\xc0\x80"], ["\xed\xa0\x80"], ["\xf4\x90\x80\x80"], ["\xe2\x82"]])(
    "%j is not UTF-8: one byte of U+FFFD",
    (bytes) => {
      expect(decodeRune(bytes, 0)).toEqual({ rune: 0xfffd, size: 1 });
    },
  );
});

describe("names of types", () => {
  it("lose the path but keep the arguments", () => {
    expect(splitName("example.com/x.f.T")).toEqual({ pkg: "example.com/x", name: "T", args: "" });
    expect(splitName("main.Box[a/b.C]")).toEqual({ pkg: "main", name: "Box", args: "[a/b.C]" });
    expect(splitName("gopkg.in/yaml.v3.Node")).toMatchObject({
      pkg: "gopkg.in/yaml.v3",
      name: "Node",
    });
    expect(splitName("main.F[int].T")).toEqual({ pkg: "main", name: "T", args: "[int]" });
    expect(splitName("main.Box[main.F[int].T]").name).toBe("Box");
    expect(packageName("math/rand/v2")).toBe("rand");
  });
});

describe("the undo log", () => {
  const cell = (cells: unknown[], epoch: number) =>
    new Cell(1, 0 as TypeId, "x", 0 as SpanId, 0, cells, epoch);

  it("puts back small objects whole and large ones cell by cell", () => {
    for (const size of [3, 1000]) {
      const log = new UndoLog();
      const object = cell(new Array<unknown>(size).fill(0), log.epoch);
      const mark = log.mark();
      for (let i = 0; i < size; i++) log.setCell(object, i, i);
      log.setCell(object, 1, "again");
      const inner = log.mark();
      log.setCell(object, 2, "inner");
      log.undoTo(inner);
      expect(object.cells.slice(0, 3)).toEqual([0, "again", 2]);
      log.undoTo(mark);
      expect(object.cells.every((it) => it === 0)).toBe(true);
    }
  });

  it("puts back maps with their order", () => {
    const log = new UndoLog();
    const map = new MapObj(1, 0 as TypeId, "m", 0 as SpanId, 0, log.epoch);
    for (const key of ["a", "b", "c"]) map.set(log, key, key, 1);
    const mark = log.mark();
    map.delete(log, "a");
    for (let i = 0; i < 100; i++) map.set(log, i, i, i);
    for (let i = 0; i < 100; i++) map.delete(log, i);
    map.set(log, "b", "b", 2);
    map.set(log, "a", "a", 3);
    expect([...map.live()].map((it) => it.key)).toEqual(["b", "c", "a"]);
    log.undoTo(mark);
    expect([...map.live()].map((it) => `${String(it.key)}${String(it.value)}`)).toEqual([
      "a1",
      "b1",
      "c1",
    ]);
    expect(map.size).toBe(3);
  });

  it("visits what is added during an iteration and not what is deleted", () => {
    const log = new UndoLog();
    const map = new MapObj(1, 0 as TypeId, "m", 0 as SpanId, 0, log.epoch);
    for (let i = 0; i < 50; i++) map.set(log, i, i, i);
    const seen: unknown[] = [];
    for (let seq = 0; ; ) {
      const entry = map.next(seq);
      if (entry === undefined) break;
      seq = entry.seq + 1;
      seen.push(entry.key);
      // Deleting nearly everything compacts the map under the iterator.
      if (entry.key === 0) for (let i = 1; i < 45; i++) map.delete(log, i);
      if (entry.key === 46) map.set(log, "late", "late", 0);
    }
    expect(seen).toEqual([0, 45, 46, 47, 48, 49, "late"]);
  });
});
