package main

import "sync"

type Counter struct {
	mu sync.Mutex
	n  int
	m  map[string]int
	a  [4]int
}

var global int

func (c *Counter) Inc(k string) {
	c.n++
	c.m[k]++
	c.a[1] = c.m[k]
	global += 1
}

func (c *Counter) Safe() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

func main() {
	c := &Counter{m: map[string]int{}}
	local, captured := 0, 0
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c.Inc("k")
			captured += i
		}()
		local++
	}
	wg.Wait()
	for _, n := range c.a {
		local += n
	}
	println("résumé 😀", captured, local, c.Safe())
}
