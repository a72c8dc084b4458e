package broken

import (
	"sync"

	"example.org/unknown"
)

type T struct {
	mu sync.Mutex
	n  int
}

func (t *T) Fine() {
	t.mu.Lock()
	t.n++
	t.mu.Unlock()
}

func (t *T) Partly(other *unknown.Thing) {
	t.n = 1
}

func (t *T) Statement() int {
	t.mu.Lock()
	x := missing(t.n)
	if x > 0 {
		t.n = 2
	}
	for range x {
		t.n = 3
	}
	go func() {
		t.n++
		undefined()
	}()
	t.mu.Unlock()
	return "text"
}

func (t *T) Syntax() {
	t.mu.Lock(
	t.n++
}

func After(t *T) { t.Fine() }

var value = unknown.Value
