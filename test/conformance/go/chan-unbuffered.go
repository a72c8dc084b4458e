package main

import "fmt"

func main() {
	c := make(chan int)
	done := make(chan struct{})
	go func() {
		for v := range c {
			fmt.Print(v, " ")
		}
		fmt.Println("end")
		close(done)
	}()
	for i := range 5 {
		c <- i
	}
	close(c)
	<-done
	v, ok := <-c
	fmt.Println(v, ok, len(c), cap(c))
}
