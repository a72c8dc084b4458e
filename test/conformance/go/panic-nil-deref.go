package main

func main() {
	var p *struct{ x, y int }
	p.y = 1
}
