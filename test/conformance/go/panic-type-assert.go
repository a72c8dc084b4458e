package main

func main() {
	var e any = "s"
	_ = e.(int)
}
