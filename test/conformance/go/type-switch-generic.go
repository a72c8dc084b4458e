package main

import "fmt"

func kind(v any) string {
	switch v.(type) {
	case int, float64:
		return "number"
	case string:
		return "string"
	case []int:
		return "slice"
	case map[string]int:
		return "map"
	case nil:
		return "nil"
	}
	return fmt.Sprintf("%T", v)
}

type box[T any] struct{ v T }

func (b *box[T]) set(v T) { b.v = v }
func (b *box[T]) get() T  { return b.v }

func describe[T any](b *box[T]) string {
	var a any = b.get()
	if s, ok := a.(string); ok {
		return "string box " + s
	}
	return fmt.Sprintf("%T", b)
}

func main() {
	fmt.Println(kind(1), kind("a"), kind([]int{}), kind(map[string]int{}), kind(1.5), kind(nil), kind(struct{}{}))
	var b box[int]
	b.set(3)
	fmt.Println(b.get(), describe(&b), describe(&box[string]{"x"}))
}
