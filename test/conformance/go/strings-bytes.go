package main

import "fmt"

func main() {
	s := "héllo, 世界"
	fmt.Println(len(s), s[1], s[1:3], s[:5], []byte(s)[:4], []rune(s)[1], len([]rune(s)))
	for i, r := range s {
		fmt.Print(i, ":", string(r), " ")
	}
	fmt.Println()
	bad := "a\xffb\xc0\xafc"
	for i, r := range bad {
		fmt.Print(i, ":", r, " ")
	}
	fmt.Println(len(bad), []rune(bad))
	b := []byte("abc")
	t := string(b)
	b[0] = 'X'
	fmt.Println(t, string(b), string([]rune{0x4e16, 65, -1}), string(rune(233)))
	fmt.Printf("%q %x % x %+q %s|%5s|%-5s|\n", bad, s[:4], s[:4], s, "z", "ab", "ab")
	fmt.Println("a" < "b", "abc" < "abd", "Z" < "a", "" < "a", "é" > "z")
}
