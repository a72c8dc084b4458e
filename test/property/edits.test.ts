// Whatever was typed before, a warm engine says what one says that sees the text for the first time, byte for byte.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { neverCancelled } from "../../language-server/base/cancel.js";
import type { Engine, Unit } from "../../language-server/engine/engine.js";
import { goUnit, root, testEngine, testLimits, uriOf } from "../harness/engine.js";
import { Random } from "../harness/random.js";

const warm = testEngine();
afterAll(async () => {
  await warm.engine.dispose();
});

/** What people type, whole and half. */
const typed = [
  "\tn := 0; go func() { n++ }(); n++; _ = n",
  "\tif true {",
  "\tvar unused int",
  "// guarded by mu",
  "func added[T any](v *T, w T) { go func() { *v = w }(); *v = w }",
  '\tprintln("',
];

/** The lines after one edit more: a line put in, taken out or doubled, or the file as it was first. */
function edit(random: Random, lines: readonly string[], first: readonly string[]): string[] {
  const at = 1 + random.below(lines.length - 1);
  switch (random.below(6)) {
    case 0:
      return [...first];
    case 1:
      return lines.toSpliced(at, 1);
    case 2:
      return lines.toSpliced(at, 0, lines[at] ?? "");
    default:
      return lines.toSpliced(at, 0, random.pick(typed));
  }
}

async function said(engine: Engine, unit: Unit, explore = false): Promise<string> {
  const limits = explore ? { ...testLimits, executions: 30 } : testLimits;
  const result = await engine.check(unit, { explore, limits }, neverCancelled);
  return `${JSON.stringify(result, null, 1)}\n${await engine.ir(unit, neverCancelled)}`;
}

const nEdits = 12;

describe.each([
  "test/fixtures/go/inconsistent-guard/comments.go",
  "test/fixtures/go/captured-variable/captured-variable.go",
])("edits of %s", (file) => {
  it(`${nEdits} at random places`, async () => {
    const first = readFileSync(path.join(root, file), "utf8").split("\n");
    const random = new Random(first.length);
    let lines: readonly string[] = first;
    for (let n = 0; n < nEdits; n++) {
      lines = edit(random, lines, first);
      const uri = uriOf(`test/none/edits/${path.basename(file)}`);
      const unit = goUnit("test/none/edits", [{ uri, text: lines.join("\n") }]);
      const fresh = testEngine();
      expect(await said(warm.engine, unit)).toBe(await said(fresh.engine, unit));
      await fresh.engine.dispose();
    }
  });
});

/** The files of a module with two packages, each with what its parts are at one time or another. */
const module: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "counter/counter.go": [
    ["package counter", 'package counter\n\nimport _ "errors"'],
    ['import "sync"'],
    ["type Counter struct{ mu sync.Mutex; n int }", "type Counter struct{ n int; mu sync.Mutex }"],
    [
      "func (c *Counter) Add(n int) { c.mu.Lock(); defer c.mu.Unlock(); c.n += n }",
      "func (c *Counter) Add(n int) { c.n += n }",
      "func (c *Counter) Add(n int) { c.mu.Lock(); c.n += n }",
    ],
    [
      "func (c *Counter) Get() int { return c.n }",
      "func (c *Counter) Get() int64 { return int64(c.n) }",
    ],
    ["func All[T any](list []T, f func(T)) { for _, it := range list { f(it) } }", ""],
  ],
  "main/first.go": [
    ["package main", "// Package main has a comment.\npackage main"],
    ['import "example.org/edits/counter"'],
    ["func main() { both(&counter.Counter{}) }", "func main() { both(nil) }"],
    [
      "func both(c *counter.Counter) { go c.Add(1); c.Add(2); print(c.Get()) }",
      "func both(c *counter.Counter) {",
    ],
  ],
  "main/second.go": [
    ["package main"],
    ['import "example.org/edits/counter"'],
    [
      "func second(c *counter.Counter) { counter.All([]int{1}, c.Add); f := c.Add; go f(3) }",
      "func second(c *counter.Counter) { var a any = c; go a.(interface{ Add(int) }).Add(1) }",
    ],
    [
      "func third() { n := 0; go func() { n++ }(); n++ }",
      "func third() { n := 0; n++ }",
      "func fourth() {}",
    ],
  ],
};

it(`${nEdits} edits of a module with two packages`, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "edits-"));
  const texts = new Map<string, string[]>();
  writeFileSync(path.join(folder, "go.mod"), "module example.org/edits\n\ngo 1.25\n");
  for (const [file, parts] of Object.entries(module)) {
    texts.set(
      file,
      parts.map((it) => it[0] ?? ""),
    );
    mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(folder, file), "");
  }
  const random = new Random(5);
  for (let n = 0; n < nEdits; n++) {
    const overlays = [...texts].map(([file, lines]) => ({
      uri: uriOf(path.join(folder, file)),
      text: `${lines.join("\n\n")}\n`,
    }));
    const unit = goUnit(path.join(folder, "main"), overlays);
    const fresh = testEngine();
    expect(await said(warm.engine, unit, n % 3 === 0)).toBe(
      await said(fresh.engine, unit, n % 3 === 0),
    );
    await fresh.engine.dispose();
    const [file, parts] = random.pick(Object.entries(module));
    const at = random.below(parts.length);
    texts.get(file)?.splice(at, 1, random.pick(parts[at] ?? []));
  }
  rmSync(folder, { recursive: true });
});

it("needs no failure of ours", () => {
  expect(warm.log).toEqual([]);
});
