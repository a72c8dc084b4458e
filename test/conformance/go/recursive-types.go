package main

import "fmt"

type tree struct {
	name string
	kids []*tree
}

func (t *tree) depth() int {
	d := 0
	for _, k := range t.kids {
		d = max(d, k.depth())
	}
	return d + 1
}

func (t *tree) String() string { return fmt.Sprint(t.name, t.kids) }

type expr interface{ eval() int }
type num int
type add struct{ l, r expr }
type mul struct{ l, r expr }

func (n num) eval() int { return int(n) }
func (a add) eval() int { return a.l.eval() + a.r.eval() }
func (m mul) eval() int { return m.l.eval() * m.r.eval() }

func main() {
	t := &tree{kids: []*tree{{name: "a"}, {name: "b", kids: []*tree{{name: "c"}}}}, name: "r"}
	fmt.Println(t.depth(), t)
	var e expr = add{num(1), mul{num(2), num(3)}}
	fmt.Println(e.eval(), e)
}
