import path from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { importsOfGo } from "../../../language-server/host/go-imports.js";
import { collectPackages } from "../../../language-server/host/go-packages.js";
import { goUnit, workspace } from "./go-workspace.js";

const nothingBundled = new Set<string>();

function collect(dir: string, buffers: Readonly<Record<string, string>> = {}) {
  const { packages, check, unresolved } = collectPackages(goUnit(dir, buffers), nothingBundled);
  return {
    check,
    unresolved,
    packages: packages.map((it) => {
      const files = it.files.map((file) => path.posix.basename(file.name)).join(" ");
      return `${it.path} ${it.goVersion} ${it.typesOnly ? "types" : "bodies"}: ${files}`;
    }),
  };
}

describe("importsOfGo", () => {
  it("reads single, grouped, renamed and dotted imports", () => {
    const text = `// Package p.
package p // import "not/this"

import "a"
import (
	b2 "b"; . "c"
	/* "no" */ _ \`d\`
)
import"e"
var s = "f"
import "g"
`;
    expect(importsOfGo(text)).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("survives half-typed text", () => {
    expect(importsOfGo('package p\nimport (\n"a"\n"b')).toEqual(["a"]);
    expect(importsOfGo("/* open")).toEqual([]);
    expect(importsOfGo("")).toEqual([]);
  });
});

describe("collectPackages", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("follows imports inside the module, with bodies", () => {
    const dir = workspace({
      "go.mod": "module example.org/m // a comment\n\ngo 1.21\n",
      "main.go": 'package main\nimport ("fmt"; "example.org/m/store")\n',
      "main_test.go": "package main\n",
      "store/store.go": 'package store\nimport "example.org/m/store/inner"\n',
      "store/store_test.go": "package store\n",
      "store/inner/inner.go": "package inner\n",
      "unused/unused.go": "package unused\n",
    });
    expect(collect(dir)).toEqual({
      check: "example.org/m",
      unresolved: [],
      packages: [
        "example.org/m 1.21 bodies: main.go main_test.go",
        "example.org/m/store 1.21 bodies: store.go",
        "example.org/m/store/inner 1.21 bodies: inner.go",
      ],
    });
  });

  it("takes unsaved buffers instead of files, and new ones", () => {
    const dir = workspace({
      "go.mod": "module m.org/m\ngo 1.24\n",
      "a.go": 'package m\nimport "x.org/old"\n',
    });
    const found = collect(dir, {
      "a.go": 'package m\nimport "x.org/new"\n',
      "b.go": "package m\n",
    });
    expect(found.packages).toEqual(["m.org/m 1.24 bodies: a.go b.go"]);
    expect(found.unresolved).toEqual(["x.org/new"]);
  });

  it("finds replaced, vendored, workspace and cached modules", () => {
    const root = workspace({
      "go.work": "go 1.22\nuse (\n\t./main\n\t./beside\n)\n",
      "main/go.mod": `module example.org/main
go 1.22
require (
	example.org/local v0.0.0
	example.org/Upper v1.2.3 // indirect
)
replace example.org/local => ../local
`,
      "main/main.go":
        'package main\nimport ("example.org/local/sub"; "example.org/beside"; "example.org/Upper/x"; "example.org/vendored"; "example.org/none")\n',
      "main/vendor/example.org/vendored/v.go": "package vendored\n",
      "local/go.mod": "module example.org/local\ngo 1.20\n",
      "local/sub/sub.go": "package sub\n",
      "beside/go.mod": "module example.org/beside\ngo 1.19\n",
      "beside/beside.go": "package beside\n",
      "cache/example.org/!upper@v1.2.3/x/x.go": "package x\n",
    });
    vi.stubEnv("GOMODCACHE", path.join(root, "cache"));
    expect(collect(path.join(root, "main"))).toEqual({
      check: "example.org/main",
      unresolved: ["example.org/none"],
      packages: [
        "example.org/main 1.22 bodies: main.go",
        "example.org/local/sub 1.20 bodies: sub.go",
        "example.org/beside 1.19 bodies: beside.go",
        "example.org/Upper/x  types: x.go",
        "example.org/vendored  types: v.go",
      ],
    });
  });

  it("reads a single file outside any module, and a folder that is not there", () => {
    const dir = workspace({ "a.go": "package main\n", "b.go": "package main\n" });
    expect(collect(path.join(dir, "a.go")).packages).toEqual(["main  bodies: a.go"]);
    expect(collect(path.join(dir, "missing")).packages).toEqual([]);
  });

  it("reads a folder that is called like a file, beside one that is no package of its own", () => {
    const dir = workspace({ "m.go/a.go": "package m\n", "m.go/b.go/b.go": "package b\n" });
    expect(collect(path.join(dir, "m.go")).packages).toEqual(["main  bodies: a.go"]);
  });

  it("takes a buffer that was never saved", () => {
    const text = "package main\n";
    const unit = {
      ...goUnit("/"),
      uri: "untitled:Untitled-1",
      overlays: [{ uri: "untitled:Untitled-1", text }],
    };
    const { packages } = collectPackages(unit, nothingBundled);
    expect(packages.map((it) => it.files.map((file) => file.name))).toEqual([
      ["untitled:Untitled-1"],
    ]);
  });
});
