package main

import "fmt"

type level int

const (
	low level = iota + 1
	high
)

func (l level) String() string {
	switch l {
	case low:
		return "low"
	case high:
		return "high"
	}
	return fmt.Sprintf("level(%d)", int(l))
}

func main() {
	m := map[level]string{low: "l", high: "h"}
	fmt.Println(m, low, []level{high, 9})
	fmt.Printf("%d %v %s %q %x\n", low, high, level(7), low, high)
	var p *level
	fmt.Println(p)
}
