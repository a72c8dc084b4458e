// Small concurrent programs, written as a line per thread, as IR. Every instruction gets a place of its own, so that
// schedules and findings can name it.

import {
  uncontrolled,
  type ExploreJob,
  type Exploration,
} from "../../../language-server/explore/explorer.js";
import { explore } from "../../../language-server/explore/portfolio.js";
import { makeMachine } from "../../../language-server/explore/vm/make-machine.js";
import type { Program } from "../../../language-server/ir/ir.js";
import { parseProgram } from "../../../language-server/ir/parse.js";
import { verify } from "../../../language-server/ir/verify.js";

const types = `type sync.Mutex = struct{state int pkg sync}
type sync.RWMutex = struct{state int pkg sync}
type sync.WaitGroup = struct{state int pkg sync}
type sync.Once = struct{state int pkg sync}
type sync.Cond = struct{state int pkg sync}
`;

/** What main does after the others: wait for them, or nothing. */
export interface Shape {
  /** Capacity of each channel used; unbuffered if not given. */
  readonly channels?: Readonly<Record<string, number>>;
  /** Operations of main after all threads are started. */
  readonly main?: string;
  /** False: main does not wait for the threads. */
  readonly waits?: boolean;
}

/**
 * A program whose main starts one thread for each text. Operations are separated by `;`:
 * `lock m`, `unlock m`, `rwlock m`, `rwunlock m`, `rlock m`, `runlock m`, `trylock m`, `read x`, `write x`, `inc x`,
 * `add x` (atomic), `send c`, `recv c`, `close c`, `select c d` (receives), `poll c` (a receive or the default), `len c`, `wgdone`,
 * `once o`, `onceend o`, `enqueue c`, `park c`, `signal c`, `broadcast c`, `sleep 5`, `yield`, `exit 3`, `goexit`.
 */
export function threads(texts: readonly string[], shape: Shape = {}): Program {
  const writer = new Writer(shape.channels ?? {});
  const bodies = texts.map((text, index) =>
    writer.func(
      `main.t${index}(r0:*sync.WaitGroup) display t${index}`,
      text,
      shape.waits !== false,
    ),
  );
  const main = writer.main(texts.length, shape);
  const text = `program go\n${types}${writer.globals()}${main}${bodies.join("")}entry main main.main\n`;
  const program = parseProgram(text);
  const problems = verify(program);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return program;
}

class Writer {
  readonly #channels: Readonly<Record<string, number>>;
  readonly #globals = new Map<string, string>();
  #line = 0;
  #reg = 0;
  #lines: string[] = [];

  constructor(channels: Readonly<Record<string, number>>) {
    this.#channels = channels;
  }

  globals(): string {
    return [...this.#globals].map(([name, type]) => `global main.${name} ${type}\n`).join("");
  }

  #emit(text: string): void {
    this.#line += 1;
    this.#lines.push(`  ${text} @"file:///p.go" ${this.#line}:1~${this.#line}:9\n`);
  }

  #fresh(type: string, text: string): string {
    this.#reg += 1;
    this.#emit(`r${this.#reg}:${type} = ${text}`);
    return `r${this.#reg}`;
  }

  #begin(): void {
    this.#reg = 0;
    this.#lines = [];
  }

  func(head: string, text: string, waits: boolean): string {
    this.#begin();
    this.#ops(text);
    if (waits) {
      const one = this.#fresh("int", "const -1");
      this.#emit(`sync wg-add r0 [${one}]`);
    }
    return `func ${head} pkg main {\nb0:\n${this.#lines.join("")}  return []\n}\n`;
  }

  main(count: number, shape: Shape): string {
    this.#begin();
    const waitGroup = this.#fresh("*sync.WaitGroup", "alloc sync.WaitGroup wg");
    for (const [name, type] of this.#globals) {
      if (!type.startsWith("chan")) continue;
      const at = this.#address(name, type);
      const cap = this.#fresh("int", `const ${this.#channels[name] ?? 0}`);
      const made = this.#fresh(type, `make ${type} [${cap}] ${name}`);
      this.#emit(`store ${at} ${made} ${type}`);
    }
    const all = this.#fresh("int", `const ${count}`);
    if (shape.waits !== false) this.#emit(`sync wg-add ${waitGroup} [${all}]`);
    for (let index = 0; index < count; index++) {
      this.#emit(`spawn main.t${index} [${waitGroup}]`);
    }
    this.#ops(shape.main ?? "");
    if (shape.waits !== false) this.#emit(`sync wg-wait ${waitGroup} []`);
    return `func main.main() pkg main {\nb0:\n${this.#lines.join("")}  return []\n}\n`;
  }

  #address(name: string, type: string): string {
    this.#globals.set(name, type);
    return this.#fresh(`*${type}`, `global main.${name}`);
  }

  #chan(name: string): string {
    const type = "chan both int";
    return this.#fresh(type, `load ${this.#address(name, type)} ${type}`);
  }

  #ops(text: string): void {
    for (const op of text.split(";").map((it) => it.trim())) {
      if (op !== "") this.#op(op);
    }
  }

  #op(op: string): void {
    const [verb = "", name = "", other = ""] = op.split(" ");
    if (this.#lockOp(verb, name) || this.#chanOp(verb, name, other)) return;
    switch (verb) {
      case "read":
        this.#fresh("int", `load ${this.#address(name, "int")} int`);
        return;
      case "write":
        this.#emit(`store ${this.#address(name, "int")} ${this.#fresh("int", "const 7")} int`);
        return;
      case "inc": {
        const at = this.#address(name, "int");
        const old = this.#fresh("int", `load ${at} int`);
        const one = this.#fresh("int", "const 1");
        this.#emit(`store ${at} ${this.#fresh("int", `prim add [${old} ${one}] int`)} int`);
        return;
      }
      case "add": {
        const one = this.#fresh("int", "const 1");
        this.#fresh("int", `atomic ${this.#address(name, "int")} add [${one}] int`);
        return;
      }
      case "sleep":
      case "exit":
        this.#emit(`sync ${verb} _ [${this.#fresh("int", `const ${name}`)}]`);
        return;
      case "yield":
      case "goexit":
        this.#emit(`sync ${verb} _ []`);
        return;
      case "wgdone":
        this.#emit(`sync wg-add r0 [${this.#fresh("int", "const -1")}]`);
        return;
      default:
        this.#syncOp(verb, name);
    }
  }

  #lockOp(verb: string, name: string): boolean {
    const match = /^(rw|r|try)?(lock|unlock)$/.exec(verb);
    if (match === null) return false;
    const [, prefix, what] = match;
    const readWrite = prefix === "rw" || prefix === "r";
    const at = this.#address(name, readWrite ? "sync.RWMutex" : "sync.Mutex");
    const shared = prefix === "r" ? "yes" : "no";
    if (prefix === "try") this.#fresh("bool", `try-acquire ${at} no`);
    else this.#emit(`${what === "lock" ? "acquire" : "release"} ${at} ${shared}`);
    return true;
  }

  #chanOp(verb: string, name: string, other: string): boolean {
    switch (verb) {
      case "send":
        this.#emit(`send ${this.#chan(name)} ${this.#fresh("int", "const 1")}`);
        return true;
      case "recv":
        this.#fresh("int", `recv ${this.#chan(name)} no`);
        return true;
      case "close":
        this.#emit(`close ${this.#chan(name)}`);
        return true;
      case "select": {
        const [a, b] = [this.#chan(name), this.#chan(other)];
        this.#fresh("(int, bool, int, int)", `select [recv ${a} _; recv ${b} _;] yes`);
        return true;
      }
      case "poll":
        this.#fresh("(int, bool, int)", `select [recv ${this.#chan(name)} _;] no`);
        return true;
      case "len":
        this.#fresh("int", `sync chan-len _ [${this.#chan(name)}]`);
        return true;
      default:
        return false;
    }
  }

  #syncOp(verb: string, name: string): void {
    const at = (type: string): string => this.#address(name, type);
    switch (verb) {
      case "once":
        this.#fresh("bool", `sync once-begin ${at("sync.Once")} []`);
        return;
      case "onceend":
        this.#emit(`sync once-end ${at("sync.Once")} []`);
        return;
      case "enqueue":
      case "park":
      case "signal":
      case "broadcast":
        this.#emit(`sync cond-${verb} ${at("sync.Cond")} []`);
        return;
      default:
        throw new Error(`no operation ${verb}`);
    }
  }
}

export function jobOf(program: Program, executions = 20_000, depth = 400): ExploreJob {
  const entry = program.entries[0];
  if (entry === undefined) throw new Error("no entry");
  return {
    program,
    entry: entry.func,
    limits: { executions, depth, millis: 600_000 },
    candidates: [],
  };
}

export function explored(program: Program, executions?: number, depth?: number): Exploration {
  return explore(jobOf(program, executions, depth), makeMachine, uncontrolled);
}

/** `deadlock 1, ok 2`: what can happen and in how many orders; what cut the search stands before. */
export function outcomes({ summary }: Exploration): string {
  const each = summary.outcomes.map((it) => `${it.kind} ${it.executions}`).sort();
  const text = each.join(", ");
  return summary.complete ? text : `${summary.limit ?? "?"}: ${text}`;
}

/** What was found, one line each. */
export function told({ found }: Exploration): string[] {
  return found.map((it) => `${it.kind}: ${it.message}`);
}
