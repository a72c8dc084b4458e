package main

import (
	"fmt"
	"sync"
)

func main() {
	var a sync.Mutex
	a.Lock()
	b := a
	fmt.Println(b.TryLock())
	b.Unlock()
	fmt.Println(b.TryLock(), a.TryLock())
	type guarded struct {
		sync.Mutex
		n int
	}
	g := &guarded{}
	g.Lock()
	h := *g
	g.Unlock()
	fmt.Println(g.TryLock(), h.TryLock())
}
