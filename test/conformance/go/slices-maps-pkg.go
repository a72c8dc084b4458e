package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

func main() {
	xs := []int{3, 1, 2, 3}
	ys := slices.Clone(xs)
	slices.Sort(ys)
	fmt.Println(xs, ys, slices.Contains(xs, 2), slices.Index(xs, 3), slices.Compact(ys), slices.Max(xs), slices.Min(xs))
	i, found := slices.BinarySearch([]int{1, 3, 5}, 3)
	fmt.Println(i, found, slices.Equal(xs, []int{3, 1, 2, 3}))
	slices.Reverse(xs)
	fmt.Println(xs, slices.Insert(xs, 1, 7, 8), slices.Delete([]int{0, 1, 2, 3}, 1, 3))
	ws := strings.Fields("the quick brown fox jumps")
	slices.SortFunc(ws, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) })
	fmt.Println(ws, slices.IndexFunc(ws, func(s string) bool { return s == "quick" }))
	m := map[string]int{"a": 1, "b": 2}
	n := maps.Clone(m)
	n["c"] = 3
	fmt.Println(maps.Equal(m, n), len(m), slices.Sorted(maps.Keys(n)), slices.Sorted(maps.Values(n)))
	maps.DeleteFunc(n, func(k string, v int) bool { return v > 1 })
	fmt.Println(n)
	for c := range slices.Chunk([]int{1, 2, 3, 4, 5}, 2) {
		fmt.Print(c)
	}
	fmt.Println(slices.Repeat([]int{1}, 3), slices.Concat([]int{1}, []int{2}))
}
