import * as tsMorph from "ts-morph";
import { describe, expect, it } from "vitest";
import { neverCancelled } from "../../../language-server/base/cancel.js";
import { strictest } from "../../../language-server/explore/dependence.js";
import { OptimalSearch, type Tally } from "../../../language-server/explore/dpor/optimal.js";
import { causeOf } from "../../../language-server/explore/ending.js";
import { seeded } from "../../../language-server/explore/random.js";
import { following } from "../../../language-server/explore/shorten.js";
import { execute } from "../../../language-server/explore/strategy.js";
import { asItRuns, type Machine } from "../../../language-server/explore/vm/machine.js";
import { createTsMachine } from "../../../language-server/explore/vm/ts-machine.js";
import { lowerTs } from "../../../language-server/frontend/ts/frontend.js";
import type { FuncId, Program } from "../../../language-server/ir/ir.js";

// Every order of the tasks without any cleverness against the search: both must print the same.

const uri = "file:///example/main.ts";
const depth = 2000;
/** Programs with more orders than these are left out. */
const most = 120;
/** Programs; FUZZ_SEEDS asks for more. */
const seeds = Number(process.env["FUZZ_SEEDS"] ?? 300);

interface Explored {
  readonly ends: ReadonlySet<string>;
  readonly runs: number;
}

function programOf(text: string): { program: Program; entry: FuncId } {
  const readFile = (it: string): string | null => (it === uri ? text : null);
  const { program, gaps } = lowerTs({ uri, readFile }, tsMorph, neverCancelled);
  expect(gaps).toEqual([]);
  const [entry] = program.entries;
  if (entry === undefined) throw new Error("no entry");
  return { program, entry: entry.func };
}

/** How the execution ended and what it printed. */
function endOf(machine: Machine): string {
  const halt = machine.halted();
  const end = halt?.kind === "finished" ? halt.outcome.kind : JSON.stringify(halt);
  return `${end}|${machine.output()}`;
}

/** All ends by trying every task everywhere; null when there are too many. */
function everyOrder(program: Program, entry: FuncId): Explored | null {
  const machine = createTsMachine(program);
  machine.configure(asItRuns);
  machine.reset(entry);
  const ends = new Set<string>();
  let runs = 0;
  const go = (): boolean => {
    if (machine.halted() !== undefined) {
      ends.add(endOf(machine));
      return ++runs <= most;
    }
    const mark = machine.mark();
    for (const choice of machine.enabled()) {
      machine.step(choice);
      const fits = go();
      machine.undoTo(mark);
      if (!fits) return false;
    }
    return true;
  };
  return go() ? { ends, runs } : null;
}

function newSearch(program: Program, entry: FuncId): { machine: Machine; search: OptimalSearch } {
  const machine = createTsMachine(program);
  machine.configure({ ...asItRuns, telling: false, ghosts: true, wholeTasks: true });
  machine.reset(entry);
  const options = { machine, depth, threads: 64, strict: strictest, everything: false };
  return { machine, search: new OptimalSearch(options) };
}

function searched(
  program: Program,
  entry: FuncId,
): { readonly ends: ReadonlySet<string>; readonly tally: Tally } {
  const { machine, search } = newSearch(program, entry);
  const ends = new Set<string>();
  const over = search.run(
    () => false,
    () => {
      ends.add(endOf(machine));
      return "go on";
    },
  );
  expect(over).toBe("done");
  return { ends, tally: search.tally() };
}

function ordersOf(text: string): number {
  const { program, entry } = programOf(text);
  return searched(program, entry).tally.traces;
}

const head = `declare function ask(n: number): Promise<number>;
const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
`;

/** `count` calls that all begin at once. */
function calls(count: number, body: string, shared: string): string {
  const started = Array.from({ length: count }, (_, n) => `void work(${n});`).join("\n");
  return `${head}${shared}\nasync function work(n: number): Promise<void> { ${body} }\n${started}\n`;
}

describe("orders of tasks", () => {
  const factorial = [1, 1, 2, 6, 24, 120];

  it.each([1, 2, 3, 4, 5])("%i that touch nothing of each other's: one", (count) => {
    const elements = calls(count, "await ask(n); xs[n] = n;", "const xs = [0, 0, 0, 0, 0];");
    expect(ordersOf(elements)).toBe(1);
    const properties = calls(
      count,
      "await ask(n); const key = `k${n}`; all[key] = (all[key] ?? 0) + 1;",
      "const all: Record<string, number> = { k0: 0, k1: 0, k2: 0, k3: 0, k4: 0 };",
    );
    expect(ordersOf(properties)).toBe(1);
  });

  it.each([1, 2, 3, 4, 5])("%i that add to one counter: all", (count) => {
    expect(ordersOf(calls(count, "await ask(n); total++;", "let total = 0;"))).toBe(
      factorial[count],
    );
  });

  it("entries of maps: new ones come in an order", () => {
    const set = "await ask(n); map.set(n, n);";
    expect(ordersOf(calls(3, set, "const map = new Map<number, number>();"))).toBe(6);
    const filled = "const map = new Map<number, number>([[0, 0], [1, 0], [2, 0]]);";
    expect(ordersOf(calls(3, set, filled))).toBe(1);
    expect(ordersOf(calls(3, "await ask(n); map.get(1);", filled))).toBe(1);
  });

  it("readers of one place and one writer: the writer before, between or after", () => {
    const body = "await ask(n); if (n === 0) x = 1; else seen[n] = x;";
    expect(ordersOf(calls(4, body, "let x = 0; const seen = [0, 0, 0, 0];"))).toBe(8);
  });

  it("pushes on one array, output, and reading what is printed", () => {
    expect(ordersOf(calls(3, "await ask(n); xs.push(n);", "const xs: number[] = [];"))).toBe(6);
    expect(ordersOf(calls(3, "await ask(n); console.log(n);", ""))).toBe(1);
    const printed = "await ask(n); if (n === 0) console.log(all); else all.x = n;";
    expect(ordersOf(calls(2, printed, "const all = { x: 0 };"))).toBe(2);
  });

  it("calls that race: who comes first, and nothing of what others do meanwhile", () => {
    const text = `${head}async function work(n: number): Promise<number[]> {
        await ask(n);
        return [n].map((it) => it + 1).filter(Boolean);
      }
      void Promise.race([work(1), work(2)]).finally(() => {});
      void (async () => { await ask(5); })();`;
    expect(ordersOf(text)).toBe(2);
  });

  it("of one call that asks twice at once", () => {
    const text = `${head}let last = 0;
      void Promise.race([ask(1).then((it) => { last = 1; }), ask(2).then((it) => { last = 2; })]);`;
    expect(ordersOf(text)).toBe(2);
  });

  it("timers of different times come in theirs", () => {
    expect(ordersOf(calls(4, "await sleep(n + 1); total++;", "let total = 0;"))).toBe(1);
  });
});

class Writer {
  readonly #random: () => number;
  /** Whether tasks wait for other things than replies, too. */
  readonly #timers: boolean;

  constructor(seed: number) {
    this.#random = seeded(seed);
    this.#timers = seed % 2 === 0;
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #pick(texts: readonly string[]): string {
    return texts[this.#below(texts.length)] ?? "";
  }

  program(): string {
    const count = 2 + this.#below(2);
    const bodies = Array.from({ length: count }, (_, n) => this.#function(n, count));
    const names = Array.from({ length: count }, (_, n) => `f${n}`);
    return [head, shared, ...bodies, this.#main(names)].join("\n");
  }

  #main(names: readonly string[]): string {
    const show = "console.log(JSON.stringify([x, y, o, xs, [...m], [...s], log]));";
    const started = names.map((it) => `${it}()`);
    switch (this.#below(this.#timers ? 4 : 2) * (this.#timers ? 1 : 3)) {
      case 0:
        return `${started.map((it) => `void ${it};`).join(" ")} void ask(9).then(() => { ${show} });`;
      case 1:
        return `${started.map((it) => `void ${it};`).join(" ")} setTimeout(() => { ${show} }, 9);`;
      case 2:
        return `void Promise.race([${started.join(", ")}]).then(() => { ${show} });`;
      default:
        return `void Promise.all([${started.join(", ")}]).then(() => { ${show} });`;
    }
  }

  #function(n: number, count: number): string {
    const steps = Array.from({ length: 1 + this.#below(2) }, () => {
      const work = Array.from({ length: 1 + this.#below(2) }, () => this.#work(n));
      return `${this.#wait(n, count)} ${work.join(" ")}`;
    });
    return `async function f${n}(): Promise<void> { let v = ${n + 1}; ${steps.join(" ")} }`;
  }

  #wait(n: number, count: number): string {
    const replies = ["await ask(1);", "await ask(2);", "await gate;", "open(); await ask(3);"];
    if (!this.#timers) return this.#pick(replies);
    const waits = [
      ...replies,
      `await sleep(${1 + this.#below(2)});`,
      "await Promise.all([ask(1), ask(2)]);",
      "await Promise.race([ask(1), sleep(1)]);",
      "await new Promise<void>((done) => setImmediate(done));",
      `t${n % count} = setTimeout(() => { x = x * 2 + 1; }, ${1 + this.#below(2)}); await ask(3);`,
      `clearTimeout(t${this.#below(count)}); await ask(4);`,
    ];
    return this.#pick(waits);
  }

  #work(n: number): string {
    const operations = [
      `x = ${n};`,
      "x++;",
      "v = x; await null; x = v + 1;",
      "y += x;",
      "if (x > 1) y = v; else xs.push(v);",
      `o.a = (o.a ?? 0) * 3 + ${n};`,
      `o["k${n}"] = x;`,
      'if ("b" in o) y++; else o.b = v;',
      "delete o.a;",
      `xs.push(${n});`,
      "xs[0] = v;",
      "v = xs.length;",
      "y = xs.map((it) => it + 1).reduce((a, b) => a * 2 + b, 0);",
      "xs.sort();",
      `m.set(${this.#below(2)}, v);`,
      `v = m.get(${this.#below(2)}) ?? 7;`,
      "m.delete(0);",
      "v = m.size;",
      "for (const [, it] of m) v += it;",
      `s.add(${n});`,
      "y = [...s].length;",
      "log += JSON.stringify(o);",
      "v += Object.keys(o).length;",
      "box.items.push(v); y = box.items.length;",
      "box = { items: [v] };",
      "log += `${Date.now() % 1000} `;",
      "y = Number(new Counter().next());",
      "Counter.made++;",
      "if (v === 3) throw new Error('three');",
      "void ask(5).then(() => { y = y * 2 + v; });",
    ];
    return this.#pick(operations);
  }
}

const shared = `let x = 0; let y = 0; let log = "";
const o: Record<string, number> = {}; const xs: number[] = [];
const m = new Map<number, number>(); const s = new Set<number>();
let box: { items: number[] } = { items: [] };
class Counter { static made = 0; n = 0; next(): number { Counter.made++; return (this.n += Counter.made); } }
let open: () => void = () => {};
const gate = new Promise<void>((done) => { open = done; });
let t0: unknown, t1: unknown, t2: unknown, t3: unknown;`;

describe("what orders tasks besides variables", () => {
  const tell =
    "const tell = (it: string): void => { log += it; if (log.length === 2) console.log(log); };";
  const either = (a: string, b: string): string => `let log = ""; ${tell}
    void ask(1).then(() => { ${a} }); void ask(2).then(() => { ${b} });`;

  it.each([
    [
      "timers of one queue",
      either('setTimeout(() => tell("a"), 1);', 'setTimeout(() => tell("b"), 1);'),
    ],
    ["immediates", either('setImmediate(() => tell("a"));', 'setImmediate(() => tell("b"));')],
    [
      "reactions to one promise",
      `let open = (): void => {}; const gate = new Promise<void>((done) => { open = done; });
      let opened = false; void ask(3).then(() => { opened = true; open(); });
      ${either('if (!opened) void gate.then(() => tell("a"));', 'if (!opened) void gate.then(() => tell("b"));')}`,
    ],
    [
      "a timer and what clears it",
      `let timer: unknown; void ask(1).then(() => clearTimeout(timer));
      timer = setTimeout(() => console.log("fired"), 1);`,
    ],
    [
      "an entry that is read and one that is written",
      `const map = new Map([[1, 1]]); let seen = 0;
      void ask(1).then(() => map.set(1, 2));
      void ask(2).then(() => { seen = map.get(1) ?? 0; }).then(() => console.log(seen));`,
    ],
    [
      "the time and a timer",
      `void ask(1).then(() => console.log(Date.now() % 1000)); setTimeout(() => {}, 5);`,
    ],
    [
      "an emitter and its listeners",
      `import { EventEmitter } from "node:events"; const all = new EventEmitter();
      void ask(1).then(() => all.on("x", () => console.log("heard")));
      void ask(2).then(() => all.emit("x"));`,
    ],
    [
      "a generator that two resume",
      `function* numbers(): Generator<number> { yield 1; yield 2; } const all = numbers();
      let a: unknown; let b: unknown;
      void Promise.all([
        ask(1).then(() => { a = all.next().value; }), ask(2).then(() => { b = all.next().value; }),
      ]).then(() => console.log(a, b));`,
    ],
    [
      "a timer that keeps nothing alive",
      `void ask(1); const timer = setTimeout(() => console.log("fired"), 1); timer.unref();`,
    ],
  ])("%s", (_, text) => {
    const imports = /^import .*?;/.exec(text)?.[0] ?? "";
    const { program, entry } = programOf(imports + head + text.slice(imports.length));
    const expected = everyOrder(program, entry);
    const { ends } = searched(program, entry);
    expect(ends.size).toBeGreaterThan(1);
    expect([...ends].sort()).toEqual([...(expected?.ends ?? [])].sort());
  });
});

describe("the search loses nothing that trying every order finds", () => {
  it("in random programs", () => {
    let compared = 0;
    // Programs of replies only, and those with timers.
    const runs = [0, 0];
    const orders = [0, 0];
    const blocked = [0, 0];
    for (let seed = 1; seed <= seeds; seed++) {
      const text = new Writer(seed).program();
      const { program, entry } = programOf(text);
      const expected = everyOrder(program, entry);
      if (expected === null) continue;
      compared++;
      const { ends, tally } = searched(program, entry);
      const lost = [...expected.ends].filter((it) => !ends.has(it));
      const invented = [...ends].filter((it) => !expected.ends.has(it));
      expect({ seed, text, lost, invented }).toEqual({ seed, text, lost: [], invented: [] });
      const kind = (seed + 1) % 2;
      runs[kind] = (runs[kind] ?? 0) + tally.traces;
      blocked[kind] = (blocked[kind] ?? 0) + tally.blocked;
      orders[kind] = (orders[kind] ?? 0) + expected.runs;
    }
    if (process.env["FUZZ_SEEDS"] !== undefined) console.log({ compared, runs, blocked, orders });
    expect(compared).toBeGreaterThan((seeds * 2) / 3);
  });
});

describe("a schedule of the search", () => {
  it("leads a machine that tells to the same end", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const { program, entry } = programOf(new Writer(seed).program());
      const { machine, search } = newSearch(program, entry);
      const teller = createTsMachine(program);
      let left = 10;
      search.run(
        () => false,
        () => {
          const choices = causeOf(machine, search.execution, null);
          execute(teller, entry, following(choices), depth);
          expect(endOf(teller), `seed ${seed}`).toBe(endOf(machine));
          return --left > 0 ? "go on" : "stop";
        },
      );
    }
  });
});
