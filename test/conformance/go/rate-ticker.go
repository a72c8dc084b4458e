package main

import (
	"fmt"
	"time"
)

func main() {
	t := time.NewTicker(10 * time.Millisecond)
	defer t.Stop()
	stop := time.After(35 * time.Millisecond)
	n := 0
	for {
		select {
		case <-t.C:
			n++
		case <-stop:
			fmt.Println(n)
			return
		}
	}
}
