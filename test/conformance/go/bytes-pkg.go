package main

import (
	"bytes"
	"fmt"
)

func main() {
	var buf bytes.Buffer
	buf.WriteString("hello ")
	buf.Write([]byte("world"))
	buf.WriteByte('!')
	fmt.Println(buf.String(), buf.Len())
	p := make([]byte, 5)
	n, err := buf.Read(p)
	fmt.Println(n, err, string(p), buf.String())
	line, err := buf.ReadString('r')
	fmt.Printf("%q %v\n", line, err)
	fmt.Println(bytes.Equal([]byte("a"), []byte("a")), bytes.Contains([]byte("abc"), []byte("bc")), bytes.ToUpper([]byte("abc")), string(bytes.TrimSpace([]byte(" x "))))
	fmt.Printf("%s %q\n", bytes.Split([]byte("a b c"), []byte(" ")), bytes.Fields([]byte(" x  y ")))
}
