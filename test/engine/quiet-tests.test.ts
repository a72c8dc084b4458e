import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { neverCancelled } from "../../language-server/base/cancel.js";
import type { CheckResult } from "../../protocol/finding.js";
import { testEngine } from "../harness/engine.js";

// How loud it is about tests as real packages have them: what a test accepts knowingly is told, but is no warning.

const { engine, log } = testEngine();
afterAll(async () => {
  await engine.dispose();
});
const limits = { executions: 400, depth: 400, millis: 100_000 };

function check(body: string): Promise<CheckResult> {
  const packages = "io/ioutil log math/rand net/http sync testing time".split(" ");
  const used = packages.filter((it) => body.includes(`${it.slice(it.lastIndexOf("/") + 1)}.`));
  const imports = used.map((it) => `\t"${it}"\n`).join("");
  const text = `package quiet\n\nimport (\n${imports})\n\n${body}`;
  const uri = pathToFileURL("/example/quiet_test.go").href;
  const unit = { language: "go", uri, overlays: [{ uri, text }], edited: null } as const;
  return engine.check(unit, { explore: true, limits }, neverCancelled);
}

async function told(body: string): Promise<readonly string[]> {
  const { findings } = await check(body);
  return findings.map(({ severity, code }) => `${severity} ${code}`).sort();
}

describe("what a test leaves behind", () => {
  const ticker = `
type ticker struct {
	c    chan int
	stop chan bool
}

func newTicker() *ticker {
	t := &ticker{make(chan int), make(chan bool)}
	go t.run()
	return t
}

func (t *ticker) run() {
	for i := 0; ; i++ {
		select {
		case t.c <- i:
		case <-t.stop:
			return
		}
	}
}

func (t *ticker) end() { close(t.stop) }
`;

  it("is information where the test could have stopped it", async () => {
    const body = `${ticker}
func TestFirst(t *testing.T) {
	first := newTicker()
	if <-first.c > 0 {
		first.end()
	}
}
`;
    expect(await told(body)).toEqual(["information goroutine-leak"]);
  });

  it("is a warning where nothing lets it go", async () => {
    const body = `
func TestAnswer(t *testing.T) {
	answers := make(chan int)
	var mu sync.Mutex
	n := 0
	for range 2 {
		go func() {
			mu.Lock()
			n++
			own := n
			mu.Unlock()
			answers <- own
		}()
	}
	<-answers
}
`;
    expect((await told(body)).filter((it) => it.startsWith("warning"))).toHaveLength(1);
  });
});

describe("what a test takes for granted of time", () => {
  it("others have had their turn when it has slept", async () => {
    const body = `
func TestTwo(t *testing.T) {
	var wg sync.WaitGroup
	wg.Add(2)
	release := make(chan bool)
	var mu sync.Mutex
	loads := 0
	load := func() {
		defer wg.Done()
		mu.Lock()
		loads++
		own := loads
		mu.Unlock()
		if own == 1 {
			<-release
			mu.Lock()
			loads = 0
			mu.Unlock()
		}
	}
	go load()
	go load()
	time.Sleep(time.Second)
	release <- true
	wg.Wait()
}
`;
    const findings = await told(body);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.filter((it) => !it.startsWith("information"))).toEqual([]);
  });

  it("a timer does not overtake its starter, who has nobody to wait for", async () => {
    const body = `
func acquire(tickets chan bool) bool {
	timer := time.NewTimer(time.Second)
	select {
	case tickets <- true:
		timer.Stop()
		return true
	case <-timer.C:
		return false
	}
}

func TestAcquire(t *testing.T) {
	tickets := make(chan bool, 1)
	acquire(tickets)
	<-tickets
}
`;
    expect(await told(body)).toEqual([]);
  });
});

it("who is only late when the test ends is not left behind", async () => {
  const body = `
func TestTick(t *testing.T) {
	c := make(chan time.Time)
	go func() {
		c <- <-time.After(0)
	}()
}
`;
  const { findings } = await check(body);
  const messages = findings.map((it) => it.message).filter((it) => it.includes("timer"));
  expect(messages.filter((it) => it.includes("to receive from"))).toEqual([]);
});

it("a test that fails by chance alone says nothing about orders", async () => {
  const body = `
var mu sync.Mutex

func TestChance(t *testing.T) {
	mu.Lock()
	defer mu.Unlock()
	if rand.Intn(2) == 1 {
		t.Error("odd")
	}
}
`;
  const { findings } = await check(body);
  expect(findings.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
    "information test-failure",
  ]);
  expect(findings[0]?.message).toContain("in some executions");
});

describe("variables of packages that are known by their types only", () => {
  const end = async (body: string): Promise<readonly (string | undefined)[]> => {
    const { findings, explorations } = await check(body);
    expect(findings).toEqual([]);
    return explorations.map((it) => it.unsupported?.reason);
  };

  it("are not taken for nil", async () => {
    const body = `
var mu sync.Mutex

func TestClosed(t *testing.T) {
	mu.Lock()
	defer mu.Unlock()
	if http.ErrServerClosed == nil {
		panic("nil")
	}
}
`;
    expect(await end(body)).toEqual(["call of variable net/http.ErrServerClosed"]);
  });

  it("nor is what an initialiser makes of them", async () => {
    const body = `
var mu sync.Mutex

type settings struct{ err error }

var defaults = &settings{http.ErrServerClosed}

func TestDefaults(t *testing.T) {
	mu.Lock()
	defer mu.Unlock()
	panic(defaults.err.Error())
}
`;
    expect(await end(body)).toEqual(["call of variable main.defaults"]);
  });
});

it("what older code logs to nowhere is written nowhere", async () => {
  const body = `
var mu sync.Mutex

func TestDiscard(t *testing.T) {
	mu.Lock()
	defer mu.Unlock()
	log.New(ioutil.Discard, "", 0).Printf("%d", 1)
}
`;
  const { findings, explorations } = await check(body);
  expect(findings).toEqual([]);
  expect(explorations.map((it) => it.complete)).toEqual([true]);
});

it("needs no failure of ours", () => {
  expect(log).toEqual([]);
});
