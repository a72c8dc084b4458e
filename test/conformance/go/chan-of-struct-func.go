package main

import "fmt"

func main() {
	type req struct {
		n     int
		reply chan<- int
	}
	reqs := make(chan req)
	fs := make(chan func() string, 1)
	go func() {
		for r := range reqs {
			r.reply <- r.n * r.n
		}
	}()
	reply := make(chan int)
	for i := range 3 {
		reqs <- req{i, reply}
		fmt.Print(<-reply, " ")
	}
	fs <- func() string { return "called" }
	fmt.Println((<-fs)())
	var arr [2]chan int
	arr[1] = make(chan int, 1)
	arr[1] <- 3
	fmt.Println(<-arr[1], arr[0] == nil)
}
