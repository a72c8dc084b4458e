package main

import "fmt"

func main() {
	a := []int{1, 2, 3, 4, 5}
	b := a[1:3]
	b[0] = 20
	fmt.Println(a, b, len(b), cap(b))
	b = append(b, 30)
	fmt.Println(a, b)
	c := a[1:3:3]
	c = append(c, 99)
	fmt.Println(a, c, len(c) == 3)
	var n []int
	fmt.Println(n == nil, len(n), append(n, 1), n[0:0] == nil)
	d := make([]string, 2, 10)
	fmt.Printf("%q %d %d\n", d, len(d), cap(d))
	e := append([]int(nil), a...)
	e[0] = -1
	fmt.Println(a[0], e[0])
	fmt.Println(copy(e, []int{7, 8}), e)
	f := append([]byte("ab"), "cd"...)
	fmt.Println(string(f))
	fmt.Println(copy(f, "xyz"), string(f))
	arr := [4]int{1, 2, 3, 4}
	s := arr[:]
	s[2] = 33
	arr2 := arr
	arr2[0] = 100
	fmt.Println(arr, arr2, arr == [4]int{1, 2, 33, 4}, [4]int(s))
	clear(s)
	fmt.Println(arr, min(3, 1, 2), max(2.5, 1), min("b", "a"))
}
