package main

import (
	"fmt"
	"sort"
	"sync"
)

func main() {
	merge := func(cs ...<-chan int) <-chan int {
		out := make(chan int)
		var wg sync.WaitGroup
		for _, c := range cs {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for v := range c {
					out <- v
				}
			}()
		}
		go func() { wg.Wait(); close(out) }()
		return out
	}
	src := func(xs ...int) <-chan int {
		c := make(chan int, len(xs))
		for _, x := range xs {
			c <- x
		}
		close(c)
		return c
	}
	var all []int
	for v := range merge(src(1, 4), src(2, 5), src(3)) {
		all = append(all, v)
	}
	sort.Ints(all)
	fmt.Println(all)
}
