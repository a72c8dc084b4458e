package main

import "fmt"

var x = "global"

func init() { x += "+init" }
func init() { x += "+init2" }

var a, b = b + 1, c() + 1

func c() int { return 10 }

func main() {
	fmt.Println(x, a, b)
	x := 1
	{
		x := x + 1
		x++
		fmt.Println(x)
	}
	if x := 10; x > 5 {
		fmt.Println(x)
	} else if y := x; y > 0 {
		fmt.Println(y)
	}
	fmt.Println(x)
	for x := 0; x < 2; x++ {
		x := x * 2
		fmt.Print(x, " ")
	}
	fmt.Println(x)
}
