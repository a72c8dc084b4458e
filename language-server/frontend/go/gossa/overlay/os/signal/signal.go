// Package signal for the virtual machine: somebody outside sends each signal that is asked for, at any time, and once more
// whenever nothing else can go on.
package signal

import (
	"context"
	"os"
	"slices"
)

// timer is the machine's, as in package time.
type timer struct {
	state int
}

// start makes the machine send the signal on target, a channel that is not the machine's own.
func start(t *timer, when, period int64, target any, sig os.Signal, theirs bool)
func stop(t *timer) bool

// unbuffered has no body: whether a signal finds somebody who waits is not modelled.
func unbuffered()

// again is after whatever a program waits for by itself: an hour, in nanoseconds.
const again = 3600 * 1000 * 1000 * 1000

// sending is a signal that is sent to a channel.
type sending struct {
	to  chan<- os.Signal
	sig os.Signal
	by  *timer
}

var sendings []sending

var ignored []os.Signal

func Notify(c chan<- os.Signal, sig ...os.Signal) {
	if c == nil {
		panic("os/signal: Notify using nil channel")
	}
	if cap(c) == 0 {
		unbuffered()
	}
	if len(sig) == 0 {
		sig = []os.Signal{os.Interrupt}
	}
	for _, it := range sig {
		if it == os.Kill { // Nobody can catch it.
			continue
		}
		t := &timer{}
		sendings = append(sendings, sending{c, it, t})
		start(t, 0, again, c, it, true)
	}
}

func Stop(c chan<- os.Signal) { end(func(it sending) bool { return it.to == c }) }

// Ignore undoes what Notify has done for the signals, for all when none is given.
func Ignore(sig ...os.Signal) {
	Reset(sig...)
	ignored = append(ignored, sig...)
}

func Ignored(sig os.Signal) bool { return slices.Contains(ignored, sig) }

func Reset(sig ...os.Signal) {
	end(func(it sending) bool { return len(sig) == 0 || slices.Contains(sig, it.sig) })
	ignored = slices.DeleteFunc(ignored, func(it os.Signal) bool {
		return len(sig) == 0 || slices.Contains(sig, it)
	})
}

func end(ends func(it sending) bool) {
	sendings = slices.DeleteFunc(sendings, func(it sending) bool {
		if ends(it) {
			stop(it.by)
			return true
		}
		return false
	})
}

func NotifyContext(parent context.Context, signals ...os.Signal) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(parent)
	c := make(chan os.Signal, 1)
	Notify(c, signals...)
	if ctx.Err() == nil {
		go func() {
			select {
			case <-c:
				cancel()
			case <-ctx.Done():
			}
		}()
	}
	return ctx, func() {
		cancel()
		Stop(c)
	}
}
