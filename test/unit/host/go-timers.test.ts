import { expect, it } from "vitest";
import { collectPackages } from "../../../language-server/host/go-packages.js";
import { goUnit, workspace } from "./go-workspace.js";

function rules(files: Readonly<Record<string, string>>, folder = "."): string {
  const dir = workspace(files);
  return collectPackages(goUnit(folder === "." ? dir : `${dir}/${folder}`), new Set()).timers;
}

const main = { "main.go": "package main\n" };

it.each([
  ["module m\n\ngo 1.22.5\n", "buffered"],
  ["module m\n\ngo 1.9\n", "buffered"],
  ["module m\n\ngo 1.23\n", "unbuffered"],
  ["module m\n\ngo 1.26.1\n", "unbuffered"],
  ["module m\n", "unbuffered"],
  ["module m\n\ngo 1.26\n\ngodebug asynctimerchan=1\n", "buffered"],
  ["module m\n\ngo 1.26\n\ngodebug (\n\tdefault=go1.21\n\tpanicnil=1\n)\n", "buffered"],
  ["module m\n\ngo 1.21\n\ngodebug default=go1.23\n", "unbuffered"],
  ["module m\n\ngo 1.21\n\ngodebug asynctimerchan=0\n", "unbuffered"],
])("%j: timers are %s", (mod, expected) => {
  expect(rules({ "go.mod": mod, ...main })).toBe(expected);
});

it("is asked for by the package itself before all else", () => {
  const mod = "module m\n\ngo 1.26\n";
  const asks = "// Command m.\n\n//go:debug asynctimerchan=1\npackage main\n";
  const late = "package main\n\n//go:debug asynctimerchan=1\n";
  expect(rules({ "go.mod": mod, "main.go": asks })).toBe("buffered");
  expect(rules({ "go.mod": mod, "main.go": late })).toBe("unbuffered");
});

it("is said by go.work in a workspace, and by the newest Go where nothing is", () => {
  const mod = "module m\n\ngo 1.26\n";
  const files = {
    "go.work": "go 1.22\n\nuse ./m\n",
    "m/go.mod": mod,
    "m/main.go": "package main\n",
  };
  expect(rules(files, "m")).toBe("buffered");
  expect(rules(main)).toBe("unbuffered");
});
