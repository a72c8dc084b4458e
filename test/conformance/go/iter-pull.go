package main

import (
	"fmt"
	"iter"
)

func letters(yield func(string) bool) {
	for _, s := range []string{"a", "b", "c"} {
		if !yield(s) {
			fmt.Println("stopped")
			return
		}
	}
}

func main() {
	next, stop := iter.Pull(letters)
	fmt.Println(next())
	fmt.Println(next())
	stop()
	fmt.Println(next())
}
