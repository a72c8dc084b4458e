package main

import "fmt"

func main() {
	c := make(chan int, 1)
	get := func(name string) chan int { fmt.Println("chan", name); return c }
	val := func(v int) int { fmt.Println("val", v); return v }
	select {
	case get("first") <- val(1):
		fmt.Println("sent")
	case <-get("second"):
		fmt.Println("received")
	}
}
