// Lesson 15: Tell those who work for you to stop
//
// numbers counts for ever, for somebody who has long gone away. A context is how who asked says
// that no answer is wanted any more.
//
// Goal: main takes three numbers, and nobody is left behind.
// Find: uncancellable-loop
// Fix: Let the counter listen whether it is still wanted.
// Hint: A select with two cases: the value is taken, or ctx.Done() is closed.
// Keep: prints "0\n1\n2"
// Keep: starts 1 goroutine
// Keep: main as it is

package main

import (
	"context"
	"fmt"
)

func numbers(ctx context.Context) <-chan int {
	out := make(chan int)
	go func() {
		for i := 0; ; i++ {
			if ctx.Err() != nil {
				return
			}
			out <- i
		}
	}()
	return out
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for i := range numbers(ctx) {
		fmt.Println(i)
		if i == 2 {
			break
		}
	}
}
