package main

import (
	"fmt"
	"time"
)

func main() {
	t := time.NewTimer(20 * time.Millisecond)
	fmt.Println(t.Stop(), t.Reset(5*time.Millisecond))
	<-t.C
	fmt.Println("fired", t.Stop())
	fired := make(chan string, 2)
	time.AfterFunc(10*time.Millisecond, func() { fired <- "second" })
	time.AfterFunc(5*time.Millisecond, func() { fired <- "first" })
	fmt.Println(<-fired, <-fired)
	tick := time.NewTicker(3 * time.Millisecond)
	for range 3 {
		<-tick.C
	}
	tick.Stop()
	select {
	case <-tick.C:
		fmt.Println("tick")
	case <-time.After(20 * time.Millisecond):
		fmt.Println("stopped")
	}
	begin := time.Now()
	time.Sleep(30 * time.Millisecond)
	fmt.Println(time.Since(begin) >= 30*time.Millisecond)
}
