package main

import "fmt"

var total = compute(base)
var base = table["a"] + 1
var table = map[string]int{"a": 41}

func compute(n int) int { fmt.Println("compute", n); return n * 2 }

var calls int

func once() int { calls++; return calls }

func init() { fmt.Println("init", once()) }

func main() {
	fmt.Println(total, table["a"], once())
}
