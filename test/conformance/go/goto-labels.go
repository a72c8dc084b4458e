package main

import "fmt"

func main() {
	i := 0
loop:
	if i < 3 {
		fmt.Print(i, " ")
		i++
		goto loop
	}
	fmt.Println()
outer:
	for i := 0; i < 4; i++ {
		for j := 0; j < 4; j++ {
			if j == 2 {
				continue outer
			}
			if i == 2 {
				break outer
			}
			fmt.Print(i, j, " ")
		}
	}
	fmt.Println()
sw:
	switch {
	case i == 3:
		for {
			break sw
		}
	}
	switch x := 5; {
	case x > 3:
		fmt.Print("big ")
		fallthrough
	case x > 100:
		fmt.Print("fell ")
	case x > 4:
		fmt.Print("not here ")
	default:
		fmt.Print("default ")
	}
	switch i {
	case 1, 2:
		fmt.Println("small")
	case 3:
		fmt.Println("three")
	}
	for i := range 3 {
		defer fmt.Print("r", i, " ")
	}
	for range 2 {
		fmt.Print("x")
	}
	fmt.Println()
}
