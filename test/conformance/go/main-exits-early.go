package main

import "fmt"

func main() {
	go func() {
		select {}
	}()
	c := make(chan int)
	go func() { <-c; fmt.Println("never") }()
	fmt.Println("bye")
}
