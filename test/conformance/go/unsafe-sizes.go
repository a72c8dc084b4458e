package main

import (
	"fmt"
	"unsafe"
)

func main() {
	type t struct {
		a byte
		b int64
		c bool
	}
	fmt.Println(unsafe.Sizeof(t{}), unsafe.Offsetof(t{}.b), unsafe.Alignof(int32(0)), unsafe.Sizeof(""))
	b := []byte("hello")
	fmt.Println(unsafe.String(unsafe.SliceData(b), 3))
}
