package main

import "fmt"

func f() (n int) {
	defer func() { n *= 2 }()
	defer func() { n += 3 }()
	return 10
}

func g() (s string) {
	for i := 0; i < 3; i++ {
		defer func() { s += fmt.Sprint(i) }()
		defer fmt.Print("d", i, " ")
	}
	return "r"
}

type t struct{ n int }

func (x t) show()   { fmt.Println("show", x.n) }
func (x *t) pshow() { fmt.Println("pshow", x.n) }

func main() {
	fmt.Println(f())
	fmt.Println(g())
	x := t{1}
	defer x.show()
	defer x.pshow()
	x.n = 2
	defer func(n int) { fmt.Println("arg", n, x.n) }(x.n)
	x.n = 3
}
