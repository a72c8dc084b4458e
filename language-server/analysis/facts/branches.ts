// What the branches taken so far told about conditions, so that `if c { Lock }; …; if c { Unlock }` has two
// paths and not four. A condition is known by what it compares, not by its register, so that testing `err != nil`
// twice is one condition.

import type { Block, Edge, Reg } from "../../ir/ir.js";
import type { Paths } from "./lock-paths.js";

export type Literals = ReadonlyMap<string, boolean>;

interface Literal {
  readonly text: string;
  readonly value: boolean;
}

/** More than this many are not remembered. */
const mostLiterals = 4;

export class Branches {
  readonly #paths: Paths;

  constructor(paths: Paths) {
    this.#paths = paths;
  }

  edges(block: Block): readonly { edge: Edge; literal: Literal | null }[] {
    const { exit } = block;
    switch (exit.op) {
      case "jump":
        return [{ edge: exit.to, literal: null }];
      case "branch": {
        const { text, value } = this.#condition(exit.cond);
        return [
          { edge: exit.then, literal: { text, value } },
          { edge: exit.else, literal: { text, value: !value } },
        ];
      }
      case "return":
      case "panic":
        return [];
    }
  }

  /** The condition under its positive name, and whether that name is meant to be true. */
  #condition(reg: Reg): Literal {
    const definition = this.#paths.definitions.get(reg);
    if (definition?.op === "prim") {
      const [left, right] = definition.args;
      if (definition.fn === "not" && left !== undefined) {
        const inner = this.#condition(left);
        return { text: inner.text, value: !inner.value };
      }
      if (
        (definition.fn === "eq" || definition.fn === "ne") &&
        left !== undefined &&
        right !== undefined
      ) {
        const text = `${this.nameOf(left)}==${this.nameOf(right)}`;
        return { text, value: definition.fn === "eq" };
      }
    }
    return { text: this.nameOf(reg), value: true };
  }

  /** Equal for registers that hold the same value. */
  nameOf(reg: Reg): string {
    const definition = this.#paths.definitions.get(reg);
    if (definition?.op === "const") return JSON.stringify(definition.value);
    const path = this.#paths.of(reg);
    const own = path.regs.map((it) => ` r${it} `).join("");
    return `${path.text}${own}`;
  }

  /** What is known after taking an edge; null when it cannot be taken. */
  cross(
    known: Literals,
    literal: Literal | null,
    to: Block,
    args: readonly Reg[],
  ): Literals | null {
    let after = known;
    if (literal !== null) {
      const before = known.get(literal.text);
      if (before !== undefined && before !== literal.value) return null;
      after = add(after, literal);
    }
    after = this.forget(after, to.params);
    to.params.forEach((param, index) => {
      const arg = args[index];
      const value = arg === undefined ? undefined : this.#paths.definitions.get(arg);
      if (value?.op === "const" && typeof value.value === "boolean") {
        after = add(after, { text: this.nameOf(param), value: value.value });
      }
    });
    return after;
  }

  forget(known: Literals, regs: readonly Reg[]): Literals {
    if (known.size === 0) return known;
    const stale = [...known.keys()].filter((text) =>
      regs.some((reg) => text.includes(` r${reg} `)),
    );
    if (stale.length === 0) return known;
    const rest = new Map(known);
    for (const text of stale) rest.delete(text);
    return rest;
  }
}

function add(known: Literals, literal: Literal): Literals {
  if (known.has(literal.text) || known.size >= mostLiterals) return known;
  return new Map(known).set(literal.text, literal.value);
}
