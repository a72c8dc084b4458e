// Lesson 2: When does a write become visible?
//
// main waits until ready is true. Nothing says that it ever sees that write, nor that it sees
// the message which was written before: what is not ordered may be seen late, or never.
//
// Goal: main says what was prepared.
// Find: busy-wait-on-plain-flag
// Fix: Let main wait for something that orders the two.
// Hint: Closing a channel happens before a receive that returns because of it.
// Keep: prints "hello"
// Keep: starts 1 goroutine

package main

import (
	"fmt"
	"time"
)

var (
	message string
	ready   bool
)

func prepare() {
	message = "hello"
	ready = true
}

func main() {
	go prepare()
	for !ready {
		time.Sleep(time.Millisecond)
	}
	fmt.Println(message)
}
