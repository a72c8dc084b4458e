// Lesson 13: select and a time-out
//
// Who waits no longer than a second is gone when the answer comes. Whoever brings it then waits
// for ever, because an unbuffered channel takes nothing that nobody receives.
//
// Goal: A slow page is given up after a second, and nobody is left behind.
// Find: abandoned-sender
// Fix: Let the answer be put down even when nobody takes it.
// Hint: How many values must the channel be able to keep?
// Keep: prints "/quick: page\n/slow: too late"
// Keep: starts 2 goroutines
// Keep: main as it is
// Keep: load as it is

package main

import (
	"fmt"
	"time"
)

func fetch(url string) string {
	answer := make(chan string)
	go func() {
		answer <- load(url)
	}()
	return <-answer
}

func load(url string) string {
	if url == "/slow" {
		time.Sleep(5 * time.Second)
	}
	return "page"
}

func main() {
	fmt.Println("/quick:", fetch("/quick"))
	fmt.Println("/slow:", fetch("/slow"))
	time.Sleep(10 * time.Second)
}
