// Lesson 8: Wait for a condition, in a loop
//
// Wait gives the lock back and sleeps; when it is woken it takes the lock again. Between the two
// somebody else can have taken what it was woken for.
//
// Goal: Two goroutines take an item each, whoever comes first.
// Find: cond-wait-misuse
// Fix: Look again after each Wait.
// Hint: Being woken is a reason to look, not a promise.
// Keep: prints "both have one"
// Keep: starts 2 goroutines
// Keep: main as it is

package main

import (
	"fmt"
	"sync"
)

type queue struct {
	mu     sync.Mutex
	filled *sync.Cond
	items  []string
}

func (q *queue) put(item string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, item)
	q.filled.Signal()
}

func (q *queue) take() string {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		q.filled.Wait()
	}
	item := q.items[0]
	q.items = q.items[1:]
	return item
}

func main() {
	q := new(queue)
	q.filled = sync.NewCond(&q.mu)
	var done sync.WaitGroup
	done.Go(func() { _ = q.take() })
	done.Go(func() { _ = q.take() })
	q.put("a")
	q.put("b")
	done.Wait()
	fmt.Println("both have one")
}
