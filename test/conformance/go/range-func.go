package main

import (
	"fmt"
	"iter"
	"maps"
	"slices"
)

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Print("[done]")
		for i := 0; i < n; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

func pairs(xs ...string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for i, x := range xs {
			if !yield(i, x) {
				return
			}
		}
	}
}

func find(n int) (r int) {
	defer func() { r += 1000 }()
	for i := range count(100) {
		for j := range count(100) {
			if i*j == n && i > 1 {
				return i*10 + j
			}
			if j > 10 {
				break
			}
		}
	}
	return -1
}

func main() {
	for i := range count(3) {
		fmt.Print(i, " ")
	}
	fmt.Println()
	for i := range count(10) {
		if i == 1 {
			continue
		}
		if i == 4 {
			break
		}
		fmt.Print(i, " ")
	}
	fmt.Println()
	for i, s := range pairs("a", "b") {
		defer fmt.Println("deferred", i, s)
	}
	fmt.Println(find(6))
	keys := slices.Sorted(maps.Keys(map[string]int{"x": 1, "b": 2}))
	fmt.Println(keys, slices.Collect(count(2)))
}
