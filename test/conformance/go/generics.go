package main

import (
	"cmp"
	"fmt"
	"sort"
	"strings"
)

type number interface {
	~int | ~int64 | ~float64
}

func sum[T number](xs ...T) (t T) {
	for _, x := range xs {
		t += x
	}
	return
}

func mapTo[T, U any](xs []T, f func(T) U) []U {
	out := make([]U, 0, len(xs))
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

type stack[T any] struct{ items []T }

func (s *stack[T]) push(x T) { s.items = append(s.items, x) }
func (s *stack[T]) pop() (T, bool) {
	var zero T
	if len(s.items) == 0 {
		return zero, false
	}
	x := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return x, true
}

type pair[K comparable, V any] struct {
	key K
	val V
}

func sortedPairs[K cmp.Ordered, V any](m map[K]V) []pair[K, V] {
	var out []pair[K, V]
	for k, v := range m {
		out = append(out, pair[K, V]{k, v})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].key < out[j].key })
	return out
}

type myInt int

func (m myInt) String() string { return fmt.Sprintf("my%d", int(m)) }

func joinAll[S fmt.Stringer](xs []S) string {
	return strings.Join(mapTo(xs, S.String), "+")
}

type tree[T cmp.Ordered] struct {
	left, right *tree[T]
	val         T
}

func (t *tree[T]) insert(v T) *tree[T] {
	if t == nil {
		return &tree[T]{val: v}
	}
	if v < t.val {
		t.left = t.left.insert(v)
	} else {
		t.right = t.right.insert(v)
	}
	return t
}

func (t *tree[T]) walk(f func(T)) {
	if t != nil {
		t.left.walk(f)
		f(t.val)
		t.right.walk(f)
	}
}

func main() {
	fmt.Println(sum(1, 2, 3), sum(1.5, 2), sum[myInt](4, 5))
	fmt.Println(mapTo([]int{1, 2}, func(i int) string { return fmt.Sprint(i * 2) }))
	s := &stack[string]{}
	s.push("a")
	s.push("b")
	fmt.Println(s.pop())
	fmt.Println(s.pop())
	fmt.Println(s.pop())
	fmt.Printf("%v %T\n", sortedPairs(map[string]int{"z": 1, "a": 2}), pair[string, int]{})
	fmt.Println(joinAll([]myInt{1, 2}))
	var t *tree[string]
	for _, w := range strings.Fields("the quick brown fox") {
		t = t.insert(w)
	}
	t.walk(func(s string) { fmt.Print(s, " ") })
	fmt.Println()
}
