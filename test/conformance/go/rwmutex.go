package main

import (
	"fmt"
	"sync"
)

func main() {
	var mu sync.RWMutex
	mu.RLock()
	fmt.Println(mu.TryRLock(), mu.TryLock())
	mu.RUnlock()
	mu.RUnlock()
	fmt.Println(mu.TryLock(), mu.TryRLock())
	mu.Unlock()
	m := map[int]int{}
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Go(func() {
			mu.Lock()
			m[i] = i * i
			mu.Unlock()
		})
		wg.Go(func() {
			mu.RLock()
			_ = m[i]
			mu.RUnlock()
		})
	}
	wg.Wait()
	l := mu.RLocker()
	l.Lock()
	fmt.Println(m[4], len(m), mu.TryLock())
	l.Unlock()
}
