package main

import "fmt"

func main() {
	type s struct {
		a [2]int
		m map[string]int
		p *int
	}
	n := 1
	x := s{[2]int{1, 2}, map[string]int{"k": 1}, &n}
	y := x
	y.a[0], y.m["k"], *y.p = 10, 20, 30
	fmt.Println(x.a, x.m, n)
	arr := [2]s{x, y}
	brr := arr
	brr[0].a[1] = 99
	fmt.Println(arr[0].a, brr[0].a)
	m := map[string][2]int{"q": {1, 2}}
	v := m["q"]
	v[0] = 7
	fmt.Println(m["q"], v)
	c := make(chan [2]int, 1)
	c <- v
	v[1] = 8
	fmt.Println(<-c, v)
	f := func(a [2]int) [2]int { a[0] = -1; return a }
	fmt.Println(f(v), v)
	var i any = v
	v[0] = 100
	fmt.Println(i, v)
}
