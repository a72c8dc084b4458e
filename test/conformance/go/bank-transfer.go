package main

import (
	"fmt"
	"sync"
)

type account struct {
	sync.Mutex
	id, bal int
}

func transfer(from, to *account, n int) {
	first, second := from, to
	if second.id < first.id {
		first, second = second, first
	}
	first.Lock()
	defer first.Unlock()
	second.Lock()
	defer second.Unlock()
	from.bal -= n
	to.bal += n
}

func main() {
	a, b := &account{id: 1, bal: 100}, &account{id: 2, bal: 100}
	var wg sync.WaitGroup
	for range 5 {
		wg.Add(2)
		go func() { defer wg.Done(); transfer(a, b, 10) }()
		go func() { defer wg.Done(); transfer(b, a, 5) }()
	}
	wg.Wait()
	fmt.Println(a.bal, b.bal)
}
