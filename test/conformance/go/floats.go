package main

import (
	"fmt"
	"math"
)

func main() {
	x, y := 1.0, 3.0
	fmt.Println(x/y, float32(x)/float32(y), x/y*y, 0.1+0.2, 1e100, 1e-7, 123456789.0, 1e21, 1e20)
	z := 0.0
	fmt.Println(1/z, -1/z, z/z, math.Inf(1) > 1e308, math.NaN() == math.NaN())
	var f float32 = 16777216
	fmt.Println(f+1, float64(f)+1, float32(0.1), float64(float32(0.1)))
	q := 3.99
	fmt.Println(int(q), int(-q), uint8(int(q*100)&255), int64(1e18))
	fmt.Printf("%.3f %8.2f|%-8.2f|%e %g %G %x\n", math.Pi, math.E, math.E, 12345.678, 1e-10, 1e30, 1.5)
}
