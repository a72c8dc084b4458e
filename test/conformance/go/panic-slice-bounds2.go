package main

func main() {
	a := make([]int, 3)
	i, j := 2, 1
	_ = a[i:j]
}
