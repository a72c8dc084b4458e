package main

import (
	"fmt"
	"runtime"
)

func main() {
	fmt.Println(runtime.NumGoroutine(), runtime.GOOS != "", runtime.NumCPU() > 0, runtime.GOMAXPROCS(0) > 0)
	done := make(chan bool)
	go func() { <-done }()
	runtime.Gosched()
	fmt.Println(runtime.NumGoroutine())
	close(done)
	runtime.GC()
}
