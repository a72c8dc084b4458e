package main

import (
	"errors"
	"fmt"
	"runtime"
)

func safe(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			switch v := r.(type) {
			case runtime.Error:
				err = fmt.Errorf("runtime: %w", v)
			case error:
				err = v
			default:
				err = fmt.Errorf("value: %v", v)
			}
		}
	}()
	f()
	return nil
}

func nested() (s string) {
	defer func() { s += fmt.Sprint(recover()) }()
	defer func() {
		defer func() { s += fmt.Sprint(recover(), ";") }()
		panic("second")
	}()
	panic("first")
}

func noRecover() (s string) {
	defer func() { s = fmt.Sprint(recover()) }()
	func() {
		defer func() {
			func() { recover() }()
		}()
		panic("still here")
	}()
	return "unreached"
}

func main() {
	var m map[string]int
	var p *struct{ x int }
	a := []int{1}
	i, z := 5, 0
	var e any = "s"
	for _, f := range []func(){
		func() { m["a"] = 1 },
		func() { _ = p.x },
		func() { _ = a[i] },
		func() { _ = a[:i] },
		func() { _ = i / z },
		func() { _ = e.(int) },
		func() { _ = e.(fmt.Stringer) },
		func() { panic("plain") },
		func() { panic(errors.New("an error")) },
		func() { panic(42) },
		func() { _ = make([]int, i-10) },
		func() {},
		func() { var f func(); f() },
		func() { e = []int{}; _ = e == e },
		func() { _ = [2]int(a) },
		func() { _ = a[2 : i-4] },
		func() { _ = "abc"[i] },
		func() { _ = 1 << (z - 1) },
		func() { var c chan int; close(c) },
		func() { panic(fmt.Sprintf("%d", 1)) },
	} {
		fmt.Println(safe(f))
	}
	fmt.Println(nested())
	fmt.Println(noRecover())
	fmt.Println(recover())
}
