// Programs in which something goes wrong, and the edits that put it right: what exported tests are tried on, before and after.

export interface Fix {
  /** Go file below the project. */
  readonly file: string;
  /** Texts that are replaced, each once, by others. */
  readonly edits: readonly (readonly [wrong: string, right: string])[];
}

const explore: readonly Fix[] = [
  {
    file: "test/fixtures/explore/ab_ba.go",
    edits: [["go nested(&b, &a)", "go nested(&a, &b)"]],
  },
  {
    file: "test/fixtures/explore/alternation.go",
    edits: [
      ["const n = 6", "const n = 6 // and nobody minds"],
      [`panic("the game was played to its end")`, ""],
    ],
  },
  {
    file: "test/fixtures/explore/first_result.go",
    edits: [["make(chan int)", "make(chan int, 2)"]],
  },
  {
    file: "test/fixtures/explore/lost_update.go",
    edits: [["atomic.StoreInt32(&x, atomic.LoadInt32(&x)+1)", "atomic.AddInt32(&x, 1)"]],
  },
  {
    file: "test/fixtures/explore/never_unlocked.go",
    edits: [["\tmu.Lock()\n", "\tmu.Lock()\n\tmu.Unlock()\n"]],
  },
  {
    file: "test/fixtures/explore/philosophers.go",
    edits: [["const ordered = false", "const ordered = true"]],
  },
  {
    file: "test/fixtures/explore/reorder.go",
    edits: [
      ["var wg sync.WaitGroup", "var wg sync.WaitGroup\nvar mu sync.Mutex"],
      [
        "\tatomic.StoreInt32(&a, 1)\n",
        "\tmu.Lock()\n\tdefer mu.Unlock()\n\tatomic.StoreInt32(&a, 1)\n",
      ],
      ["\tneither := ", "\tmu.Lock()\n\tdefer mu.Unlock()\n\tneither := "],
    ],
  },
  {
    file: "test/fixtures/explore/send_close.go",
    edits: [["\tclose(c)\n", "\t<-c\n\tclose(c)\n"]],
  },
];

const promela: readonly Fix[] = [
  {
    file: "test/fixtures/promela/close_with_sender.go",
    edits: [["\tclose(c)\n", "\t<-c\n\tclose(c)\n"]],
  },
  {
    file: "test/fixtures/promela/panic_with_lock.go",
    edits: [["list [2]int32", "list [3]int32"]],
  },
  {
    file: "test/fixtures/promela/select_default.go",
    edits: [["\t\t<-tokens\n\t\t<-tokens\n", "\t\t<-tokens\n"]],
  },
  {
    file: "test/fixtures/promela/select_default_unbuffered.go",
    edits: [["make(chan int)", "make(chan int, 1)"]],
  },
];

const checks: readonly Fix[] = [
  {
    file: "test/fixtures/go/captured-variable/captured-variable.go",
    edits: [
      [
        '\t\t_, err = load() // want captured-variable "`err` is written by the goroutine"',
        "\t\t_, _ = load()",
      ],
      ["\tbefore := n\n\twg.Wait()\n", "\twg.Wait()\n\tbefore := n\n"],
      ["\t\twg.Done() // want wg-count-mismatch", "\t\tdefer wg.Done() //"],
      ["\t\tn, err = load() //", "\t\t_, _ = load() //"],
      ['\t\tword = word + "y"', '\t\t_ = word + "y"'],
      [
        "\tcase <-time.After(time.Second):\n\t}\n\treturn n\n",
        "\tcase <-time.After(time.Second):\n\t\treturn 0\n\t}\n\treturn n\n",
      ],
      ["make(chan struct{}, 1)", "make(chan struct{})"],
    ],
  },
  {
    file: "test/fixtures/go/loop-variable-capture/loop-variable-capture.go",
    edits: [
      ["//go:build go1.21\n", "//go:build go1.22\n"],
      ["\t\t\tsums[0] = 0 * i", "\t\t\tsums[i] = 0 * i"],
    ],
  },
  {
    file: "test/fixtures/go/concurrent-map/concurrent-map.go",
    edits: [
      [
        "var registry = map[string]int{}",
        "var registry = map[string]int{}\nvar registryMu sync.Mutex",
      ],
      [
        "\tregistry[name] = 1",
        "\tregistryMu.Lock()\n\tdefer registryMu.Unlock()\n\tregistry[name] = 1",
      ],
      [
        '\tvar wg sync.WaitGroup\n\tfor _, url := range []string{"/a", "/b"} {\n\t\twg.Go(func() {\n\t\t\tif !seen',
        '\tvar wg sync.WaitGroup\n\tvar mu sync.Mutex\n\tfor _, url := range []string{"/a", "/b"} {\n\t\twg.Go(func() {\n\t\t\tmu.Lock()\n\t\t\tdefer mu.Unlock()\n\t\t\tif !seen',
      ],
      [
        '\tgo func() {\n\t\tages["a"] = 1 // want concurrent-map "read by"\n\t}()\n',
        '\tdone := make(chan bool)\n\tgo func() {\n\t\tages["a"] = 1\n\t\tclose(done)\n\t}()\n\t<-done\n',
      ],
      [
        '\tgo func() {\n\t\tdelete(ages, "a") // want concurrent-map\n\t}()\n',
        '\tdone := make(chan bool)\n\tgo func() {\n\t\tdelete(ages, "a")\n\t\tclose(done)\n\t}()\n\t<-done\n',
      ],
      [
        "func (s *store) peek(key string) string { return",
        "func (s *store) peek(key string) string { s.mu.Lock(); defer s.mu.Unlock(); return",
      ],
    ],
  },
  {
    file: "test/fixtures/go/double-lock/double-lock.go",
    edits: [
      [
        '\tfunc() { // want double-lock "already held"\n\t\tmu.Lock()\n\t\tmu.Unlock()\n\t}()\n\tmu.Unlock()\n',
        "\tmu.Unlock()\n\tfunc() {\n\t\tmu.Lock()\n\t\tmu.Unlock()\n\t}()\n",
      ],
      ["\tdefer b.mu.Unlock()\n\told := b.get()", "\told := b.value"],
    ],
  },
  {
    file: "test/fixtures/go/lock-order-cycle/lock-order-cycle.go",
    edits: [
      [
        "\twg.Go(func() {\n\t\tb.Lock()\n\t\ta.Lock()\n\t\ta.Unlock()\n\t\tb.Unlock()\n\t})\n\twg.Wait()\n",
        "\twg.Go(func() {\n\t\ta.Lock()\n\t\tb.Lock()\n\t\tb.Unlock()\n\t\ta.Unlock()\n\t})\n\twg.Wait()\n",
      ],
      [
        "\tb.RLock()\n\ta.Lock()\n\ta.Unlock()\n\tb.RUnlock()\n",
        "\ta.Lock()\n\tb.RLock()\n\tb.RUnlock()\n\ta.Unlock()\n",
      ],
      ["\tgo l.touch()\n\tr.touch()\n", "\tl.touch()\n\tr.touch()\n"],
      [
        "\tc.Lock()\n\ta.Lock()\n\ta.Unlock()\n\tc.Unlock()\n",
        "\ta.Lock()\n\tc.Lock()\n\tc.Unlock()\n\ta.Unlock()\n",
      ],
      ["\tgo transfer(a, b)\n\ttransfer(b, a)\n", "\tgo transfer(a, b)\n\ttransfer(a, b)\n"],
      [
        "\tb.Lock()\n\ta.RLock()\n\ta.RUnlock()\n\tb.Unlock()\n",
        "\ta.RLock()\n\tb.Lock()\n\tb.Unlock()\n\ta.RUnlock()\n",
      ],
      ["\tb.RLock()\n\ta.RLock() // want", "\ta.RLock()\n\tb.RLock() // want"],
      [
        "\t\t\tforks[i].Lock()\n\t\t\tforks[(i+1)%3].Lock()",
        "\t\t\tforks[min(i, (i+1)%3)].Lock()\n\t\t\tforks[max(i, (i+1)%3)].Lock()",
      ],
      ["\tnested(&d, &a)\n", "\tnested(&a, &d)\n"],
    ],
  },
  {
    file: "test/fixtures/go/lost-update/lost-update.go",
    edits: [
      ["var total int\n", "var total int\nvar totalMu sync.Mutex\n"],
      [
        "\t\t\ttotal++ // want",
        "\t\t\ttotalMu.Lock()\n\t\t\tdefer totalMu.Unlock()\n\t\t\ttotal++ // want",
      ],
      [
        "\tdone := make(chan bool)\n\tfor i := 0; i < 2; i++ {\n\t\tgo func() {\n\t\t\tn += 2",
        "\tdone := make(chan bool)\n\tvar mu sync.Mutex\n\tfor i := 0; i < 2; i++ {\n\t\tgo func() {\n\t\t\tmu.Lock()\n\t\t\tdefer mu.Unlock()\n\t\t\tn += 2",
      ],
      ["\tc.m++ //", "\tc.mu.Lock()\n\tdefer c.mu.Unlock()\n\tc.m++ //"],
      [
        "\t\tb.Lock()\n\t\tn++\n\t\tb.Unlock()\n",
        "\t\tb.Lock()\n\t\ta.Lock()\n\t\tn++\n\t\ta.Unlock()\n\t\tb.Unlock()\n",
      ],
      [
        "\t\t\tmu.RLock()\n\t\t\tn++ // want write-under-rlock\n\t\t\tmu.RUnlock()\n",
        "\t\t\tmu.Lock()\n\t\t\tn++\n\t\t\tmu.Unlock()\n",
      ],
      ["\tb.n++ // want", "\tb.mu.Lock()\n\tdefer b.mu.Unlock()\n\tb.n++ // want"],
      ["type tally struct{ n int }", "type tally struct {\n\tn  int\n\tmu sync.Mutex\n}"],
      ["\tt.n++ // want", "\tt.mu.Lock()\n\tdefer t.mu.Unlock()\n\tt.n++ // want"],
      [
        "\tn := 0\n\ttime.AfterFunc(time.Millisecond, func() {\n\t\tn++ // want lost-update\n",
        "\tn := 0\n\ttime.AfterFunc(time.Millisecond, func() {\n",
      ],
    ],
  },
  {
    file: "test/fixtures/go/lost-update/subtests_test.go",
    edits: [
      ['import "testing"', 'import (\n\t"sync"\n\t"testing"\n)'],
      ["\tshared := 0\n", "\tshared := 0\n\tvar mu sync.Mutex\n"],
      ["\t\t\tshared++ //", "\t\t\tmu.Lock()\n\t\t\tdefer mu.Unlock()\n\t\t\tshared++ //"],
    ],
  },
  {
    file: "test/fixtures/go/missing-unlock/missing-unlock.go",
    edits: [
      [
        "\tif !ok {\n\t\treturn 0, errNo\n\t}\n\tmu.Unlock()\n",
        "\tmu.Unlock()\n\tif !ok {\n\t\treturn 0, errNo\n\t}\n",
      ],
      ['\t\tif key == "" {\n\t\t\tbreak\n', '\t\tif key == "" {\n\t\t\tmu.Unlock()\n\t\t\tbreak\n'],
      [
        "\treturn 0\n}\n\nfunc (c *cache) readOk",
        "\tc.mu.RUnlock()\n\treturn 0\n}\n\nfunc (c *cache) readOk",
      ],
      [
        "wrappersOk((&table{}).begin())\n\t(&table{}).end()\n",
        "wrappersOk(&table{})\n\t(&table{}).begin().end()\n",
      ],
      ["c := &cache{}\n", "c := &cache{items: map[string]int{}}\n"],
      ['\tcase 1:\n\t\titems["a"] = 1\n', '\tcase 1:\n\t\titems["a"] = 1\n\t\tmu.Unlock()\n'],
    ],
  },
  {
    file: "test/fixtures/go/unsynchronized-access/unsynchronized-access.go",
    edits: [
      ["\tgo reload()\n", "\treload()\n"],
      ["\ts.running = true //", "\ts.mu.Lock()\n\ts.running = true\n\ts.mu.Unlock() //"],
      ["\treturn s.running\n", "\ts.mu.Lock()\n\tdefer s.mu.Unlock()\n\treturn s.running\n"],
      [
        '\tgo func() {\n\t\tpc.name = "x" // want unsynchronized-access\n\t}()\n',
        '\tfunc() {\n\t\tpc.name = "x"\n\t}()\n',
      ],
      [
        "\tvar wg sync.WaitGroup\n\tfor range results {\n\t\twg.Go(func() {\n",
        "\tvar wg sync.WaitGroup\n\tvar mu sync.Mutex\n\tfor range results {\n\t\twg.Go(func() {\n\t\t\tmu.Lock()\n\t\t\tdefer mu.Unlock()\n",
      ],
      ["\treturn *p\n", "\treturn atomic.LoadInt64(p)\n"],
      [
        "\tgo func() {\n\t\tfor j := range jobs {\n\t\t\tj.output = j.input //",
        "\tgo func() {\n\t\tfor j := range jobs {\n\t\t\tcopied := *j\n\t\t\tcopied.output = copied.input //",
      ],
      ["\tjobs <- j\n\tj.input = 2\n", "\tjobs <- j\n\tclose(jobs)\n"],
      ["\tgo it.grow()\n", "\tit.grow()\n"],
      ["\tgo fillRead()\n", "\tfillRead()\n"],
      [
        "\t\t\tif careful {\n\t\t\t\ts.mu.Lock()\n\t\t\t\tdefer s.mu.Unlock()\n\t\t\t}\n",
        "\t\t\ts.mu.Lock()\n\t\t\tdefer s.mu.Unlock()\n",
      ],
    ],
  },
  {
    file: "samples/crawler/unlocked/main.go",
    edits: [
      ["\tfetched map[string]bool\n", "\tmu      sync.Mutex\n\tfetched map[string]bool\n"],
      [
        "\tbefore := s.fetched[url]\n",
        "\ts.mu.Lock()\n\tdefer s.mu.Unlock()\n\tbefore := s.fetched[url]\n",
      ],
    ],
  },
];

export const fixes: readonly Fix[] = [...explore, ...promela, ...checks];

/** The source put right; an edit that does not fit is a mistake in this table. */
export function fixed({ file, edits }: Fix, source: string): string {
  return edits.reduce((text, [wrong, right]) => {
    if (text.split(wrong).length !== 2) throw new Error(`${file}: not once there: ${wrong}`);
    return text.replace(wrong, () => right);
  }, source);
}
