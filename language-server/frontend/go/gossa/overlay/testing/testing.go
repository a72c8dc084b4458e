// Package testing for the virtual machine: one test at a time, run from an entry that the lowering
// makes. A failure is told to the machine at the call that reports it.
package testing

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"
)

// failed tells the machine that the running test has failed, see docs/ir.md.
func failed(message string)

type TB interface {
	ArtifactDir() string
	Attr(key, value string)
	Chdir(dir string)
	Cleanup(func())
	Context() context.Context
	Error(args ...any)
	Errorf(format string, args ...any)
	Fail()
	FailNow()
	Failed() bool
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Helper()
	Log(args ...any)
	Logf(format string, args ...any)
	Name() string
	Output() io.Writer
	Setenv(key, value string)
	Skip(args ...any)
	SkipNow()
	Skipf(format string, args ...any)
	Skipped() bool
	TempDir() string

	private()
}

var (
	_ TB = (*T)(nil)
	_ TB = (*B)(nil)
)

type common struct {
	name   string
	parent *common

	// mu guards what follows: a test may report from several goroutines.
	mu       sync.Mutex
	failed   bool
	skipped  bool
	finished bool
	done     bool
	cleanups []func()
	names    map[string]int
	ctx      context.Context
	cancel   context.CancelFunc

	// signal has a value when the test has ended or waits to run in parallel.
	signal   chan struct{}
	barrier  chan struct{}
	parallel []*common
}

func (c *common) start(parent *common, name string) {
	c.name = name
	c.parent = parent
	c.signal = make(chan struct{}, 1)
	c.barrier = make(chan struct{})
	c.ctx, c.cancel = context.WithCancel(context.Background())
}

func (c *common) private() {}

func (c *common) Name() string { return c.name }
func (c *common) Helper()      {}

func (c *common) Context() context.Context { return c.ctx }

func (c *common) fail(message string) {
	for p := c; p != nil; p = p.parent {
		p.mu.Lock()
		if p == c && c.done {
			p.mu.Unlock()
			panic("Fail in goroutine after " + c.name + " has completed")
		}
		p.failed = true
		p.mu.Unlock()
	}
	failed(c.name + ": " + message)
}

func (c *common) Fail() { c.fail("failed") }

func (c *common) Failed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed
}

func (c *common) exit() {
	c.mu.Lock()
	c.finished = true
	c.mu.Unlock()
	runtime.Goexit()
}

func (c *common) FailNow() {
	c.fail("failed")
	c.exit()
}

func (c *common) log(text string) string {
	text = strings.TrimSuffix(text, "\n")
	c.mu.Lock()
	done := c.done
	c.mu.Unlock()
	if done {
		panic("Log in goroutine after " + c.name + " has completed: " + text)
	}
	print("    " + c.name + ": " + strings.ReplaceAll(text, "\n", "\n        ") + "\n")
	return text
}

func (c *common) Log(args ...any)                 { c.log(fmt.Sprintln(args...)) }
func (c *common) Logf(format string, args ...any) { c.log(fmt.Sprintf(format, args...)) }

func (c *common) Error(args ...any)                 { c.fail(c.log(fmt.Sprintln(args...))) }
func (c *common) Errorf(format string, args ...any) { c.fail(c.log(fmt.Sprintf(format, args...))) }

func (c *common) Fatal(args ...any) {
	c.fail(c.log(fmt.Sprintln(args...)))
	c.exit()
}

func (c *common) Fatalf(format string, args ...any) {
	c.fail(c.log(fmt.Sprintf(format, args...)))
	c.exit()
}

func (c *common) Skip(args ...any) {
	c.log(fmt.Sprintln(args...))
	c.SkipNow()
}

func (c *common) Skipf(format string, args ...any) {
	c.log(fmt.Sprintf(format, args...))
	c.SkipNow()
}

func (c *common) SkipNow() {
	c.mu.Lock()
	c.skipped = true
	c.mu.Unlock()
	c.exit()
}

func (c *common) Skipped() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.skipped
}

func (c *common) Cleanup(f func()) {
	c.mu.Lock()
	c.cleanups = append(c.cleanups, f)
	c.mu.Unlock()
}

func (c *common) nextCleanup() func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	last := len(c.cleanups) - 1
	if last < 0 {
		return nil
	}
	f := c.cleanups[last]
	c.cleanups = c.cleanups[:last]
	return f
}

// runCleanups goes on with the others when one ends the goroutine or panics.
func (c *common) runCleanups() {
	c.cancel()
	for f := c.nextCleanup(); f != nil; f = c.nextCleanup() {
		c.runCleanup(f)
	}
}

func (c *common) runCleanup(f func()) {
	returned := false
	defer func() {
		if !returned {
			c.runCleanups()
		}
	}()
	f()
	returned = true
}

func (c *common) Setenv(key, value string) {
	old, set := os.LookupEnv(key)
	if err := os.Setenv(key, value); err != nil {
		c.Fatalf("cannot set environment variable: %v", err)
	}
	c.Cleanup(func() {
		if set {
			os.Setenv(key, old)
		} else {
			os.Unsetenv(key)
		}
	})
}

func (c *common) Attr(key, value string) { c.log("=== ATTR " + key + " " + value) }

type logWriter struct{ c *common }

func (w logWriter) Write(p []byte) (int, error) {
	w.c.log(string(p))
	return len(p), nil
}

func (c *common) Output() io.Writer { return logWriter{c} }

func (c *common) Chdir(dir string)
func (c *common) TempDir() string
func (c *common) ArtifactDir() string

// childName makes the names of subtests unique, as the real package does.
func (c *common) childName(name string) string {
	name = strings.ReplaceAll(name, " ", "_")
	full := c.name + "/" + name
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.names == nil {
		c.names = map[string]int{}
	}
	n, taken := c.names[full]
	c.names[full] = n + 1
	if taken || name == "" {
		return fmt.Sprintf("%s#%02d", full, n)
	}
	return full
}

type T struct {
	common
	isParallel bool
}

// runTest is called by the entry of a test.
func runTest(name string, f func(*T)) {
	t := new(T)
	t.start(nil, name)
	t.run(f)
}

func (t *T) run(f func(*T)) {
	defer t.end()
	f(t)
	t.mu.Lock()
	t.finished = true
	t.mu.Unlock()
}

func (t *T) end() {
	t.mu.Lock()
	orderly, subtests := t.finished, t.parallel
	t.mu.Unlock()
	if orderly && len(subtests) > 0 {
		close(t.barrier)
		for _, s := range subtests {
			<-s.signal
		}
	}
	t.runCleanups()
	if !orderly { // A panic, which outweighs this, or Goexit.
		t.fail("test executed panic(nil) or runtime.Goexit")
	}
	t.mu.Lock()
	t.done = true
	t.mu.Unlock()
	t.signal <- struct{}{}
}

func (t *T) Run(name string, f func(t *T)) bool {
	sub := new(T)
	sub.start(&t.common, t.childName(name))
	go func() { sub.run(f) }() // A literal that captures f: the goroutine is named after f.
	<-sub.signal
	return !sub.Failed()
}

func (t *T) Parallel() {
	if t.isParallel {
		panic("testing: t.Parallel called multiple times")
	}
	t.isParallel = true
	p := t.parent
	if p == nil {
		return
	}
	p.mu.Lock()
	p.parallel = append(p.parallel, &t.common)
	p.mu.Unlock()
	t.signal <- struct{}{}
	<-p.barrier
}

func (t *T) Setenv(key, value string) {
	if t.isParallel {
		panic("testing: test using t.Setenv, t.Chdir, or cryptotest.SetGlobalRandom can not use t.Parallel")
	}
	t.common.Setenv(key, value)
}

func (t *T) Chdir(dir string)

func (t *T) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }

func Short() bool       { return false }
func Verbose() bool     { return false }
func Testing() bool     { return true }
func CoverMode() string { return "" }
func Coverage() float64 { return 0 }

func AllocsPerRun(runs int, f func()) (avg float64)
