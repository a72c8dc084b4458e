package main

import "fmt"

func main() {
	var a int8 = 127
	a++
	var b uint8 = 0
	b--
	var c int16 = -32768
	c--
	var d uint16 = 65535
	d += 2
	var e int32 = 1 << 30
	e *= 4
	var f uint32 = 1 << 31
	f *= 2
	var g int64 = 1<<63 - 1
	g++
	var h uint64 = 0
	h--
	fmt.Println(a, b, c, d, e, f, g, h)
	var x int64 = 123456789012345
	fmt.Println(x*x, uint64(x)*uint64(x), int32(x), int16(x), int8(x), uint8(x))
	m := -9223372036854775808
	fmt.Println(-m, m/-1, m%-1)
}
