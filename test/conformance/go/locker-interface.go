package main

import (
	"fmt"
	"sync"
)

func with(l sync.Locker, f func()) {
	l.Lock()
	defer l.Unlock()
	f()
}

func main() {
	var mu sync.Mutex
	var rw sync.RWMutex
	n := 0
	with(&mu, func() { n++; fmt.Println(mu.TryLock()) })
	with(&rw, func() { n++ })
	with(rw.RLocker(), func() { n++; fmt.Println(rw.TryLock(), rw.TryRLock()) })
	fmt.Println(n, mu.TryLock())
	lock, unlock := mu.Lock, mu.Unlock
	unlock()
	lock()
	defer unlock()
	fmt.Println(mu.TryLock())
}
