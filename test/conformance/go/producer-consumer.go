package main

import "fmt"

func main() {
	c := make(chan int)
	ack := make(chan bool)
	go func() {
		for v := range c {
			fmt.Println("got", v)
			ack <- true
		}
		close(ack)
	}()
	for i := range 3 {
		c <- i
		<-ack
	}
	close(c)
	_, ok := <-ack
	fmt.Println(ok)
}
