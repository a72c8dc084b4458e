package main

import "fmt"

func main() {
	type mat [3][3]int
	mulm := func(a, b mat) (c mat) {
		for i := range a {
			for j := range b {
				for k := range c {
					c[i][j] += a[i][k] * b[k][j]
				}
			}
		}
		return
	}
	id := mat{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}
	f := mat{{1, 1, 0}, {1, 0, 0}, {0, 0, 1}}
	r := id
	for range 20 {
		r = mulm(r, f)
	}
	fmt.Println(r, r == id, mulm(id, id) == id)
	ptrs := []*mat{&r, &id}
	ptrs[1][2][2] = 42
	fmt.Println(id[2])
}
