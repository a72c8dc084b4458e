package main

import (
	"fmt"
	"sort"
)

type key struct {
	a int
	b string
}

func main() {
	m := map[string]int{"a": 1}
	m["b"]++
	m["c"] += 5
	v, ok := m["zz"]
	fmt.Println(m, v, ok, len(m))
	delete(m, "a")
	delete(m, "nope")
	fmt.Println(m)
	var nilm map[string]int
	fmt.Println(nilm["x"], len(nilm), nilm == nil)
	for range nilm {
		fmt.Println("never")
	}
	k := map[key][]int{}
	k[key{1, "x"}] = append(k[key{1, "x"}], 1, 2)
	fmt.Println(k[key{1, "x"}], k[key{2, "x"}] == nil)
	i := map[any]string{1: "int", "1": "string", 1.0: "float", key{}: "key", [2]int{1, 2}: "arr", true: "bool", nil: "nil"}
	fmt.Println(i[1], i["1"], i[1.0], i[key{}], i[[2]int{1, 2}], i[true], i[nil], i[int8(1)] == "")
	keys := []string{}
	for s := range map[string]bool{"q": true, "p": false, "r": true} {
		keys = append(keys, s)
	}
	sort.Strings(keys)
	fmt.Println(keys)
	nested := map[string]map[string]int{"x": {"y": 1}}
	nested["x"]["z"] = 2
	fmt.Println(nested)
	clear(m)
	fmt.Println(len(m))
	ms := map[string]struct{ n int }{"a": {1}}
	s := ms["a"]
	s.n = 9
	fmt.Println(ms, s)
}
