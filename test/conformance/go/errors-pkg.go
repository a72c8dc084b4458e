package main

import (
	"errors"
	"fmt"
	"io"
)

type notFound struct{ name string }

func (e *notFound) Error() string { return e.name + " not found" }

type coded int

func (c coded) Error() string        { return fmt.Sprint("code ", int(c)) }
func (c coded) Is(target error) bool { return target == io.EOF && c == 1 }

var errBase = errors.New("base")

func main() {
	e := fmt.Errorf("open: %w", &notFound{"f.txt"})
	var nf *notFound
	fmt.Println(errors.As(e, &nf), nf.name, e, errors.Unwrap(e) == error(nf))
	w := fmt.Errorf("a: %w", fmt.Errorf("b: %w", errBase))
	fmt.Println(errors.Is(w, errBase), errors.Is(w, io.EOF), w)
	j := errors.Join(errBase, nil, io.EOF)
	fmt.Println(j, errors.Is(j, io.EOF))
	m := fmt.Errorf("%w and %w", errBase, io.EOF)
	fmt.Println(m, errors.Is(m, errBase), errors.Is(coded(1), io.EOF), errors.Is(coded(2), io.EOF))
	var c coded
	fmt.Println(errors.As(fmt.Errorf("x %w", coded(7)), &c), int(c), errors.Unwrap(errBase) == nil, errors.Join() == nil)
}
