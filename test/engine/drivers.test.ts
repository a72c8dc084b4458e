import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import type { CheckResult, Finding } from "../../protocol/finding.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { testEngine, testLimits } from "../harness/engine.js";

// Library packages, whose types nobody in them calls from several goroutines.

const { engine } = testEngine();
const scratch = mkdtempSync(path.join(tmpdir(), "happens-before-"));
writeFileSync(path.join(scratch, "go.mod"), "module lib\n\ngo 1.24\n");
afterAll(async () => {
  rmSync(scratch, { recursive: true });
  await engine.dispose();
});

interface Library {
  readonly name: string;
  readonly text: string;
  /** Each: part of a message. All are warnings that name what they assume. */
  readonly found: readonly string[];
  readonly explored?: number;
}

const put = "func (s *Store) Put(k string) { s.mu.Lock(); defer s.mu.Unlock(); s.m[k]++ }";
const store = "type Store struct { mu sync.RWMutex; m map[string]int; n int; on atomic.Bool }";
const made = "func NewStore() *Store { return &Store{m: map[string]int{}} }";

const libraries: readonly Library[] = [
  {
    name: "a method reads without the lock under which another writes",
    text: `${store}\n${made}\n${put}\nfunc (s *Store) Len() int { return len(s.m) }`,
    found: ["two goroutines may call `Put` and `Len` of one `Store`"],
  },
  {
    name: "the zero value is used where there is no constructor",
    text: `${store}\n${put}\nfunc (s *Store) Len() int { return len(s.m) }`,
    found: ["two goroutines may call `Put` and `Len` of one `Store`"],
  },
  {
    name: "a constructor may fail and takes what can be made up",
    text: `${store}
func NewStore(ctx context.Context, size int, each func(string) error) (*Store, error) {
	return &Store{m: make(map[string]int, size)}, each("x")
}
${put}
func (s *Store) Has(k string) bool { _, ok := s.m[k]; return ok }`,
    found: ["two goroutines may call `Put` and `Has` of one `Store`"],
  },
  {
    name: "a write under the lock for readers",
    text: `${store}\n${made}
func (s *Store) Hit(k string) { s.mu.RLock(); s.n++; s.mu.RUnlock() }`,
    found: ["two goroutines may call `Hit` of one `Store`"],
  },
  {
    name: "through helpers",
    text: `${store}\n${made}
func (s *Store) Add() { s.mu.Lock(); defer s.mu.Unlock(); s.add() }
func (s *Store) add() { s.n++ }
func (s *Store) Count() int { return s.count() }
func (s *Store) count() int { return s.n }`,
    found: ["two goroutines may call `Add` and `Count` of one `Store`"],
  },
  {
    name: "the lock is taken in a literal that is called in place",
    text: `${store}\n${made}
func (s *Store) Put(k string) { func() { s.mu.Lock(); defer s.mu.Unlock(); s.m[k]++ }() }
func (s *Store) Len() int { return len(s.m) }`,
    found: ["two goroutines may call `Put` and `Len` of one `Store`"],
  },
  {
    name: "only the tasks that are started take the lock",
    text: `type Store struct { mu sync.Mutex; wg sync.WaitGroup; n int }
func (s *Store) Put(k string) { s.wg.Add(1); s.run(func() { s.mu.Lock(); s.n++; s.mu.Unlock(); s.wg.Done() }) }
func (s *Store) run(task func()) { go task() }
func (s *Store) Total() int { s.wg.Wait(); return s.n }`,
    found: [],
    explored: 0,
  },
  {
    name: "every method takes the lock",
    text: `${store}\n${made}\n${put}
func (s *Store) Len() int { s.mu.RLock(); defer s.mu.RUnlock(); return len(s.m) }`,
    found: [],
    explored: 0,
  },
  {
    name: "what is read without the lock never changes",
    text: `${store}\n${made}\n${put}\nfunc (s *Store) Size() int { return s.n }`,
    found: [],
    explored: 0,
  },
  {
    name: "what is used without the lock is atomic",
    text: `${store}\n${made}
func (s *Store) Start() { s.mu.Lock(); s.on.Store(true); s.mu.Unlock() }
func (s *Store) On() bool { return s.on.Load() }`,
    found: [],
    explored: 0,
  },
  {
    name: "the documentation says who may call",
    text: `${store}\n${made}\n${put}
// Len counts. It is not safe for concurrent use.
func (s *Store) Len() int { return len(s.m) }
// Has looks; the caller must hold the lock.
func (s *Store) Has(k string) bool { return s.m[k] > 0 }
func (s *Store) SizeLocked() int { return len(s.m) }`,
    found: [],
    explored: 0,
  },
  {
    name: "the type's documentation says so",
    text: `// Store must not be called concurrently.\n${store}\n${made}\n${put}
func (s *Store) Len() int { return len(s.m) }`,
    found: [],
    explored: 0,
  },
  {
    name: "the two methods do not meet in the value that is made up",
    text: `${store}\n${made}
func (s *Store) Put(k string) { if s.n > 3 { s.mu.Lock(); s.m[k]++; s.n++; s.mu.Unlock() } }
func (s *Store) Len() int { if s.on.Load() { return len(s.m) }; return 0 }`,
    found: [],
    explored: 2,
  },
  {
    name: "what is put in first is found by readers that count",
    text: `type entry struct { v, hits int }
type Store struct { mu sync.RWMutex; m map[string]*entry }
func NewStore() *Store { return &Store{m: map[string]*entry{}} }
func (s *Store) Put(k string, v int) { s.mu.Lock(); defer s.mu.Unlock(); s.m[k] = &entry{v: v} }
func (s *Store) Get(k string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if e, ok := s.m[k]; ok { e.hits++; return e.v }
	return 0
}`,
    found: ["two goroutines may call `Get` of one `Store`"],
    explored: 1,
  },
  {
    name: "what is put in first is changed after the lock was given back",
    text: `type entry struct { seen int }
type Store struct { mu sync.Mutex; m map[string]*entry }
func NewStore() *Store { return &Store{m: map[string]*entry{}} }
func (s *Store) Put(k string) { s.mu.Lock(); defer s.mu.Unlock(); s.m[k] = &entry{} }
func (s *Store) Touch(k string) { s.mu.Lock(); e := s.m[k]; s.mu.Unlock(); if e != nil { e.seen++ } }`,
    found: ["two goroutines may call `Touch` of one `Store`"],
  },
  {
    name: "what is put in first is changed under the lock",
    text: `type entry struct { seen int }
type Store struct { mu sync.Mutex; m map[string]*entry }
func NewStore() *Store { return &Store{m: map[string]*entry{}} }
func (s *Store) Put(k string) { s.mu.Lock(); defer s.mu.Unlock(); s.m[k] = &entry{} }
func (s *Store) Touch(k string) { s.mu.Lock(); defer s.mu.Unlock(); if e := s.m[k]; e != nil { e.seen++ } }`,
    found: [],
    explored: 0,
  },
  {
    name: "a generic type",
    text: `type Store[K comparable, V any] struct { mu sync.Mutex; m map[K]V }
func New[K comparable, V any](size int) *Store[K, V] { return &Store[K, V]{m: make(map[K]V, size)} }
func (s *Store[K, V]) Put(k K, v V) { s.mu.Lock(); defer s.mu.Unlock(); s.m[k] = v }
func (s *Store[K, V]) Len() int { return len(s.m) }`,
    found: ["two goroutines may call `Put` and `Len` of one `Store`"],
  },
  {
    name: "the lock and the methods are embedded",
    text: `type base struct { sync.Mutex }
type store struct { base; m map[string]int }
type Store struct { *store }
func Open() Store { return Store{&store{m: map[string]int{}}} }
func (s *store) Put(k string) { s.Lock(); defer s.Unlock(); s.m[k]++ }
func (s *store) Len() int { return len(s.m) }`,
    found: ["two goroutines may call `Put` and `Len` of one `store`"],
  },
  {
    name: "an interface is all that others see",
    text: `type Counter interface { Add(n int); Total() int }
type counter struct { mu sync.Mutex; n int }
func NewCounter() Counter { return &counter{} }
func (c *counter) Add(n int) { c.mu.Lock(); c.n += n; c.mu.Unlock() }
func (c *counter) Total() int { return c.n }`,
    found: ["two goroutines may call `Add` and `Total` of one `counter`"],
  },
  {
    name: "what is handed out is looked at",
    text: `${store}\n${made}\n${put}
func (s *Store) All() map[string]int { s.mu.RLock(); defer s.mu.RUnlock(); return s.m }`,
    found: [
      "two goroutines may call `Put` and `All` of one `Store` and look at what `All` returns",
    ],
  },
  {
    name: "a setter of what is said to be safe",
    text: `// Store is safe for concurrent use.\n${store}\n${made}
func (s *Store) Size() int { s.mu.RLock(); defer s.mu.RUnlock(); return s.n }
func (s *Store) SetSize(n int) { s.n = n }`,
    found: ["two goroutines may call `Size` and `SetSize` of one `Store`"],
  },
  {
    name: "a counter is atomic here and plain there when a callback fails",
    text: `type Breaker struct { mu sync.Mutex; failures int32 }
func (b *Breaker) Do(f func() error) error {
	err := f()
	if err != nil { atomic.AddInt32(&b.failures, 1); return errors.New("failed") }
	return nil
}
func (b *Breaker) Failures() int { return int(b.failures) }`,
    found: ["two goroutines may call `Do` and `Failures` of one `Breaker`"],
  },
  {
    name: "a goroutine that the constructor starts",
    text: `type Store struct { mu sync.Mutex; tasks chan func(); done int }
func NewStore() *Store { s := &Store{tasks: make(chan func(), 1)}; go s.work(); return s }
func (s *Store) work() { for f := range s.tasks { f(); s.done++ } }
func (s *Store) Submit(f func()) { s.tasks <- f }
func (s *Store) Done() int { s.mu.Lock(); defer s.mu.Unlock(); return s.done }`,
    found: ["two goroutines may call `Submit` and `Done` of one `Store`"],
  },
  {
    name: "two close at once what they close one after the other",
    text: `type Gate struct { mu sync.Mutex; open bool; ch chan struct{} }
func NewGate() *Gate { return &Gate{ch: make(chan struct{})} }
func (g *Gate) Open() {
	g.mu.Lock()
	open := g.open
	g.mu.Unlock()
	if open { return }
	close(g.ch)
	g.mu.Lock()
	g.open = true
	g.mu.Unlock()
}`,
    found: ["two goroutines may call `Open` of one `Gate`"],
  },
  {
    name: "one of two that close at once does",
    text: `type Gate struct { mu sync.Mutex; open bool; ch chan struct{} }
func NewGate() *Gate { return &Gate{ch: make(chan struct{})} }
func (g *Gate) Open() {
	g.mu.Lock()
	open := g.open
	g.open = true
	g.mu.Unlock()
	if !open { close(g.ch) }
}`,
    found: [],
    explored: 1,
  },
  {
    name: "who sends after it was closed panics with one goroutine, too",
    text: `type Queue struct { mu sync.Mutex; ch chan int }
func NewQueue() *Queue { return &Queue{ch: make(chan int, 9)} }
func (q *Queue) Put(n int) { q.mu.Lock(); q.mu.Unlock(); q.ch <- n }
func (q *Queue) Finish() { q.mu.Lock(); defer q.mu.Unlock(); close(q.ch) }`,
    found: [],
  },
  {
    name: "functions and the package's variables",
    text: `var mu sync.Mutex
var names = map[string]int{}
func Register(name string) { mu.Lock(); defer mu.Unlock(); names[name]++ }
func Known(name string) bool { return names[name] > 0 }
func Count() int { mu.Lock(); defer mu.Unlock(); return len(names) }`,
    found: ["two goroutines may call `Register` and `Known`"],
    explored: 1,
  },
  {
    name: "a handler of requests",
    text: `type API struct { mu sync.Mutex; last string; n int }
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	a.n++
	a.mu.Unlock()
	a.last = r.URL.Path
	w.WriteHeader(200)
}`,
    found: ["two goroutines may call `ServeHTTP` of one `API`"],
  },
  {
    name: "a type that is not thread safe",
    text: `// Store is a non-thread-safe store.\n${store}\n${made}\n${put}
func (s *Store) Len() int { return len(s.m) }`,
    found: [],
    explored: 0,
  },
  {
    name: "a program knows all its callers",
    text: `${store}\n${made}\n${put}\nfunc (s *Store) Len() int { return len(s.m) }
func main() { s := NewStore(); s.Put("a"); println(s.Len()) }`,
    found: [],
  },
];

async function check({ name, text }: Library, explore: boolean): Promise<CheckResult> {
  const dir = path.join(scratch, name.replaceAll(" ", "-"));
  mkdirSync(dir, { recursive: true });
  const pkg = text.includes("func main()") ? "main" : "lib";
  const imports = ["context", "errors", "net/http", "sync", "sync/atomic"].filter(
    (it) => text.includes(`${it.split("/").at(-1)}.`) || it === "sync",
  );
  const head = `package ${pkg}\n\nimport (\n${imports.map((it) => `\t"${it}"\n`).join("")})\n\n`;
  writeFileSync(path.join(dir, "lib.go"), `${head}${text}\n`);
  const unit = {
    language: "go",
    uri: pathToFileURL(dir).href,
    overlays: [],
    edited: null,
  } as const;
  return engine.check(unit, { explore, limits: testLimits }, neverCancelled);
}

describe("a function that races by itself", () => {
  it.each([true, false])(
    "is told though only a made-up caller comes to it (exploring: %s)",
    async (explore) => {
      const text = `${store}\n${made}\n${put}
func (s *Store) Len() int { n := 0; go func() { n++ }(); n++; return len(s.m) + n }`;
      const { findings } = await check({ name: "own goroutine", text, found: [] }, explore);
      expect(findings.map((it) => it.code)).toContain("lost-update");
    },
  );
});

/** Hints need no schedule. */
const isShown = ({ severity }: Finding): boolean => severity !== "hint";

describe("a type with a lock in a library", () => {
  it.each(libraries)("$name", async (library) => {
    const { findings, explorations, gaps } = await check(library, true);
    expect(gaps).toEqual([]);
    const told = findings
      .filter(isShown)
      .map((it) => `${it.severity} ${it.confidence}: ${it.message}`);
    expect(told).toHaveLength(library.found.length);
    for (const [index, it] of library.found.entries()) {
      expect(told[index]).toMatch(/^warning confirmed: /);
      expect(told[index]).toContain(`(assumes that ${it})`);
    }
    if (library.explored !== undefined) expect(explorations).toHaveLength(library.explored);
    for (const it of explorations) expect(it.complete).toBe(true);
  });

  it.each(libraries)("without exploring nothing is said: $name", async (library) => {
    expect((await check(library, false)).findings.filter(isShown)).toEqual([]);
  });
});
