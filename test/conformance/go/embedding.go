package main

import "fmt"

type animal struct{ name string }

func (a *animal) rename(n string) { a.name = n }
func (a animal) hello() string    { return "I am " + a.name }

type dog struct {
	animal
	tricks []string
}

func (d dog) hello() string { return d.animal.hello() + ", woof" }

type puppy struct {
	*dog
	age int
}

type greeter interface{ hello() string }
type logger struct{ greeter }

func main() {
	d := dog{animal{"Rex"}, nil}
	d.rename("Max")
	fmt.Println(d.hello(), d.name)
	p := puppy{&d, 1}
	p.rename("Tiny")
	p.tricks = append(p.tricks, "sit")
	fmt.Println(p.hello(), d.name, d.tricks)
	var g greeter = p
	l := logger{g}
	fmt.Println(l.hello(), greeter(&d).hello())
	f := p.hello
	d.name = "Late"
	fmt.Println(f(), p.hello(), (*animal).rename != nil, animal.hello(d.animal))
	h := dog.hello
	r := (*animal).rename
	r(&d.animal, "Expr")
	fmt.Println(h(d))
}
