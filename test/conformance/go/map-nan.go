package main

import (
	"fmt"
	"math"
)

func main() {
	m := map[float64]int{}
	m[math.NaN()] = 1
	m[math.NaN()] = 2
	m[0.0] = 3
	m[math.Copysign(0, -1)] = 4
	_, ok := m[math.NaN()]
	fmt.Println(len(m), ok, m[0])
	clear(m)
	fmt.Println(len(m))
}
