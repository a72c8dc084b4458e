package main

import (
	"errors"
	"fmt"
	"os"
	"time"
)

type S string

func (s S) String() string { return "S:" + string(s) }

type P struct{ n int }

func (p *P) String() string { return fmt.Sprint("P#", p.n) }

type G struct{ a int }

func (g G) GoString() string { return "G!" }

type F struct{}

func (F) Format(s fmt.State, v rune) {
	w, wok := s.Width()
	p, pok := s.Precision()
	fmt.Fprintf(s, "F[%c %d %v %d %v %v]", v, w, wok, p, pok, s.Flag('+'))
}

type E struct{ code int }

func (e E) Error() string { return fmt.Sprint("E", e.code) }

type Pan struct{}

func (Pan) String() string { panic("oops") }

type NilP struct{}

func (n *NilP) String() string { return fmt.Sprint(*n) }

type inner struct {
	s  S
	P  *P
	pp P
	e  error
	d  time.Duration
}
type T struct {
	A int
	B string
	C []byte
	D map[S]int
	E any
	F *int
	G [2]bool
	H func()
	I chan int
	J inner
	K []S
	L map[string]any
	M struct{ X, y float32 }
	N complex64
	O uintptr
	Q []error
	R [3]byte
	U *inner
	V []*P
}

type myInt int8
type myBytes []byte
type rec struct {
	next *rec
	v    int
}

func main() {
	t := T{A: 1, B: "b\n", C: []byte("hi"), D: map[S]int{"z": 1, "a": 2}, E: S("e"), J: inner{"s", nil, P{3}, E{4}, time.Second}, K: []S{"k"}, L: map[string]any{"q": 1, "p": []int{1}}}
	for _, f := range []string{"%v", "%+v", "%#v", "%T", "%s", "%d", "%x", "%q", "%X", "%o", "%t"} {
		fmt.Printf(f+"\n", t)
	}
	vals := []any{nil, 1, -1, uint8(200), 3.5, float32(0.1), "str\x00é", []byte("by\xffte"), true, 'x', myInt(-5), myBytes("q"), [3]byte{1, 2, 3}, []string{"a", "b c"}, map[int]string{2: "b", 1: "a"}, struct{}{}, struct{ a, B any }{1, "x"}, E{1}, &E{2}, S("s"), P{1}, G{1}, F{}, Pan{}, (*NilP)(nil), 1 + 2i, []any{1, "a", nil}, [][]int{{1}, {2, 3}}, rec{nil, 1}, time.Duration(1500), errors.Join(E{1}, E{2}), fmt.Errorf("w %w", E{9}), uintptr(255), []float64{1, 1e100, 0.1}, []S{"x"}, [2]S{}, int64(-1) << 63, ^uint64(0), []myInt{1}, (*int)(nil), (func())(nil), (map[string]int)(nil), []int(nil), error(nil), any(nil)}
	for _, f := range []string{"%v", "%+v", "%#v", "%T", "%s", "%d", "%5d|", "%-8v|", "%08.3f", "%x", "% x", "%#x", "%q", "%+q", "%U", "%c", "%e", "%g", "%b", "%o", "%O", "%t", "%p|", "%w", "%z", "%6.2v", "%+d", "% d", "%10s|", "%-10q|", "%.2s", "%#q", "%X"} {
		for _, v := range vals {
			if f == "%p|" {
				if _, ok := v.(*int); !ok {
					continue
				}
			}
			if e, ok := v.(*E); ok && (f != "%v" && f != "%s") {
				_ = e
				continue
			}
			fmt.Printf(f+" ", v)
		}
		fmt.Println()
	}
	fmt.Printf("%d %d\n", 1)
	fmt.Printf("%d\n", 1, 2)
	fmt.Printf("%!\n")
	fmt.Printf("%[2]d %[1]d %[3]*.[2]*[1]f|\n", 1, 2, 8)
	fmt.Printf("%*d|%-*d|%.*f\n", 5, 1, 5, 2, 2, 3.14159)
	fmt.Printf("%[5]d %[x]d %d\n", 1)
	fmt.Println(fmt.Sprint("a", 1, 2, "b", "c", 3.0, nil, []int{1}), fmt.Sprintln("x", 1))
	var ip *int
	fmt.Fprintln(os.Stdout, ip == nil, fmt.Sprintf("%v %+v", struct{ p *int }{ip}, &struct{ a []int }{[]int{1}}))
	fmt.Printf("%v %v %v\n", &[]int{1}, &map[string]int{"a": 1}, &[2]int{})
	fmt.Printf("%t %v %08b %3c|%-3c|%#U %#o %x\n", false, 'a', 5, 'z', 'z', '⌘', 8, -255)
	fmt.Printf("%6.3d|%+.2e|%#g|%g|%G\n", 7, 12345.678, 1.0, 1e21, 1e-7)
	var n1, n2 int
	var w string
	c, err := fmt.Sscanf("10-abc:0x1f", "%d-%3s:%v", &n1, &w, &n2)
	fmt.Println(c, err, n1, w, n2)
	c, err = fmt.Sscan("7 eight", &n1, &n2)
	fmt.Println(c, err)
}
