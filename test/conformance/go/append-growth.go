package main

import "fmt"

func main() {
	var s []int
	last := -1
	for i := 0; i < 2000; i++ {
		s = append(s, i)
		if cap(s) != last {
			last = cap(s)
			fmt.Print(last, " ")
		}
	}
	fmt.Println()
	var b []byte
	last = -1
	for i := 0; i < 3000; i++ {
		b = append(b, 1)
		if cap(b) != last {
			last = cap(b)
			fmt.Print(last, " ")
		}
	}
	fmt.Println()
	var st []string
	for i := 0; i < 5; i++ {
		st = append(st, "x")
		fmt.Print(cap(st), " ")
	}
	x := append([]int{1, 2, 3}, 4, 5, 6, 7)
	fmt.Println(cap(x), cap(append([]int32{1}, 2, 3)))
}
