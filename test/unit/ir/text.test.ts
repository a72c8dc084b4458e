import { describe, expect, it } from "vitest";
import { IrSyntaxError } from "../../../language-server/ir/lex.js";
import { parseProgram } from "../../../language-server/ir/parse.js";
import { printProgram } from "../../../language-server/ir/print.js";
import { verify } from "../../../language-server/ir/verify.js";

const everything = `program go
type main.T = struct{mu sync.Mutex, n int pkg main, next *main.T, "odd name" [3][]string tag "json:\\"x\\""}
type sync.Mutex = struct{state uintptr pkg sync}
global main.counter int @"file:///a.go" 3:5~3:12
func main.main() pkg main @"file:///a.go" 8:6~8:10 {
b0:
  r0:*int = global main.counter @"file:///a.go" 9:2~9:9
  r1:int = load r0 int @"file:///a.go" 9:2~9:9
  r2:int = const 1
  r3:int = prim add [r1 r2] int
  store r0 r3 int
  r4:bool = prim eq [r3 r1] int
  spawn main.work [r0]
  branch r4 b1(r3) b2()
b1(r5:int):
  r6:chan both int = make chan both int [r5] ch
  send r6 r5
  r7:(int, bool) = recv r6 yes
  r8:(int, bool, int) = select [recv r6 _ @"file:///a.go" 12:2~12:6; send r6 r5;] no
  r9:int = extract r8 0
  jump b1(r9)
b2:
  r10:func()() = closure main.main$1 [r0]
  r11:any = call r10 []
  r12:map[string]interface{Lock func()()} = make map[string]interface{Lock func()()} [] ""
  call r12 method Lock []
  r13:float64 = const {FLOAT}
  r14:int = const int "9223372036854775807"
  r15:string = const "a\\"b\\n"
  r16:complex128 = const complex 1 -2.5
  return []
}

func main.work(r0:*int) display work pkg main recover b1 name r0 p {
b0:
  acquire r0 no
  defer external sync.unlock [r0]
  sync wg-add r0 []
  call external "os.(*File).Write" [r0]
  run-defers
  return []
b1:
  return []
}

func main.main$1() captures (r0:*int) pkg main results 1 parent main.main {
b0:
  try b1
  r1:int = load r0 int
  end-try
  return [r1]
b1(r2:any):
  panic r2
}

func fmt.Println(r0:[]interface{}) pkg fmt library results 2 external

method *main.T Lock main.work
init main.work
entry main main.main
entry snippet main.work assuming "two calls of \`work\` may overlap"
entry snippet main.work assuming "two more" rehearsed
guard main.T n mu mu @"file:///a.go" 4:2~4:4
guard main.T next "" lostMu
requires main.work p0 mu shared
`.replace("{FLOAT}", 'float "+Inf"');

describe("the text form of the IR", () => {
  it("reads back what it prints", () => {
    const program = parseProgram(everything);
    expect(verify(program)).toEqual([]);
    expect(printProgram(program)).toBe(everything);
  });

  it("lets hand-written programs leave out types and spans", () => {
    const program = parseProgram(`program go
      func f(r0) results 1 {
      b0:
        jump b1(r0)
      b1(r1):
        branch r1 b1(r2) b2()   # r2 is defined below
      b2:
        r2 = const 3
        return [r2]
      }`);
    expect(verify(program)).toEqual(["f: b1: branch reads r2 before its definition"]);
  });

  it("names the line of what it cannot read", () => {
    expect(() => parseProgram("program go\nfunc f() {\nb0:\n  fly r1\n}")).toThrow(IrSyntaxError);
    expect(() => parseProgram("program go\nfunc f() {\nb0:\n  fly r1\n}")).toThrow(/line 4.*fly/);
    expect(() => parseProgram("program go\nfunc f() {\nb0:\n  return\n")).toThrow(/not closed/);
  });
});

describe("verify", () => {
  const problems = (body: string): string[] =>
    verify(parseProgram(`program go\nfunc f(r0:int) {\n${body}\n}`));

  it("sees arity, missing blocks and wrong results", () => {
    expect(problems("b0:\n  jump b1()\nb1(r1):\n  return []")).toEqual([
      "f: b0: 0 arguments for b1, which takes 1",
    ]);
    expect(problems("b0:\n  jump b7()")).toEqual(["f: b0: edge to b7, which does not exist"]);
    expect(problems("b0:\n  return [r0]")).toEqual(["f: b0: returns 1 values of 0"]);
  });

  it("sees a definition that does not dominate its use", () => {
    expect(
      problems("b0:\n  branch r0 b1() b2()\nb1:\n  r1 = const 1\n  jump b2()\nb2:\n  panic r1"),
    ).toEqual(["f: b2: panic reads r1 before its definition"]);
  });
});
