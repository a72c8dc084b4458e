package main

import (
	"errors"
	"fmt"
	"sync"
)

type group struct {
	wg   sync.WaitGroup
	once sync.Once
	err  error
}

func (g *group) run(f func() error) {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		if err := f(); err != nil {
			g.once.Do(func() { g.err = err })
		}
	}()
}

func (g *group) wait() error { g.wg.Wait(); return g.err }

func main() {
	var g group
	for i := range 4 {
		g.run(func() error {
			if i == 2 {
				return errors.New("two")
			}
			return nil
		})
	}
	fmt.Println(g.wait())
}
