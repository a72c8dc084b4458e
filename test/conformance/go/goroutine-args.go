package main

import (
	"fmt"
	"sync"
)

func set(s []int, i, v int, wg *sync.WaitGroup) { defer wg.Done(); s[i] = v * 10 }

type rec struct{ n int }

func (r *rec) fill(wg *sync.WaitGroup) { r.n++; wg.Done() }

func main() {
	var wg sync.WaitGroup
	out := make([]int, 4)
	x := 1
	wg.Add(2)
	go set(out, 0, x, &wg)
	x = 2
	go set(out, 1, x, &wg)
	wg.Wait()
	r := &rec{}
	wg.Add(1)
	go r.fill(&wg)
	wg.Wait()
	f := r.fill
	wg.Add(1)
	go f(&wg)
	wg.Wait()
	fmt.Println(out, r.n)
}
