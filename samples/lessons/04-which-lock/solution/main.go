// Lesson 4: Which lock guards what
//
// Everybody takes a lock here, and still nothing is guarded: a lock keeps out only those who
// take the same one. That mu guards hits is a promise which every line has to keep.
//
// Goal: Hits are counted by one goroutine and read by another.
// Find: unsynchronized-access
// Fix: One lock for all who touch hits.
// Hint: Which lock does hit hold, and which does total?
// Keep: prints "total: 2"
// Keep: starts 2 goroutines
// Keep: main as it is

package main

import (
	"fmt"
	"sync"
)

type counter struct {
	mu   sync.Mutex // guards hits
	hits int
}

func (c *counter) hit() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hits++
}

func (c *counter) total() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.hits
}

func main() {
	c := new(counter)
	var done sync.WaitGroup
	done.Go(c.hit)
	done.Go(func() { _ = c.total() })
	c.hit()
	done.Wait()
	fmt.Println("total:", c.total())
}
