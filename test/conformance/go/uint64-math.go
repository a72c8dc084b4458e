package main

import "fmt"

func main() {
	a := uint64(0x9E3779B97F4A7C15)
	x := uint64(12345)
	for range 5 {
		x += a
		z := x
		z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9
		z = (z ^ (z >> 27)) * 0x94D049BB133111EB
		fmt.Println(z ^ (z >> 31))
	}
	fmt.Println(a/7, a%1000, a > x, a-x, x-a)
}
