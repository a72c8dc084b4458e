package main

import "fmt"

type node struct {
	val  int
	next *node
}

func push(head **node, v int) { *head = &node{v, *head} }

func main() {
	var head *node
	for i := 0; i < 4; i++ {
		push(&head, i)
	}
	for n := head; n != nil; n = n.next {
		fmt.Print(n.val, " ")
	}
	fmt.Println()
	x := 1
	p, q := &x, &x
	r := new(int)
	fmt.Println(p == q, p == r, *p == *r+1)
	pp := &p
	**pp = 10
	*pp = r
	*p = 3
	fmt.Println(x, *r)
	arr := [3]int{1, 2, 3}
	pa := &arr
	pa[1] = 20
	for i, v := range pa {
		fmt.Print(i, v, " ")
	}
	ps := &arr[2]
	*ps++
	fmt.Println(arr, len(pa), pa[:2])
	var reverse *node
	for head != nil {
		head, head.next, reverse = head.next, reverse, head
	}
	for ; reverse != nil; reverse = reverse.next {
		fmt.Print(reverse.val)
	}
	fmt.Println()
}
