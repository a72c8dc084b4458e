package main

import "fmt"

func main() {
	c := make(chan string, 3)
	c <- "a"
	c <- "b"
	fmt.Println(len(c), cap(c), <-c)
	c <- "c"
	c <- "d"
	select {
	case c <- "full":
		fmt.Println("sent")
	default:
		fmt.Println("full")
	}
	close(c)
	for s := range c {
		fmt.Print(s, " ")
	}
	s, ok := <-c
	fmt.Printf("%q %v\n", s, ok)
}
