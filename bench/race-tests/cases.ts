// The cases: one for each test of the files.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Unit } from "../../language-server/engine/engine.js";

export interface Case {
  readonly name: string;
  readonly racy: boolean;
  readonly file: string;
  /** First and last line of the test, from 1. */
  readonly lines: readonly [number, number];
}

export interface RaceTests {
  readonly folder: string;
  readonly files: readonly string[];
  readonly cases: readonly Case[];
  /** The files as unsaved texts of a package that is not the standard library's. */
  readonly unit: Unit;
}

/** Without cgo: the test's one file that has it is for a program of its own. */
export function readRaceTests(goroot: string): RaceTests {
  const folder = path.join(goroot, "src", "runtime", "race", "testdata");
  const files = readdirSync(folder)
    .filter((it) => it.endsWith("_test.go"))
    .sort();
  const uri = pathToFileURL(path.join(path.parse(folder).root, "race-tests")).href;
  const texts = files.map((file) => ({
    file,
    text: readFileSync(path.join(folder, file), "utf8"),
  }));
  const overlays = texts.map(({ file, text }) => ({ uri: `${uri}/${file}`, text }));
  return {
    folder,
    files,
    cases: texts.flatMap(({ file, text }) => casesOf(file, text)),
    unit: { language: "go", uri, overlays, edited: null },
  };
}

function casesOf(file: string, text: string): Case[] {
  const lines = text.split("\n");
  return lines.flatMap((line, index): Case[] => {
    const name = /^func (Test(?:No)?Race\w*)\(/.exec(line)?.[1];
    if (name === undefined) return [];
    const length = /\}\s*$/.test(line) ? 0 : lines.slice(index).indexOf("}");
    return [
      { name, racy: name.startsWith("TestRace"), file, lines: [index + 1, index + 1 + length] },
    ];
  });
}
