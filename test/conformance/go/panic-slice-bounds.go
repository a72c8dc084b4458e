package main

func main() {
	a := make([]int, 3)
	i := 5
	_ = a[i:]
}
