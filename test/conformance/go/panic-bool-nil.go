package main

func main() {
	var e error
	panic(e)
}
