import { pathToFileURL } from "node:url";
import { afterAll, expect, it } from "vitest";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { oneOfEachInstance } from "../../language-server/engine/one-cause.js";
import type { Finding } from "../../protocol/finding.js";
import { testEngine, testLimits } from "../harness/engine.js";

// Races that come of one mistake are told once, at the place of the access.

const { engine } = testEngine();
afterAll(async () => {
  await engine.dispose();
});

/** `code line`, in the order of the file; lines count from the first of the body. */
async function told(body: string): Promise<readonly string[]> {
  const findings = await confirmedIn(body);
  return findings.map(({ code, primary }) => `${code} ${primary.span.start.line}`);
}

async function confirmedIn(body: string): Promise<readonly Finding[]> {
  const packages = ["sort", "sync", "time"].filter((it) => body.includes(`${it}.`));
  const imports = packages.map((it) => `import "${it}"; `).join("");
  const text = `package main; ${imports}\n${body}`;
  const uri = pathToFileURL("/example/main.go").href;
  const unit = { language: "go", uri, overlays: [{ uri, text }], edited: null } as const;
  const { findings } = await engine.check(
    unit,
    { explore: true, limits: testLimits },
    neverCancelled,
  );
  return findings.filter(({ confidence }) => confidence === "confirmed");
}

it("elements of one array that two sort", async () => {
  const found = await told(`type byName []string
func (b byName) Len() int { return len(b) }
func (b byName) Less(i, j int) bool { return b[i] < b[j] }
func (b byName) Swap(i, j int) { b[i], b[j] = b[j], b[i] }
func main() {
	names := []string{"b", "a"}
	done := make(chan bool)
	for range 2 {
		go func() { sort.Sort(byName(names)); done <- true }()
	}
	<-done
	<-done
}`);
  expect(found).toHaveLength(1);
});

it("what is made before it is handed over without a lock, and the variable it is handed over in", async () => {
  const found = await told(`type resolver interface{ find(name string) string }
type table map[string]string
func (t table) find(name string) string { return t[name] }
type dialer struct { mu sync.Mutex; names resolver }
func (d *dialer) set(r resolver) {
	d.names = r
}
func (d *dialer) dial() string {
	return d.names.find("a")
}
func main() {
	d := &dialer{names: table{"a": "1"}}
	go d.dial()
	d.set(table{"a": "2"})
}`);
  expect(found).toEqual(["unsynchronized-access 9"]);
});

it("elements that are moved all at once, at the place where they are", async () => {
  const found = await told(`func main() {
	list := []int{1, 2, 3}
	go func() {
		for _, it := range list {
			println(it)
		}
	}()
	copy(list, list[1:])
}`);
  expect(found).toHaveLength(1);
  expect(["4", "8"]).toContain(found[0]?.split(" ")[1]);
});

const timed = (body: string, access: string): string => `func main() {
	var mu sync.Mutex
	x := 0
	timer := time.AfterFunc(time.Minute, func() {
		mu.Lock()
		x++
		mu.Unlock()
	})
	go func() {
		${access}
		${body}
	}()
	time.Sleep(time.Hour)
}`;

it.each(["timer.Stop()", "timer.Reset(time.Minute)"])(
  "a timer that may go off before %s of another goroutine",
  async (call) => {
    expect(await told(timed(call, "println(x)"))).toEqual(["captured-variable 6"]);
    expect(await told(timed(call, "mu.Lock(); println(x); mu.Unlock()"))).toEqual([]);
  },
);

it("that a test gives up after a time is what its clock is there for", async () => {
  const found = await told(`func main() {
	var mu sync.Mutex
	n := 0
	go func() { mu.Lock(); n++; mu.Unlock() }()
	end := time.Now().Add(time.Second)
	for {
		mu.Lock()
		done := n > 0
		mu.Unlock()
		if done { return }
		if time.Now().After(end) { panic("too late") }
		time.Sleep(time.Millisecond)
	}
}`);
  expect(found).toEqual([]);
});

it("generic code that races for two types, and nothing else that is shown twice", async () => {
  const shared = (
    parameter: string,
    argument: string,
  ): string => `type box${parameter} struct { size int }
func (b *box${argument}) resize(n int) { b.size = n }
func main() {
	b := &box${argument.replace("T", "int")}{}
	go b.resize(1)
	b.resize(2)
}`;
  const twice = async (text: string): Promise<number> => {
    const races = await confirmedIn(text);
    expect(races).toHaveLength(1);
    return oneOfEachInstance([...races, ...races]).length;
  };
  expect(await twice(shared("[T any]", "[T]"))).toBe(1);
  expect(await twice(shared("", ""))).toBe(2);
});
