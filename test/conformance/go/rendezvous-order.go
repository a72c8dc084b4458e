package main

import "fmt"

func main() {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for n := range ping {
			fmt.Println("ping", n)
			pong <- n + 1
		}
		close(pong)
	}()
	n := 0
	for range 3 {
		ping <- n
		n = <-pong
		fmt.Println("pong", n)
	}
	close(ping)
	_, ok := <-pong
	fmt.Println(ok)
}
