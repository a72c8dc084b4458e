package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

func main() {
	sem := make(chan struct{}, 2)
	var wg sync.WaitGroup
	var now, peak atomic.Int32
	for range 6 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			sem <- struct{}{}
			defer func() { <-sem }()
			if n := now.Add(1); n > peak.Load() {
				peak.Store(n)
			}
			now.Add(-1)
		}()
	}
	wg.Wait()
	fmt.Println(peak.Load() <= 2, now.Load())
}
