// What a TypeScript program prints, in our machine and in Node.

import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import * as tsMorph from "ts-morph";
import { afterAll, describe, expect, it } from "vitest";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { makeMachine } from "../../language-server/explore/vm/make-machine.js";
import { lowerTs } from "../../language-server/frontend/ts/frontend.js";
import { verify } from "../../language-server/ir/verify.js";
import { root } from "./engine.js";

/** What the program prints when the first of all possible tasks always runs next. */
function inMachine(file: string): string {
  const readFile = (uri: string): string | null =>
    uri === pathToFileURL(file).href ? readFileSync(file, "utf8") : null;
  const input = { uri: pathToFileURL(file).href, readFile };
  const { program, gaps } = lowerTs(input, tsMorph, neverCancelled);
  expect(verify(program)).toEqual([]);
  expect(gaps).toEqual([]);
  const machine = makeMachine(program);
  const [entry] = program.entries;
  if (entry === undefined) throw new Error("no entry");
  machine.reset(entry.func);
  for (let steps = 0; machine.halted() === undefined && steps < 10_000; steps++) {
    const [choice] = machine.enabled();
    if (choice === undefined) throw new Error("stuck");
    machine.step(choice);
  }
  const halt = machine.halted();
  if (halt?.kind !== "finished") throw new Error(`${JSON.stringify(halt)}\n${machine.output()}`);
  return machine.output();
}

function inNode(file: string, scratch: string): Promise<string> {
  const text = readFileSync(file, "utf8");
  const isModule = /^(import|export) |^(const .*= )?await |^try \{ await/m.test(text);
  const { ts } = tsMorph;
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      target: ts.ScriptTarget.ESNext,
      module: isModule ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS,
      useDefineForClassFields: true,
      alwaysStrict: true,
    },
  });
  const script = join(scratch, `${basename(file, ".ts")}.${isModule ? "mjs" : "cjs"}`);
  writeFileSync(script, outputText);
  return new Promise((resolve) => {
    // A program may end with an error: its standard output is what counts.
    execFile(process.execPath, [script], { env: { NO_COLOR: "1" } }, (_, stdout) => {
      resolve(stdout);
    });
  });
}

/** Tests that each program of the folder prints the same in both. */
export function printsTheSame(folder: string): void {
  const programs = readdirSync(folder).filter((it) => it.endsWith(".ts"));
  // Within the repository, so that Node finds the packages that a program imports.
  mkdirSync(join(root, ".cache"), { recursive: true });
  const scratch = mkdtempSync(join(root, ".cache", "ts-programs-"));
  afterAll(() => {
    rmSync(scratch, { recursive: true, force: true });
  });
  describe("programs print what they print in Node", () => {
    it.each(programs)("%s", async (name) => {
      const file = join(folder, name);
      const printed = inMachine(file);
      let expected = await inNode(file, scratch);
      // On a busy machine timers are late, and what they ask for in turn is later than others: then Node is asked again.
      for (let tries = 1; expected !== printed && tries < 4; tries++) {
        expected = await inNode(file, scratch);
      }
      expect(expected).not.toBe("");
      expect(printed).toBe(expected);
    });
  });
}
