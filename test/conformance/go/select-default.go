package main

import "fmt"

func main() {
	c := make(chan int, 1)
	d := make(chan int)
	select {
	case v := <-c:
		fmt.Println(v)
	default:
		fmt.Println("empty")
	}
	c <- 1
	select {
	case v, ok := <-c:
		fmt.Println(v, ok)
	case d <- 2:
		fmt.Println("sent")
	}
	var nilc chan int
	select {
	case <-nilc:
	case nilc <- 1:
	default:
		fmt.Println("nil blocks")
	}
	close(d)
	select {
	case v, ok := <-d:
		fmt.Println(v, ok)
	}
	func() {
		defer func() { fmt.Println(recover()) }()
		select {
		case d <- 1:
		default:
		}
	}()
}
