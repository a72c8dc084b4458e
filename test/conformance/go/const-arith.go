package main

import (
	"fmt"
	"math"
)

func main() {
	const huge = 1 << 62
	const h2 = huge * 4 / 8
	const third = 1.0 / 3.0
	const c = 'a' + 1
	fmt.Println(h2, third, c, string(rune(c)), math.MaxUint32, huge>>60, 5.0/2, 5/2, -5%3, 1e3)
	var d = 10 * 1.5
	var b byte = 'x'
	fmt.Println(d, b, "x"[0] == b, len("héllo"), len([3]int{}), uint8(255)&^0xf)
}
