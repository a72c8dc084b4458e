package main

import "fmt"

func main() {
	s := "a\x80é\xe4\xb8世🎉"
	for i := 0; i < len(s); i++ {
		fmt.Printf("%02x ", s[i])
	}
	fmt.Println()
	for i, r := range s {
		fmt.Printf("%d:%U ", i, r)
	}
	fmt.Println(len(s), len([]rune(s)))
	for i := range "abc" {
		fmt.Print(i)
	}
	for i, b := range []byte("xy") {
		fmt.Print(i, b)
	}
	concat := ""
	for range 5 {
		concat += "ab"
	}
	fmt.Println(concat, concat[2:4] == "ab", concat > "ab")
	switch concat[:2] {
	case "ab":
		fmt.Println("ab!")
	}
}
