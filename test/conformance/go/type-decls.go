package main

import "fmt"

type celsius float64
type ids []int
type op func(int, int) int
type set map[string]struct{}
type alias = celsius

func (i ids) sum() (t int) {
	for _, x := range i {
		t += x
	}
	return
}
func (o op) twice(a, b int) int { return o(o(a, b), b) }
func (s set) add(k string) set  { s[k] = struct{}{}; return s }

func main() {
	var c celsius = 36.6
	var a alias = c
	fmt.Printf("%v %T %T\n", a, a, ids{1})
	fmt.Println(ids{1, 2, 3}.sum(), op(func(a, b int) int { return a*10 + b }).twice(1, 2), len(set{}.add("x").add("y")))
	type local struct{ n int }
	fmt.Printf("%T %v\n", local{1}, float64(c) == 36.6)
	var f any = op(nil)
	_, ok := f.(func(int, int) int)
	_, ok2 := f.(op)
	fmt.Println(ok, ok2)
}
