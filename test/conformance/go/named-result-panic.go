package main

import "fmt"

func f(d int) (res int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("caught: %v", r)
			res = -1
		}
	}()
	res = 5
	res = 10 / d
	return res, nil
}

func g() (s string) {
	s = "set"
	defer func() { recover(); s += "!" }()
	panic("x")
}

func main() {
	fmt.Println(f(1))
	fmt.Println(f(0))
	fmt.Println(g())
}
