package main

func main() {
	var a [3]int
	i := 3
	a[i]++
}
