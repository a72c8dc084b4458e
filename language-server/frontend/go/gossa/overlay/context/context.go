// Package context for the virtual machine: the interface and every text of the real one, with as few
// synchronisation steps as possible. What is scheduled is the close of a Done channel and the look
// at it by Err; see frontend/go/models/visible.ts.
package context

import (
	"errors"
	"internal/reflectlite"
	"sync"
	"time"
)

type Context interface {
	Deadline() (deadline time.Time, ok bool)
	Done() <-chan struct{}
	Err() error
	Value(key any) any
}

var Canceled = errors.New("context canceled")

var DeadlineExceeded error = deadlineExceededError{}

type deadlineExceededError struct{}

func (deadlineExceededError) Error() string   { return "context deadline exceeded" }
func (deadlineExceededError) Timeout() bool   { return true }
func (deadlineExceededError) Temporary() bool { return true }

type (
	CancelFunc      func()
	CancelCauseFunc func(cause error)
)

// emptyCtx is never done and holds nothing.
type emptyCtx struct{}

func (emptyCtx) Deadline() (deadline time.Time, ok bool) { return }
func (emptyCtx) Done() <-chan struct{}                   { return nil }
func (emptyCtx) Err() error                              { return nil }
func (emptyCtx) Value(key any) any                       { return nil }

type backgroundCtx struct{ emptyCtx }

func (backgroundCtx) String() string { return "context.Background" }

type todoCtx struct{ emptyCtx }

func (todoCtx) String() string { return "context.TODO" }

func Background() Context { return backgroundCtx{} }
func TODO() Context       { return todoCtx{} }

// cancelCtxKey is the key under which a context hands out the cancelCtx it is or is made of.
var cancelCtxKey int

type canceler interface {
	cancel(leave bool, err, cause error)
	Done() <-chan struct{}
}

type cancelCtx struct {
	Context

	done chan struct{}
	// mu guards children and who cancels first; err and cause are written once, before done closes.
	mu       sync.Mutex
	children map[canceler]struct{}
	canceled bool
	err      error
	cause    error
}

func (c *cancelCtx) Done() <-chan struct{} { return c.done }

// Err sees what was written before the channel was closed.
func (c *cancelCtx) Err() error {
	if isClosed(c.done) {
		return c.err
	}
	return nil
}

func (c *cancelCtx) Value(key any) any {
	if key == &cancelCtxKey {
		return c
	}
	return c.Context.Value(key)
}

func (c *cancelCtx) String() string { return nameOf(c.Context) + ".WithCancel" }

// isClosed and closeDone are scheduled.
func isClosed(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

func closeDone(done chan struct{}) { close(done) }

// start makes child, which is made of c, be cancelled with its parent.
func (c *cancelCtx) start(parent Context, child canceler) {
	c.Context = parent
	c.done = make(chan struct{})
	done := parent.Done()
	if done == nil {
		return
	}
	if p := cancelCtxOf(parent); p != nil {
		p.mu.Lock()
		if !p.canceled {
			if p.children == nil {
				p.children = map[canceler]struct{}{}
			}
			p.children[child] = struct{}{}
			p.mu.Unlock()
			return
		}
		err, cause := p.err, p.cause
		p.mu.Unlock()
		child.cancel(false, err, cause)
		return
	}
	if isClosed(done) {
		child.cancel(false, parent.Err(), Cause(parent))
		return
	}
	if a, ok := parent.(interface{ AfterFunc(func()) func() bool }); ok {
		stop := a.AfterFunc(func() { child.cancel(false, parent.Err(), Cause(parent)) })
		c.Context = stopCtx{parent, stop}
		return
	}
	go func() {
		select {
		case <-done:
			child.cancel(false, parent.Err(), Cause(parent))
		case <-child.Done():
		}
	}()
}

// stopCtx is a parent that cancels its child by a function it was given.
type stopCtx struct {
	Context
	stop func() bool
}

// cancelCtxOf is the cancelCtx behind a context of this package, or nil.
func cancelCtxOf(parent Context) *cancelCtx {
	done := parent.Done()
	p, ok := parent.Value(&cancelCtxKey).(*cancelCtx)
	if !ok || done == nil || (<-chan struct{})(p.done) != done {
		return nil
	}
	return p
}

func (c *cancelCtx) cancel(leave bool, err, cause error) {
	if err == nil {
		panic("context: internal error: missing cancel error")
	}
	if cause == nil {
		cause = err
	}
	c.mu.Lock()
	if c.canceled {
		c.mu.Unlock()
		return
	}
	c.canceled, c.err, c.cause = true, err, cause
	children := c.children
	c.children = nil
	closeDone(c.done)
	for child := range children {
		child.cancel(false, err, cause)
	}
	c.mu.Unlock()
	if leave {
		forget(c.Context, c)
	}
}

// forget takes a child from its parent.
func forget(parent Context, child canceler) {
	if s, ok := parent.(stopCtx); ok {
		s.stop()
		return
	}
	if p := cancelCtxOf(parent); p != nil {
		p.mu.Lock()
		delete(p.children, child)
		p.mu.Unlock()
	}
}

func newCancelCtx(parent Context) *cancelCtx {
	checkParent(parent)
	c := &cancelCtx{}
	c.start(parent, c)
	return c
}

func checkParent(parent Context) {
	if parent == nil {
		panic("cannot create context from nil parent")
	}
}

func WithCancel(parent Context) (ctx Context, cancel CancelFunc) {
	c := newCancelCtx(parent)
	return c, func() { c.cancel(true, Canceled, nil) }
}

func WithCancelCause(parent Context) (ctx Context, cancel CancelCauseFunc) {
	c := newCancelCtx(parent)
	return c, func(cause error) { c.cancel(true, Canceled, cause) }
}

func Cause(c Context) error {
	err := c.Err()
	if err == nil {
		return nil
	}
	if cc, ok := c.Value(&cancelCtxKey).(*cancelCtx); ok && isClosed(cc.done) {
		return cc.cause
	}
	return err
}

type afterFuncCtx struct {
	cancelCtx
	once sync.Once
	f    func()
}

func AfterFunc(ctx Context, f func()) (stop func() bool) {
	a := &afterFuncCtx{f: f}
	a.start(ctx, a)
	return func() bool {
		stopped := false
		a.once.Do(func() { stopped = true })
		if stopped {
			a.cancel(true, Canceled, nil)
		}
		return stopped
	}
}

func (a *afterFuncCtx) cancel(leave bool, err, cause error) {
	a.cancelCtx.cancel(false, err, cause)
	if leave {
		forget(a.Context, a)
	}
	a.once.Do(func() { go a.f() })
}

type withoutCancelCtx struct {
	c Context
}

func WithoutCancel(parent Context) Context {
	checkParent(parent)
	return withoutCancelCtx{parent}
}

func (withoutCancelCtx) Deadline() (deadline time.Time, ok bool) { return }
func (withoutCancelCtx) Done() <-chan struct{}                   { return nil }
func (withoutCancelCtx) Err() error                              { return nil }

func (c withoutCancelCtx) Value(key any) any {
	if key == &cancelCtxKey {
		return nil
	}
	return c.c.Value(key)
}

func (c withoutCancelCtx) String() string { return nameOf(c.c) + ".WithoutCancel" }

type timerCtx struct {
	cancelCtx
	timer    *time.Timer // guarded by mu
	deadline time.Time
}

func WithDeadline(parent Context, d time.Time) (Context, CancelFunc) {
	return WithDeadlineCause(parent, d, nil)
}

func WithDeadlineCause(parent Context, d time.Time, cause error) (Context, CancelFunc) {
	checkParent(parent)
	if earlier, ok := parent.Deadline(); ok && earlier.Before(d) {
		return WithCancel(parent)
	}
	c := &timerCtx{deadline: d}
	c.start(parent, c)
	left := time.Until(d)
	if left <= 0 {
		c.cancel(true, DeadlineExceeded, cause)
		return c, func() { c.cancel(false, Canceled, nil) }
	}
	c.mu.Lock()
	if !c.canceled {
		c.timer = time.AfterFunc(left, func() { c.cancel(true, DeadlineExceeded, cause) })
	}
	c.mu.Unlock()
	return c, func() { c.cancel(true, Canceled, nil) }
}

func WithTimeout(parent Context, timeout time.Duration) (Context, CancelFunc) {
	return WithDeadline(parent, time.Now().Add(timeout))
}

func WithTimeoutCause(parent Context, timeout time.Duration, cause error) (Context, CancelFunc) {
	return WithDeadlineCause(parent, time.Now().Add(timeout), cause)
}

func (c *timerCtx) Deadline() (deadline time.Time, ok bool) { return c.deadline, true }

func (c *timerCtx) String() string {
	return nameOf(c.cancelCtx.Context) + ".WithDeadline(" + c.deadline.String() + " [" +
		time.Until(c.deadline).String() + "])"
}

func (c *timerCtx) cancel(leave bool, err, cause error) {
	c.cancelCtx.cancel(false, err, cause)
	if leave {
		forget(c.cancelCtx.Context, c)
	}
	c.mu.Lock()
	if c.timer != nil {
		c.timer.Stop()
		c.timer = nil
	}
	c.mu.Unlock()
}

type valueCtx struct {
	Context
	key, val any
}

func WithValue(parent Context, key, val any) Context {
	checkParent(parent)
	if key == nil {
		panic("nil key")
	}
	if !isComparable(key) {
		panic("key is not comparable")
	}
	return &valueCtx{parent, key, val}
}

func isComparable(key any) (yes bool) {
	defer func() { yes = recover() == nil }()
	return key == key
}

func (c *valueCtx) Value(key any) any {
	if c.key == key {
		return c.val
	}
	return c.Context.Value(key)
}

func (c *valueCtx) String() string {
	return nameOf(c.Context) + ".WithValue(" + textOf(c.key) + ", " + textOf(c.val) + ")"
}

type stringer interface{ String() string }

func nameOf(c Context) string {
	if s, ok := c.(stringer); ok {
		return s.String()
	}
	return reflectlite.TypeOf(c).String()
}

func textOf(v any) string {
	switch s := v.(type) {
	case stringer:
		return s.String()
	case string:
		return s
	case nil:
		return "<nil>"
	}
	return reflectlite.TypeOf(v).String()
}
