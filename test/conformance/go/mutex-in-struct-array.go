package main

import (
	"fmt"
	"sync"
)

func main() {
	var shards [4]struct {
		sync.Mutex
		m map[int]int
	}
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			s := &shards[i%4]
			s.Lock()
			defer s.Unlock()
			if s.m == nil {
				s.m = map[int]int{}
			}
			s.m[i] = i
		}()
	}
	wg.Wait()
	for i := range shards {
		fmt.Print(len(shards[i].m), " ")
	}
	fmt.Println()
}
