package main

import "fmt"

type shape interface {
	area() float64
	name() string
}
type square struct{ s float64 }
type circle struct{ r float64 }

func (q square) area() float64  { return q.s * q.s }
func (q square) name() string   { return "square" }
func (c *circle) area() float64 { return 3 * c.r * c.r }
func (c *circle) name() string  { return "circle" }

type namer interface{ name() string }

func describe(v any) string {
	switch x := v.(type) {
	case nil:
		return "nil"
	case int, int64:
		return fmt.Sprintf("int-like %v", x)
	case string:
		return "string " + x
	case shape:
		return "shape " + x.name()
	case error:
		return "error " + x.Error()
	case []int:
		return fmt.Sprint("slice ", len(x))
	case func() int:
		return fmt.Sprint("func ", x())
	default:
		return fmt.Sprintf("other %T", x)
	}
}

func main() {
	shapes := []shape{square{2}, &circle{1}}
	total := 0.0
	for _, s := range shapes {
		total += s.area()
		if n, ok := s.(namer); ok {
			fmt.Print(n.name(), " ")
		}
	}
	fmt.Println(total)
	for _, v := range []any{nil, 1, int64(2), "s", square{1}, fmt.Errorf("e"), []int{1}, func() int { return 7 }, 1.5, map[int]int{}, struct{ a int }{1}} {
		fmt.Println(describe(v))
	}
	var s shape = square{3}
	_, isC := s.(*circle)
	q, isQ := s.(square)
	fmt.Println(isC, isQ, q.s, s == square{3}, s == square{4})
	var e1, e2 any = 1, 1
	fmt.Println(e1 == e2, e1 == any(int8(1)), e1 != nil)
	var np *circle
	var sh shape = np
	fmt.Println(sh == nil, sh != nil, sh.(*circle) == nil)
}
