package main

import (
	"fmt"
	"strings"
)

func main() {
	fmt.Println(strings.Split("a,b,c", ","), strings.Join([]string{"x", "y"}, "-"), strings.Repeat("ab", 3), strings.Contains("seafood", "foo"))
	fmt.Println(strings.Index("chicken", "ken"), strings.LastIndex("go gopher", "go"), strings.Fields("  a b   c "), strings.TrimSpace("\t x \n"))
	fmt.Println(strings.ToUpper("héllo"), strings.ToLower("ÀB"), strings.Title("hello world"), strings.Replace("oink oink oink", "k", "ky", 2), strings.ReplaceAll("aaa", "a", "b"))
	fmt.Println(strings.HasPrefix("golang", "go"), strings.HasSuffix("golang", "ng"), strings.Count("cheese", "e"), strings.EqualFold("Go", "GO"))
	fmt.Printf("%q %q %q\n", strings.SplitN("a,b,c,d", ",", 2), strings.TrimLeft("xxabc", "x"), strings.TrimSuffix("a.go", ".go"))
	before, after, found := strings.Cut("key=value", "=")
	fmt.Println(before, after, found, strings.Map(func(r rune) rune {
		if r == 'a' {
			return 'A'
		}
		return r
	}, "banana"))
	r := strings.NewReplacer("<", "&lt;", ">", "&gt;")
	fmt.Println(r.Replace("<b>hi</b>"))
	var sb strings.Builder
	for i := 3; i > 0; i-- {
		fmt.Fprintf(&sb, "%d...", i)
	}
	sb.WriteString("go")
	sb.WriteByte('!')
	sb.WriteRune('世')
	fmt.Println(sb.String(), sb.Len())
	for part := range strings.SplitSeq("p,q,r", ",") {
		fmt.Print(part, ";")
	}
	fmt.Println(strings.ContainsRune("abc", 'b'), strings.IndexByte("abc", 'c'), strings.Compare("a", "b"), strings.TrimFunc("123abc456", func(r rune) bool { return r < 'a' }))
}
