package testing

import (
	"sync"
	"sync/atomic"
	"time"
)

// B runs its function once: there is nothing to measure.
type B struct {
	common
	N     int
	loops int
}

// runBenchmark is called by the entry of a benchmark.
func runBenchmark(name string, f func(*B)) {
	b := &B{N: 1}
	b.start(nil, name)
	b.run(f)
}

func (b *B) run(f func(*B)) {
	defer func() {
		b.runCleanups()
		b.signal <- struct{}{}
	}()
	f(b)
}

func (b *B) Run(name string, f func(b *B)) bool {
	sub := &B{N: 1}
	sub.start(&b.common, b.childName(name))
	go sub.run(f)
	<-sub.signal
	return !sub.Failed()
}

func (b *B) Loop() bool {
	b.loops++
	return b.loops <= b.N
}

func (b *B) ReportAllocs()                       {}
func (b *B) ReportMetric(n float64, unit string) {}
func (b *B) ResetTimer()                         {}
func (b *B) SetBytes(n int64)                    {}
func (b *B) SetParallelism(p int)                {}
func (b *B) StartTimer()                         {}
func (b *B) StopTimer()                          {}
func (b *B) Elapsed() time.Duration              { return 0 }

type PB struct {
	left *atomic.Int64
}

func (pb *PB) Next() bool { return pb.left.Add(-1) >= 0 }

// RunParallel uses two goroutines: enough for what they do to each other to show.
func (b *B) RunParallel(body func(*PB)) {
	var left atomic.Int64
	left.Store(2)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { body(&PB{&left}) })
	}
	wg.Wait()
}
