package main

import "fmt"

func main() {
	panic(fmt.Errorf("outer: %w", fmt.Errorf("inner")))
}
