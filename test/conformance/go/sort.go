package main

import (
	"fmt"
	"sort"
)

type person struct {
	name string
	age  int
}
type byAge []person

func (b byAge) Len() int           { return len(b) }
func (b byAge) Less(i, j int) bool { return b[i].age < b[j].age }
func (b byAge) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

func main() {
	xs := []int{5, 2, 8, 1, 9, 3, 7, 4, 6, 0, 15, 12, 11, 14, 13, 10}
	sort.Ints(xs)
	fmt.Println(xs, sort.SearchInts(xs, 7), sort.IntsAreSorted(xs))
	sort.Sort(sort.Reverse(sort.IntSlice(xs)))
	fmt.Println(xs)
	ps := []person{{"a", 30}, {"b", 20}, {"c", 30}, {"d", 20}, {"e", 10}}
	sort.Stable(byAge(ps))
	fmt.Println(ps)
	sort.SliceStable(ps, func(i, j int) bool { return ps[i].name > ps[j].name })
	fmt.Println(ps)
	sort.Slice(ps, func(i, j int) bool { return ps[i].age*100+int(ps[i].name[0]) < ps[j].age*100+int(ps[j].name[0]) })
	fmt.Println(ps)
	ss := []string{"banana", "apple", "Cherry"}
	sort.Strings(ss)
	fmt.Println(ss, sort.Search(100, func(i int) bool { return i*i >= 50 }))
	fs := []float64{2.5, -1, 3}
	sort.Float64s(fs)
	fmt.Println(fs)
}
