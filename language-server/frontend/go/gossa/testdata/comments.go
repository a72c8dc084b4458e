// Comments that say which lock guards what.
package comments

import "sync"

type counter struct {
	mu sync.Mutex
	n  int // guarded by mu
	// The map is protected by c.mu.
	m map[string]int
	// +checklocks:mu
	a, b int
	// guarded by lostMu
	lost int
	// protected by the caller
	prose int
}

type pair struct {
	mu   *sync.Mutex // guards x and y
	x, y int
	rest sync.Mutex // rest protects everything below
	z    int        // guarded by inner.mu
	// guarded by pair.mu
	w     int
	inner counter
}

// inc is called with the lock.
//
// +checklocks:c.mu
func (c *counter) inc() { c.n++ }

// +checklocksread:p.mu
func sum(p *pair, c *counter) int { return p.x + c.n }
