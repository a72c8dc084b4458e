package main

import "fmt"

type Weekday int

const (
	Sunday Weekday = iota
	Monday
	Tuesday
	_
	Thursday
)

const (
	_  = iota
	KB = 1 << (10 * iota)
	MB
	GB
)

const big = 1 << 100

func (d Weekday) String() string { return [...]string{"Sun", "Mon", "Tue", "Wed", "Thu"}[d] }

func main() {
	fmt.Println(Sunday, Monday, Thursday, KB, MB, GB, big>>98)
	fmt.Printf("%d %v %s %x\n", Tuesday, Tuesday, Tuesday, 'a')
	const f = 1.0 / 3
	var x float32 = f
	fmt.Println(x, 7/2, 7/2.0, 'a'+1, "con"+"cat")
}
