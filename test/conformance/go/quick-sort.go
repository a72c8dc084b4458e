package main

import "fmt"

func qs(a []int) {
	if len(a) < 2 {
		return
	}
	p, j := a[len(a)-1], 0
	for i := range a {
		if a[i] < p {
			a[i], a[j] = a[j], a[i]
			j++
		}
	}
	a[j], a[len(a)-1] = a[len(a)-1], a[j]
	qs(a[:j])
	qs(a[j+1:])
}

func pqs(a []int, done chan<- bool) {
	if len(a) >= 2 {
		m := len(a) / 2
		c := make(chan bool)
		go pqs(a[:m], c)
		go pqs(a[m:], c)
		<-c
		<-c
		b := append([]int(nil), a...)
		i, j := 0, m
		for k := range a {
			if j >= len(b) || i < m && b[i] <= b[j] {
				a[k] = b[i]
				i++
			} else {
				a[k] = b[j]
				j++
			}
		}
	}
	done <- true
}

func main() {
	xs := []int{9, 3, 7, 1, 8, 2, 5, 4, 6, 0}
	qs(xs)
	fmt.Println(xs)
	done := make(chan bool)
	ys := []int{5, 2, 9, 1, 7, 3}
	go pqs(ys, done)
	<-done
	fmt.Println(ys)
}
