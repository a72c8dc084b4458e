package main

import "fmt"

func main() {
	a := complex(1, 2)
	b := 3 - 4i
	fmt.Println(a+b, a-b, a*b, a/b, -a, real(a), imag(b), a == complex(1, 2))
	var c complex64 = complex64(a * b)
	fmt.Printf("%v %.1f %T %T\n", c, a/b, c, a)
}
