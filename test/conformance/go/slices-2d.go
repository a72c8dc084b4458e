package main

import "fmt"

func main() {
	grid := make([][]rune, 3)
	for i := range grid {
		grid[i] = []rune("....")
	}
	grid[1][2] = '#'
	for _, row := range grid {
		fmt.Println(string(row))
	}
	var m [2][3]int
	m[1][2] = 5
	n := m
	n[0][0] = 1
	for _, r := range m {
		r[0] = 9
	}
	for i := range n {
		n[i][1] = i
	}
	fmt.Println(m, n, len(m), len(m[0]))
}
