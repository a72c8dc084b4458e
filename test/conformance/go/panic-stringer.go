package main

type st struct{ n int }

func (s st) String() string { return "st!" }

func main() {
	panic(st{1})
}
