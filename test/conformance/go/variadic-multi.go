package main

import "fmt"

func divmod(a, b int) (q, r int, err error) {
	if b == 0 {
		err = fmt.Errorf("div by zero")
		return
	}
	return a / b, a % b, nil
}

func all(prefix string, xs ...any) int { return len(prefix) + len(xs) }

func order(s string, v int) int { fmt.Print(s, " "); return v }

func main() {
	fmt.Println(divmod(7, 2))
	fmt.Println(divmod(1, 0))
	xs := []any{1, 2}
	fmt.Println(all("p"), all("p", xs...), all("p", xs), all("p", nil))
	a := []int{0, 0, 0}
	i := 0
	i, a[i] = 1, 9
	fmt.Println(i, a)
	a[0], a[1], a[2] = a[1], a[2], a[0]
	fmt.Println(a)
	x, y := 1, 2
	x, y = y, x+y
	fmt.Println(x, y, order("a", 1)+order("b", 2)*order("c", 3))
	m := map[string]int{}
	m["k"], x = x, m["k"]
	fmt.Println(m, x)
}
