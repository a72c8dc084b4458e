package main

import (
	"fmt"
	"path"
)

func main() {
	fmt.Println(path.Join("a", "../b", "c"), path.Base("/x/y.go"), path.Dir("/x/y.go"), path.Ext("f.tar.gz"), path.Clean("a//b/./c/.."), path.IsAbs("/a"))
	m, err := path.Match("*.go", "x.go")
	fmt.Println(m, err)
}
