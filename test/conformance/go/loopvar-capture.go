package main

import (
	"fmt"
	"sync"
)

func main() {
	var fs []func()
	for i := 0; i < 3; i++ {
		fs = append(fs, func() { fmt.Print(i, " ") })
		i += 0
	}
	for _, s := range []string{"a", "b"} {
		fs = append(fs, func() { fmt.Print(s, " ") })
	}
	for _, f := range fs {
		f()
	}
	fmt.Println()
	var wg sync.WaitGroup
	sum := make([]int, 3)
	for i := range sum {
		wg.Add(1)
		go func() {
			defer wg.Done()
			sum[i] = i * i
		}()
	}
	wg.Wait()
	fmt.Println(sum)
}
