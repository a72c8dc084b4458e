package sync

// Pool gives back what was put last. Pools of the standard library never do, see models/links.ts:
// theirs would order goroutines that have nothing to do with each other.
type Pool struct {
	noCopy noCopy

	mu    Mutex
	items []any

	New func() any
}

func (p *Pool) Put(x any) {
	if x == nil {
		return
	}
	p.mu.Lock()
	p.items = append(p.items, x)
	p.mu.Unlock()
}

func (p *Pool) Get() any {
	p.mu.Lock()
	if n := len(p.items); n > 0 {
		x := p.items[n-1]
		p.items = p.items[:n-1]
		p.mu.Unlock()
		return x
	}
	p.mu.Unlock()
	return p.fresh()
}

func (p *Pool) fresh() any {
	if p.New == nil {
		return nil
	}
	return p.New()
}

func (p *Pool) drop(x any) {}
