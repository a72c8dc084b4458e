package deadlock

import "sync"

type Pair struct{ a, b sync.Mutex }

func (p *Pair) AB() {
	p.a.Lock()
	defer p.a.Unlock()
	p.b.Lock()
	p.b.Unlock()
}

func (p *Pair) BA() {
	p.b.Lock()
	p.a.Lock()
	p.a.Unlock()
	p.b.Unlock()
}

func Run(quit <-chan struct{}) int {
	p := new(Pair)
	go p.AB()
	go p.BA()
	ch := make(chan int)
	done := make(chan struct{}, 1)
	go func() { ch <- 1; close(done) }()
	select {
	case v, ok := <-ch:
		if ok {
			return v
		}
	case <-quit:
	case done <- struct{}{}:
	}
	for v := range ch {
		return v
	}
	return 0
}
