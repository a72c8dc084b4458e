package main

import (
	"bytes"
	"fmt"
	"sync"
)

func main() {
	p := sync.Pool{New: func() any { return new(bytes.Buffer) }}
	b := p.Get().(*bytes.Buffer)
	b.WriteString("x")
	fmt.Println(b.String())
	b.Reset()
	p.Put(b)
	c := p.Get().(*bytes.Buffer)
	fmt.Println(c.Len())
	var e sync.Pool
	fmt.Println(e.Get())
}
