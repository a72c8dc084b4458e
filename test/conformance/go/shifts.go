package main

import "fmt"

func main() {
	var n uint = 70
	x := 1
	u8, i8 := uint8(200), int8(64)
	fmt.Println(x<<n, -1>>n, u8<<1, i8<<1, int32(-8)>>1, uint32(1<<31)>>31)
	var s int64 = -5
	fmt.Println(s>>1, s<<60, uint64(s)>>60)
	for i := uint(0); i < 66; i += 13 {
		fmt.Print(uint64(1)<<i, " ", int64(-1)<<i, " ")
	}
	fmt.Println()
}
