package main

type myErr struct{ s string }

func (e myErr) Error() string { return "myErr " + e.s }

func main() {
	panic(myErr{"x"})
}
