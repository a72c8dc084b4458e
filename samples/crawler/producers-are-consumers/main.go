// The crawler as a pool whose workers put new links into the channel that they take their work from. When the channel
// is full and every worker wants to put one in, nobody is left to take one out.
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// site is a small web with cycles: page → links.
var site = map[string][]string{
	"/":  {"/a", "/b"},
	"/a": {"/b", "/"},
	"/b": {"/a"},
}

// fetcher stands for the network. It stops the program when a page is fetched twice.
type fetcher struct {
	pages map[string][]string
	times map[string]*atomic.Int32
}

func newFetcher(pages map[string][]string) *fetcher {
	f := &fetcher{pages: pages, times: map[string]*atomic.Int32{}}
	for page := range pages {
		f.times[page] = new(atomic.Int32)
	}
	return f
}

func (f *fetcher) fetch(url string) []string {
	if f.times[url].Add(1) > 1 {
		panic("fetched twice: " + url)
	}
	return f.pages[url]
}

// state remembers which pages somebody has seen, and counts what is still to be done.
type state struct {
	mu   sync.Mutex
	seen map[string]bool
	open sync.WaitGroup
}

// isNew says whether url was never seen before, and counts it if so.
func (s *state) isNew(url string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen[url] {
		return false
	}
	s.seen[url] = true
	s.open.Add(1)
	return true
}

func worker(todo chan string, f *fetcher, s *state) {
	for url := range todo {
		for _, link := range f.fetch(url) {
			if s.isNew(link) {
				todo <- link
			}
		}
		s.open.Done()
	}
}

func main() {
	todo := make(chan string, 1)
	s := &state{seen: map[string]bool{}}
	f := newFetcher(site)
	s.isNew("/")
	todo <- "/"
	go worker(todo, f, s)
	s.open.Wait()
	close(todo)
	fmt.Println(len(s.seen), "pages")
}
