// Lesson 1: Three steps of n = n+1
//
// n = n+1 is not one step: a goroutine reads n, adds 1, and writes the sum back.
// Between its read and its write another goroutine can do all three.
//
// Goal: Two goroutines add 1 each, and n is 2 whatever the order.
// Find: lost-update
// Fix: Make the three steps one.
// Hint: The integers of sync/atomic have an Add that is one step.
// Keep: prints "n = 2"
// Keep: starts 2 goroutines
// Keep: main as it is

package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

var n atomic.Int64

func add() {
	n.Add(1)
}

func value() int64 {
	return n.Load()
}

func main() {
	var done sync.WaitGroup
	done.Go(add)
	done.Go(add)
	done.Wait()
	fmt.Println("n =", value())
}
