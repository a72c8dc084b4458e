package main

import (
	"fmt"
	"sync"
)

func main() {
	var once sync.Once
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			once.Do(func() { fmt.Println("once") })
			_ = i
		}()
	}
	wg.Wait()
	f := sync.OnceValue(func() int { fmt.Println("computing"); return 7 })
	fmt.Println(f(), f())
	g := sync.OnceValues(func() (string, error) { return "x", nil })
	fmt.Println(g())
	h := sync.OnceFunc(func() { panic("once panic") })
	for range 2 {
		func() {
			defer func() { fmt.Println(recover()) }()
			h()
		}()
	}
	var p sync.Once
	func() {
		defer func() { recover() }()
		p.Do(func() { panic("x") })
	}()
	p.Do(func() { fmt.Println("not again") })
}
