package main

type t struct{ n int }

func (p *t) ok() bool { return p == nil }
func (p *t) bad()     { p.n++ }

func main() {
	var p *t
	println(p.ok())
	p.bad()
}
