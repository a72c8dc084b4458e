package main

import "fmt"

func main() {
	var a, b int
	var s string
	n, err := fmt.Sscanf("10 abc 20", "%d %s %d", &a, &s, &b)
	fmt.Println(n, err, a, s, b)
	n, err = fmt.Sscan("7 8", &a, &b)
	fmt.Println(n, err, a, b)
}
