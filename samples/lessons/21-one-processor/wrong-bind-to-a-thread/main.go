// Lesson 21: Goroutines on threads
//
// Go runs goroutines on as many threads as GOMAXPROCS says, and takes a goroutine off its thread
// at almost any moment. One thread means one at a time, not one after the other.
//
// Goal: Both goroutines add their page, on however many processors.
// Find: non-atomic-rmw
// Fix: Make the update one step; the number of threads is no lock.
// Hint: Pin, yield, or bind as you like: only synchronisation orders two goroutines.
// Keep: prints "2 pages"
// Keep: starts 2 goroutines

package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

var pages atomic.Int32

func count() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	seen := pages.Load()
	pages.Store(seen + 1)
}

func main() {
	runtime.GOMAXPROCS(1)
	var done sync.WaitGroup
	done.Go(count)
	done.Go(count)
	done.Wait()
	fmt.Println(pages.Load(), "pages")
}
