// Lesson 9: Count before you start
//
// A WaitGroup counts who is still at work. Who counts itself may come too late: Wait has already
// looked and seen nobody.
//
// Goal: main waits for both workers.
// Find: wg-add-inside
// Fix: Count each worker before it is started.
// Hint: Add belongs in front of go, not behind it.
// Keep: prints "2 pages"
// Keep: starts 2 goroutines
// Keep: fetch as it is

package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

var pages atomic.Int32

func fetch() {
	pages.Add(1)
}

func main() {
	var done sync.WaitGroup
	for range 2 {
		go func() {
			defer done.Done()
			fetch()
		}()
		done.Add(1)
	}
	done.Wait()
	fmt.Println(pages.Load(), "pages")
}
