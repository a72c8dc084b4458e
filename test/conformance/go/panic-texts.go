package main

import "fmt"

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func main() {
	n := 5
	try(func() { fmt.Println(len(make([]int, n, 10))) })
	try(func() { fmt.Println(len(make([]int, n, 3))) })
	n = -1
	try(func() { fmt.Println(len(make([]int, n, 3))) })
	try(func() { fmt.Println(len(make([]int, n))) })
	n = 4
	a := [3]int{1, 2, 3}
	try(func() { fmt.Println(a[:n]) })
	try(func() { fmt.Println(a[n:]) })
	s := a[:]
	try(func() { fmt.Println(s[n:]) })
	try(func() { fmt.Println(s[1:2:n]) })
	m := 1
	try(func() { fmt.Println(s[2:m]) })
	try(func() { fmt.Println(s[2:m:m]) })
	try(func() { fmt.Println("abc"[n:]) })
	try(func() { fmt.Println("abc"[m:n]) })
	try(func() { fmt.Println("abc"[n]) })
	var e any = 3
	try(func() { fmt.Println(e.(fmt.Stringer)) })
	try(func() { fmt.Println(e.(string)) })
	e = nil
	try(func() { fmt.Println(e.(fmt.Stringer)) })
	try(func() { fmt.Println(e.(string)) })
	var p *[4]int
	try(func() { fmt.Println(p[1]) })
	try(func() { fmt.Println([5]int(s)) })
	var mm map[any]int
	try(func() { fmt.Println(mm[[]int{1}]) })
	try(func() { mm = map[any]int{}; mm[func() {}] = 1 })
	try(func() { var x, y any = []int{1}, []int{1}; fmt.Println(x == y) })
	try(func() { fmt.Println(1 << n >> -m) })
	m = -1
	try(func() { fmt.Println(1 << m) })
	try(func() { var f func(); f() })
	try(func() { var s fmt.Stringer; s.String() })
	try(func() { panic(fmt.Errorf("wrapped %w", fmt.Errorf("in"))) })
}
