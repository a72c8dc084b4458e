import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { neverCancelled } from "../../language-server/base/cancel.js";
import type { Outcome, Witness } from "../../protocol/witness.js";
import { testEngine } from "../harness/engine.js";

// What is told of how programs end, and of programs that go on while some of their goroutines do not. What the checks call
// each of them is not looked at.

const { engine, log } = testEngine();
afterAll(async () => {
  await engine.dispose();
});
const limits = { executions: 40, depth: 400, millis: 100_000 };

interface Shown {
  /** `leak: main.func1 is blocked forever…`, sorted. */
  readonly ends: readonly string[];
  readonly witnesses: readonly Witness[];
}

async function show(body: string): Promise<Shown> {
  const packages = "context errors os os/signal runtime sync sync/atomic syscall time".split(" ");
  const used = packages.filter((it) => body.includes(`${it.slice(it.indexOf("/") + 1)}.`));
  const imports = used.map((it) => `\t"${it}"\n`).join("");
  const text = `package main\n\nimport (\n${imports})\n\n${body}`;
  const uri = pathToFileURL("/example/main.go").href;
  const unit = { language: "go", uri, overlays: [{ uri, text }], edited: null } as const;
  const { findings } = await engine.check(unit, { explore: true, limits }, neverCancelled);
  const witnesses = findings.flatMap(({ witness }) => witness ?? []);
  const ends = witnesses.map(({ outcome }) => `${outcome.kind}: ${messageOf(outcome)}`);
  return { ends: [...new Set(ends)].sort(), witnesses };
}

function messageOf(outcome: Outcome): string {
  return "message" in outcome ? (outcome.message.split("\n")[0] ?? "") : "";
}

async function ends(body: string): Promise<readonly string[]> {
  return (await show(body)).ends;
}

const serves = "for range time.Tick(time.Second) {\n}";

describe("a program that goes on for ever", () => {
  it("tells two goroutines that wait for each other's locks", async () => {
    const found = await ends(`
func both(a, b *sync.Mutex) {
	a.Lock()
	b.Lock()
	b.Unlock()
	a.Unlock()
}

func main() {
	var a, b sync.Mutex
	go both(&a, &b)
	go both(&b, &a)
	${serves}
}
`);
    expect(found).toEqual(["deadlock: both and both #2 wait for each other's locks forever"]);
  });

  it("tells a sender that nobody who goes on can receive from, in a few steps", async () => {
    const { ends: found, witnesses } = await show(`
func ask() int {
	answers := make(chan int)
	for i := range 2 {
		go func() { answers <- i }()
	}
	return <-answers
}

func main() {
	ask()
	${serves}
}
`);
    const message = (name: string): string =>
      `leak: ${name} is blocked forever, and nobody who goes on can wake it`;
    expect([message("ask.func1"), message("ask.func1 #2")]).toEqual(
      expect.arrayContaining([...found]),
    );
    expect(found.length).toBeGreaterThan(0);
    expect(witnesses[0]?.steps.length).toBeLessThan(12);
  });

  it("tells who waits for a lock whose holder is stuck", async () => {
    const found = await ends(`
func main() {
	var mu sync.Mutex
	answers := make(chan int)
	go func() {
		mu.Lock()
		answers <- 1
		mu.Unlock()
	}()
	go func() {
		mu.Lock()
		mu.Unlock()
	}()
	${serves}
}
`);
    expect(found).toContain(
      "leak: main.func1 and main.func2 are blocked forever, and nobody who goes on can wake them",
    );
  });

  it("says nothing of a goroutine that main still serves", async () => {
    const found = await ends(`
func main() {
	ticks := make(chan time.Time)
	go func() {
		for range ticks {
		}
	}()
	for tick := range time.Tick(time.Second) {
		ticks <- tick
	}
}
`);
    expect(found).toEqual([]);
  });

  it("says nothing of what a global variable or a timer leads to", async () => {
    const found = await ends(`
var wake = make(chan int)

func main() {
	go func() { <-wake }()
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	go func() { <-ctx.Done() }()
	${serves}
}
`);
    expect(found).toEqual([]);
  });
});

describe("a program that ends", () => {
  it("is not run to its end when somebody has long been stuck", async () => {
    const { ends: found, witnesses } = await show(`
func main() {
	answers := make(chan int)
	go func() { answers <- 1 }()
	var n atomic.Int32
	for range 100 {
		n.Add(1)
	}
}
`);
    expect(found).toEqual([
      "leak: main.func1 is blocked forever, and nobody who goes on can wake it",
    ]);
    expect(witnesses[0]?.steps.length).toBeLessThan(100);
  });

  it("leaves behind who waits for ever, not who is merely late", async () => {
    const found = await ends(`
func main() {
	late, never := make(chan int, 1), make(chan int)
	go func() {
		<-late
		late <- 2
	}()
	go func() { <-never }()
	late <- 1
}
`);
    expect(found).toEqual(["leak: main.func2 is blocked forever when main ends"]);
  });

  it("with everybody asleep is a deadlock", async () => {
    const found = await ends(`
func main() {
	c := make(chan int)
	go func() { c <- 1 }()
	<-c
	<-c
}
`);
    expect(found).toEqual(["deadlock: all goroutines are asleep - deadlock!"]);
  });
});

describe("a signal", () => {
  it.each([
    ["<-sigs", "case it := <-sigs:\n\t\tpanic(it.String())", "panic: panic: interrupt"],
    ["the timer", "case <-sigs:", "panic: panic: close of nil channel"],
  ])("comes before or after a timer: %s", async (_, received, panic) => {
    const late = received.includes("panic") ? "" : "close((chan int)(nil))";
    const found = await ends(`
func main() {
	sigs := make(chan os.Signal, 1)
	signal.Notify(sigs, os.Interrupt)
	select {
	${received}
	case <-time.After(time.Second):
		${late}
	}
}
`);
    expect(found).toEqual([panic]);
  });

  it("may come again, so that who waits for it is not left behind", async () => {
    const found = await ends(`
func main() {
	sigs := make(chan os.Signal, 1)
	signal.Notify(sigs, os.Interrupt)
	done := make(chan bool)
	go func() {
		<-sigs
		close(done)
		<-sigs
		os.Exit(1)
	}()
	<-done
}
`);
    expect(found).toEqual([]);
  });

  it.each([
    ["that nobody can catch", "os.Kill", ""],
    ["after Ignore", "os.Interrupt", "signal.Ignore(os.Interrupt)"],
    ["after Reset", "os.Interrupt", "signal.Reset()"],
  ])("is not sent: %s", async (_, sig, undone) => {
    const found = await ends(`
func main() {
	sigs := make(chan os.Signal, 1)
	ready := make(chan int)
	signal.Notify(sigs, ${sig})
	${undone}
	go func() { ready <- 1 }()
	select {
	case <-sigs:
		close((chan int)(nil))
	case <-ready:
	}
}
`);
    expect(found).toEqual([]);
  });

  it("is not sent any more after Stop, and wakes only who waits for it", async () => {
    const found = await ends(`
func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	never := make(chan int)
	go func() {
		<-ctx.Done()
		<-never
	}()
	<-ctx.Done()
	stop()
}
`);
    expect(found).toEqual(["leak: main.func1 is blocked forever when main ends"]);
  });
});

describe("panics have Go's words", () => {
  const cases: readonly (readonly [words: string, statements: string])[] = [
    ["panic: send on closed channel", "c := make(chan int, 1)\nclose(c)\nc <- 1"],
    ["panic: close of closed channel", "c := make(chan int)\nclose(c)\nclose(c)"],
    ["panic: close of nil channel", "var c chan int\nclose(c)"],
    ["panic: sync: negative WaitGroup counter", "var wg sync.WaitGroup\nwg.Done()"],
    ["fatal error: sync: unlock of unlocked mutex", "var mu sync.Mutex\nmu.Unlock()"],
    ["fatal error: sync: Unlock of unlocked RWMutex", "var mu sync.RWMutex\nmu.Unlock()"],
    ["fatal error: sync: RUnlock of unlocked RWMutex", "var mu sync.RWMutex\nmu.RUnlock()"],
    [
      "panic: runtime error: index out of range [3] with length 2",
      "list := make([]int, 2)\nlist[len(list)+1]++",
    ],
    [
      "panic: runtime error: invalid memory address or nil pointer dereference",
      "var p *int\n*p = 1",
    ],
    ["panic: assignment to entry in nil map", "var m map[int]int\nm[1] = 1"],
  ];

  it.each(cases)("%s", async (words, statements) => {
    const found = await ends(`
func main() {
	var late atomic.Int32
	go late.Store(1)
	if late.Load() == 1 {
		${statements}
	}
}
`);
    expect(found).toEqual([`panic: ${words}`]);
  });

  it("fatal error: concurrent map writes is told as the race that it is", async () => {
    const found = await ends(`
func main() {
	m := map[int]int{}
	done := make(chan bool)
	go func() {
		m[1] = 1
		close(done)
	}()
	m[2] = 2
	<-done
}
`);
    expect(found).toEqual(["race: "]);
  });
});

describe("going round for ever", () => {
  it("is told as spinning, with who is stuck beside", async () => {
    const found = await ends(`
func main() {
	var ready atomic.Bool
	for !ready.Load() {
		runtime.Gosched()
	}
}
`);
    expect(found).toEqual(["livelock: main spins forever"]);
  });

  it("is seen through a function that makes a new cell each time it is called", async () => {
    const found = await ends(`
type gate struct {
	mu   sync.Mutex
	open bool
}

func (g *gate) isOpen() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.open
}

func main() {
	var g gate
	for !g.isOpen() {
	}
}
`);
    expect(found).toEqual(["livelock: main spins forever"]);
  });

  it("is none where what the function's cell holds changes", async () => {
    const found = await ends(`
func isDone(left *int) (done bool) {
	defer func() { done = *left == 0 }()
	*left--
	return false
}

func main() {
	var mu sync.Mutex
	left := 30
	for !isDone(&left) {
		mu.Lock()
		mu.Unlock()
	}
}
`);
    expect(found).toEqual([]);
  });

  it("is told of who sleeps between asking for what nobody will change", async () => {
    const found = await ends(`
func main() {
	var ready atomic.Bool
	for !ready.Load() {
		time.Sleep(time.Second)
	}
}
`);
    expect(found).toContain("livelock: main spins forever");
  });

  it("is none while a sleeper waits for time to pass, or for others to end", async () => {
    const found = await ends(`
func expired(end time.Time) bool { return time.Now().After(end) }

func main() {
	go time.Sleep(time.Minute)
	end := time.Now().Add(time.Minute)
	for !expired(end) {
		time.Sleep(10 * time.Second)
	}
	for runtime.NumGoroutine() > 1 {
		runtime.Gosched()
	}
}
`);
    expect(found).toEqual([]);
  });

  it("does not hide behind a sleeper in the background that main is stuck", async () => {
    const found = await ends(`
func main() {
	var due atomic.Bool
	go func() {
		for !due.Load() {
			time.Sleep(time.Second)
		}
	}()
	answers := make(chan int)
	<-answers
}
`);
    expect(found).toEqual([
      "deadlock: main is blocked forever, and nobody who goes on can wake it",
    ]);
  });

  it("keeps nobody out of a lock that it gives back each time round", async () => {
    const { witnesses } = await show(`
type gate struct {
	mu   sync.Mutex
	open bool
}

func (g *gate) isOpen() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.open
}

func main() {
	var g gate
	go func() {
		g.mu.Lock()
		g.mu.Unlock()
	}()
	for !g.isOpen() {
		runtime.Gosched()
	}
}
`);
    const stuck = witnesses.flatMap(({ outcome }) => ("blocked" in outcome ? outcome.blocked : []));
    expect(stuck.filter(({ holders }) => holders.length > 0)).toEqual([]);
    expect(witnesses.length).toBe(1);
  });

  it("is none while somebody will come under a fair scheduler", async () => {
    const found = await ends(`
func main() {
	var ready atomic.Bool
	go ready.Store(true)
	for !ready.Load() {
	}
}
`);
    expect(found).toEqual([]);
  });
});

describe("time", () => {
  it("a deadline may come before the work, and the work before the deadline", async () => {
    const found = await ends(`
func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	result := make(chan int)
	go func() { result <- 1 }()
	select {
	case <-result:
	case <-ctx.Done():
	}
}
`);
    expect(found).toEqual(["leak: main.func1 is blocked forever when main ends"]);
  });

  it("a timer that fires late is no reason to be stuck", async () => {
    const found = await ends(`
func main() {
	done := make(chan bool)
	time.AfterFunc(time.Hour, func() { close(done) })
	<-done
}
`);
    expect(found).toEqual([]);
  });
});

it("needs no failure of ours", () => {
  expect(log).toEqual([]);
});
