package main

import (
	"fmt"
	"io"
	"strings"
)

type countReader struct {
	io.Reader
	n int
}

func (c *countReader) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

type upper struct{ *strings.Builder }

func (u upper) Write(p []byte) (int, error) {
	return u.Builder.Write([]byte(strings.ToUpper(string(p))))
}

func main() {
	r := &countReader{Reader: strings.NewReader("hello world")}
	b, err := io.ReadAll(r)
	fmt.Println(string(b), err, r.n)
	var w io.Writer = upper{&strings.Builder{}}
	fmt.Fprintf(w, "abc %d", 5)
	fmt.Println(w.(upper).Builder.String())
}
