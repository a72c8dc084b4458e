package main

import (
	"fmt"
	"sync"
)

func main() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	queue := []int{}
	var wg sync.WaitGroup
	got := make([]int, 3)
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			for len(queue) == 0 {
				cond.Wait()
			}
			got[i] = queue[0]
			queue = queue[1:]
		}()
	}
	for i := 1; i <= 3; i++ {
		mu.Lock()
		queue = append(queue, i)
		mu.Unlock()
		cond.Signal()
	}
	cond.Broadcast()
	wg.Wait()
	fmt.Println(got[0]+got[1]+got[2], len(queue))
}
