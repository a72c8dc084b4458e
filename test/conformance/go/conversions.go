package main

import "fmt"

func main() {
	f := 3.99
	n := -5
	var i8 int8 = int8(n)
	fmt.Println(int(f), uint8(i8), uint32(n), int8(200+n), float32(1)/3, uint16(70000&0xffff))
	fmt.Println(string([]byte{104, 105}), []byte("hi"), []rune("hé"), string(rune(65)), int64(int32(-1)), uint64(uint32(1<<31)))
	big := uint64(1<<63 + 12345)
	fmt.Println(float64(big), int64(big), uint32(big), int(big>>40))
	x := 1e19
	fmt.Println(uint64(x), int64(-1e15), float32(16777217))
	type myS string
	fmt.Println(myS("a")+"b", []byte(myS("c")), string(myS("d")))
	var u8 uint8 = 255
	u8++
	fmt.Println(u8, ^uint8(1), -u8, int16(u8)-1)
}
