import { describe, expect, test } from "vitest";
import { lockBalance } from "../../../language-server/analysis/facts/lock-balance.js";
import { pointsTo } from "../../../language-server/analysis/facts/points-to.js";
import { races } from "../../../language-server/analysis/facts/races.js";
import { threads } from "../../../language-server/analysis/facts/threads.js";
import type { Check, Fact } from "../../../language-server/analysis/check.js";
import { analyse } from "../../../language-server/analysis/run.js";
import { neverCancelled } from "../../../language-server/base/cancel.js";
import { parseProgram } from "../../../language-server/ir/parse.js";

/** The value of a fact about a program given as IR text. */
function factOf<T>(fact: Fact<T>, text: string): T {
  const values: T[] = [];
  const doc = { title: "", text: "", bad: "", good: "", since: "", severity: "error" } as const;
  const probe: Check = {
    code: "probe",
    language: "go",
    doc,
    run: (pass) => {
      values.push(pass.get(fact));
    },
  };
  const { failures } = analyse(parseProgram(text), [probe], { cancel: neverCancelled });
  const [value] = values;
  if (value === undefined) throw new Error(failures.join("\n"));
  return value;
}

const head = "program go\ntype sync.Mutex = struct{state int}\n";
const at = (line: number): string => `@"file:///m.go" ${line}:1~${line}:2`;

describe("points-to", () => {
  test("initialisers of libraries are left out where nothing comes to what they make", () => {
    const init = (name: string, reads: string, sets: string): string => `func ${name}() library {
b0:
  r0:*int = global ${reads}
  r1:int = load r0 int
  r2:*int = global ${sets}
  store r2 r1 int
  return
}
`;
    const points = factOf(
      pointsTo,
      `${head}global c.table int
global b.made int
global a.shown int
${init("c.init", "c.table", "c.table")}${init("b.init", "b.made", "b.made")}${init("a.init", "b.made", "a.shown")}func main.main() ${at(1)} {
b0:
  r0:*int = global a.shown
  return
}
init c.init
init b.init
init a.init
entry main main.main
`,
    );
    expect(points.roots.map((it) => it.func.name)).toEqual(["b.init", "a.init", "main.main"]);
  });

  test("a call through an interface runs the method of the type that was put in", () => {
    const points = factOf(
      pointsTo,
      `${head}type main.T = struct{n int}
type main.U = struct{n int}
func main.T.m(r0:*main.T) ${at(1)} {
b0:
  return
}
func main.U.m(r0:*main.U) ${at(2)} {
b0:
  return
}
func main.main() ${at(3)} {
b0:
  r0:*main.T = alloc main.T new
  r1:any = interface r0 *main.T
  call r1 method m []
  return
}
method *main.T m main.T.m
method *main.U m main.U.m
entry main main.main
`,
    );
    const [main] = points.roots;
    const call = main?.func.blocks[0]?.instrs[2];
    if (main === undefined || call === undefined) throw new Error("no call");
    expect(points.targets(main, call).map((it) => it.instance.func.name)).toEqual(["main.T.m"]);
  });

  test("two calls of a small constructor make two objects, and fields are told apart", () => {
    const points = factOf(
      pointsTo,
      `${head}type main.P = struct{a *int, b *int}
func main.make() results 1 ${at(1)} {
b0:
  r0:*main.P = alloc main.P complit
  return [r0]
}
func main.main() ${at(2)} {
b0:
  r0:*main.P = call main.make []
  r1:*main.P = call main.make []
  r2:*int = alloc int x
  r3:**int = field r0 main.P 0 a
  store r3 r2 *int
  r4:**int = field r0 main.P 1 b
  r5:*int = load r3 *int
  r6:*int = load r4 *int
  return
}
entry main main.main
`,
    );
    const main = points.roots[0];
    if (main === undefined) throw new Error("no root");
    const of = (reg: number): number[] => [...points.locations(main, reg as never)];
    expect(of(0)).toHaveLength(1);
    expect(of(0)).not.toEqual(of(1));
    expect(of(5)).toEqual(of(2));
    expect(of(6)).toEqual([]);
  });
});

/** main starts a goroutine that writes the global; what main does before and after is the parameter. */
function writerBeside(child: string, after: string): string {
  return `${head}global main.n int
global main.mu sync.Mutex
func main.work(r0:chan both int) ${at(1)} {
b0:
  r1:*int = global main.n
  r2:int = const 1
  r3:*sync.Mutex = global main.mu
${child}
  return
}
func main.main() ${at(2)} {
b0:
  r0:int = const 0
  r1:chan both int = make chan both int [r0] c
  r2:*int = global main.n
  r4:*sync.Mutex = global main.mu
  spawn main.work [r1]
${after}
  return
}
entry main main.main
`;
}

const write = `  store r1 r2 int ${at(10)}`;
const read = `  r3:int = load r2 int ${at(20)}`;

describe("races", () => {
  const count = (child: string, after: string): number =>
    factOf(races, writerBeside(child, after)).length;

  test("a write beside a read is one", () => {
    expect(count(write, read)).toBe(1);
  });

  test("a lock that both hold keeps them apart; one that only one holds does not", () => {
    const locked = `  acquire r3 no\n${write}\n  release r3 no`;
    expect(count(locked, `  acquire r4 no\n${read}\n  release r4 no`)).toBe(0);
    expect(count(locked, read)).toBe(1);
    expect(count(`  acquire r3 no\n  release r3 no\n${write}`, `  acquire r4 no\n${read}`)).toBe(1);
  });

  test("a receive joins what was before the send, not what comes after it", () => {
    const receive = `  r5:int = recv r1 no\n${read}`;
    expect(count(`${write}\n  send r0 r2`, receive)).toBe(0);
    expect(count(`  send r0 r2\n${write}`, receive)).toBe(1);
    expect(count(`${write}\n  close r0`, receive)).toBe(0);
  });

  test("reads alone are none", () => {
    expect(count(`  r4:int = load r1 int ${at(10)}`, read)).toBe(0);
  });

  test("what happens before the goroutine starts is none", () => {
    const text = writerBeside(write, "").replace("  spawn", `  store r2 r0 int ${at(5)}\n  spawn`);
    expect(factOf(races, text)).toEqual([]);
  });
});

describe("threads", () => {
  test("a goroutine started in a loop is one thread", () => {
    const all = factOf(
      threads,
      `${head}global main.n int
func main.work() ${at(1)} {
b0:
  r0:*int = global main.n
  r1:int = const 1
  store r0 r1 int ${at(9)}
  return
}
func main.main(r0:bool) ${at(2)} {
b0:
  jump b1()
b1:
  spawn main.work [] ${at(3)}
  branch r0 b1() b2()
b2:
  return
}
entry main main.main
`,
    );
    expect(all.threads).toHaveLength(1);
    const [access] = all.accesses;
    const thread = all.threads[0];
    if (access === undefined || thread === undefined) throw new Error("nothing");
    expect(access.state.live.has(thread.id)).toBe(true);
  });
});

describe("lock balance", () => {
  const body = (text: string): string => `${head}global main.mu sync.Mutex
func main.main(r0:bool) results 0 ${at(1)} {
b0:
  r1:*sync.Mutex = global main.mu
${text}
}
entry main main.main
`;

  test("branches on one condition are taken together", () => {
    const twice = (second: string): string =>
      body(`  branch r0 b1() b2()
b1:
  acquire r1 no ${at(3)}
  jump b2()
b2:
  branch r0 ${second}
b3:
  release r1 no ${at(4)}
  jump b4()
b4:
  return ${at(5)}`);
    expect(factOf(lockBalance, twice("b3() b4()")).leaks).toEqual([]);
    const wrong = factOf(lockBalance, twice("b4() b3()"));
    expect(wrong.leaks.map((it) => it.releasedElsewhere)).toEqual([false]);
  });

  test("a lock held on every path is taken again for certain, on some paths only perhaps", () => {
    const always = factOf(
      lockBalance,
      body(`  acquire r1 no ${at(3)}\n  acquire r1 no ${at(4)}\n  return ${at(5)}`),
    );
    expect(always.doubles.map((it) => it.always)).toEqual([true]);
    const sometimes = factOf(
      lockBalance,
      body(`  branch r0 b1() b2()
b1:
  acquire r1 no ${at(3)}
  jump b2()
b2:
  acquire r1 no ${at(4)}
  return ${at(5)}`),
    );
    expect(sometimes.doubles.map((it) => it.always)).toEqual([false]);
  });
});
