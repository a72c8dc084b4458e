package main

import "fmt"

func main() {
	a, b, quit := make(chan int), make(chan string), make(chan bool)
	go func() {
		for i := range 3 {
			a <- i
		}
		b <- "x"
		close(quit)
	}()
	for {
		select {
		case v := <-a:
			fmt.Println("a", v)
		case s := <-b:
			fmt.Println("b", s)
		case <-quit:
			fmt.Println("quit")
			return
		}
	}
}
