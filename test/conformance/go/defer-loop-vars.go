package main

import "fmt"

func main() {
	for i := range 3 {
		defer func() { fmt.Print("c", i, " ") }()
		defer fmt.Print("a", i, " ")
	}
	x := []int{1}
	defer fmt.Println(x)
	x[0] = 2
	x = append(x, 3)
	defer func(s ...int) { fmt.Println(s) }(x...)
}
