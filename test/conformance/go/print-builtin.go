package main

func main() {
	println("to stderr", 1, true, 2.5)
	print("a", "b\n")
}
