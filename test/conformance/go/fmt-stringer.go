package main

import (
	"errors"
	"fmt"
)

type temp float64

func (t temp) String() string { return fmt.Sprintf("%.1f°", float64(t)) }

type ptr struct{ n int }

func (p *ptr) String() string { return fmt.Sprint("ptr#", p.n) }

type failing struct{}

func (failing) String() string { panic("no string") }

type goer int

func (goer) GoString() string { return "goer!" }

type form struct{}

func (form) Format(f fmt.State, verb rune) {
	w, ok := f.Width()
	fmt.Fprintf(f, "<%c %d %v %v>", verb, w, ok, f.Flag('+'))
}

func main() {
	fmt.Println(temp(36.6), []temp{1, 2}, map[string]temp{"a": 3}, struct{ T temp }{4})
	fmt.Println(&ptr{1}, ptr{2}, []*ptr{{3}}[0])
	fmt.Println(failing{})
	fmt.Printf("%#v %v\n", goer(1), goer(1))
	fmt.Printf("%+5v|%s\n", form{}, form{})
	fmt.Println(errors.New("boom"), fmt.Errorf("wrap: %w", errors.New("in")))
	var np *ptr
	fmt.Printf("%v\n", np == nil)
	fmt.Printf("%s %v %d\n", error(nil), errors.New("x"), temp(3))
}
