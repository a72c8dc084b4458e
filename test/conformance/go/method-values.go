package main

import "fmt"

type acc struct{ n int }

func (a *acc) add(k int) int { a.n += k; return a.n }
func (a acc) get() int       { return a.n }

type adder interface{ add(int) int }

func main() {
	a := &acc{1}
	f := a.add
	g := a.get
	a.n = 10
	fmt.Println(f(1), g(), a.get())
	var i adder = a
	h := i.add
	i = &acc{100}
	fmt.Println(h(1), i.add(1))
	e := (*acc).add
	k := acc.get
	fmt.Println(e(a, 5), k(*a))
	m := adder.add
	fmt.Println(m(a, 1))
	fs := map[string]func(int) int{"f": f}
	fmt.Println(fs["f"](1))
	defer fmt.Println(a.n)
	defer a.add(100)
}
