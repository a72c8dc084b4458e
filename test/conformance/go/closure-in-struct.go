package main

import "fmt"

type handlers map[string]func(string)

func (h handlers) on(k string, f func(string)) { h[k] = f }
func (h handlers) fire(k, arg string) {
	if f, ok := h[k]; ok {
		f(arg)
	}
}

type cfg struct {
	n    int
	name string
}

func newCfg[O ~func(*cfg)](opts ...O) cfg {
	var c cfg
	for _, o := range opts {
		o(&c)
	}
	return c
}

func main() {
	var log []string
	h := handlers{"a": func(s string) { log = append(log, "a:"+s) }}
	h.on("b", func(s string) { log = append(log, "b:"+s) })
	h.fire("b", "1")
	h.fire("a", "2")
	h.fire("zz", "3")
	fmt.Println(log)
	type opt func(*cfg)
	with := func(n int) opt { return func(c *cfg) { c.n = n } }
	c := newCfg(with(5), func(c *cfg) { c.name = "x" })
	fmt.Printf("%+v\n", c)
}
