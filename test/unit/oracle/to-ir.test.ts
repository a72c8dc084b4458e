// The same programs as the product's IR.

import { describe, expect, it } from "vitest";
import type { Func, Instr } from "../../../language-server/ir/ir.js";
import { verify } from "../../../language-server/ir/verify.js";
import { features } from "../../harness/oracle/fragments.js";
import { isLocal, spawning, type Operation } from "../../harness/oracle/program.js";
import { randomProgram } from "../../harness/oracle/random-program.js";
import { toIr } from "../../harness/oracle/to-ir.js";

const seeds = Array.from({ length: 100 }, (_, index) => index + 1);

/** Instructions that other threads see, in the order of the text. At its end main waits for ever, which is no operation of its. */
function visible(func: Func, index: number): readonly string[] {
  const places = func.blocks
    .flatMap(({ instrs, exit }) =>
      index === 0 && exit.op === "return" ? instrs.slice(0, -1) : instrs,
    )
    .filter(isVisible);
  return places.sort((a, b) => a.span - b.span).map(nameOf);
}

function isVisible(instr: Instr): boolean {
  switch (instr.op) {
    case "atomic":
    case "acquire":
    case "release":
    case "try-acquire":
    case "send":
    case "recv":
    case "close":
    case "select":
    case "sync":
    case "spawn":
      return true;
    default:
      return false;
  }
}

function nameOf(instr: Instr): string {
  switch (instr.op) {
    case "atomic":
    case "sync":
      return instr.fn;
    case "acquire":
    case "release":
    case "try-acquire":
      return `${instr.op}${instr.shared ? " shared" : ""}`;
    case "select":
      return `${instr.cases.map((it) => it.dir).join(" or ")}${instr.blocking ? "" : " or not"}`;
    default:
      return instr.op;
  }
}

function expected(operation: Operation): string {
  switch (operation.kind) {
    case "lock":
    case "wlock":
      return "acquire";
    case "rlock":
      return "acquire shared";
    case "unlock":
    case "wunlock":
      return "release";
    case "runlock":
      return "release shared";
    case "trylock":
    case "trywlock":
      return "try-acquire";
    case "tryrlock":
      return "try-acquire shared";
    case "select":
      return `${operation.cases.map((it) => it.dir).join(" or ")}${operation.fallback ? " or not" : ""}`;
    default:
      return operation.kind;
  }
}

describe("programs as IR", () => {
  it.each(features)("are well-formed: %s", (feature) => {
    for (const seed of seeds) {
      expect({ seed, problems: verify(toIr(randomProgram(feature, seed))) }).toEqual({
        seed,
        problems: [],
      });
    }
  });

  it.each(features)("have one visible instruction for each operation: %s", (feature) => {
    for (const seed of seeds) {
      const program = randomProgram(feature, seed);
      const operations = program.threads.map((it) =>
        it.filter((operation) => !isLocal(operation)).map(expected),
      );
      expect({ seed, operations: toIr(program).funcs.map(visible) }).toEqual({ seed, operations });
    }
  });

  it("cannot choose data", () => {
    const program = spawning([[{ kind: "choose", values: 2, dst: 0 }]], {});
    expect(() => toIr(program)).toThrow("data choice");
  });
});
