package main

import "fmt"

func main() {
	for _, p := range [][2]int{{7, 2}, {-7, 2}, {7, -2}, {-7, -2}, {0, 5}} {
		fmt.Println(p[0]/p[1], p[0]%p[1])
	}
	var u uint64 = 1<<64 - 1
	fmt.Println(u/10, u%10, u/3, u>>1, u/u)
	var i64 int64 = -1 << 62
	fmt.Println(i64/7, i64%7, i64/1000000007)
}
