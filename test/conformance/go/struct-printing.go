package main

import (
	"fmt"
	"time"
)

func main() {
	type in struct {
		A int
		b *int
	}
	type out struct {
		in
		M  map[string]in
		S  []in
		I  any
		F  func()
		C  chan int
		E  error
		D  time.Duration
		By []byte
		P  *in
	}
	o := out{in: in{1, nil}, M: map[string]in{"k": {2, nil}}, S: []in{{3, nil}}, I: in{4, nil}, D: time.Second, By: []byte("x"), P: &in{5, nil}}
	o.P = nil
	fmt.Printf("%v\n%+v\n", o, o)
	fmt.Printf("%#v\n", o.in)
	fmt.Printf("%v %+v\n", &o.in, []*int{nil})
	fmt.Printf("%T %T %T %T\n", o, o.F, o.C, o.M)
}
