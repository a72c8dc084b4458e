package main

import "fmt"

type point struct {
	X, Y int
	name string
}

type named []int

func main() {
	p := point{1, 2, "p"}
	fmt.Printf("%v %+v %#v %T\n", p, p, p, p)
	fmt.Printf("%v %+v\n", &p, &p)
	fmt.Printf("%d %5d %-5d| %05d %+d %x %X %o %b %c %U %q\n", 42, 42, 42, 42, 42, 255, 255, 8, 5, 'G', 0x1F600, 'x')
	fmt.Printf("%t %v %p\n", true, nil, nil)
	fmt.Printf("%s %10s|%-10s|%.2s %q\n", "str", "r", "l", "truncate", "quote\n")
	fmt.Printf("%v %v %v %v\n", []int{1, 2}, map[string]int{"b": 2, "a": 1}, [2]bool{true}, struct{}{})
	fmt.Printf("%#v %#v %#v %#v\n", []int{1}, map[string]int{"a": 1}, "s", named{1})
	fmt.Printf("%6.2f|%-8.3f|%+.1e|%g\n", 3.14159, 2.5, 12345.678, 1e-9)
	fmt.Printf("%d %s\n", "str", 5)
	fmt.Printf("%d\n", 1, 2)
	fmt.Printf("%d %d\n", 1)
	fmt.Printf("%!\n")
	fmt.Printf("%[2]d %[1]d %*d\n", 1, 2, 5, 3)
	fmt.Printf("%v %v %d\n", []byte("hi"), []string{"a b", "c"}, []byte{1, 2})
	fmt.Printf("%x %X %s\n", "hello", []byte{171, 205}, []byte("bytes"))
	var e error
	var ip *int
	fmt.Println(e, ip == nil, []any{1, "a", nil, 2.5, 'x'})
	fmt.Printf("%v %T %T %T\n", [][]int{{1}, {2, 3}}, e, ip, fmt.Sprint)
	fmt.Printf("%08b %3c|%-4q|%#x %#o % d\n", 5, 'x', 'y', 255, 8, 7)
	fmt.Print("a", "b", 1, 2, true, "c", "\n")
	fmt.Println(fmt.Sprint("x", 1, 2, "y"), fmt.Sprintln("end", 3))
}
