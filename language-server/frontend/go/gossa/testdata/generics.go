package generics

import "sync"

type Setter interface{ Set(v int) }

type Box[T any] struct {
	mu sync.Mutex
	v  T
}

func (b *Box[T]) Set(v T) {
	b.mu.Lock()
	b.v = v
	b.mu.Unlock()
}

func Map[K comparable, V any](m map[K]V, f func(V) V) {
	for k, v := range m {
		m[k] = f(v)
	}
}

func Local[T any](v T) any {
	type pair struct{ a, b T }
	return pair{v, v}
}

type Base struct{ sync.Mutex }

type Derived struct {
	Base
	x int
}

type number float64

func (n number) String() string { return "n" }

func Use(s Setter) (any, any, any) {
	b := &Box[int]{}
	go b.Set(1)
	s.Set(2)
	set := b.Set
	set(3)
	Map(map[string]int{}, func(v int) int { return v + 1 })
	d := &Derived{}
	d.Lock()
	d.x++
	d.Unlock()
	s = b
	f := (*Derived).Unlock
	f(d)
	once := sync.OnceValue(func() string { return "\xff\"" })
	once()
	return Local(1), Local("s"), number(1.5e300)
}
