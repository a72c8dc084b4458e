package main

import (
	"fmt"
	"strings"
)

func main() {
	type item struct {
		id   int
		tags []string
	}
	stage := func(in <-chan item, f func(item) item) <-chan item {
		out := make(chan item, 2)
		go func() {
			defer close(out)
			for it := range in {
				out <- f(it)
			}
		}()
		return out
	}
	src := make(chan item)
	go func() {
		defer close(src)
		for i := range 4 {
			src <- item{id: i}
		}
	}()
	tag := func(t string) func(item) item {
		return func(it item) item { it.tags = append(it.tags, t+fmt.Sprint(it.id)); return it }
	}
	for it := range stage(stage(src, tag("a")), tag("b")) {
		fmt.Println(it.id, strings.Join(it.tags, "+"))
	}
}
