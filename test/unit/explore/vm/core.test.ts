import { describe, expect, it } from "vitest";
import { result, run, start } from "./run-core.js";

const counter = `global main.n int
func main.main() {
b0:
  r0:*int = global main.n
  r1:int = load r0 int
  r2:int = const 1
  r3:int = prim add [r1 r2] int
  store r0 r3 int
  sync yield _ []
  r4:int = load r0 int
  r5:int = prim add [r4 r2] int
  store r0 r5 int
  sync yield _ []
  jump b0()
}
`;

describe("the core", () => {
  it("stops before synchronisation and goes on after it", () => {
    const { core, thread } = start(counter);
    expect(core.run(thread, 100)).toMatchObject({ kind: "op", instr: { op: "sync" } });
    core.complete(thread, null);
    expect(core.run(thread, 100)).toMatchObject({ kind: "op" });
    expect(core.variables(thread)).toEqual([]);
  });

  it("takes everything back to a mark, as often as one likes", () => {
    const { core, thread, accesses } = start(counter);
    core.run(thread, 100);
    const mark = core.trail.mark();
    const seen: string[] = [];
    for (let round = 0; round < 3; round++) {
      core.complete(thread, null);
      core.run(thread, 100);
      core.complete(thread, null);
      core.run(thread, 100);
      seen.push(`${core.stack(thread).length} frames, ${accesses.length} accesses`);
      accesses.length = 0;
      core.trail.undoTo(mark);
    }
    expect(seen).toEqual(["1 frames, 6 accesses", "1 frames, 4 accesses", "1 frames, 4 accesses"]);
  });

  it("tells of plain accesses by the name of the variable", () => {
    const { core, thread, accesses } = start(counter);
    core.run(thread, 100);
    expect(accesses).toEqual(["read n", "write n"]);
  });

  it("says when a thread has run its limit", () => {
    expect(run(`func main.main() {\nb0:\n  jump b0()\n}\n`).kind).toBe("limit");
  });

  it("names what it does not know", () => {
    const stop = run(`func main.main() {\nb0:\n  call external os.Open []\n  return []\n}\n`);
    expect(stop).toMatchObject({ kind: "unsupported", reason: "call of os.Open" });
  });

  it("bounds memory and recursion", () => {
    const endless = `func main.main() {\nb0:\n  r0:*[100]int = alloc [100]int x\n  jump b0()\n}\n`;
    expect(run(endless)).toMatchObject({ reason: "more than 10000 cells of memory" });
    const huge = `func main.main() {\nb0:\n  r0:*[99999999]int = alloc [99999999]int x\n  return []\n}\n`;
    expect(run(huge)).toMatchObject({ reason: "memory of 99999999 cells at once" });
  });
});

describe("panics", () => {
  const panics = (body: string): unknown => result(body);

  it("have the words of the run-time", () => {
    expect(
      panics(
        "  r0:int = const 1\n  r1:int = const 0\n  r2:int = prim div [r0 r1] int\n  return [r2]",
      ),
    ).toBe("runtime error: integer divide by zero");
    expect(panics("  r0:*int = const null\n  r1:int = load r0 int\n  return [r1]")).toBe(
      "runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation]",
    );
    expect(
      panics(
        "  r0:[]int = const null\n  r1:int = const 5\n  r2:*int = element r0 r1 []int\n  r3:int = load r2 int\n  return [r3]",
      ),
    ).toBe("runtime error: index out of range [5] with length 0");
  });

  it("run deferred calls, innermost first, and can be recovered", () => {
    const text = `func main.d(r0:string) {
b0:
  call external print [r0]
  return []
}
func main.r() {
b0:
  r0:interface{} = recover
  return []
}
func main.main() recover b1 {
b0:
  r0:string = const "first"
  r9:interface{} = interface r0 string
  defer main.d [r9]
  defer main.r []
  r1:string = const "second"
  r8:interface{} = interface r1 string
  defer main.d [r8]
  r2:string = const "boom"
  r3:interface{} = interface r2 string
  panic r3
b1:
  return []
}
`;
    const { core, thread, printed } = start(text);
    expect(core.run(thread, 1000).kind).toBe("ended");
    expect(printed).toEqual(["second", "first"]);
  });
});
