// Small Go programs in which something goes wrong under some schedule, each in a way of its own: what replaying is tried on.

export interface FailingProgram {
  readonly name: string;
  /** The text of `main`, or, with `func` in it, all that follows the imports. */
  readonly text: string;
}

const packages = ["context", "fmt", "sync", "sync/atomic", "time"];

/** As a Go file. */
export function goFile({ text }: FailingProgram): string {
  const imports = packages.filter((it) => text.includes(`${it.split("/").at(-1) ?? ""}.`));
  const list = imports.map((it) => `\t"${it}"\n`).join("");
  const head = imports.length === 0 ? "" : `import (\n${list})\n\n`;
  const body = /^func /m.test(text)
    ? `${text}\n`
    : `func main() {\n${text
        .split("\n")
        .map((it) => `\t${it}\n`)
        .join("")}}\n`;
  return `package main\n\n${head}${body}`;
}

export const failingPrograms: readonly FailingProgram[] = [
  {
    name: "a lost update",
    text: `x := 0
var wg sync.WaitGroup
for range 2 {
	wg.Add(1)
	go func() {
		defer wg.Done()
		x++
	}()
}
wg.Wait()
println(x)`,
  },
  {
    name: "a lost update that is noticed",
    text: `x := 0
var wg sync.WaitGroup
for range 2 {
	wg.Add(1)
	go func() {
		x++
		wg.Done()
	}()
}
wg.Wait()
if x != 2 {
	panic("lost")
}`,
  },
  {
    name: "a check and an act, each with the lock",
    text: `x := 0
var mu sync.Mutex
var wg sync.WaitGroup
for range 2 {
	wg.Add(1)
	go func() {
		defer wg.Done()
		mu.Lock()
		old := x
		mu.Unlock()
		mu.Lock()
		x = old + 1
		mu.Unlock()
	}()
}
wg.Wait()
if x != 2 {
	panic("lost")
}`,
  },
  {
    name: "locks in two orders",
    text: `var a, b sync.Mutex
done := make(chan bool)
go func() {
	a.Lock()
	b.Lock()
	b.Unlock()
	a.Unlock()
	done <- true
}()
b.Lock()
a.Lock()
a.Unlock()
b.Unlock()
<-done`,
  },
  {
    name: "locks in two orders, which nobody waits for",
    text: `var a, b sync.Mutex
go func() {
	a.Lock()
	b.Lock()
	b.Unlock()
	a.Unlock()
}()
go func() {
	b.Lock()
	a.Lock()
	a.Unlock()
	b.Unlock()
}()
time.Sleep(time.Second)
println("done")`,
  },
  {
    name: "a flag that is waited for after it was taken back",
    text: `var flag atomic.Bool
go func() {
	flag.Store(true)
	flag.Store(false)
}()
for !flag.Load() {
}`,
  },
  {
    name: "three philosophers",
    text: `var forks [3]sync.Mutex
var wg sync.WaitGroup
for i := range 3 {
	wg.Add(1)
	go func() {
		defer wg.Done()
		forks[i].Lock()
		forks[(i+1)%3].Lock()
		forks[(i+1)%3].Unlock()
		forks[i].Unlock()
	}()
}
wg.Wait()`,
  },
  {
    name: "the first result wins and the other sender stays",
    text: `c := make(chan int)
for i := range 2 {
	go func() { c <- i }()
}
println(<-c)`,
  },
  {
    name: "a send beside a close",
    text: `c := make(chan int, 1)
go func() { c <- 1 }()
close(c)`,
  },
  {
    name: "two closes",
    text: `c := make(chan int)
var wg sync.WaitGroup
wg.Add(2)
stop := func() {
	defer wg.Done()
	select {
	case <-c:
	default:
		close(c)
	}
}
go stop()
go stop()
wg.Wait()`,
  },
  {
    name: "a map written by two",
    text: `m := map[int]int{}
var wg sync.WaitGroup
for i := range 2 {
	wg.Add(1)
	go func() {
		defer wg.Done()
		m[i] = i
	}()
}
wg.Wait()`,
  },
  {
    name: "a map read beside a write",
    text: `m := map[string]int{"a": 1}
done := make(chan bool)
go func() {
	m["b"] = 2
	close(done)
}()
println(m["a"])
<-done`,
  },
  {
    name: "a select that may take the wrong case",
    text: `a, b := make(chan int, 1), make(chan int, 1)
go func() { a <- 1 }()
go func() { b <- 2 }()
select {
case v := <-a:
	println(v)
case <-b:
	panic("b came first")
}`,
  },
  {
    name: "a select with both ready",
    text: `a, b := make(chan int, 1), make(chan int, 1)
a <- 1
b <- 2
select {
case <-a:
case <-b:
	panic("b")
}`,
  },
  {
    name: "a default that is taken too early",
    text: `c := make(chan int)
done := make(chan bool)
go func() {
	c <- 1
	done <- true
}()
select {
case <-c:
	<-done
default:
	panic("nothing there")
}`,
  },
  {
    name: "receivers that compete",
    text: `c := make(chan int)
got := make(chan string)
for _, name := range []string{"a", "b"} {
	go func() {
		<-c
		got <- name
	}()
}
c <- 1
if <-got == "b" {
	panic("b was first")
}
c <- 2
<-got`,
  },
  {
    name: "senders that compete",
    text: `c := make(chan int)
for i := range 3 {
	go func() { c <- i }()
}
if a, b := <-c, <-c; a == 2 && b == 1 {
	panic("backwards")
}
<-c`,
  },
  {
    name: "a wait group that is added to too late",
    text: `x := 0
var wg sync.WaitGroup
go func() {
	wg.Add(1)
	x++
	wg.Done()
}()
wg.Wait()
println(x)`,
  },
  {
    name: "a done too many",
    text: `var wg sync.WaitGroup
var n atomic.Int32
wg.Add(1)
done := make(chan bool, 2)
for range 2 {
	go func() {
		if n.Add(1) == 2 {
			wg.Done()
		}
		done <- true
	}()
}
<-done
if n.Load() == 2 {
	wg.Done()
}
<-done`,
  },
  {
    name: "publication without order",
    text: `data, ready := 0, false
done := make(chan bool)
go func() {
	data = 1
	ready = true
	close(done)
}()
if ready && data == 0 {
	panic("not published")
}
<-done`,
  },
  {
    name: "a flag tested twice",
    text: `var busy atomic.Bool
var inside atomic.Int32
var wg sync.WaitGroup
for range 2 {
	wg.Add(1)
	go func() {
		defer wg.Done()
		if !busy.Load() {
			busy.Store(true)
			if inside.Add(1) == 2 {
				panic("two inside")
			}
		}
	}()
}
wg.Wait()`,
  },
  {
    name: "a read lock that writes",
    text: `x := 0
var mu sync.RWMutex
var wg sync.WaitGroup
for range 2 {
	wg.Add(1)
	go func() {
		defer wg.Done()
		mu.RLock()
		x++
		mu.RUnlock()
	}()
}
wg.Wait()`,
  },
  {
    name: "a read lock taken twice beside a writer",
    text: `var mu sync.RWMutex
done := make(chan bool)
go func() {
	mu.Lock()
	mu.Unlock()
	close(done)
}()
mu.RLock()
mu.RLock()
mu.RUnlock()
mu.RUnlock()
<-done`,
  },
  {
    name: "a signal that nobody waits for",
    text: `var mu sync.Mutex
c := sync.NewCond(&mu)
go func() {
	c.Signal()
}()
mu.Lock()
c.Wait()
mu.Unlock()`,
  },
  {
    name: "once around a lock",
    text: `var o sync.Once
var mu sync.Mutex
done := make(chan bool)
go func() {
	o.Do(func() {
		mu.Lock()
		mu.Unlock()
	})
	close(done)
}()
mu.Lock()
o.Do(func() {})
mu.Unlock()
<-done`,
  },
  {
    name: "a timeout and a result",
    text: `x := 0
go func() {
	time.Sleep(time.Second)
	x = 1
}()
<-time.After(time.Second)
println(x)`,
  },
  {
    name: "a timer's function beside main",
    text: `x := 0
done := make(chan bool)
time.AfterFunc(time.Second, func() {
	x++
	close(done)
})
x++
<-done`,
  },
  {
    name: "a worker that is cancelled while it sends",
    text: `func work(ctx context.Context, out chan<- int) {
	for i := range 1 {
		select {
		case out <- i:
		case <-ctx.Done():
			return
		}
	}
	out <- 2
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	out := make(chan int)
	go work(ctx, out)
	<-out
	cancel()
}`,
  },
  {
    name: "methods of one value",
    text: `type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) add() {
	c.mu.Lock()
	c.n++
	c.mu.Unlock()
}

func (c *counter) get() int {
	return c.n
}

func main() {
	c := &counter{}
	go c.add()
	fmt.Println(c.get())
}`,
  },
  {
    name: "goroutines that start goroutines",
    text: `func tree(depth int, sum *int, wg *sync.WaitGroup) {
	defer wg.Done()
	if depth == 0 {
		*sum += 1
		return
	}
	wg.Add(2)
	go tree(depth-1, sum, wg)
	go tree(depth-1, sum, wg)
}

func main() {
	sum := 0
	var wg sync.WaitGroup
	wg.Add(1)
	go tree(1, &sum, &wg)
	wg.Wait()
	println(sum)
}`,
  },
  {
    name: "a generic box",
    text: `type box[T any] struct{ v T }

func (b *box[T]) set(v T) { b.v = v }

func main() {
	b, s := &box[int]{}, &box[string]{}
	done := make(chan bool)
	go func() {
		b.set(1)
		s.set("a")
		close(done)
	}()
	b.set(2)
	<-done
	s.set("b")
}`,
  },
  {
    name: "a pipeline that stops listening",
    text: `func numbers(n int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for i := range n {
			out <- i
		}
	}()
	return out
}

func main() {
	for v := range numbers(3) {
		if v == 1 {
			break
		}
	}
}`,
  },
  {
    name: "a pool that loses a job",
    text: `func main() {
	jobs, results := make(chan int, 3), make(chan int, 3)
	for range 2 {
		go func() {
			for j := range jobs {
				results <- j
			}
		}()
	}
	jobs <- 0
	jobs <- 1
	close(jobs)
	if <-results == 1 {
		panic("out of order")
	}
	<-results
}`,
  },
  {
    name: "double-checked locking",
    text: `var mu sync.Mutex
var instance *int

func get() *int {
	if instance == nil {
		mu.Lock()
		if instance == nil {
			instance = new(int)
		}
		mu.Unlock()
	}
	return instance
}

func main() {
	done := make(chan bool)
	go func() {
		get()
		done <- true
	}()
	get()
	<-done
}`,
  },
  {
    name: "a variable captured by a loop of goroutines",
    text: `last := -1
var wg sync.WaitGroup
for i := range 3 {
	wg.Add(1)
	go func() {
		defer wg.Done()
		last = i
	}()
}
wg.Wait()
println(last)`,
  },
];
