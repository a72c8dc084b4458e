package main

import "fmt"

func main() {
	a, b := 0xF0F0F0F0F0, 0x0FF00FF00F
	fmt.Printf("%x %x %x %x %x\n", a&b, a|b, a^b, a&^b, ^a)
	var u uint64 = 0xDEADBEEFCAFEBABE
	fmt.Printf("%x %x %x\n", u&0xFFFFFFFF00000000, u^u, ^u)
	var i8 int8 = -1
	fmt.Println(i8&15, i8^3, ^i8, i8&^1)
}
