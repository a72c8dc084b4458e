package main

import "fmt"

func main() {
	var e any = 5
	_ = e.(fmt.Stringer)
}
