package main

import (
	"fmt"
	"strings"
)

func main() {
	var sb strings.Builder
	for i := range 300 {
		fmt.Fprintf(&sb, "%d,", i*i%97)
	}
	s := sb.String()
	fmt.Println(len(s), strings.Count(s, "1"), s[:40])
	words := map[string]int{}
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' }) {
		words[w]++
	}
	fmt.Println(len(words), words["0"])
}
