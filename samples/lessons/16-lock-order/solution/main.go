// Lesson 16: Two locks, one order
//
// One goroutine holds a and wants b, the other holds b and wants a. Each is right, and neither
// can go on.
//
// Goal: Money goes both ways at once.
// Find: lock-order-cycle
// Fix: Let everybody take the two locks in the same order.
// Hint: Accounts have numbers, and numbers have an order.
// Keep: prints "100 100"
// Keep: starts 2 goroutines
// Keep: main as it is

package main

import (
	"fmt"
	"sync"
)

type account struct {
	mu      sync.Mutex
	number  int
	balance int
}

func transfer(from, to *account, amount int) {
	first, second := from, to
	if second.number < first.number {
		first, second = second, first
	}
	first.mu.Lock()
	defer first.mu.Unlock()
	second.mu.Lock()
	defer second.mu.Unlock()
	from.balance -= amount
	to.balance += amount
}

func main() {
	a := &account{number: 1, balance: 100}
	b := &account{number: 2, balance: 100}
	var done sync.WaitGroup
	done.Go(func() { transfer(a, b, 10) })
	done.Go(func() { transfer(b, a, 10) })
	done.Wait()
	fmt.Println(a.balance, b.balance)
}
