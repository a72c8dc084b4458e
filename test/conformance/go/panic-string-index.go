package main

func main() {
	s := "abc"
	i := -1
	_ = s[i]
}
