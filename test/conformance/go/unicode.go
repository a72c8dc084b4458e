package main

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

func main() {
	for _, r := range "aZ9 é世\n$_" {
		fmt.Print(unicode.IsLetter(r), unicode.IsUpper(r), unicode.IsDigit(r), unicode.IsSpace(r), unicode.IsPunct(r), " ")
	}
	fmt.Println()
	fmt.Println(string(unicode.ToUpper('é')), string(unicode.ToLower('Ω')), utf8.RuneCountInString("héé"), utf8.ValidString("a\xff"), utf8.RuneLen('世'))
	r, n := utf8.DecodeRuneInString("世界")
	fmt.Println(r, n, utf8.AppendRune(nil, 'é'))
	r, n = utf8.DecodeLastRuneInString("世界")
	fmt.Println(string(r), n)
}
