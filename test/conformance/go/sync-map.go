package main

import (
	"fmt"
	"sync"
)

func main() {
	var m sync.Map
	m.Store("a", 1)
	v, ok := m.Load("a")
	fmt.Println(v, ok)
	v, loaded := m.LoadOrStore("a", 2)
	fmt.Println(v, loaded)
	v, loaded = m.LoadOrStore("b", 3)
	fmt.Println(v, loaded)
	fmt.Println(m.CompareAndSwap("b", 3, 4), m.CompareAndDelete("b", 3))
	n := 0
	m.Range(func(k, v any) bool { n += v.(int); return true })
	fmt.Println(n)
	v, loaded = m.LoadAndDelete("a")
	fmt.Println(v, loaded)
	m.Delete("zz")
	prev, loaded := m.Swap("c", 9)
	fmt.Println(prev, loaded)
	m.Clear()
	_, ok = m.Load("c")
	fmt.Println(ok)
}
