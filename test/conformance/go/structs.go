package main

import "fmt"

type inner struct{ v [2]int }
type outer struct {
	inner
	p *inner
	n int
}

func change(o outer) { o.v[0] = 100; o.p.v[0] = 200; o.n++ }

func (o *outer) inc()    { o.n++ }
func (o outer) noInc()   { o.n++ }
func (i inner) sum() int { return i.v[0] + i.v[1] }

func main() {
	a := outer{inner{[2]int{1, 2}}, &inner{}, 5}
	b := a
	b.v[1] = 50
	change(a)
	a.inc()
	a.noInc()
	fmt.Println(a.v, a.p.v, a.n, b.v, b.n, a.sum(), b.inner.sum())
	pp := &a
	pp.n = 77
	(*pp).v[0]--
	fmt.Println(a.n, a.v, a == b, inner{} == inner{[2]int{0, 0}})
	anon := struct {
		X, Y int
	}{1, 2}
	q := &anon.Y
	*q = 9
	fmt.Println(anon, struct{}{} == struct{}{})
	arr := []outer{{n: 1}, {n: 2}}
	for _, o := range arr {
		o.n = 100
	}
	for i := range arr {
		arr[i].inc()
	}
	fmt.Println(arr[0].n, arr[1].n)
	type pair struct{ a, b any }
	fmt.Println(pair{1, "x"} == pair{1, "x"}, pair{1, 2} == pair{1, 2.0})
}
