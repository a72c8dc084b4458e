package main

import (
	"fmt"
	"time"
)

// What Stop and Reset do to a timer's channel, and what it shows of itself, from Go 1.23 on.
func main() {
	timer := time.NewTimer(10 * time.Millisecond)
	fmt.Println(len(timer.C), cap(timer.C))
	time.Sleep(100 * time.Millisecond)
	fmt.Println(len(timer.C), cap(timer.C))
	fmt.Println(timer.Stop(), timer.Stop())
	fmt.Println(timer.Reset(10 * time.Millisecond))
	time.Sleep(100 * time.Millisecond)
	fmt.Println(timer.Reset(time.Hour))
	select {
	case <-timer.C:
		fmt.Println("an old value")
	default:
		fmt.Println("no old value")
	}
	fmt.Println(timer.Reset(10 * time.Millisecond))
	<-timer.C
	fmt.Println(timer.Stop())

	ticker := time.NewTicker(10 * time.Millisecond)
	time.Sleep(100 * time.Millisecond)
	fmt.Println(len(ticker.C), cap(ticker.C))
	ticker.Stop()
	select {
	case <-ticker.C:
		fmt.Println("an old tick")
	default:
		fmt.Println("no old tick")
	}
	ticker.Reset(10 * time.Millisecond)
	<-ticker.C
	fmt.Println("ticks again")
}
