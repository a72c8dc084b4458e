// Lesson 11: A channel as a semaphore
//
// A buffered channel is a box with so many places: who puts something in takes a place, who takes
// something out gives it back. A channel without a buffer has no place at all.
//
// Goal: Three downloads, two at a time and never three.
// Find: wait-cycle
// Fix: Give the channel as many places as downloads may run.
// Hint: The second argument of make.
// Keep: can print "2 at once"
// Keep: can print "1 at once"
// Keep: starts 3 goroutines
// Keep: main as it is
// Keep: load as it is

package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

var (
	slots = make(chan struct{}, 2)
	busy  atomic.Int32
	most  atomic.Int32
)

func download() {
	slots <- struct{}{}
	load()
	<-slots
}

// load stands for the network, and notes how many are busy.
func load() {
	now := busy.Add(1)
	if now > 2 {
		panic("more than two at a time")
	}
	if now == 2 {
		most.Store(2)
	}
	busy.Add(-1)
}

func main() {
	var done sync.WaitGroup
	most.Store(1)
	for range 3 {
		done.Go(download)
	}
	done.Wait()
	fmt.Println(most.Load(), "at once")
}
