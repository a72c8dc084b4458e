package main

import "fmt"

func counter() (func() int, func()) {
	n := 0
	return func() int { n++; return n }, func() { n = 100 }
}

func apply(fs ...func(int) int) int {
	x := 1
	for _, f := range fs {
		x = f(x)
	}
	return x
}

func main() {
	next, reset := counter()
	fmt.Println(next(), next())
	reset()
	fmt.Println(next())
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i *= 10; return i })
	}
	for _, f := range fs {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println()
	k := 5
	fmt.Println(apply(func(x int) int { return x + k }, func(x int) int { k = 2; return x * k }, func(x int) int { return x - k }))
	var fib func(int) int
	fib = func(n int) int {
		if n < 2 {
			return n
		}
		return fib(n-1) + fib(n-2)
	}
	fmt.Println(fib(15))
	func(xs ...int) { fmt.Println(len(xs), xs) }(1, 2, 3)
	var nilf func()
	fmt.Println(nilf == nil)
}
