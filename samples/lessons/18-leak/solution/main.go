// Lesson 18: Left behind
//
// Three mirrors are asked and the first answer wins. The other two want to give theirs as well,
// and wait until the program ends: a leak, which Go says nothing about.
//
// Goal: The first answer wins, and the others come to their end.
// Find: abandoned-sender
// Fix: Make room for the answers that nobody takes.
// Hint: Count: how many answers are sent, how many are received?
// Keep: prints "page"
// Keep: starts 3 goroutines
// Keep: main as it is
// Keep: ask as it is

package main

import "fmt"

func first(mirrors int) string {
	answers := make(chan string, mirrors-1)
	for range mirrors {
		go func() {
			answers <- ask()
		}()
	}
	return <-answers
}

func ask() string {
	return "page"
}

func main() {
	fmt.Println(first(3))
}
