package main

import (
	"errors"
	"io"
)

type temp interface {
	error
	Timeout() bool
	Temporary() bool
}

type mine struct{}

func (*mine) Error() string   { return "mine" }
func (*mine) Timeout() bool   { return true }
func (*mine) Temporary() bool { return true }

func f() error { return &mine{} }

func main() {
	err := f()
	var t temp
	ok := errors.As(err, &t)
	println(ok && t.Timeout(), errors.As(io.EOF, &t))
}
