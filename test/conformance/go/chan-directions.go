package main

import "fmt"

func gen(n int) <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := 1; i <= n; i++ {
			c <- i
		}
	}()
	return c
}

func square(in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		for v := range in {
			out <- v * v
		}
		close(out)
	}()
	return out
}

func main() {
	src := gen(5)
	out := square(src)
	sum := 0
	for v := range out {
		sum += v
	}
	fmt.Println(sum)
	cc := make(chan chan int, 1)
	c := make(chan int, 1)
	cc <- c
	(<-cc) <- 5
	fmt.Println(<-c, c == c, (<-chan int)(c) != nil)
	var nilc chan int
	fmt.Println(nilc == nil, len(nilc), cap(nilc))
}
