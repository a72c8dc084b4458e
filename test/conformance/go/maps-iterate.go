package main

import "fmt"

func main() {
	m := map[int]int{}
	for i := 0; i < 50; i++ {
		m[i] = i * i
	}
	sum, n := 0, 0
	for k, v := range m {
		sum += v - k
		n++
		if k%2 == 0 {
			delete(m, k)
		}
	}
	fmt.Println(sum, n, len(m))
	for k := range m {
		delete(m, k)
	}
	fmt.Println(len(m))
	p := map[string]*int{}
	x := 1
	p["x"] = &x
	*p["x"]++
	fmt.Println(x)
}
